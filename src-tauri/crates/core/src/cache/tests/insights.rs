//! What the log suggests: kept up to date by passes over what changed, and the same as if worked out anew.

use hallmonitor_wire::Time;

use super::*;
use crate::model::{
    AccessLimit, Finding, InsightQuery, InsightSettings, PageRequest, Sign, Verdict, VerdictFilter, VerdictKind, WhyNot,
};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
/// 2026-06-01T00:00:00Z.
const BEGIN: i64 = 1_780_272_000_000;
const NOW: i64 = BEGIN + 60 * DAY;

/// A login of an hour on day `day`, at `hour`.
fn login(id: i64, contact: i64, device: i64, ip: &str, day: i64, hour: i64) -> Session {
    let mut row = session(id, contact, Some(device), ip, 10_000 + id);
    row.started_at = Time(BEGIN + day * DAY + hour * HOUR);
    row.last_activity_at = Time(BEGIN + day * DAY + (hour + 1) * HOUR);
    row.ended_at = Some(Time(BEGIN + day * DAY + (hour + 2) * HOUR));
    row
}

/// Contact 1 learns alone at home for 40 days; contact 2 too, and on three evenings somebody elsewhere learns at the same
/// time.
fn history() -> Changes {
    let mut sessions: Vec<Session> = (1..=40).map(|day| login(day, 1, 10, "91.198.36.2", day, 18)).collect();
    sessions.extend((1..=40).map(|day| login(100 + day, 2, 20, "8.8.8.2", day, 18)));
    sessions.extend((1..=3).map(|evening| login(200 + evening, 2, 21, "8.8.4.2", 30 + evening, 18)));
    let contacts = [(1, "Alone"), (2, "Both"), (3, "Third")];
    Changes {
        contacts: contacts.map(|(id, name)| contact(id, name, id)).to_vec(),
        devices: vec![device(10, 1, "allowed", 5), device(20, 2, "allowed", 6), device(21, 2, "allowed", 7)],
        sessions,
        ..Changes::default()
    }
}

async fn look(mirror: &Mirror) {
    while mirror.cache.look_for_signs(NOW).await.expect("looked") {}
}

async fn school() -> Mirror {
    let mirror = Mirror::loaded(history()).await;
    look(&mirror).await;
    mirror
}

async fn ranked(mirror: &Mirror, query: InsightQuery) -> Vec<(i64, i64)> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { after, limit: 1, ..PageRequest::default() };
        let page = mirror.cache.insights(&InsightQuery { page, ..query.clone() }).await.expect("page");
        rows.extend(page.rows.iter().map(|row| (row.contact_id, row.points)));
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

#[tokio::test]
async fn who_is_shared_is_ranked_with_the_rows_behind_it() {
    let mirror = school().await;
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, [(2, 60)]);
    let detail = mirror.cache.insight(2, NOW).await.expect("detail");
    let finding = &detail.findings[0];
    assert_eq!((finding.sign, finding.count, detail.points, detail.flagged), (Sign::ConcurrentUse, 3, 60, true));
    assert_eq!(finding.rows[0].session_ids, [133, 203]);
    let behind: Vec<_> = detail.logins.iter().map(|login| (login.id, login.ip.as_str())).collect();
    assert_eq!(behind[0], (131, "8.8.8.2"));
    assert_eq!(behind[5], (203, "8.8.4.2"));
    assert_eq!(detail.logins[5].place.country.as_deref(), Some("US"));
    assert_eq!(detail.logins[5].agent.browser.as_deref(), Some("Chrome 131"));
    let why: Vec<_> = detail.not_checked.iter().map(|one| (one.sign, one.why)).collect();
    assert_eq!(why, [(Sign::ImpossibleTravel, WhyNot::NoCity), (Sign::HostingNetwork, WhyNot::NoNetworkOwner)]);
    let listed = mirror.cache.insights(&InsightQuery::default()).await.expect("list").rows;
    assert!(listed[0].findings[0].rows.is_empty(), "a list carries no rows");
    assert_eq!(mirror.cache.insight(1, NOW).await.expect("detail").findings, []);
    let nobody = mirror.cache.insight(3, NOW).await.expect("detail");
    assert!(nobody.not_checked.iter().all(|one| one.why == WhyNot::Learning));
}

