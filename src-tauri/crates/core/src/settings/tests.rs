//! What is set stays set.

use std::fs;

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    file::{DAMAGED, FILE},
    *,
};

fn folder() -> TempDir {
    TempDir::new().expect("folder")
}

fn text(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(FILE)).expect("a file")
}

#[test]
fn what_was_set_is_there_at_the_next_start_for_this_account_alone() {
    let folder = folder();
    let (mut file, error) = SettingsFile::read(folder.path());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(*file.settings(), Settings::default());
    assert!(!folder.path().join(FILE).exists(), "nothing is written by reading");

    let mut wanted = Settings { sync_seconds: 600, ..Settings::default() };
    wanted.notifications.muted = vec!["ip_blocked".to_owned()];
    wanted.notifications.quiet_hours.days = vec![Day::Sat, Day::Sun];
    wanted.notifications.paused_until = Some(Time(1_790_000_000_000));
    file.set(wanted.clone()).expect("kept");

    assert_eq!(*SettingsFile::read(folder.path()).0.settings(), wanted);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.path().join(FILE)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_a_later_version_wrote_is_kept() {
    let folder = folder();
    let later = r#"{"corners": "round", "notifications": {"sound": "bell", "on": false}}"#;
    fs::write(folder.path().join(FILE), later).expect("written");
    let (mut file, error) = SettingsFile::read(folder.path());
    assert!(error.is_none(), "{error:?}");
    assert!(!file.settings().notifications.on);

    file.set(Settings::default()).expect("kept");

    let whole: Value = serde_json::from_str(&text(&folder)).expect("JSON");
    assert_eq!(whole["corners"], "round");
    assert_eq!(whole["notifications"]["sound"], "bell");
    assert_eq!(whole["notifications"]["on"], true);
}

#[test]
fn a_damaged_file_leaves_the_usual_settings_and_is_put_aside() {
    for damaged in
        ["{", "[]", r#"{"sync_seconds": "often"}"#, r#"{"sync_seconds": 1}"#, r#"{"locking": {"idle_minutes": 0}}"#, ""]
    {
        let folder = folder();
        fs::write(folder.path().join(FILE), damaged).expect("written");

        let (mut file, error) = SettingsFile::read(folder.path());

        assert_eq!(*file.settings(), Settings::default(), "{damaged}");
        let sentence = error.expect("an error").to_string();
        assert!(sentence.contains("the usual ones are in force"), "{sentence}");
        file.set(Settings { sync_seconds: 90, ..Settings::default() }).expect("kept");
        assert_eq!(SettingsFile::read(folder.path()).0.settings().sync_seconds, 90);
        assert_eq!(fs::read_to_string(folder.path().join(DAMAGED)).expect("put aside"), damaged);
    }
}

#[test]
fn what_is_said_once_is_said_once_ever() {
    let folder = folder();
    let (mut file, _) = SettingsFile::read(folder.path());
    assert!(file.first_time(Once::GoesOn).expect("kept"));
    assert!(!file.first_time(Once::GoesOn).expect("kept"));
    let (mut file, _) = SettingsFile::read(folder.path());
    assert!(!file.first_time(Once::GoesOn).expect("kept"));
    assert!(file.first_time(Once::NoTray).expect("kept"));
}

#[test]
fn kept_nowhere_leaves_no_file() {
    let mut file = SettingsFile::nowhere();
    file.set(Settings { start_in_tray: true, ..Settings::default() }).expect("in force");
    assert!(file.settings().start_in_tray);
    assert!(file.first_time(Once::GoesOn).expect("nothing is written"));
}

#[test]
fn a_turn_is_30_seconds_to_a_day() {
    let mut file = SettingsFile::nowhere();
    for (seconds, good) in [(29, false), (30, true), (86_400, true), (86_401, false), (0, false)] {
        let set = file.set(Settings { sync_seconds: seconds, ..Settings::default() });
        assert_eq!(set.is_ok(), good, "{seconds}");
    }
}

#[test]
fn quiet_hours_belong_to_the_day_they_begin_on() {
    let hours = |from: &str, until: &str, days: &[Day]| QuietHours {
        from: serde_json::from_value(from.into()).expect("a time"),
        until: serde_json::from_value(until.into()).expect("a time"),
        days: days.to_vec(),
    };
    let night = hours("22:00", "08:00", &[Day::Fri]);
    let noon = hours("12:00", "13:30", &[Day::Mon, Day::Fri]);
    let whole = hours("00:00", "00:00", &[Day::Sun]);
    // 2026-11-20 is a Friday.
    for (hours, at, quiet) in [
        (&night, "2026-11-20T21:59:59+02:00", false),
        (&night, "2026-11-20T22:00:00+02:00", true),
        (&night, "2026-11-21T07:59:59+02:00", true),
        (&night, "2026-11-21T08:00:00+02:00", false),
        (&night, "2026-11-20T07:00:00+02:00", false),
        (&night, "2026-11-21T23:00:00+02:00", false),
        (&noon, "2026-11-20T12:00:00+02:00", true),
        (&noon, "2026-11-20T13:30:00+02:00", false),
        (&noon, "2026-11-19T12:30:00+02:00", false),
        (&noon, "2026-11-23T12:30:00-08:00", true),
        (&whole, "2026-11-22T00:00:00+00:00", true),
        (&whole, "2026-11-22T23:59:00+00:00", true),
        (&whole, "2026-11-23T00:00:00+00:00", false),
    ] {
        let local = DateTime::parse_from_rfc3339(at).expect("a time");
        assert_eq!(hours.cover(local), quiet, "{hours:?} {at}");
    }
}

#[test]
fn a_pause_is_an_hour_or_until_the_next_morning() {
    for (pause, at, until) in [
        (Pause::Hour, "2026-11-20T23:30:00+02:00", "2026-11-21T00:30:00+02:00"),
        (Pause::Tomorrow, "2026-11-20T23:30:00+02:00", "2026-11-21T08:00:00+02:00"),
        (Pause::Tomorrow, "2026-11-20T00:00:00-05:00", "2026-11-21T08:00:00-05:00"),
    ] {
        let time = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time");
        assert_eq!(pause.until(&time(at)).ms(), time(until).timestamp_millis(), "{pause:?} {at}");
    }
}

/// The clocks of Kyiv in 2026: an hour ahead from 01:00 UTC of March 29 to 01:00 UTC of October 25.
#[derive(Clone, Copy, Debug)]
struct Kyiv;

impl TimeZone for Kyiv {
    type Offset = FixedOffset;

    fn from_offset(_: &FixedOffset) -> Self {
        Self
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> LocalResult<FixedOffset> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<FixedOffset> {
        let found: Vec<FixedOffset> = [3, 2]
            .into_iter()
            .map(hours)
            .filter(|offset| self.offset_from_utc_datetime(&(*local - *offset)) == *offset)
            .collect();
        match found[..] {
            [] => LocalResult::None,
            [one] => LocalResult::Single(one),
            [first, second, ..] => LocalResult::Ambiguous(first, second),
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> FixedOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
        let summer = ["2026-03-29T01:00:00", "2026-10-25T01:00:00"].map(|at| at.parse().expect("a time"));
        hours(if (summer[0]..summer[1]).contains(utc) { 3 } else { 2 })
    }
}

fn hours(east: i32) -> FixedOffset {
    FixedOffset::east_opt(east * 3_600).expect("an offset")
}

#[test]
fn a_pause_until_tomorrow_ends_at_8_by_the_clock_in_the_nights_that_change_it_too() {
    for (at, until) in [
        ("2026-03-28T22:00:00+02:00", "2026-03-29T08:00:00+03:00"),
        ("2026-10-24T22:00:00+03:00", "2026-10-25T08:00:00+02:00"),
        ("2026-07-31T22:00:00+03:00", "2026-08-01T08:00:00+03:00"),
    ] {
        let time = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time");
        let until = time(until).timestamp_millis();
        assert_eq!(Pause::Tomorrow.until(&time(at).with_timezone(&Kyiv)).ms(), until, "{at}");
    }
}

#[test]
fn a_pause_ends_by_itself() {
    let notifications = Notifications { paused_until: Some(Time(10_000)), ..Notifications::default() };
    assert!(notifications.paused(Time(9_999)));
    assert!(!notifications.paused(Time(10_000)));
}

#[test]
fn what_is_held_back_waits_until_the_silence_is_over_and_no_longer() {
    let time = |text: &str| DateTime::parse_from_rfc3339(text).expect("a time");
    let hours = |from: u16, until: u16, days: &[Day]| QuietHours {
        from: DayTime(from * 60),
        until: DayTime(until * 60),
        days: days.to_vec(),
    };
    let night = hours(22, 8, &Day::ALL);
    // 2026-11-20 is a Friday.
    for (quiet, paused_until, at, end) in [
        (None, None, "2026-11-20T12:00:00+02:00", None),
        (None, Some("2026-11-20T13:00:00+02:00"), "2026-11-20T12:00:00+02:00", Some("2026-11-20T13:00:00+02:00")),
        (None, Some("2026-11-20T11:00:00+02:00"), "2026-11-20T12:00:00+02:00", None),
        (Some(&night), None, "2026-11-20T12:00:00+02:00", None),
        (Some(&night), None, "2026-11-20T23:00:30.5+02:00", Some("2026-11-21T08:00:00+02:00")),
        (Some(&night), None, "2026-11-21T07:59:59+02:00", Some("2026-11-21T08:00:00+02:00")),
        // A pause that ends within quiet hours, and one that ends after them.
        (
            Some(&night),
            Some("2026-11-20T22:30:00+02:00"),
            "2026-11-20T21:00:00+02:00",
            Some("2026-11-21T08:00:00+02:00"),
        ),
        (
            Some(&night),
            Some("2026-11-21T09:00:00+02:00"),
            "2026-11-20T23:00:00+02:00",
            Some("2026-11-21T09:00:00+02:00"),
        ),
        // Two whole days, one after the other.
        (
            Some(&hours(0, 0, &[Day::Sat, Day::Sun])),
            None,
            "2026-11-21T12:00:00+02:00",
            Some("2026-11-23T00:00:00+02:00"),
        ),
        // No end.
        (Some(&hours(0, 0, &Day::ALL)), None, "2026-11-20T12:00:00+02:00", None),
    ] {
        let notifications = Notifications {
            quiet: quiet.is_some(),
            quiet_hours: quiet.cloned().unwrap_or_default(),
            paused_until: paused_until.map(|until| Time(time(until).timestamp_millis())),
            ..Notifications::default()
        };
        assert_eq!(notifications.held_until(time(at)), end.map(time), "{quiet:?} {paused_until:?} {at}");
    }
}
