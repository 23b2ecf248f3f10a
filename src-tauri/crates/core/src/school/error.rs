//! What can go wrong between the app and a school's server, as sentences for a person and as verdicts for a program.

use std::time::Duration;

use super::read::BadPage;

/// Longest part of a server's own message that is shown, in characters.
const LONGEST_MESSAGE: usize = 300;

/// Why a call brought no answer that can be used. No text here ever holds a token or a cabinet's hash.
#[derive(Debug, thiserror::Error)]
pub enum SchoolError {
    /// The token or the cabinet hash holds characters that no header can carry.
    #[error("the {0} holds characters that cannot be sent")]
    Unsendable(&'static str),
    /// The client itself could not be made.
    #[error("the network part of the app could not be started")]
    Setup(#[source] reqwest::Error),
    /// No connection: no network, no such host, refused, a certificate that is not trusted.
    #[error("{host} could not be reached: {}", root(.source))]
    Connect {
        /// Host and port.
        host: String,
        /// Whether a machine is there and says that nothing listens.
        refused: bool,
        /// The cause.
        source: reqwest::Error,
    },
    /// Nothing came for so long, or the whole answer took too long.
    #[error("{host} did not answer in time ({} seconds)", .limit.as_secs())]
    TimedOut {
        /// Host and port.
        host: String,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The connection broke, or the packed answer is damaged.
    #[error("the answer of {host} broke off: {}", root(.source))]
    Cut {
        /// Host and port.
        host: String,
        /// The cause.
        source: reqwest::Error,
    },
    /// The answer is larger, unpacked, than any right one.
    #[error("the answer of {host} is larger than {} MiB", .limit >> 20)]
    TooLarge {
        /// Host and port.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A redirect to another server, which must never see the token.
    #[error("{host} sends the app on to another server, {to}, which must not see the token")]
    Elsewhere {
        /// Host and port that was asked.
        host: String,
        /// Scheme, host and port that it names.
        to: String,
    },
    /// Redirects without an end, or without an address.
    #[error("{host} sends the app round in circles")]
    Redirects {
        /// Host and port.
        host: String,
    },
    /// Not a School server API at all: a web page, a captive portal, a proxy.
    #[error("{host} did not answer as a school server does: it sent {content_type} (status {status})")]
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
    #[error("{}", refusal(.host, *.status, .message))]
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
    /// JSON, but not what the contract says.
    #[error("the answer of {host} cannot be read: {source}")]
    Unreadable {
        /// Host and port.
        host: String,
        /// The cause.
        source: BadPage,
    },
    /// A version of the contract that this app does not know.
    #[error("{host} speaks version {version} of the School server API; this app speaks version 1")]
    Version {
        /// Host and port.
        host: String,
        /// What the server speaks.
        version: i64,
    },
}

/// What an error means for the one who called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 401, 403: nothing goes until there is another token.
    TokenRefused,
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
    /// Will not work by trying again.
    Broken,
}

/// What a status with a body in JSON means.
pub(crate) fn judge(status: u16, retry_after: Option<Duration>) -> Verdict {
    match status {
        400 => Verdict::BadCursor,
        401 | 403 => Verdict::TokenRefused,
        404 => Verdict::NotFound,
        408 | 409 | 425 | 500..=599 => Verdict::Again,
        410 => Verdict::CursorExpired,
        429 => Verdict::RateLimited { retry_after },
        _ => Verdict::Broken,
    }
}

/// What a status without a body in JSON means: not the school server speaks, but something before it, which knows when
/// to try again and nothing of tokens and cursors.
pub(crate) fn judge_stranger(status: u16, retry_after: Option<Duration>) -> Verdict {
    match judge(status, retry_after) {
        waits @ (Verdict::Again | Verdict::RateLimited { .. }) => waits,
        _ => Verdict::Broken,
    }
}

impl SchoolError {
    /// What the error means for the one who called.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Connect { .. } | Self::TimedOut { .. } | Self::Cut { .. } => Verdict::Again,
            Self::Refused { status, retry_after, .. } => judge(*status, *retry_after),
            Self::NotJson { status, retry_after, .. } => judge_stranger(*status, *retry_after),
            Self::Unsendable(_)
            | Self::Setup(_)
            | Self::TooLarge { .. }
            | Self::Elsewhere { .. }
            | Self::Redirects { .. }
            | Self::Unreadable { .. }
            | Self::Version { .. } => Verdict::Broken,
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

    /// What the person can do, a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unsendable(_) => "Copy it again from the school platform's settings, without spaces inside.",
            Self::Setup(_) => "Start the app again; if that does not help, look for damaged system certificates.",
            Self::Connect { refused: true, .. } => {
                "Check that the server is running and that the address and the port are right."
            }
            Self::Connect { .. } => "Check the network connection and the server's address.",
            Self::TimedOut { .. } | Self::Cut { .. } => {
                "Check the network connection; the app tries again by itself, and all that is here stays readable."
            }
            Self::TooLarge { .. } | Self::Unreadable { .. } | Self::Redirects { .. } => {
                "Ask the school platform's support: the server does not keep to the School server API."
            }
            Self::Elsewhere { .. } => {
                "If the school has moved, connect to the new address; otherwise ask the school platform's support."
            }
            Self::NotJson { .. } => {
                "Check the server's address, and that no sign-in page of the network (hotel, airport) stands before it."
            }
            Self::Version { .. } => "Install the newest version of Hallmonitor.",
            Self::Refused { .. } => match self.verdict() {
                Verdict::TokenRefused => {
                    "Make a new token in the school platform's settings and connect again with it; all that is here stays readable."
                }
                Verdict::NotFound => "Check the server's address: it may need a path behind the host's name.",
                Verdict::RateLimited { .. } => {
                    "Wait a minute; other programs with the same token count against the same limit."
                }
                Verdict::Again => "The server has a problem of its own; the app tries again by itself.",
                Verdict::CursorExpired | Verdict::BadCursor => "Sync again: everything is read anew.",
                Verdict::Broken => "Ask the school platform's support, with this message.",
            },
        }
    }
}

fn refusal(host: &str, status: u16, message: &str) -> String {
    let what = match status {
        401 => "refuses the token or does not know the cabinet",
        403 => "refuses this token the right to do that",
        404 => "does not know what was asked for",
        410 => "no longer knows where the last sync ended",
        429 => "allows no more calls for now",
        500..=599 => "has a problem of its own",
        _ => "refuses the call",
    };
    let mut text = format!("{host} {what} (status {status})");
    if !message.is_empty() {
        text.push_str(": ");
        text.push_str(message);
    }
    text
}

/// The innermost cause, which says more than the wrappers around it (`error sending request for url ...`).
fn root(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    plain(&innermost.to_string(), LONGEST_MESSAGE)
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
        // status -> from a school server, from something before it
        for (status, school, stranger) in [
            (400, Verdict::BadCursor, Verdict::Broken),
            (401, Verdict::TokenRefused, Verdict::Broken),
            (403, Verdict::TokenRefused, Verdict::Broken),
            (404, Verdict::NotFound, Verdict::Broken),
            (405, Verdict::Broken, Verdict::Broken),
            (408, Verdict::Again, Verdict::Again),
            (409, Verdict::Again, Verdict::Again),
            (410, Verdict::CursorExpired, Verdict::Broken),
            (413, Verdict::Broken, Verdict::Broken),
            (418, Verdict::Broken, Verdict::Broken),
            (422, Verdict::Broken, Verdict::Broken),
            (425, Verdict::Again, Verdict::Again),
            (429, limited, limited),
            (500, Verdict::Again, Verdict::Again),
            (502, Verdict::Again, Verdict::Again),
            (503, Verdict::Again, Verdict::Again),
            (504, Verdict::Again, Verdict::Again),
            (200, Verdict::Broken, Verdict::Broken),
        ] {
            assert_eq!(judge(status, minute), school, "{status}");
            assert_eq!(judge_stranger(status, minute), stranger, "{status}");
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
    fn a_refusal_names_the_server_and_its_own_words() {
        let error = SchoolError::Refused {
            host: "e.com".into(),
            status: 429,
            message: message("Slow down."),
            code: None,
            retry_after: None,
        };
        assert_eq!(error.to_string(), "e.com allows no more calls for now (status 429): Slow down.");
        assert!(error.hint().starts_with("Wait"));
    }
}
