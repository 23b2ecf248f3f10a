//! Days and times as a person types them.
//!
//! A day (`2026-03-01`) is one of this computer's clock; a time (`2026-03-01T12:00:00Z`) is what it says.

use chrono::{Days, Local, NaiveDate, NaiveTime, TimeZone};
use hallmonitor_wire::Time;

/// The day's first moment, or the time.
pub(crate) fn begin(text: &str) -> Result<Time, String> {
    read(&Local, text, false)
}

/// The first moment after the day, or the time.
pub(crate) fn end(text: &str) -> Result<Time, String> {
    read(&Local, text, true)
}

/// A day or time to come.
pub(crate) fn ahead(text: &str) -> Result<Time, String> {
    match begin(text)? {
        day if day.ms() > Local::now().timestamp_millis() => Ok(day),
        _ => Err("that has passed; a day to come is meant".to_owned()),
    }
}

fn read<Z: TimeZone>(zone: &Z, text: &str, is_end: bool) -> Result<Time, String> {
    let wrong = || "a day is 2026-03-01, a time 2026-03-01T12:00:00Z".to_owned();
    let Ok(day) = text.parse::<NaiveDate>() else { return text.parse().map_err(|_| wrong()) };
    let day = if is_end { day.checked_add_days(Days::new(1)) } else { Some(day) };
    let midnight = day.ok_or_else(wrong)?.and_time(NaiveTime::MIN);
    // Where clocks jump over midnight, the day begins with the hour after it.
    let first = zone.from_local_datetime(&midnight).earliest().or_else(|| {
        let later = midnight.checked_add_signed(chrono::TimeDelta::hours(1))?;
        zone.from_local_datetime(&later).earliest()
    });
    Ok(Time(first.ok_or_else(wrong)?.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, Utc};

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().expect("a time")
    }

    #[test]
    fn a_day_is_the_computers_own_and_whole() {
        assert_eq!(read(&Utc, "2026-03-01", false), Ok(at("2026-03-01T00:00:00Z")));
        assert_eq!(read(&Utc, "2026-12-31", true), Ok(at("2027-01-01T00:00:00Z")));
        let kyiv = FixedOffset::east_opt(7_200).expect("an offset");
        assert_eq!(read(&kyiv, "2026-03-01", false), Ok(at("2026-02-28T22:00:00Z")));
    }

    #[test]
    fn a_day_to_come_has_not_passed() {
        assert!(ahead("2000-01-01").expect_err("long ago").contains("passed"));
        assert!(ahead(&Local::now().date_naive().to_string()).is_err(), "today has begun");
        assert!(ahead("9999-12-31").is_ok());
    }

    #[test]
    fn a_time_is_what_it_says() {
        for is_end in [false, true] {
            assert_eq!(read(&Utc, "2026-03-01T12:00:00.5+02:00", is_end), Ok(at("2026-03-01T10:00:00.500Z")));
        }
        for text in ["", "yesterday", "2026-02-30", "01.03.2026"] {
            assert!(read(&Utc, text, false).is_err(), "{text}");
        }
    }
}