#[tokio::test]
async fn what_an_older_version_found_is_listed_and_exported_without_looking_again() {
    let folder = tempfile::TempDir::new().expect("folder");
    let (path, key) = (folder.path().join("cache.db"), CacheKey::random().expect("key"));
    let found = school().await.cache.insight(2, NOW).await.expect("detail").findings;
    let old = Cache::create_older(&path, &key, 8).await.expect("an old cache");
    let contact = "INSERT INTO contact (id, email, created_at, tags, checks_enabled, rev, run, name_folded, email_folded, \
        more_folded, activity_sort, unviewed) VALUES (2, 'b@c.d', 0, '[]', 1, 1, 1, 'bob', 'b@c.d', '', 0, 0)";
    sqlx::raw_sql(contact).execute(&mut *old.writer().await).await.expect("a contact");
    sqlx::query("INSERT INTO insight (contact_id, points, signs, findings, computed_at) VALUES (2, 60, '', $1, $2)")
        .bind(serde_json::to_string(&found).expect("text"))
        .bind(NOW)
        .execute(&mut *old.writer().await)
        .await
        .expect("what it found");
    old.close().await;

    let cache = Cache::open(&path, &key).await.expect("opens");
    let listed = cache.insights(&InsightQuery::default()).await.expect("list").rows;
    let whole = cache.snapshot().await.expect("snapshot").insights(&InsightQuery::default()).await.expect("list").rows;
    assert_eq!(whole[0].findings, found);
    let heads: Vec<_> = found.into_iter().map(|finding| Finding { rows: Vec::new(), ..finding }).collect();
    assert_eq!(listed[0].findings, heads);
    cache.close().await;
}

#[tokio::test]
async fn a_sync_has_only_those_looked_at_again_whom_it_is_about() {
    let mut mirror = school().await;
    assert_eq!(mirror.count("stale_contact").await, 0);
    let sessions = vec![login(300, 1, 11, "91.198.99.4", 39, 18), login(301, 1, 11, "91.198.99.4", 40, 18)];
    mirror.apply(Changes { sessions, devices: vec![device(11, 1, "allowed", 900)], ..Changes::default() }).await;
    assert_eq!(mirror.count("stale_contact").await, 1);
    look(&mirror).await;
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, [(2, 60), (1, 40)]);

    // What is erased is no reason any more, and somebody who is erased is nowhere.
    let deleted = vec![grave("session", 301, 90_000, "erased"), grave("contact", 2, 90_001, "erased")];
    mirror.apply(Changes { deleted, ..Changes::default() }).await;
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, [(1, 40)], "gone before the pass");
    look(&mirror).await;
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, [(1, 20)]);
}

#[tokio::test]
async fn a_device_that_comes_to_another_account_is_news_for_both() {
    let mut mirror = school().await;
    let mut borrowed = device(30, 3, "allowed", 901);
    borrowed.fingerprint = "f10".into();
    let mut own = device(10, 1, "allowed", 902);
    own.last_seen_at = Time(BEGIN + 40 * DAY);
    mirror.apply(Changes { devices: vec![borrowed, own], ..Changes::default() }).await;
    let mut reader = mirror.cache.reader().await.expect("reader");
    let stale: Vec<i64> = sqlx::query_scalar("SELECT contact_id FROM stale_contact ORDER BY 1")
        .fetch_all(&mut *reader)
        .await
        .expect("stale");
    assert_eq!(stale, [1, 3]);
    drop(reader);
    let detail = mirror.cache.insight(1, NOW).await.expect("detail");
    let named: Vec<_> = detail.contacts.iter().map(|contact| (contact.id, contact.name.as_str())).collect();
    assert_eq!(named, [(3, "Third")], "whom the device came to is called by name");
}

#[tokio::test]
async fn of_very_many_that_have_a_device_all_are_counted_and_a_hundred_named() {
    let mut mirror = school().await;
    let kiosk = |id, contact| {
        let mut device = device(id, contact, "allowed", 2_000 + id);
        device.fingerprint = "kiosk".into();
        device.last_seen_at = Time(BEGIN + 40 * DAY);
        device
    };
    let others = (1_000..1_150).map(|contact| kiosk(contact, contact));
    mirror.apply(Changes { devices: others.chain([kiosk(10, 1)]).collect(), ..Changes::default() }).await;
    look(&mirror).await;
    let detail = mirror.cache.insight(1, BEGIN + 41 * DAY).await.expect("detail");
    let shared = &detail.findings[0];
    assert_eq!((shared.sign, shared.count, shared.rows[0].count), (Sign::SharedDevice, 150, Some(150)));
    assert_eq!(shared.rows[0].contact_ids, (1_000..1_100).collect::<Vec<i64>>());
}

