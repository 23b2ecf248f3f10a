//! Violations, the owner's notes and the devices of the whole school.

use hallmonitor_wire::{ActionType, ActionValue, Time};

use super::*;
use crate::{
    model::{
        ContactQuery, DeviceQuery, DeviceSort, PageRequest, Restriction as Shown, Verdict, VerdictFilter, VerdictKind,
        VerdictQuery, ViolationQuery,
    },
    outbox,
};

const DAY: i64 = 86_400_000;

fn violation(id: i64) -> Restriction {
    let mut row = restriction(id, id * id % 13 + 1, if id % 3 == 0 { "not_viewed" } else { "viewed" }, 500 + id);
    row.occurred_at = Time(1_767_225_600_000 + id * 7_777_777 % (90 * DAY));
    row.rule.code = ["device_limit", "concurrent_sessions", "ip_blocked"][(id % 3) as usize].to_owned();
    row.ip = [Some("91.198.36.2"), Some("8.8.8.8"), Some("10.0.0.1"), None][(id % 4) as usize].map(str::to_owned);
    row
}

async fn school() -> Mirror {
    let mirror = loading().await;
    mirror.cache.end_run().await.expect("end of run");
    mirror
}

/// The same school before its first load has ended.
async fn loading() -> Mirror {
    let mut mirror = Mirror::new().await;
    mirror
        .apply(Changes {
            contacts: (1..=14).map(|id| contact(id, &format!("Person {id}"), id)).collect(),
            restrictions: (1..=150).map(violation).collect(),
            ..Changes::default()
        })
        .await;
    for (id, kind) in [(2, VerdictKind::Sharing), (5, VerdictKind::Harmless), (11, VerdictKind::Watch)] {
        assert!(mirror.cache.note_verdict(id, Some(&note(kind, "", None))).await.expect("noted"));
    }
    mirror
}

fn note(verdict: VerdictKind, note: &str, follow_up_at: Option<i64>) -> Verdict {
    Verdict { verdict, note: note.to_owned(), follow_up_at: follow_up_at.map(Time), decided_at: Time(1000) }
}

fn questions() -> Vec<ViolationQuery> {
    let with = |change: &dyn Fn(&mut ViolationQuery)| {
        let mut query = ViolationQuery::default();
        change(&mut query);
        query
    };
    let some = |word: &str| Some(word.to_owned());
    let at = |days: i64| Some(Time(1_767_225_600_000 + days * DAY));
    vec![
        with(&|_| {}),
        with(&|query| query.rule = some("device_limit")),
        with(&|query| query.rule = some("no_such_rule")),
        with(&|query| query.country = some("UA")),
        with(&|query| query.country = some("-")),
        with(&|query| query.status = some("viewed")),
        with(&|query| query.status = some("not_viewed")),
        with(&|query| query.contact_id = Some(4)),
        with(&|query| query.verdict = Some(VerdictFilter::Sharing)),
        with(&|query| query.verdict = Some(VerdictFilter::Harmless)),
        with(&|query| query.verdict = Some(VerdictFilter::Watch)),
        with(&|query| query.verdict = Some(VerdictFilter::Any)),
        with(&|query| query.verdict = Some(VerdictFilter::None)),
        with(&|query| query.verdict = Some(VerdictFilter::NotHarmless)),
        with(&|query| query.search = "person 91.198".into()),
        with(&|query| query.search = "person 12".into()),
        with(&|query| query.search = "PERSON c3@mail".into()),
        with(&|query| query.search = "on 8".into()),
        with(&|query| query.search = "us person".into()),
        with(&|query| query.search = "device_limit on 1".into()),
        with(&|query| query.search = "person nobody".into()),
        with(&|query| query.search = "ше".into()),
        with(&|query| {
            query.search = "person ua".into();
            query.rule = some("ip_blocked");
        }),
        with(&|query| {
            query.from = at(10);
            query.until = at(60);
        }),
        with(&|query| {
            query.until = at(30);
            query.rule = some("ip_blocked");
            query.status = some("viewed");
            query.verdict = Some(VerdictFilter::NotHarmless);
            query.country = some("US");
        }),
    ]
}

/// Every text by which a violation of this school is found.
fn texts(row: &Shown) -> String {
    let country = row.place.country.as_deref().unwrap_or_default();
    let address = row.ip.as_deref().unwrap_or_default();
    let id = row.contact_id;
    format!("Person {id}\nc{id}@mail.example\n{address}\n{country}\n{}\n{}", row.rule.code, row.rule.text)
        .to_lowercase()
}

