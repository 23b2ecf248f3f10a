//! Told once, ever: by table, and on real files.

use chrono::{DateTime, FixedOffset};
use hallmonitor_wire::{Changes, Restriction, Rule, Time};

use super::{
    Telling, Violation,
    judge::{Open, judge},
    news_to_tell,
};
use crate::{
    cache::{
        Cache,
        tests::{Mirror, contact, grave, restriction},
    },
    model::Place,
    settings::{Notifications, QuietHours},
};

fn noon() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-20T12:00:00+02:00").expect("a time")
}

fn night() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-20T23:00:00+02:00").expect("a time")
}

fn open(id: i64, contact: i64, code: &str) -> Open {
    let violation = Violation {
        id,
        contact_id: contact,
        contact: None,
        occurred_at: Time(id * 1_000),
        rule: Rule { code: code.to_owned(), text: String::new(), limit: None, observed: None },
        action: "login_denied".to_owned(),
        place: Place::default(),
    };
    Open { violation, held: false, viewed: false }
}

fn usual() -> Notifications {
    Notifications::default()
}

/// `1` for each told by itself, `4/2` for a summary of four of two students, `4/2 held` for one after a silence.
fn told(tellings: &[Telling]) -> Vec<String> {
    let word = |telling: &Telling| match telling {
        Telling::One(violation) => violation.id.to_string(),
        Telling::Several { count, contacts, held, .. } => {
            format!("{count}/{contacts}{}", if *held { " held" } else { "" })
        }
    };
    tellings.iter().map(word).collect()
}

#[test]
fn what_is_told_follows_from_what_came_and_what_is_set() {
    let held = |open: Open| Open { held: true, ..open };
    let viewed = |open: Open| Open { viewed: true, ..open };
    let quiet = Notifications { quiet: true, ..usual() };
    let off = Notifications { on: false, ..usual() };
    let muted = Notifications { muted: vec!["a".to_owned()], ..usual() };
    let paused = Notifications { paused_until: Some(Time(noon().timestamp_millis() + 1)), ..usual() };
    let over = Notifications { paused_until: Some(Time(noon().timestamp_millis())), ..usual() };
    let three = || vec![open(1, 1, "a"), open(2, 1, "b"), open(3, 2, "a")];
    let four = || [three(), vec![open(4, 2, "b")]].concat();
    for (name, open, settings, at, tells, done, hold) in [
        ("nothing", vec![], usual(), noon(), vec![], 0, 0),
        ("one", vec![open(1, 1, "a")], usual(), noon(), vec!["1"], 1, 0),
        ("three", three(), usual(), noon(), vec!["1", "2", "3"], 3, 0),
        ("four", four(), usual(), noon(), vec!["4/2"], 4, 0),
        ("off", four(), off, night(), vec![], 4, 0),
        ("muted", four(), muted, noon(), vec!["2", "4"], 4, 0),
        ("viewed", vec![viewed(open(1, 1, "a")), open(2, 1, "a")], usual(), noon(), vec!["2"], 2, 0),
        ("quiet by night", three(), quiet.clone(), night(), vec![], 0, 3),
        ("quiet, and held before", vec![held(open(1, 1, "a"))], quiet.clone(), night(), vec![], 0, 0),
        ("quiet, and viewed meanwhile", vec![held(viewed(open(1, 1, "a")))], quiet.clone(), night(), vec![], 1, 0),
        ("quiet hours by day", three(), quiet.clone(), noon(), vec!["1", "2", "3"], 3, 0),
        ("after the quiet", vec![held(open(1, 1, "a")), open(2, 2, "a")], quiet, noon(), vec!["2/2 held"], 2, 0),
        ("one after the quiet", vec![held(open(1, 1, "a"))], usual(), noon(), vec!["1"], 1, 0),
        ("paused", vec![open(1, 1, "a")], paused, noon(), vec![], 0, 1),
        ("no longer paused", vec![open(1, 1, "a")], over, noon(), vec!["1"], 1, 0),
    ] {
        let verdict = judge(open, &settings, at, 0);
        assert_eq!(told(&verdict.tell), tells, "{name}");
        assert_eq!((verdict.done.len(), verdict.hold.len()), (done, hold), "{name}");
    }
}

#[test]
fn what_comes_one_after_the_other_comes_together_when_it_is_too_much() {
    let held = Open { held: true, ..open(1, 1, "a") };
    let some = |count: i64| (1..=count).map(|id| open(id, id, "a")).collect::<Vec<_>>();
    for (name, lately, open, tells, done, wait) in [
        ("a third in a row", 2, some(1), vec!["1"], 1, false),
        ("a fourth", 3, some(1), vec![], 0, true),
        ("two more than there is room for", 2, some(2), vec![], 0, true),
        ("many, and nothing was shown lately", 0, some(4), vec!["4/4"], 4, false),
        ("nothing", 3, vec![], vec![], 0, false),
        ("the end of a silence", 3, vec![held, open(2, 2, "a")], vec!["2/2 held"], 2, false),
    ] {
        let verdict = judge(open, &usual(), noon(), lately);
        assert_eq!(
            (told(&verdict.tell), verdict.done.len(), verdict.wait),
            (tells.into_iter().map(str::to_owned).collect(), done, wait),
            "{name}"
        );
    }
}

