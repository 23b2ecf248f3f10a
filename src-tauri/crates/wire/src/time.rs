//! Points in time: milliseconds since 1970 in UTC, written as RFC 3339 with `Z` and three digits of fraction.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike as _, NaiveDateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z. What is finer than a millisecond is cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// A text that is no time in any form that the API allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTime;

impl fmt::Display for BadTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time of the form 2026-08-20T23:59:59Z")
    }
}

impl std::error::Error for BadTime {}

impl Time {
    /// Milliseconds since 1970, UTC.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The same point as a date of the calendar; times beyond the calendar's reach become its edge.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match written(self.0) {
            Some(text) => f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?),
            None => f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true)),
        }
    }
}

impl FromStr for Time {
    type Err = BadTime;

    /// Reads RFC 3339 (0 to 9 fraction digits, any offset) and KWIGA's second form, `2026-08-20 23:59:59`, as UTC.
    fn from_str(text: &str) -> Result<Self, BadTime> {
        if let Some(time) = quick(text.as_bytes()) {
            return Ok(time);
        }
        let date = match DateTime::parse_from_rfc3339(text) {
            Ok(date) => date.to_utc(),
            Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").map_err(|_| BadTime)?.and_utc(),
        };
        // An offset may lead out of the years that RFC 3339 can write.
        if (0..=9999).contains(&date.year()) { Ok(Time(date.timestamp_millis())) } else { Err(BadTime) }
    }
}

/// The form that servers really send, `2026-08-20T23:59:59[.fff...]Z`, without chrono's general reader: a first sync
/// reads three million of them. `None` leaves the text to the general reader, which also judges the doubtful ones.
fn quick(text: &[u8]) -> Option<Time> {
    let number = |from: usize, to: usize| -> Option<i64> {
        let mut value = 0;
        for &digit in text.get(from..to)? {
            if !digit.is_ascii_digit() {
                return None;
            }
            value = value * 10 + i64::from(digit - b'0');
        }
        Some(value)
    };
    if text.len() < 20
        || (text[4], text[7], text[10], text[13], text[16]) != (b'-', b'-', b'T', b':', b':')
        || text[text.len() - 1] != b'Z'
    {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let fraction = &text[19..text.len() - 1];
    let millis = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => {
            (0..3).fold(0, |ms, at| ms * 10 + digits.get(at).map_or(0, |digit| i64::from(digit - b'0')))
        }
        _ => return None,
    };
    // Days 29 to 31 exist in some months only, second 60 in leap seconds: the general reader knows.
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days since 1970 after Howard Hinnant's `days_from_civil`.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(Time((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis))
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for Time {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for Time {}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Time;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time as text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// Years 1970 to 9999 without chrono's general writer: a server's first answers hold three million times. `None` leaves
/// the others to it.
fn written(ms: i64) -> Option<[u8; 24]> {
    const END_OF_9999: i64 = 253_402_300_800_000;
    if !(0..END_OF_9999).contains(&ms) {
        return None;
    }
    let (days, of_day) = (ms / 86_400_000, ms % 86_400_000);
    // The calendar after Howard Hinnant's `civil_from_days`, for days from 1970 on.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);

    let mut text = *b"0000-00-00T00:00:00.000Z";
    let mut put = |from: usize, digits: usize, mut number: i64| {
        for place in (from..from + digits).rev() {
            text[place] += (number % 10) as u8;
            number /= 10;
        }
    };
    put(0, 4, year);
    put(5, 2, month);
    put(8, 2, day);
    put(11, 2, of_day / 3_600_000);
    put(14, 2, of_day / 60_000 % 60);
    put(17, 2, of_day / 1_000 % 60);
    put(20, 3, of_day % 1_000);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn general(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
    }

    #[test]
    fn the_quick_reader_agrees_with_the_general_one() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2026-11-23T09:08:07.123Z",
            "2024-02-28T23:59:59.999999999Z",
            "2000-03-01T00:00:00.1Z",
            "1969-12-28T23:59:59.250Z",
            "2100-02-28T12:00:00Z",
        ] {
            assert_eq!(quick(text.as_bytes()).expect(text).ms(), general(text), "{text}");
        }
    }

    #[test]
    fn both_date_forms_of_kwiga_are_read() {
        let iso: Time = "2026-08-20T23:59:59.000000Z".parse().expect("iso");
        let plain: Time = "2026-08-20 23:59:59".parse().expect("plain");
        assert_eq!(iso, plain);
        assert_eq!("2026-08-31T01:00:00+03:00".parse(), Ok(Time(general("2026-08-30T22:00:00Z"))));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00.Z", "1"] {
            assert_eq!(text.parse::<Time>(), Err(BadTime), "{text}");
        }
        // Years that RFC 3339 can't write down in UTC.
        for text in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "10000-01-01 00:00:00"] {
            assert_eq!(text.parse::<Time>(), Err(BadTime), "{text}");
        }
        assert!("9999-12-31T23:59:59+01:00".parse::<Time>().is_ok());
    }

    #[test]
    fn the_quick_writer_agrees_with_the_general_one() {
        let general = |ms| Time(ms).to_utc().to_rfc3339_opts(SecondsFormat::Millis, true);
        // 40 days and a bit apart: every month and every kind of leap year from 1970 to 9999.
        for ms in (0..253_402_300_800_000).step_by(3_456_789_123) {
            assert_eq!(Time(ms).to_string(), general(ms));
        }
        for ms in [951_782_400_000, 4_107_542_399_999, 253_402_300_799_999, -1, 253_402_300_800_000, i64::MAX] {
            assert_eq!(Time(ms).to_string(), general(ms), "{ms}");
        }
    }

    #[test]
    fn times_are_written_with_milliseconds() {
        assert_eq!(Time(1).to_string(), "1970-01-01T00:00:00.001Z");
    }
}
