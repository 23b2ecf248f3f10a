//! What is kept beyond the server's own retention, and what is erased here.

use hallmonitor_wire::{ActionType, ActionValue};

use super::*;
use crate::{
    cache::{keeping::Erased, migrate},
    model::{ContactQuery, LogQuery},
    outbox,
};

/// A twelfth of a year.
const MONTH: i64 = 2_629_800_000;

async fn school() -> Mirror {
    let mirror = Mirror::loaded(Changes {
        contacts: (1..=3).map(|id| contact(id, "Ann", id)).collect(),
        devices: vec![device(1, 1, "allowed", 4), device(2, 2, "allowed", 5)],
        sessions: (1..=8).map(|id| session(id, id % 2 + 1, Some(id % 2 + 1), "91.198.36.2", 10 + id)).collect(),
        restrictions: (1..=6).map(|id| restriction(id, id % 2 + 1, "not_viewed", 20 + id)).collect(),
        ..Changes::default()
    })
    .await;
    mirror.cache.set_meta(|meta| meta.login_log = Some(true)).await.expect("a log");
    mirror
}

/// The server drops rows as too old, at some moment.
async fn drop_at(mirror: &mut Mirror, deleted: Vec<Deleted>, now: i64) {
    let changes = vec![Changes { deleted, ..Changes::default() }];
    let batch = Batch { changes, unreadable: Vec::new(), cursor: "d".to_owned() };
    mirror.applier.apply(&mirror.cache, batch, now).await.expect("applied");
}

async fn sessions(mirror: &Mirror) -> Vec<(i64, bool)> {
    let mut rows: Vec<(i64, bool)> = mirror
        .cache
        .sessions(&LogQuery::default())
        .await
        .expect("sessions")
        .rows
        .iter()
        .map(|row| (row.id, row.only_here))
        .collect();
    rows.sort_unstable();
    rows
}

#[tokio::test]
async fn what_the_server_drops_stays_for_the_months_that_are_set() {
    let mut mirror = school().await;
    drop_at(&mut mirror, vec![grave("session", 1, 100, "retention"), grave("session", 2, 101, "retention")], MONTH)
        .await;
    drop_at(&mut mirror, vec![grave("session", 3, 102, "retention")], 2 * MONTH).await;
    assert_eq!(sessions(&mirror).await[..4], [(1, true), (2, true), (3, true), (4, false)]);

    assert!(!mirror.cache.drop_old(13 * MONTH).await.expect("looked"), "12 months are not over");
    assert!(mirror.cache.drop_old(13 * MONTH + 1).await.expect("looked"));
    assert!(!mirror.cache.drop_old(13 * MONTH + 1).await.expect("looked"));
    assert_eq!(sessions(&mirror).await[..2], [(3, true), (4, false)]);

    mirror.cache.keep_months(24).await.expect("set");
    assert!(!mirror.cache.drop_old(26 * MONTH).await.expect("looked"));
    mirror.cache.keep_months(1).await.expect("set");
    assert!(mirror.cache.drop_old(26 * MONTH).await.expect("looked"));
    assert_eq!(sessions(&mirror).await[..1], [(4, false)]);
    mirror.cache.keep_months(7_000).await.expect("set");
    assert_eq!(mirror.cache.kept_months().await.expect("read"), 120);
}

#[tokio::test]
async fn a_row_that_comes_back_is_the_servers_again() {
    let mut mirror = school().await;
    drop_at(&mut mirror, vec![grave("session", 1, 100, "retention")], 0).await;
    mirror.apply(Changes { sessions: vec![session(1, 2, Some(2), "8.8.8.8", 200)], ..Changes::default() }).await;
    mirror.cache.drop_old(100 * MONTH).await.expect("looked");
    assert_eq!(sessions(&mirror).await[0], (1, false));
    assert_eq!(mirror.count("dropped").await, 0);
}

#[tokio::test]
async fn a_row_that_comes_back_and_is_dropped_again_is_kept_from_the_new_day_on() {
    let mut mirror = school().await;
    drop_at(&mut mirror, vec![grave("session", 1, 100, "retention")], 0).await;
    mirror.apply(Changes { sessions: vec![session(1, 2, Some(2), "8.8.8.8", 200)], ..Changes::default() }).await;
    drop_at(&mut mirror, vec![grave("session", 1, 300, "retention")], 10 * MONTH).await;
    // The server says it again, as it does to whoever reads anew: that is no new day.
    drop_at(&mut mirror, vec![grave("session", 1, 301, "retention")], 11 * MONTH).await;
    assert!(!mirror.cache.drop_old(13 * MONTH).await.expect("looked"), "it was gone for 3 months only");
    assert_eq!(sessions(&mirror).await[0], (1, true));
    assert!(mirror.cache.drop_old(22 * MONTH + 1).await.expect("looked"));
    assert_eq!(sessions(&mirror).await[0], (2, false));
}