fn is_meant(query: &ViolationQuery, row: &Shown) -> bool {
    let judged = |id| match id {
        2 => Some(VerdictFilter::Sharing),
        5 => Some(VerdictFilter::Harmless),
        11 => Some(VerdictFilter::Watch),
        _ => None,
    };
    query.rule.as_deref().is_none_or(|code| row.rule.code == code)
        && query.country.as_deref().is_none_or(|code| row.place.country.as_deref().unwrap_or("-") == code)
        && query.status.as_deref().is_none_or(|status| row.status == status)
        && query.contact_id.is_none_or(|id| row.contact_id == id)
        && query.from.is_none_or(|from| row.occurred_at >= from)
        && query.until.is_none_or(|until| row.occurred_at < until)
        && query.search.split(' ').all(|word| texts(row).contains(&word.to_lowercase()))
        && match query.verdict {
            None => true,
            Some(VerdictFilter::Any) => judged(row.contact_id).is_some(),
            Some(VerdictFilter::None) => judged(row.contact_id).is_none(),
            Some(VerdictFilter::NotHarmless) => judged(row.contact_id) != Some(VerdictFilter::Harmless),
            wanted => judged(row.contact_id) == wanted,
        }
}

async fn meant(mirror: &Mirror, query: &ViolationQuery) -> Vec<Shown> {
    let mut all = mirror.cache.restrictions(&crate::model::LogQuery::default()).await.expect("all").rows;
    all.retain(|row| is_meant(query, row));
    all.sort_by_key(|row| std::cmp::Reverse((row.status == "not_viewed", row.occurred_at, row.id)));
    all
}

async fn holds(mirror: &Mirror) {
    for query in questions() {
        let expected = meant(mirror, &query).await;
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = PageRequest { after, limit: 7, count: true, ..PageRequest::default() };
            let page = mirror.cache.violations(&ViolationQuery { page, ..query.clone() }).await.expect("page");
            assert_eq!(page.total, Some(expected.len() as i64), "{query:?}");
            paged.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, expected, "{query:?}");
    }
}

#[tokio::test]
async fn violations_that_nobody_viewed_come_first_whatever_is_asked_for() {
    let mirror = school().await;
    holds(&mirror).await;
}

#[tokio::test]
async fn a_period_with_more_violations_than_are_gathered_is_paged_in_the_same_order() {
    let mut mirror = Mirror::new().await;
    let contacts = (1..=14).map(|id| contact(id, "Ann", id)).collect();
    mirror.apply(Changes { contacts, restrictions: (1..=3_000).map(violation).collect(), ..Changes::default() }).await;
    mirror.cache.end_run().await.expect("end of run");
    let at = |days: i64| Some(Time(1_767_225_600_000 + days * DAY));
    let status = |word: &str| Some(word.to_owned());
    let within = ViolationQuery { from: at(5), until: at(80), ..ViolationQuery::default() };
    let unviewed = meant(&mirror, &ViolationQuery { status: status("not_viewed"), ..within.clone() }).await.len();
    assert!(unviewed > 500, "{unviewed}");
    for query in [
        within.clone(),
        ViolationQuery { from: None, ..within.clone() },
        ViolationQuery { until: None, ..within.clone() },
        ViolationQuery { status: status("viewed"), ..within.clone() },
        ViolationQuery { country: Some("UA".to_owned()), ..within.clone() },
    ] {
        let expected = meant(&mirror, &query).await;
        // All at once, one that ends with the last unviewed one, and one that goes across.
        for (limit, count) in [(0, true), (unviewed, true), (unviewed, false), (401, false), (401, true)] {
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let page = PageRequest { after, limit: u32::try_from(limit).expect("few"), skip: 0, count };
                let page = mirror.cache.violations(&ViolationQuery { page, ..query.clone() }).await.expect("page");
                assert_eq!(page.total, count.then_some(expected.len() as i64), "{query:?}");
                assert!(limit == 0 || page.rows.len() <= limit && (page.next.is_none() || page.rows.len() == limit));
                paged.extend(page.rows);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(paged, expected, "{limit} {query:?}");
        }
    }
}

#[tokio::test]
async fn a_decision_moves_a_violation_at_once() {
    let mirror = school().await;
    mirror.cache.set_meta(|meta| meta.login_log = Some(true)).await.expect("a log");
    let viewed = ActionValue::Viewed;
    outbox::record(&mirror.cache, ActionType::RestrictionStatus, &[3, 6, 9], viewed, 1).await.expect("decided");
    holds(&mirror).await;
    let groups = mirror.cache.violation_groups(&ViolationQuery::default()).await.expect("groups").rows;
    assert_eq!(groups.iter().map(|group| group.unviewed).sum::<i64>(), 47);
}

