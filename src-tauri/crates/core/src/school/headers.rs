//! What a server says beside the body: how much of the budget is left, and how long to wait.

use std::time::Duration;

use chrono::DateTime;
use hallmonitor_wire::{Time, header};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};

use super::error::plain;

/// A number in a header; `None` where there is none that can be read.
pub(crate) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// A number of seconds, however large; a part of a second counts as a whole one.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    // More digits than a number has are longer than anybody waits.
    let seconds: u64 = whole.parse().unwrap_or(u64::MAX);
    Some(Duration::from_secs(seconds.saturating_add(u64::from(part.bytes().any(|digit| digit != b'0')))))
}

/// How long the server asks to wait: `Retry-After` in seconds or as a date; where the limit was reached (`limited`), else
/// `X-RateLimit-Reset`, which other answers may carry too.
///
/// Points in time are measured against the server's own `Date`, so that a wrong clock here does no harm; `now` stands in
/// where the server sends none.
pub(crate) fn retry_after(headers: &HeaderMap, limited: bool, now: Time) -> Option<Duration> {
    if let Some(seconds) = headers.get(RETRY_AFTER).and_then(|value| seconds(value.to_str().ok()?.trim())) {
        return Some(seconds);
    }
    if let Some(point) = date(headers, &RETRY_AFTER) {
        return Some(until(headers, point, now));
    }
    if limited { reset(headers, now) } else { None }
}

/// How long until the server counts calls anew, where it says so: `X-RateLimit-Reset`, in Unix seconds.
pub(crate) fn reset(headers: &HeaderMap, now: Time) -> Option<Duration> {
    let point = number(headers, header::RATE_RESET).and_then(|reset| i64::try_from(reset).ok())?;
    Some(until(headers, point, now))
}

/// A date in a header, in Unix seconds.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.timestamp())
}

/// From the server's own time to a point in Unix seconds; nothing where that is past.
fn until(headers: &HeaderMap, point: i64, now: Time) -> Duration {
    let server_now = date(headers, &DATE).unwrap_or(now.ms() / 1_000);
    Duration::from_secs(u64::try_from(point.saturating_sub(server_now)).unwrap_or(0))
}

/// Whether the body claims to be JSON; else what it claims to be, fit to be shown.
pub(crate) fn json(headers: &HeaderMap) -> Result<(), String> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Err("nothing that has a type".into()) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(plain(essence, 100)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (name.parse().expect(name), value.parse().expect(value))).collect()
    }

    #[test]
    fn every_way_to_say_how_long_to_wait_is_understood() {
        let now = Time(1_000_000_000);
        for (said, seconds) in [
            (&[("retry-after", "7")][..], Some(7)),
            (&[("retry-after", " 0 ")], Some(0)),
            (&[("retry-after", "soon")], None),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "60.0")], Some(60)),
            (&[("retry-after", "60.5")], Some(61)),
            (&[("retry-after", ".5")], None),
            (&[("retry-after", "99999999999999999999")], Some(u64::MAX)),
            (&[], None),
            (&[("x-ratelimit-reset", "1000030")], Some(30)),
            (&[("x-ratelimit-reset", "999000")], Some(0)),
            (&[("retry-after", "3"), ("x-ratelimit-reset", "1000030")], Some(3)),
            (&[("retry-after", "Mon, 12 Jan 1970 13:47:40 GMT")], Some(60)),
            // The server's clock is a day behind this one: its own date counts.
            (&[("date", "Sun, 11 Jan 1970 13:46:40 GMT"), ("retry-after", "Sun, 11 Jan 1970 13:46:50 GMT")], Some(10)),
        ] {
            assert_eq!(retry_after(&headers(said), true, now), seconds.map(Duration::from_secs), "{said:?}");
        }
        let said = headers(&[("x-ratelimit-reset", "1000030")]);
        assert_eq!(retry_after(&said, false, now), None, "a server that failed says nothing of when to come back");
        assert_eq!(reset(&said, now), Some(Duration::from_secs(30)), "but of when it counts anew");
    }

    #[test]
    fn only_json_is_json() {
        for (sent, is) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/json;charset=UTF-8", true),
            ("text/html; charset=utf-8", false),
            ("application/jsonp", false),
            ("text/json", false),
        ] {
            assert_eq!(json(&headers(&[("content-type", sent)])).is_ok(), is, "{sent}");
        }
        assert!(json(&headers(&[])).is_err());
    }
}