#[tokio::test]
async fn other_thresholds_do_what_was_foretold() {
    let mirror = school().await;
    let strict = InsightSettings { flag_points: 70, ..InsightSettings::default() };
    let longer = InsightSettings { concurrent_minutes: 61, ..InsightSettings::default() };
    let short = InsightSettings { look_back_days: 7, ..InsightSettings::default() };
    for (settings, flagged) in [(InsightSettings::default(), 1), (strict, 0), (longer, 0), (short, 0)] {
        let would = mirror.cache.would_flag(&settings, NOW).await.expect("foretold");
        mirror.cache.set_insight_settings(&settings).await.expect("set");
        assert_eq!(mirror.cache.insight_status().await.expect("status").waiting, 3);
        look(&mirror).await;
        let status = mirror.cache.insight_status().await.expect("status");
        assert_eq!((would.flagged, status.flagged, status.waiting), (flagged, flagged, 0), "{settings:?}");
        assert_eq!(mirror.cache.insight_settings().await.expect("read"), settings);
    }
}

#[tokio::test]
async fn devices_that_are_one_are_one_for_the_signs() {
    let mirror = school().await;
    mirror.cache.join_devices(&[20, 21]).await.expect("joined");
    look(&mirror).await;
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, []);
    mirror.cache.part_device(21).await.expect("parted");
    look(&mirror).await;
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, [(2, 60)]);
    // Of two accounts one device: both have it.
    mirror.cache.join_devices(&[10, 21]).await.expect("joined");
    look(&mirror).await;
    let detail = mirror.cache.insight(1, BEGIN + 10 * DAY).await.expect("detail");
    assert!(detail.findings.iter().all(|finding| finding.sign == Sign::SharedDevice));
}

#[tokio::test]
async fn what_is_found_goes_out_of_sight_as_time_goes_on() {
    let mut mirror = school().await;
    // Somebody logs in months later, so that the school is seen from there.
    mirror.apply(Changes { sessions: vec![login(400, 3, 40, "8.8.8.8", 200, 1)], ..Changes::default() }).await;
    while mirror.cache.look_for_signs(BEGIN + 201 * DAY).await.expect("looked") {}
    assert_eq!(ranked(&mirror, InsightQuery::default()).await, []);
}

#[tokio::test]
async fn the_list_is_filtered_by_sign_verdict_and_words() {
    let mirror = school().await;
    let note = Verdict { verdict: VerdictKind::Harmless, note: String::new(), follow_up_at: None, decided_at: Time(1) };
    mirror.cache.note_verdict(2, Some(&note)).await.expect("noted");
    let with = |change: &dyn Fn(&mut InsightQuery)| {
        let mut query = InsightQuery::default();
        change(&mut query);
        query
    };
    for (query, found) in [
        (with(&|query| query.sign = Some(Sign::ConcurrentUse)), 1),
        (with(&|query| query.sign = Some(Sign::DeviceChurn)), 0),
        (with(&|query| query.flagged = true), 1),
        (with(&|query| query.verdict = Some(VerdictFilter::NotHarmless)), 0),
        (with(&|query| query.verdict = Some(VerdictFilter::Harmless)), 1),
        (with(&|query| query.search = "both".into()), 1),
        (with(&|query| query.search = "al".into()), 0),
    ] {
        let page = PageRequest { count: true, ..PageRequest::default() };
        let page = mirror.cache.insights(&InsightQuery { page, ..query.clone() }).await.expect("page");
        assert_eq!((page.rows.len(), page.total), (found, Some(found as i64)), "{query:?}");
    }
}

#[tokio::test]
async fn other_limits_would_have_hit_those_who_reached_more() {
    let mirror = school().await;
    let now = BEGIN + 45 * DAY;
    for (limit, reached) in [(AccessLimit::Devices, &[(2, 1)][..]), (AccessLimit::Sessions, &[(1, 1), (2, 1)])] {
        let what_if = mirror.cache.what_if(limit, now).await.expect("answered");
        let numbers: Vec<(i64, i64)> = what_if.reached.iter().map(|one| (one.number, one.contacts)).collect();
        assert_eq!(numbers, reached, "{limit:?}");
        assert_eq!(what_if.limit, None);
        let hit = mirror.cache.would_hit(limit, 1, 10, now).await.expect("answered");
        assert_eq!(
            hit.iter().map(|one| (one.contact_id, one.name.as_str(), one.reached)).collect::<Vec<_>>(),
            [(2, "Both", 2)]
        );
        assert_eq!(mirror.cache.would_hit(limit, 2, 10, now).await.expect("answered"), []);
    }
}