#[test]
fn a_summary_names_the_newest() {
    let four = vec![open(9, 1, "a"), open(2, 1, "a"), open(3, 2, "a"), open(4, 3, "a")];
    let verdict = judge(four, &usual(), noon(), 0);
    assert!(matches!(&verdict.tell[..], [Telling::Several { newest, .. }] if newest.id == 9), "{verdict:?}");
}

#[test]
fn quiet_hours_are_kept_only_where_they_are_on() {
    let settings = Notifications { quiet: false, quiet_hours: QuietHours::default(), ..usual() };
    assert_eq!(told(&judge(vec![open(1, 1, "a")], &settings, night(), 0).tell), ["1"]);
}

async fn tells(cache: &Cache) -> Vec<String> {
    told(&news_to_tell(cache, noon(), &usual(), 0).await.expect("told").tell)
}

fn brings(restrictions: Vec<Restriction>) -> Changes {
    Changes { contacts: vec![contact(1, "Ada", 1)], restrictions, ..Changes::default() }
}

/// A school that was read once, with the restrictions 1 and 2.
async fn known() -> Mirror {
    let mut mirror = Mirror::new().await;
    mirror.cache.set_meta(|meta| meta.login_log = Some(true)).await.expect("meta");
    mirror.apply(brings(vec![restriction(1, 1, "not_viewed", 2), restriction(2, 1, "viewed", 3)])).await;
    mirror.cache.end_run().await.expect("end");
    mirror
}

#[tokio::test]
async fn the_first_reading_tells_nothing() {
    let mut mirror = Mirror::new().await;
    mirror.cache.set_meta(|meta| meta.login_log = Some(true)).await.expect("meta");
    mirror.apply(brings((1..=100).map(|id| restriction(id, 1, "not_viewed", id)).collect())).await;
    assert!(tells(&mirror.cache).await.is_empty(), "before its end");
    mirror.cache.end_run().await.expect("end");
    assert!(tells(&mirror.cache).await.is_empty(), "after its end");

    mirror.apply(brings(vec![restriction(101, 1, "not_viewed", 101)])).await;
    assert_eq!(tells(&mirror.cache).await, ["101"]);
}

#[tokio::test]
async fn a_log_that_appears_where_there_was_none_is_a_first_reading() {
    let mut mirror = Mirror::new().await;
    mirror.cache.set_meta(|meta| meta.login_log = Some(false)).await.expect("meta");
    mirror.cache.end_load_of_contacts().await.expect("the end of the contacts");
    mirror.cache.begin_run(Some("e1")).await.expect("a log");
    mirror.cache.set_meta(|meta| meta.login_log = Some(true)).await.expect("meta");
    mirror.apply(brings((1..=10).map(|id| restriction(id, 1, "not_viewed", id)).collect())).await;
    mirror.cache.end_run().await.expect("end");
    assert!(tells(&mirror.cache).await.is_empty());
}

#[tokio::test]
async fn each_is_told_once_whatever_comes_again() {
    let mut mirror = known().await;
    mirror.apply(brings(vec![restriction(7, 1, "not_viewed", 10), restriction(5, 1, "not_viewed", 11)])).await;
    assert_eq!(tells(&mirror.cache).await, ["5", "7"]);
    assert!(tells(&mirror.cache).await.is_empty(), "asked again");

    mirror.apply(brings(vec![restriction(7, 1, "viewed", 12)])).await;
    mirror.apply(brings(vec![restriction(7, 1, "not_viewed", 13)])).await;
    assert!(tells(&mirror.cache).await.is_empty(), "its status went to and fro");

    mirror.apply(brings(vec![restriction(6, 1, "not_viewed", 9)])).await;
    assert_eq!(tells(&mirror.cache).await, ["6"], "a lower id that came late");
}

