//! What can go wrong between the app and a school's server, as sentences for a person and as verdicts for a program.

use std::time::Duration;

use hallmonitor_language::Message;

use super::read::BadPage;
use crate::{
    trouble::{clause, why_wrapped},
    vault,
};

/// Longest part of a server's own message that is shown, in characters.
const LONGEST_MESSAGE: usize = 300;

/// Why a call brought no answer that can be used. No text here ever holds a token or a cabinet's hash.
#[derive(Debug, thiserror::Error)]
pub enum SchoolError {
    /// The token or the cabinet hash holds characters that no header can carry.
    Unsendable(&'static str),
    /// The client itself could not be made.
    Setup(#[source] reqwest::Error),
    /// No connection: no network, no such host, refused, a certificate that is not trusted.
    Connect {
        /// Host and port.
        host: String,
        /// Whether a machine is there and says that nothing listens.
        refused: bool,
        /// The cause.
        source: reqwest::Error,
    },
    /// Nothing came for so long, or the whole answer took too long.
    TimedOut {
        /// Host and port.
        host: String,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The connection broke, or the packed answer is damaged.
    Cut {
        /// Host and port.
        host: String,
        /// The cause.
        source: reqwest::Error,
    },
    /// The answer is larger, unpacked, than any right one.
    TooLarge {
        /// Host and port.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A redirect to another server, which must never see the token.
    Elsewhere {
        /// Host and port that was asked.
        host: String,
        /// Scheme, host and port that it names.
        to: String,
    },
    /// Redirects without an end, or without an address.
    Redirects {
        /// Host and port.
        host: String,
    },
    /// Not a School server API at all: a web page, a captive portal, a proxy.
    NotJson {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
        /// What it says to have sent; bounded, plain characters.
        content_type: String,
        /// How long to wait, where it says so.
        retry_after: Option<Duration>,
    },
    /// The server answers that it won't.
    Refused {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
        /// The server's own sentence, bounded and without control characters; may be empty.
        message: String,
        /// The server's word for programs.
        code: Option<String>,
        /// How long to wait, where it says so.
        retry_after: Option<Duration>,
    },
    /// The server lets the token read, but not decide.
    ReadsOnly {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
        /// The server's own sentence, bounded and without control characters; may be empty.
        message: String,
    },
    /// The server takes the decisions so not, and says nothing of what is read.
    NotTaken {
        /// Host and port.
        host: String,
        /// HTTP status.
        status: u16,
        /// The server's own sentence, bounded and without control characters; may be empty.
        message: String,
    },
    /// JSON, but not what the contract says.
    Unreadable {
        /// Host and port.
        host: String,
        /// The cause.
        source: BadPage,
    },
    /// A version of the contract that this app does not know.
    Version {
        /// Host and port.
        host: String,
        /// What the server speaks.
        version: i64,
    },
}

const MINUTE: Duration = Duration::from_secs(60);

/// What an error means for the one who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 401, 403: nothing goes until there is another token.
    TokenRefused,
    /// 403 to decisions: they wait for a token that may decide, and everything else goes on.
    MayNotDecide,
    /// 404.
    NotFound,
    /// 410: start again without a cursor.
    CursorExpired,
    /// 400: to a call with a cursor, that the server never made it.
    BadCursor,
    /// 429.
    RateLimited {
        /// How long to wait, where the server says so.
        retry_after: Option<Duration>,
    },
    /// May work when tried again: no connection, a timeout, 408, 409, 425, 5xx.
    Again,
    /// The same, and the server says from when on.
    AgainAfter {
        /// How long to wait.
        wait: Duration,
    },
    /// Will not work by trying again.
    Broken,
}

/// What a status with a body in JSON means.
pub(crate) fn judge(status: u16, retry_after: Option<Duration>) -> Verdict {
    match status {
        400 => Verdict::BadCursor,
        401 | 403 => Verdict::TokenRefused,
        404 => Verdict::NotFound,
        408 | 409 | 425 | 500..=599 => retry_after.map_or(Verdict::Again, |wait| Verdict::AgainAfter { wait }),
        410 => Verdict::CursorExpired,
        429 => Verdict::RateLimited { retry_after },
        _ => Verdict::Broken,
    }
}

/// What a status without a body in JSON means: not the school server speaks, but something before it, which knows when
/// to try again and nothing of tokens and cursors.
pub(crate) fn judge_stranger(status: u16, retry_after: Option<Duration>) -> Verdict {
    match judge(status, retry_after) {
        waits @ (Verdict::Again | Verdict::AgainAfter { .. } | Verdict::RateLimited { .. }) => waits,
        _ => Verdict::Broken,
    }
}

impl SchoolError {
    /// The limit was reached before, and the server wants no call for so long.
    pub(crate) fn limited(host: String, wait: Duration) -> Self {
        Self::Refused { host, status: 429, message: String::new(), code: None, retry_after: Some(wait) }
    }

    /// What the error means for the one who called.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Connect { .. } | Self::TimedOut { .. } | Self::Cut { .. } => Verdict::Again,
            Self::Refused { status, retry_after, .. } => judge(*status, *retry_after),
            Self::NotJson { status, retry_after, .. } => judge_stranger(*status, *retry_after),
            Self::ReadsOnly { .. } => Verdict::MayNotDecide,
            Self::Unsendable(_)
            | Self::Setup(_)
            | Self::TooLarge { .. }
            | Self::Elsewhere { .. }
            | Self::Redirects { .. }
            | Self::NotTaken { .. }
            | Self::Unreadable { .. }
            | Self::Version { .. } => Verdict::Broken,
        }
    }

    /// The same as an answer to decisions: there a 403 says nothing of reading, and no cursor has expired.
    pub(super) fn of_decisions(self) -> Self {
        match self {
            Self::Refused { host, status: status @ 403, message, .. } => Self::ReadsOnly { host, status, message },
            Self::Refused { host, status: status @ (400 | 404 | 410), message, .. } => {
                Self::NotTaken { host, status, message }
            }
            other => other,
        }
    }

    /// Whether a machine is there and says that nothing listens.
    pub(crate) fn is_refused_connection(&self) -> bool {
        matches!(self, Self::Connect { refused: true, .. })
    }

    /// Whether the body was too large for the server.
    pub(crate) fn is_too_much(&self) -> bool {
        matches!(self, Self::Refused { status: 413, .. } | Self::NotJson { status: 413, .. })
    }

    /// Whether the server may have done what was asked for, and only its answer can't be used.
    pub(crate) fn leaves_unknown(&self) -> bool {
        match self {
            Self::TooLarge { .. } | Self::Unreadable { .. } => true,
            Self::NotJson { status, .. } => (200..300).contains(status),
            _ => false,
        }
    }

    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::Unsendable(what) => Message::new("problem.school.unsendable").with("what", vault::word(what)),
            Self::Setup(_) => Message::new("problem.school.setup"),
            Self::Connect { host, refused: _, source } => Message::new("problem.school.connect")
                .with("host", host.as_str())
                .with("reason", why_wrapped(source, || root(source))),
            Self::TimedOut { host, limit } => {
                Message::new("problem.school.timed_out").with("host", host.as_str()).with("seconds", limit.as_secs())
            }
            Self::Cut { host, source } => Message::new("problem.school.cut")
                .with("host", host.as_str())
                .with("reason", why_wrapped(source, || root(source))),
            Self::TooLarge { host, limit } => {
                Message::new("problem.school.too_large").with("host", host.as_str()).with("limit", *limit >> 20)
            }
            Self::Elsewhere { host, to } => {
                Message::new("problem.school.elsewhere").with("host", host.as_str()).with("to", to.as_str())
            }
            Self::Redirects { host } => Message::new("problem.school.redirects").with("host", host.as_str()),
            Self::NotJson { host, status, content_type, retry_after: _ } => Message::new("problem.school.not_json")
                .with("host", host.as_str())
                .with("status", status.to_string())
                .with("type", content_type.as_str()),
            Self::Refused { host, status, message, code: _, retry_after: _ } => {
                refusal(refusal_key(*status), host, *status, message)
            }
            Self::ReadsOnly { host, status, message } => {
                refusal("problem.school.refused.deciding", host, *status, message)
            }
            Self::NotTaken { host, status, message } => refusal("problem.school.refused.other", host, *status, message),
            Self::Unreadable { host, source } => {
                Message::new("problem.school.unreadable").with("host", host.as_str()).with("reason", source.message())
            }
            Self::Version { host, version } => {
                Message::new("problem.school.version").with("host", host.as_str()).with("version", version.to_string())
            }
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        if let Verdict::RateLimited { retry_after: Some(wait) } = self.verdict()
            && wait > MINUTE
        {
            // However long the server says: what it says for longer than a day is asked again.
            let minutes = wait.min(24 * 60 * MINUTE).as_secs().div_ceil(60);
            return Message::new("problem.hint.wait_minutes").with("minutes", minutes);
        }
        Message::new(match self {
            Self::Unsendable(_) => "problem.hint.copy_unspaced",
            Self::Setup(_) => "problem.hint.certificates",
            Self::Connect { refused: true, .. } => "problem.hint.is_it_running",
            Self::Connect { .. } => "problem.hint.network",
            Self::TimedOut { .. } | Self::Cut { .. } => "problem.hint.tries_again",
            Self::TooLarge { .. } | Self::Unreadable { .. } | Self::Redirects { .. } => "problem.hint.breaks_contract",
            Self::Elsewhere { .. } => "problem.hint.moved",
            Self::NotJson { .. } => "problem.hint.sign_in_page",
            Self::Version { .. } => "problem.hint.newest",
            Self::ReadsOnly { .. } => "problem.hint.deciding_token",
            Self::NotTaken { .. } => "problem.hint.support",
            Self::Refused { .. } => match self.verdict() {
                Verdict::TokenRefused => "problem.hint.new_token",
                Verdict::MayNotDecide => "problem.hint.deciding_token",
                Verdict::NotFound => "problem.hint.path",
                Verdict::RateLimited { .. } => "problem.hint.wait_a_minute",
                Verdict::Again | Verdict::AgainAfter { .. } => "problem.hint.own_problem",
                Verdict::CursorExpired | Verdict::BadCursor => "problem.hint.anew",
                Verdict::Broken => "problem.hint.support",
            },
        })
    }
}

