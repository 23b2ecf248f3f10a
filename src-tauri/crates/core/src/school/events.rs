//! The stream of nudges: a school's server says that something has changed, and nothing more.
//!
//! Promises: the stream is opened as every call is (the token stays with its server, the budget counts it); a line is
//! bounded, and so is all that comes in a minute; a stream that has gone silent ends. Nothing of what it says is ever
//! applied.

use std::time::{Duration, Instant};

use reqwest::{
    Response, Url,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE},
};
use thiserror::Error;
use tokio::time::timeout;

use super::{SchoolClient, SchoolError, error::plain};

/// The longest line of the stream, in bytes; a right one has some 30.
const LONGEST_LINE: usize = 8 << 10;
/// The most bytes that are read within [`FLOOD_SPAN`].
const FLOOD: usize = 1 << 20;
const FLOOD_SPAN: Duration = Duration::from_secs(60);

/// Why a stream of nudges did not begin, or ended.
#[derive(Debug, Error)]
pub enum EventsError {
    /// The call brought no answer that can be used.
    #[error(transparent)]
    School(#[from] SchoolError),
    /// Something else than a stream of events.
    #[error("instead of a stream of events came {content_type} (status {status})")]
    NoStream {
        /// HTTP status.
        status: u16,
        /// What it says to have sent; bounded, plain characters.
        content_type: String,
    },
    /// The connection broke.
    #[error("the stream of events broke off")]
    Cut(#[source] reqwest::Error),
    /// The server has ended it.
    #[error("the stream of events has ended")]
    Ended,
    /// Not even a sign of life.
    #[error("the stream of events has been silent for {} seconds", .0.as_secs())]
    Silent(Duration),
    /// A line without an end, or lines without a pause.
    #[error("the stream of events brings more than any right one")]
    TooMuch,
}

/// An open stream.
#[derive(Debug)]
pub struct Nudges {
    response: Response,
    silence: Duration,
    lines: Lines,
    span: Span,
}

impl SchoolClient {
    /// Opens the stream. It is no request of an exchange and not counted by [`Self::requests`].
    ///
    /// # Errors
    /// Where the server sends no stream.
    pub async fn nudges(&self) -> Result<Nudges, EventsError> {
        self.make_room().await?;
        let request = |url: &Url| {
            // Packed, a piece could wait in the packer for the next one.
            let request = self.http.get(url.clone()).header(ACCEPT_ENCODING, "identity");
            request.header(ACCEPT, "text/event-stream")
        };
        let deadline = Instant::now() + self.limits.whole;
        let (response, _) = self.answer(self.server.endpoint("login-log/events"), false, request, deadline).await?;
        let content_type = response.headers().get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let content_type = content_type.unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if response.status() != 200 || !essence.eq_ignore_ascii_case("text/event-stream") {
            let (status, content_type) = (response.status().as_u16(), plain(essence, 100));
            return Err(EventsError::NoStream { status, content_type });
        }
        Ok(Nudges {
            response,
            silence: self.limits.silence,
            lines: Lines::default(),
            span: Span { began: Instant::now(), bytes: 0 },
        })
    }
}

impl Nudges {
    /// Waits for the next nudge; several that came at once are one. Wakes for nothing but what the server sends, and
    /// once when that is too long ago.
    ///
    /// # Errors
    /// When the stream is over: it never goes on then.
    pub async fn next(&mut self) -> Result<(), EventsError> {
        loop {
            let piece = timeout(self.silence, self.response.chunk())
                .await
                .map_err(|_| EventsError::Silent(self.silence))?
                .map_err(|source| EventsError::Cut(source.without_url()))?
                .ok_or(EventsError::Ended)?;
            if self.span.floods(piece.len(), Instant::now()) {
                return Err(EventsError::TooMuch);
            }
            if self.lines.read(&piece)? {
                return Ok(());
            }
        }
    }
}

/// How much has come lately.
#[derive(Debug)]
struct Span {
    began: Instant,
    bytes: usize,
}

impl Span {
    fn floods(&mut self, bytes: usize, now: Instant) -> bool {
        if now.duration_since(self.began) >= FLOOD_SPAN {
            *self = Self { began: now, bytes: 0 };
        }
        self.bytes += bytes;
        self.bytes > FLOOD
    }
}

/// As much of the format of server-sent events as a nudge needs: an event is its lines up to an empty one, and a line
/// ends with a carriage return, a line feed or both. Fields that mean nothing here are passed over, as the format says.
#[derive(Debug, Default)]
struct Lines {
    line: Vec<u8>,
    after_return: bool,
    /// Whether the event whose lines are coming is called `changed`.
    named: bool,
    /// Whether it has data; one without is none.
    filled: bool,
}

impl Lines {
    /// Takes the next bytes; says whether an event that is a nudge has ended among them.
    fn read(&mut self, piece: &[u8]) -> Result<bool, EventsError> {
        let mut nudged = false;
        for &byte in piece {
            let second_half = std::mem::take(&mut self.after_return) && byte == b'\n';
            match byte {
                b'\n' if second_half => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    nudged |= self.end_line();
                }
                _ if self.line.len() == LONGEST_LINE => return Err(EventsError::TooMuch),
                _ => self.line.push(byte),
            }
        }
        Ok(nudged)
    }

    fn end_line(&mut self) -> bool {
        let ended = if self.line.is_empty() {
            return std::mem::take(&mut self.named) & std::mem::take(&mut self.filled);
        } else {
            &self.line
        };
        let (field, value) = match ended.iter().position(|&byte| byte == b':') {
            Some(at) => (&ended[..at], &ended[at + 1..]),
            None => (&ended[..], &[][..]),
        };
        match field {
            b"event" => self.named = value.strip_prefix(b" ").unwrap_or(value) == b"changed",
            b"data" => self.filled = true,
            _ => {}
        }
        self.line.clear();
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many pieces each nudge was seen.
    fn nudges(pieces: &[&str]) -> Vec<usize> {
        let mut lines = Lines::default();
        let heard = |(at, piece): (usize, &&str)| lines.read(piece.as_bytes()).expect("bounded").then_some(at);
        pieces.iter().enumerate().filter_map(heard).collect()
    }

    #[test]
    fn a_nudge_is_an_event_called_changed_and_nothing_else() {
        for (pieces, seen) in [
            (&["event: changed\ndata: {\"rev\": 7}\n\n"][..], &[0][..]),
            (&["event:changed\r\ndata:{}\r\n\r\n"], &[0]),
            (&["event: changed\rdata: {}\r\r"], &[0]),
            (&["data: {}\nevent: changed\n\n"], &[0]),
            (&["event: changed\ndata: no JSON at all\n\n"], &[0]),
            (&["ev", "ent: cha", "nged\r", "\ndata: {}\r\n\r", "\n"], &[3]),
            (&["event: changed\ndata: {}\n\nevent: changed\ndata: {}\n\n"], &[0]),
            (&["event: changed\ndata: {}\n\n", ": alive\n\n", "event: changed\ndata: {}\n\n"], &[0, 2]),
            (&[": event: changed\ndata: {}\n\n"], &[]),
            (&["event: changed\n\n"], &[]),
            (&["event: changed\n\ndata: {}\n\n"], &[]),
            (&["data: {}\n\n"], &[]),
            (&["event: changed2\ndata: {}\n\n"], &[]),
            (&["event: changed\nevent: other\ndata: {}\n\n"], &[]),
            (&["event: changed\ndata: {}\n"], &[]),
            (&["\n\n\n:\n:::\nnonsense\n\u{feff}\u{0}\n\n"], &[]),
        ] {
            assert_eq!(nudges(pieces), seen, "{pieces:?}");
        }
    }

    #[test]
    fn a_line_is_bounded() {
        let mut lines = Lines::default();
        assert!(!lines.read(&[b'x'; LONGEST_LINE]).expect("as long as a line may be"));
        assert!(matches!(lines.read(b"x"), Err(EventsError::TooMuch)));
    }

    #[test]
    fn a_flood_is_too_much_and_a_long_life_is_not() {
        let began = Instant::now();
        let mut span = Span { began, bytes: 0 };
        for minute in 0..100 {
            assert!(!span.floods(FLOOD, began + FLOOD_SPAN * minute), "{minute}");
        }
        assert!(span.floods(1, began + FLOOD_SPAN * 99));
    }
}