#[tokio::test]
async fn what_an_unsent_decision_is_about_stays() {
    let mut mirror = school().await;
    outbox::record(&mirror.cache, ActionType::RestrictionStatus, &[1], ActionValue::Viewed, 1).await.expect("decided");
    let old = vec![grave("restriction", 1, 100, "retention"), grave("restriction", 2, 101, "retention")];
    drop_at(&mut mirror, old, 0).await;
    while mirror.cache.drop_old(100 * MONTH).await.expect("looked") {}
    let left = mirror.cache.restrictions(&LogQuery::default()).await.expect("restrictions").rows;
    assert!(left.iter().any(|row| row.id == 1 && row.pending) && !left.iter().any(|row| row.id == 2));
    assert_eq!(mirror.cache.outbox().await.expect("outbox").len(), 1);
}

#[tokio::test]
async fn a_student_is_erased_here_for_good_but_not_while_decisions_wait() {
    let mut mirror = school().await;
    for (kind, id, value) in [
        (ActionType::DeviceAccess, 1, ActionValue::Blocked),
        (ActionType::RestrictionStatus, 2, ActionValue::Viewed),
        (ActionType::ContactChecks, 1, ActionValue::Off),
    ] {
        let entries = outbox::record(&mirror.cache, kind, &[id], value, 1).await.expect("decided");
        assert_eq!(mirror.cache.erase_contact(1).await.expect("answered"), Erased::Undecided(1), "{kind:?}");
        let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
        sqlx::query("DELETE FROM outbox").execute(&mut *mirror.cache.writer().await).await.expect("let go");
        assert_eq!(ids.len(), 1);
    }
    let before = mirror.count("session").await;
    assert_eq!(mirror.cache.erase_contact(9).await.expect("answered"), Erased::NotHere);
    assert_eq!(mirror.cache.erase_contact(1).await.expect("erased"), Erased::Gone(1 + 1 + 4 + 3));
    assert_eq!(mirror.count("session").await, before - 4);

    // Not in a later change, not in a whole new reading of another epoch.
    let again = || Changes {
        contacts: vec![contact(1, "Ann", 900), contact(4, "New", 901)],
        sessions: vec![session(50, 1, Some(1), "8.8.8.8", 902)],
        ..Changes::default()
    };
    mirror.apply(again()).await;
    let names = |rows: Vec<crate::model::Contact>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let here = mirror.cache.contacts(&ContactQuery::default()).await.expect("contacts").rows;
    assert_eq!(names(here), [4, 3, 2]);
    mirror.cache.begin_run(Some("another")).await.expect("begun");
    mirror.apply(again()).await;
    assert!(mirror.cache.contact(1).await.expect("read").is_none());
    assert!(sessions(&mirror).await.iter().all(|(id, _)| *id != 50));
    mirror.cache.put_plain_contacts(vec![contact(1, "Ann", 903)], Vec::new(), 0).await.expect("put");
    assert!(mirror.cache.contact(1).await.expect("read").is_none());
}

#[tokio::test]
async fn of_who_was_erased_no_letter_stays_in_the_file() {
    let mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Qqzxx", 1), contact(2, "Wwyykk", 2)],
        sessions: vec![session(1, 1, None, "203.0.113.77", 3), session(2, 2, None, "91.198.36.2", 4)],
        ..Changes::default()
    })
    .await;
    let letters = async |mirror: &Mirror| {
        let mut reader = mirror.cache.reader().await.expect("reader");
        let sql = "SELECT block FROM contact_search_data";
        let blocks: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(&mut *reader).await.expect("blocks");
        // Such as no other term begins like: those are written without what they have in common.
        ["zxx", "ykk"]
            .map(|letters| blocks.iter().any(|block| block.windows(3).any(|window| window == letters.as_bytes())))
    };
    assert_eq!(letters(&mirror).await, [true, true]);
    assert!(matches!(mirror.cache.erase_contact(1).await, Ok(Erased::Gone(_))));
    assert_eq!(letters(&mirror).await, [false, true]);
    let log = mirror.cache.path().with_file_name("cache.db-wal");
    assert_eq!(std::fs::metadata(&log).map_or(0, |log| log.len()), 0, "the pages as they were");
    mirror.cache.close().await;
}