#[tokio::test]
async fn violations_and_their_contacts_are_listed_during_a_first_load_too() {
    let (loading, loaded) = (loading().await, school().await);
    // What addresses are searched by is made at its end.
    for mut query in questions().into_iter().filter(|query| !query.search.contains("91.198")) {
        query.page = PageRequest { limit: 5, count: true, ..PageRequest::default() };
        loop {
            let groups = loading.cache.violation_groups(&query).await.expect("groups");
            assert_eq!(groups, loaded.cache.violation_groups(&query).await.expect("groups"), "{query:?}");
            let rows = loading.cache.violations(&query).await.expect("violations").rows;
            assert_eq!(rows, loaded.cache.violations(&query).await.expect("violations").rows, "{query:?}");
            query.page.after = groups.next;
            if query.page.after.is_none() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn groups_are_the_contacts_of_the_violations_with_their_counts() {
    let mirror = school().await;
    let everything = mirror.cache.violation_groups(&ViolationQuery::default()).await.expect("all").rows;
    let order: Vec<i64> = everything.iter().map(|group| group.contact_id).collect();
    assert!(everything.is_sorted_by_key(|group| std::cmp::Reverse((group.unviewed > 0, group.newest_at))));
    for query in questions() {
        let expected = meant(&mirror, &query).await;
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = PageRequest { after, limit: 3, count: true, ..PageRequest::default() };
            let page = mirror.cache.violation_groups(&ViolationQuery { page, ..query.clone() }).await.expect("page");
            let contacts: std::collections::HashSet<i64> = expected.iter().map(|row| row.contact_id).collect();
            assert_eq!(page.total, Some(contacts.len() as i64), "{query:?}");
            paged.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let found: Vec<i64> = paged.iter().map(|group| group.contact_id).collect();
        let of_all: Vec<i64> =
            order.iter().copied().filter(|id| expected.iter().any(|row| row.contact_id == *id)).collect();
        assert_eq!(found, of_all, "{query:?}");
        for group in paged {
            let own: Vec<&Shown> = expected.iter().filter(|row| row.contact_id == group.contact_id).collect();
            assert_eq!(group.restrictions, own.len() as i64, "{query:?}");
            assert_eq!(group.unviewed, own.iter().filter(|row| row.status == "not_viewed").count() as i64);
            assert_eq!(Some(group.newest_at), own.iter().map(|row| row.occurred_at).max());
            assert_eq!(group.rules.iter().map(|rule| rule.restrictions).sum::<i64>(), group.restrictions);
            assert_eq!(group.verdict.is_some(), [2, 5, 11].contains(&group.contact_id));
        }
    }
}

#[tokio::test]
async fn a_note_is_found_by_its_words_and_goes_with_its_contact() {
    let mut mirror = school().await;
    let words = "Пише, що брат: позвонить в четверг";
    mirror.cache.note_verdict(7, Some(&note(VerdictKind::Watch, words, Some(5 * DAY)))).await.expect("noted");
    for search in ["брат", "позвонить четверг", "че", "person 7 брат"] {
        let query = ContactQuery { search: search.into(), ..ContactQuery::default() };
        let found = mirror.cache.contacts(&query).await.expect("found").rows;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [7], "{search}");
        assert_eq!(found[0].own_verdict.as_deref(), Some("watch"));
        assert_eq!(found[0].own_follow_up_at, Some(Time(5 * DAY)));
        let query = VerdictQuery { search: search.into(), ..VerdictQuery::default() };
        assert_eq!(mirror.cache.verdicts(&query).await.expect("found").rows.len(), 1, "{search}");
    }
    let due = |before| VerdictQuery { due_before: Some(Time(before)), ..VerdictQuery::default() };
    assert_eq!(mirror.cache.verdicts(&due(5 * DAY)).await.expect("due").rows.len(), 0);
    assert_eq!(mirror.cache.verdicts(&due(5 * DAY + 1)).await.expect("due").rows[0].contact_id, 7);

    // A new copy of the contact leaves the note alone; another word replaces it; taken back it is found no more.
    mirror.apply(Changes { contacts: vec![contact(7, "Other name", 9000)], ..Changes::default() }).await;
    assert_eq!(mirror.cache.verdict(7).await.expect("read").map(|noted| noted.note).as_deref(), Some(words));
    mirror.cache.note_verdict(7, Some(&note(VerdictKind::Harmless, "cousin", None))).await.expect("noted");
    let count = async |search: &str| {
        let query = ContactQuery { search: search.into(), ..ContactQuery::default() };
        mirror.cache.contacts(&query).await.expect("found").rows.len()
    };
    assert_eq!((count("брат").await, count("cousin").await), (0, 1));
    mirror.cache.note_verdict(7, None).await.expect("taken back");
    assert_eq!((count("cousin").await, mirror.cache.verdict(7).await.expect("read")), (0, None));

    mirror.cache.note_verdict(7, Some(&note(VerdictKind::Sharing, "gone", None))).await.expect("noted");
    mirror.apply(Changes { deleted: vec![grave("contact", 7, 9001, "erased")], ..Changes::default() }).await;
    assert_eq!(mirror.cache.verdict(7).await.expect("read"), None);
    assert!(!mirror.cache.note_verdict(7, Some(&note(VerdictKind::Watch, "", None))).await.expect("answered"));
}

#[tokio::test]
async fn violations_that_come_and_go_keep_the_groups_true() {
    let mut mirror = school().await;
    let mut newer = violation(3);
    newer.rev = 9000;
    newer.contact_id = 14;
    mirror
        .apply(Changes {
            restrictions: vec![newer, violation(200)],
            deleted: vec![grave("restriction", 6, 9001, "erased"), grave("contact", 4, 9002, "erased")],
            ..Changes::default()
        })
        .await;
    holds(&mirror).await;
    let groups = mirror.cache.violation_groups(&ViolationQuery::default()).await.expect("groups").rows;
    assert_eq!(groups.iter().map(|group| group.restrictions).sum::<i64>(), mirror.count("restriction").await);
    assert!(groups.is_sorted_by_key(|group| std::cmp::Reverse((group.unviewed > 0, group.newest_at))));
}

fn browser(id: i64, contact: i64, fingerprint: &str, seen: i64) -> Device {
    let mut row = device(id, contact, if id % 5 == 0 { "blocked" } else { "allowed" }, 700 + id);
    row.fingerprint = fingerprint.to_owned();
    row.last_seen_at = Time(seen * DAY);
    row
}

async fn devices(mirror: &Mirror, query: DeviceQuery) -> Vec<(i64, i64)> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { after, limit: 2, ..PageRequest::default() };
        let page = mirror.cache.school_devices(&DeviceQuery { page, ..query.clone() }, 100 * DAY).await.expect("page");
        rows.extend(page.rows.iter().map(|row| (row.device.id, row.device.also_used_by)));
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

async fn shared_school() -> Mirror {
    Mirror::loaded(Changes {
        contacts: (1..=5).map(|id| contact(id, "Ann", id)).collect(),
        devices: vec![
            browser(1, 1, "a", 50),
            browser(2, 2, "a", 60),
            browser(3, 3, "a", 40),
            browser(4, 1, "b", 90),
            browser(5, 2, "b", 95),
            browser(6, 3, "c", 99),
            browser(7, 3, "c", 98),
            browser(10, 4, "d", 10),
        ],
        ..Changes::default()
    })
    .await
}

#[tokio::test]
async fn the_most_shared_devices_come_first() {
    let mut mirror = shared_school().await;
    let everything = devices(&mirror, DeviceQuery::default()).await;
    assert_eq!(everything, [(2, 2), (1, 2), (3, 2), (5, 1), (4, 1), (6, 0), (7, 0), (10, 0)]);
    let shared = DeviceQuery { shared: true, ..DeviceQuery::default() };
    assert_eq!(devices(&mirror, shared.clone()).await, everything[..5]);
    let blocked = DeviceQuery { blocked: true, ..DeviceQuery::default() };
    assert_eq!(devices(&mirror, blocked).await, [(5, 1), (10, 0)]);
    let unused = DeviceQuery { unused_days: 45, sort: DeviceSort::Unused, ..DeviceQuery::default() };
    assert_eq!(devices(&mirror, unused).await, [(10, 0), (3, 2), (1, 2)]);

    // A third account comes to `b`, one of `a` goes, one gets another cookie.
    let mut moved = browser(10, 4, "b", 10);
    moved.rev = 5000;
    mirror
        .apply(Changes {
            devices: vec![moved, browser(11, 5, "b", 20)],
            deleted: vec![grave("device", 2, 5001, "erased")],
            ..Changes::default()
        })
        .await;
    assert_eq!(devices(&mirror, shared.clone()).await, [(5, 3), (4, 3), (11, 3), (10, 3), (1, 1), (3, 1)]);
    mirror.apply(Changes { deleted: vec![grave("contact", 1, 5002, "erased")], ..Changes::default() }).await;
    assert_eq!(devices(&mirror, shared).await, [(5, 2), (11, 2), (10, 2)]);
}

#[tokio::test]
async fn the_owners_own_names_are_shown_and_searched() {
    let mirror = shared_school().await;
    assert!(mirror.cache.name_device(6, "Ноутбук Олени").await.expect("named"));
    assert!(!mirror.cache.name_device(99, "nobody's").await.expect("answered"));
    for search in ["ноутбук", "но", "ann олени", "chrome ноутбук"] {
        let query = DeviceQuery { search: search.into(), ..DeviceQuery::default() };
        assert_eq!(devices(&mirror, query).await, [(6, 0)], "{search}");
    }
    let page = mirror.cache.school_devices(&DeviceQuery::default(), 0).await.expect("page");
    let named: Vec<_> = page.rows.iter().filter_map(|row| row.device.own_name.as_deref()).collect();
    assert_eq!(named, ["Ноутбук Олени"]);
    assert!(page.rows.iter().all(|row| row.contact_name == "Ann"));
    assert!(mirror.cache.name_device(6, " ").await.expect("taken back"));
    let query = DeviceQuery { search: "ноутбук".into(), ..DeviceQuery::default() };
    assert_eq!(devices(&mirror, query).await, []);
}

#[tokio::test]
async fn devices_that_are_one_can_be_parted_again() {
    let mut mirror = shared_school().await;
    let same = async |mirror: &Mirror| {
        let page = mirror.cache.school_devices(&DeviceQuery::default(), 0).await.expect("page");
        let mut rows: Vec<(i64, Vec<i64>)> = page
            .rows
            .into_iter()
            .filter(|row| !row.device.same_as.is_empty())
            .map(|row| (row.device.id, row.device.same_as))
            .collect();
        rows.sort();
        rows
    };
    assert_eq!(mirror.cache.join_devices(&[6, 7]).await.expect("joined"), None);
    assert_eq!(mirror.cache.join_devices(&[7, 4]).await.expect("joined"), None);
    assert_eq!(same(&mirror).await, [(4, vec![6, 7]), (6, vec![4, 7]), (7, vec![4, 6])]);
    assert_eq!(mirror.cache.join_devices(&[4, 77]).await.expect("answered"), Some(77));
    assert!(mirror.cache.part_device(4).await.expect("parted"));
    assert_eq!(same(&mirror).await, [(6, vec![7]), (7, vec![6])]);
    assert!(mirror.cache.part_device(6).await.expect("parted"));
    assert!(!mirror.cache.part_device(6).await.expect("answered"));
    assert_eq!(mirror.count("device_alias").await, 0);

    mirror.cache.join_devices(&[4, 5, 6, 7]).await.expect("joined");
    mirror.cache.regroup_devices(&[vec![4], vec![6, 77, 7]]).await.expect("as before, but for the one that is gone");
    assert_eq!(same(&mirror).await, [(6, vec![7]), (7, vec![6])], "what was one with nobody but these is by itself");
    mirror.cache.regroup_devices(&[vec![6], vec![7]]).await.expect("as before");
    assert_eq!(mirror.count("device_alias").await, 0);

    mirror.cache.join_devices(&[6, 7]).await.expect("joined");
    mirror.cache.name_device(7, "one").await.expect("named");
    mirror.apply(Changes { deleted: vec![grave("device", 7, 9000, "erased")], ..Changes::default() }).await;
    assert_eq!((same(&mirror).await, mirror.count("device_name").await), (vec![], 0));
}

#[tokio::test]
async fn violations_are_narrowed_to_what_some_of_them_have_and_devices_to_one() {
    let mut odd = restriction(3, 1, "viewed", 9);
    odd.rule.code = "moon_phase".into();
    odd.ip = None;
    let mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1)],
        devices: (1..=5).map(|id| device(id, 1, "allowed", id + 1)).collect(),
        sessions: vec![session(1, 1, Some(1), "8.8.8.8", 7)],
        restrictions: vec![restriction(1, 1, "viewed", 8), restriction(2, 1, "not_viewed", 9), odd],
        ..Changes::default()
    })
    .await;
    let choices = mirror.cache.violation_choices().await.expect("choices");
    assert_eq!(choices.rules, ["device_limit", "moon_phase"]);
    assert_eq!(choices.countries, [Some("UA".to_owned()), None], "a login's country alone is none of a violation");

    let query = DeviceQuery { device_id: Some(4), ..DeviceQuery::default() };
    let page = mirror.cache.school_devices(&query, 0).await.expect("page");
    assert_eq!(page.rows.iter().map(|row| row.device.id).collect::<Vec<_>>(), [4]);
}
