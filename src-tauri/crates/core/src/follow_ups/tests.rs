//! A day to look again comes back once: by table, and on real files.

use chrono::{DateTime, FixedOffset};
use hallmonitor_wire::{Changes, Time};

use super::{
    FollowUp, Reminder, count, end_of_day,
    judge::{Open, is_time, judge},
    next, to_tell,
};
use crate::{
    cache::{
        Cache,
        tests::{Mirror, contact},
    },
    model::{Verdict, VerdictKind},
    settings::Notifications,
};

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("a time")
}

fn ms(text: &str) -> Time {
    Time(at(text).timestamp_millis())
}

fn noon() -> DateTime<FixedOffset> {
    at("2026-11-20T12:00:00+02:00")
}

fn night() -> DateTime<FixedOffset> {
    at("2026-11-20T23:00:00+02:00")
}

fn usual() -> Notifications {
    Notifications::default()
}

#[test]
fn a_day_has_come_from_nine_in_the_morning_on() {
    for (due, now, come) in [
        ("2026-11-20T00:00:00+02:00", "2026-11-20T08:59:59+02:00", false),
        ("2026-11-20T00:00:00+02:00", "2026-11-20T09:00:00+02:00", true),
        ("2026-11-20T23:59:59+02:00", "2026-11-20T09:00:00+02:00", true),
        ("2026-11-20T23:59:59+02:00", "2026-11-19T23:00:00+02:00", false),
        ("2026-11-20T00:00:00+02:00", "2026-11-21T00:00:00+02:00", true),
        // The same moment lies on another day where the person is.
        ("2026-11-20T00:00:00+02:00", "2026-11-19T10:00:00-05:00", true),
    ] {
        assert_eq!(is_time(ms(due), at(now)), come, "{due} at {now}");
    }
}

#[test]
fn a_day_ends_where_the_next_one_begins() {
    assert_eq!(end_of_day(noon()), ms("2026-11-21T00:00:00+02:00"));
    assert_eq!(end_of_day(night()), ms("2026-11-21T00:00:00+02:00"));
}

fn open(contact_id: i64) -> Open {
    let due_at = ms("2026-11-20T00:00:00+02:00");
    let follow_up = FollowUp { contact_id, contact: format!("c{contact_id}"), verdict: VerdictKind::Watch, due_at };
    Open { follow_up, held: false }
}

/// `1` for each told by itself, `4 from 1` for a summary.
fn told(reminders: &[Reminder]) -> Vec<String> {
    let word = |reminder: &Reminder| match reminder {
        Reminder::One(follow_up) => follow_up.contact_id.to_string(),
        Reminder::Several { count, first } => format!("{count} from {}", first.contact_id),
    };
    reminders.iter().map(word).collect()
}

#[test]
fn what_is_told_follows_from_what_is_due_and_what_is_set() {
    let held = |open: Open| Open { held: true, ..open };
    let quiet = Notifications { quiet: true, ..usual() };
    let off = Notifications { on: false, ..usual() };
    let paused = Notifications { paused_until: Some(Time(noon().timestamp_millis() + 1)), ..usual() };
    let some = |count| (1..=count).map(open).collect::<Vec<_>>();
    let morning = at("2026-11-20T07:00:00+02:00");
    for (name, open, settings, at, tells, done, hold) in [
        ("nothing", some(0), usual(), noon(), vec![], 0, 0),
        ("three", some(3), usual(), noon(), vec!["1", "2", "3"], 3, 0),
        ("four", some(4), usual(), noon(), vec!["4 from 1"], 4, 0),
        ("too early", some(1), usual(), morning, vec![], 0, 0),
        ("off", some(2), off, noon(), vec![], 2, 0),
        ("quiet by night", some(2), quiet.clone(), night(), vec![], 0, 2),
        ("quiet, and held before", vec![held(open(1))], quiet.clone(), night(), vec![], 0, 0),
        ("after the quiet", vec![held(open(1)), open(2)], quiet, noon(), vec!["2 from 1"], 2, 0),
        ("one after the quiet", vec![held(open(1))], usual(), noon(), vec!["1"], 1, 0),
        ("paused", some(1), paused, noon(), vec![], 0, 1),
    ] {
        let judged = judge(open, &settings, at);
        assert_eq!(told(&judged.tell), tells, "{name}");
        assert_eq!((judged.done.len(), judged.hold.len()), (done, hold), "{name}");
    }
}

async fn noted(cache: &Cache, contact_id: i64, follow_up_at: Option<Time>) {
    let verdict =
        Verdict { verdict: VerdictKind::Watch, note: "again".to_owned(), follow_up_at, decided_at: Time(contact_id) };
    assert!(cache.note_verdict(contact_id, Some(&verdict)).await.expect("noted"));
}

async fn tells(cache: &Cache, at: DateTime<FixedOffset>) -> Vec<String> {
    told(&to_tell(cache, at, &usual()).await.expect("told"))
}

async fn school() -> Mirror {
    let contacts = (1..=3).map(|id| contact(id, "Ann", id)).collect();
    Mirror::loaded(Changes { contacts, ..Changes::default() }).await
}

#[tokio::test]
async fn a_day_to_look_again_is_told_once_and_a_new_day_anew() {
    let mirror = school().await;
    let (today, tomorrow) = (ms("2026-11-20T00:00:00+02:00"), ms("2026-11-21T00:00:00+02:00"));
    noted(&mirror.cache, 1, Some(today)).await;
    noted(&mirror.cache, 2, Some(tomorrow)).await;
    noted(&mirror.cache, 3, None).await;
    assert_eq!(tells(&mirror.cache, noon()).await, ["1"]);
    assert!(tells(&mirror.cache, noon()).await.is_empty(), "asked again");
    noted(&mirror.cache, 1, Some(today)).await;
    assert!(tells(&mirror.cache, noon()).await.is_empty(), "the same day was noted again");
    let mut reader = mirror.cache.reader().await.expect("a reader");
    assert_eq!(count(&mut reader, end_of_day(noon())).await.expect("counted"), 1, "told, and still to be done");
    assert_eq!(next(&mut reader).await.expect("read"), Some(tomorrow));
    drop(reader);

    noted(&mirror.cache, 1, Some(tomorrow)).await;
    assert_eq!(tells(&mirror.cache, at("2026-11-21T10:00:00+02:00")).await, ["1", "2"]);
}

#[tokio::test]
async fn of_two_processes_one_tells_and_what_was_held_is_summed_up_after_a_restart() {
    let mirror = school().await;
    let today = ms("2026-11-20T00:00:00+02:00");
    noted(&mirror.cache, 1, Some(today)).await;
    noted(&mirror.cache, 2, Some(today)).await;
    let quiet = Notifications { quiet: true, ..usual() };
    assert!(to_tell(&mirror.cache, night(), &quiet).await.expect("told").is_empty());
    let path = mirror.folder.path().join("cache.db");
    let other = Cache::open(&path, &mirror.key).await.expect("opens");
    let morning = at("2026-11-21T10:00:00+02:00");
    let (left, right) = tokio::join!(to_tell(&mirror.cache, morning, &quiet), to_tell(&other, morning, &quiet));
    assert_eq!(told(&[left.expect("told"), right.expect("told")].concat()), ["2 from 1"]);
}