fn refusal_key(status: u16) -> &'static str {
    match status {
        401 => "problem.school.refused.token",
        403 => "problem.school.refused.right",
        404 => "problem.school.refused.not_known",
        410 => "problem.school.refused.expired",
        429 => "problem.school.refused.limit",
        500..=599 => "problem.school.refused.own",
        _ => "problem.school.refused.other",
    }
}

fn refusal(key: &'static str, host: &str, status: u16, message: &str) -> Message {
    // The server's own words end the sentence, as it ends them.
    let message = match message {
        "" => ".".to_owned(),
        ended if ended.ends_with(['.', '!', '?', '…']) => format!(": {ended}"),
        open => format!(": {open}."),
    };
    Message::new(key).with("host", host).with("status", status.to_string()).with("words", message)
}

/// The innermost cause, which says more than the wrappers around it (`error sending request for url ...`).
fn root(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    clause(&plain(&innermost.to_string(), LONGEST_MESSAGE))
}

/// A server's text made fit to be shown: at most `longest` characters, no control characters, nothing that turns the
/// direction of writing.
pub(crate) fn plain(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    let mut blank = false;
    let mut count = 0;
    for character in text.trim().chars() {
        if character.is_control() || character == '\u{2028}' || character == '\u{2029}' {
            blank = true;
            continue;
        }
        if matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
        {
            continue;
        }
        if count + usize::from(blank) >= longest {
            shown.push('…');
            break;
        }
        if std::mem::take(&mut blank) {
            shown.push(' ');
            count += 1;
        }
        shown.push(character);
        count += 1;
    }
    shown
}