#[tokio::test]
async fn a_limit_of_devices_counts_as_the_schools_rule_does() {
    let denied = |id, contact, device, day| {
        let mut row = login(id, contact, device, "8.8.8.8", day, 9);
        row.outcome = "denied".into();
        row
    };
    let mirror = Mirror::loaded(Changes {
        contacts: (1..=6).map(|id| contact(id, "Ann", id)).collect(),
        devices: vec![
            // Two old devices that rest, and a new one.
            device(10, 1, "allowed", 10),
            device(11, 1, "allowed", 11),
            device(12, 1, "allowed", 12),
            // The same, all of them known for long and used.
            device(20, 2, "allowed", 13),
            device(21, 2, "allowed", 14),
            device(22, 2, "allowed", 15),
            // One that is blocked, and a new one.
            device(30, 3, "blocked", 16),
            device(31, 3, "allowed", 17),
            // One that was never let in, and a new one.
            device(40, 4, "allowed", 18),
            device(41, 4, "allowed", 19),
            // One of a time that the log no longer tells of, and a new one that the owner says is the same.
            device(50, 5, "allowed", 20),
            device(51, 5, "allowed", 21),
            // Nothing but a new one that is refused.
            device(60, 6, "allowed", 22),
        ],
        sessions: vec![
            login(1, 1, 10, "8.8.8.8", 1, 9),
            login(2, 1, 11, "8.8.8.8", 2, 9),
            login(3, 1, 12, "8.8.8.8", 40, 9),
            login(4, 2, 20, "8.8.8.8", 1, 9),
            login(5, 2, 21, "8.8.8.8", 2, 9),
            login(6, 2, 22, "8.8.8.8", 3, 9),
            login(7, 2, 20, "8.8.8.8", 40, 9),
            login(8, 2, 21, "8.8.8.8", 41, 9),
            login(9, 2, 22, "8.8.8.8", 42, 9),
            login(10, 3, 30, "8.8.8.8", 1, 9),
            login(11, 3, 31, "8.8.8.8", 40, 9),
            denied(12, 4, 40, 1),
            login(13, 4, 41, "8.8.8.8", 40, 9),
            login(14, 5, 51, "8.8.8.8", 40, 9),
            denied(15, 6, 60, 40),
        ],
        ..Changes::default()
    })
    .await;
    mirror.cache.join_devices(&[50, 51]).await.expect("joined");
    let mut hit: Vec<(i64, i64)> = mirror
        .cache
        .would_hit(AccessLimit::Devices, 0, 10, BEGIN + 45 * DAY)
        .await
        .expect("answered")
        .iter()
        .map(|one| (one.contact_id, one.reached))
        .collect();
    hit.sort_unstable();
    assert_eq!(hit, [(1, 3), (3, 1), (4, 1), (5, 2)]);
}

#[tokio::test]
async fn the_list_flags_by_the_points_in_force() {
    let mirror = school().await;
    for kept in ["", "{}", r#"{"flag_points": 60}"#, r#"{"flag_points": 61}"#, r#"{"flag_points": 0}"#, "no JSON"] {
        sqlx::query("INSERT OR REPLACE INTO meta (key, value) SELECT 'insight_settings', $1 WHERE $1 <> ''")
            .bind(kept)
            .execute(&mut *mirror.cache.writer().await)
            .await
            .expect("kept");
        let flagged = mirror.cache.insight_status().await.expect("status").flagged;
        let rows = mirror.cache.insights(&InsightQuery::default()).await.expect("a page").rows;
        assert_eq!(rows.iter().filter(|row| row.flagged).count() as i64, flagged, "{kept}");
        let query = InsightQuery { flagged: true, ..InsightQuery::default() };
        assert_eq!(mirror.cache.insights(&query).await.expect("a page").rows.len() as i64, flagged, "{kept}");
        assert_eq!(flagged, i64::from(!kept.contains("61")), "{kept}");
    }
}