#[tokio::test]
async fn of_whom_the_school_erases_no_letter_and_no_copy_stays() {
    let mut mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Qqzxx", 1), contact(2, "Wwyykk", 2)],
        sessions: vec![session(1, 1, None, "203.0.113.77", 3), session(2, 2, None, "91.198.36.2", 4)],
        ..Changes::default()
    })
    .await;
    assert!(!mirror.cache.scrub().await.expect("scrubbed"), "nobody was erased yet");
    let copy = migrate::snapshot_path(mirror.cache.path(), 1);
    std::fs::write(&copy, "as it was before an update").expect("a copy");
    mirror.apply(Changes { deleted: vec![grave("contact", 1, 9, "erased")], ..Changes::default() }).await;
    assert!(mirror.cache.scrub().await.expect("scrubbed"));
    let (blocks, overwrites): (i64, i64) = {
        let mut reader = mirror.cache.reader().await.expect("reader");
        let sql = "SELECT count(*) FROM contact_search_data WHERE instr(block, CAST('zxx' AS BLOB)) > 0";
        let blocks = sqlx::query_scalar(sql).fetch_one(&mut *reader).await.expect("blocks");
        let mut writer = mirror.cache.writer().await;
        (blocks, sqlx::query_scalar("PRAGMA secure_delete").fetch_one(&mut *writer).await.expect("a pragma"))
    };
    assert_eq!((blocks, overwrites), (0, 1));
    assert!(!copy.exists());
    let log = mirror.cache.path().with_file_name("cache.db-wal");
    assert_eq!(std::fs::metadata(&log).map_or(0, |log| log.len()), 0, "the pages as they were");
    assert!(!mirror.cache.scrub().await.expect("scrubbed"), "once");
    mirror.cache.close().await;
}

/// The logins of a contact with their addresses, oldest first.
async fn addresses(mirror: &Mirror, contact_id: i64) -> Vec<(i64, String)> {
    let query = LogQuery { contact_id: Some(contact_id), ..LogQuery::default() };
    let rows = mirror.cache.sessions(&query).await.expect("sessions").rows;
    rows.iter().rev().map(|row| (row.id, row.ip.clone())).collect()
}

#[tokio::test]
async fn what_is_erased_while_a_sync_runs_takes_no_login_and_lends_no_address_to_another() {
    let mut mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        sessions: vec![session(1, 1, None, "5.9.1.1", 3), session(2, 2, None, "91.198.36.2", 4)],
        ..Changes::default()
    })
    .await;
    let login = |id, ip| Changes { sessions: vec![session(id, 2, None, ip, 10 + id)], ..Changes::default() };
    // The sync that goes on meets an address, its one user is erased, and the address comes once more.
    mirror.apply(Changes { sessions: vec![session(3, 1, None, "8.8.8.8", 5)], ..Changes::default() }).await;
    assert_eq!(mirror.cache.erase_contact(1).await.expect("erased"), Erased::Gone(3));
    mirror.apply(login(4, "8.8.8.8")).await;
    assert_eq!(addresses(&mirror, 2).await, [(2, "91.198.36.2".to_owned()), (4, "8.8.8.8".to_owned())]);

    // Another process erases and writes; this one still remembers what it has learned.
    mirror.apply(login(5, "1.1.1.1")).await;
    drop_at(&mut mirror, vec![grave("session", 5, 100, "retention")], 0).await;
    assert!(mirror.cache.drop_old(100 * MONTH).await.expect("dropped"));
    let batch = Batch { changes: vec![login(6, "9.9.9.9")], unreadable: Vec::new(), cursor: "o".to_owned() };
    Applier::default().apply(&mirror.cache, batch, 0).await.expect("written by another");
    mirror.apply(login(7, "1.1.1.1")).await;
    assert_eq!(addresses(&mirror, 2).await[2..], [(6, "9.9.9.9".to_owned()), (7, "1.1.1.1".to_owned())]);
}

#[tokio::test]
async fn the_number_of_a_forgotten_address_is_never_given_to_another() {
    let mut mirror = Mirror::loaded(Changes {
        sessions: vec![session(1, 1, None, "5.9.1.1", 1), session(2, 1, None, "8.8.8.8", 2)],
        ..Changes::default()
    })
    .await;
    let number = async |mirror: &Mirror, session: i64| -> i64 {
        let mut reader = mirror.cache.reader().await.expect("reader");
        let sql = "SELECT ip_id FROM session WHERE id = $1";
        sqlx::query_scalar(sql).bind(session).fetch_one(&mut *reader).await.expect("number")
    };
    let last = number(&mirror, 2).await;
    mirror.apply(Changes { deleted: vec![grave("session", 2, 9, "erased")], ..Changes::default() }).await;
    mirror.apply(Changes { sessions: vec![session(3, 1, None, "1.1.1.1", 10)], ..Changes::default() }).await;
    assert!(number(&mirror, 3).await > last);
}