/// A message of the server, bounded.
pub(crate) fn message(text: &str) -> String {
    plain(text, LONGEST_MESSAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_means_one_thing() {
        let minute = Some(Duration::from_secs(60));
        let limited = Verdict::RateLimited { retry_after: minute };
        let again = Verdict::AgainAfter { wait: Duration::from_secs(60) };
        // status -> from a school server, from something before it
        for (status, school, stranger) in [
            (400, Verdict::BadCursor, Verdict::Broken),
            (401, Verdict::TokenRefused, Verdict::Broken),
            (403, Verdict::TokenRefused, Verdict::Broken),
            (404, Verdict::NotFound, Verdict::Broken),
            (405, Verdict::Broken, Verdict::Broken),
            (408, again, again),
            (409, again, again),
            (410, Verdict::CursorExpired, Verdict::Broken),
            (413, Verdict::Broken, Verdict::Broken),
            (418, Verdict::Broken, Verdict::Broken),
            (422, Verdict::Broken, Verdict::Broken),
            (425, again, again),
            (429, limited, limited),
            (500, again, again),
            (502, again, again),
            (503, again, again),
            (504, again, again),
            (200, Verdict::Broken, Verdict::Broken),
        ] {
            assert_eq!(judge(status, minute), school, "{status}");
            assert_eq!(judge_stranger(status, minute), stranger, "{status}");
        }
        for status in [408, 409, 425, 500, 502, 503, 504] {
            assert_eq!(
                (judge(status, None), judge_stranger(status, None)),
                (Verdict::Again, Verdict::Again),
                "{status}"
            );
        }
    }

    #[test]
    fn a_servers_message_is_shown_bounded_and_plain() {
        for (sent, shown) in [
            ("Too many calls.", "Too many calls."),
            ("  a\r\n\tb\u{0}c ", "a b c"),
            ("evil\u{202e}txt.exe\u{2066}", "eviltxt.exe"),
            ("", ""),
            ("Привіт, світе", "Привіт, світе"),
        ] {
            assert_eq!(message(sent), shown, "{sent:?}");
        }
        let long = message(&"ж".repeat(10_000));
        assert_eq!(long.chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn a_token_that_may_not_decide_is_no_refused_one_and_says_so() {
        let refused = |status| SchoolError::Refused {
            host: "e.com".into(),
            status,
            message: message("Not yours."),
            code: None,
            retry_after: None,
        };
        let error = refused(403).of_decisions();
        assert_eq!(error.verdict(), Verdict::MayNotDecide);
        assert_eq!(error.to_string(), "The server e.com lets this token read, but not decide (status 403): Not yours.");
        assert_eq!(error.hint().key(), "problem.hint.deciding_token");
        for status in [401, 413, 429, 500] {
            assert_eq!(refused(status).of_decisions().verdict(), refused(status).verdict(), "{status}");
        }
        // Of cursors and addresses these speak only where something is read.
        for status in [400, 404, 410] {
            let error = refused(status).of_decisions();
            assert_eq!((error.verdict(), error.hint().key()), (Verdict::Broken, "problem.hint.support"), "{status}");
        }
    }

    #[test]
    fn a_refusal_names_the_server_and_its_own_words() {
        let error = SchoolError::Refused {
            host: "e.com".into(),
            status: 429,
            message: message("Slow down."),
            code: None,
            retry_after: None,
        };
        assert_eq!(error.to_string(), "The server e.com allows no more calls for now (status 429): Slow down.");
        assert_eq!(error.hint().key(), "problem.hint.wait_a_minute");
    }
}