#[tokio::test]
async fn a_new_epoch_tells_nothing_again_but_what_is_new() {
    let mut mirror = known().await;
    mirror.apply(brings(vec![restriction(3, 1, "not_viewed", 10)])).await;
    assert_eq!(tells(&mirror.cache).await, ["3"]);

    // Put back from a backup in which 3 had not happened yet.
    mirror.cache.begin_run(Some("e2")).await.expect("run");
    mirror.apply(brings(vec![restriction(1, 1, "not_viewed", 1), restriction(2, 1, "viewed", 1)])).await;
    mirror.cache.end_run().await.expect("end");
    assert!(tells(&mirror.cache).await.is_empty(), "nothing new in the new history");

    mirror.apply(brings(vec![restriction(3, 1, "not_viewed", 5)])).await;
    assert!(tells(&mirror.cache).await.is_empty(), "the same one, read once more");

    let mut other = restriction(4, 1, "not_viewed", 6);
    mirror.apply(brings(vec![other.clone()])).await;
    assert_eq!(tells(&mirror.cache).await, ["4"]);
    mirror.cache.begin_run(Some("e3")).await.expect("run");
    other.occurred_at = Time(other.occurred_at.ms() + 1);
    mirror.apply(brings(vec![other])).await;
    mirror.cache.end_run().await.expect("end");
    assert_eq!(tells(&mirror.cache).await, ["4"], "another violation under the id of one that is gone");
}

#[tokio::test]
async fn what_was_erased_before_it_was_told_is_not_told() {
    let mut mirror = known().await;
    mirror.apply(brings(vec![restriction(8, 1, "not_viewed", 10)])).await;
    mirror.apply(Changes { deleted: vec![grave("restriction", 8, 11, "erased")], ..Changes::default() }).await;
    assert!(tells(&mirror.cache).await.is_empty());
    assert!(!is_open(&mirror.cache).await, "nobody looks at it again");
}

async fn is_open(cache: &Cache) -> bool {
    super::rows::any_open(&mut cache.reader().await.expect("reader")).await.expect("asked")
}

#[tokio::test]
async fn what_comes_together_with_its_tombstone_is_not_even_noted() {
    let mut mirror = known().await;
    let deleted = vec![grave("restriction", 8, 11, "erased")];
    mirror.apply(Changes { deleted, ..brings(vec![restriction(8, 1, "not_viewed", 10)]) }).await;
    assert!(!is_open(&mirror.cache).await);
    // An old page of it, later.
    mirror.apply(brings(vec![restriction(8, 1, "not_viewed", 10)])).await;
    assert!(!is_open(&mirror.cache).await);
}

#[tokio::test]
async fn what_came_in_quiet_hours_is_summed_up_after_them_and_after_a_restart() {
    let mut mirror = known().await;
    let quiet = Notifications { quiet: true, ..usual() };
    for id in [11, 12] {
        mirror.apply(brings(vec![restriction(id, 1, "not_viewed", id)])).await;
        assert!(news_to_tell(&mirror.cache, night(), &quiet, 0).await.expect("told").tell.is_empty());
    }
    let path = mirror.folder.path().join("cache.db");
    mirror.cache.close().await;
    let cache = Cache::open(&path, &mirror.key).await.expect("opens");
    assert_eq!(told(&news_to_tell(&cache, noon(), &quiet, 0).await.expect("told").tell), ["2/1 held"]);
    assert!(news_to_tell(&cache, noon(), &quiet, 0).await.expect("told").tell.is_empty());
}

#[tokio::test]
async fn of_two_processes_one_tells() {
    let mut mirror = known().await;
    mirror.apply(brings(vec![restriction(21, 1, "not_viewed", 21)])).await;
    let other = Cache::open(&mirror.folder.path().join("cache.db"), &mirror.key).await.expect("opens");
    let usual = usual();
    let (left, right) =
        tokio::join!(news_to_tell(&mirror.cache, noon(), &usual, 0), news_to_tell(&other, noon(), &usual, 0));
    let told = [told(&left.expect("told").tell), told(&right.expect("told").tell)].concat();
    assert_eq!(told, ["21"]);
}

#[tokio::test]
async fn a_school_known_to_an_older_version_is_not_told_anew() {
    let folder = tempfile::TempDir::new().expect("folder");
    let key = crate::vault::CacheKey::random().expect("key");
    let path = folder.path().join("cache.db");
    let old = Cache::create_older(&path, &key, 2).await.expect("an old cache");
    for statement in [
        "INSERT INTO rule (id, code, text, folded) VALUES (1, 'a', '', '')",
        "INSERT INTO restriction (id, contact_id, occurred_at, rule_id, action, status, rev, run) \
         VALUES (1, 1, 5, 1, 'login_denied', 'not_viewed', 1, 1)",
        "INSERT INTO meta (key, value) VALUES ('loading', '0'), ('run_open', '0'), ('login_log', '1')",
    ] {
        sqlx::raw_sql(statement).execute(&mut *old.writer().await).await.expect("written");
    }
    old.close().await;
    let cache = Cache::open(&path, &key).await.expect("opens");
    assert!(cache.meta().await.expect("meta").telling);
    assert!(tells(&cache).await.is_empty());
}
