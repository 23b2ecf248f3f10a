//! Files that are not what they should be.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use chrono::Utc;
use sqlx::Connection as _;

use super::*;
use crate::{
    cache::{
        CacheError, INDEXES,
        migrate::{self, MIGRATIONS, snapshot_path},
    },
    model::{DeviceQuery, LoginQuery, ViolationQuery},
};

async fn closed() -> (TempDir, PathBuf, CacheKey) {
    let changes =
        Changes { contacts: (1..500).map(|id| contact(id, "Someone with a name", id)).collect(), ..Changes::default() };
    let mirror = Mirror::loaded(changes).await;
    let Mirror { folder, key, cache, .. } = mirror;
    cache.close().await;
    let path = folder.path().join("cache.db");
    (folder, path, key)
}

#[tokio::test]
async fn the_file_holds_nothing_readable() {
    let (_folder, path, _key) = closed().await;
    let bytes = fs::read(&path).expect("file");
    assert!(!bytes.starts_with(b"SQLite format 3"));
    for text in [&b"Someone"[..], b"mail.example", b"CREATE TABLE"] {
        assert!(!bytes.windows(text.len()).any(|part| part == text), "{}", String::from_utf8_lossy(text));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let mirror = Mirror::loaded(Changes { contacts: vec![contact(1, "Ann", 1)], ..Changes::default() }).await;
    for entry in fs::read_dir(mirror.folder.path()).expect("folder") {
        let entry = entry.expect("entry");
        assert_eq!(entry.metadata().expect("metadata").permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
}

#[tokio::test]
async fn a_cache_that_was_made_with_another_authentication_of_its_pages_opens_and_keeps_it() {
    let folder = TempDir::new().expect("folder");
    let key = CacheKey::random().expect("key");
    for (name, older, algorithm) in [("old", true, "HMAC_SHA512"), ("new", false, "HMAC_SHA256")] {
        let path = folder.path().join(format!("{name}.db"));
        let made = if older {
            Cache::create_older(&path, &key, MIGRATIONS.len()).await
        } else {
            Cache::create(&path, &key).await
        };
        let made = made.expect("a cache");
        made.set_meta(|meta| meta.cabinet_name = "School".to_owned()).await.expect("written");
        made.close().await;

        let opened = Cache::open(&path, &key).await.expect("it opens");
        let ask = "PRAGMA cipher_hmac_algorithm";
        let writes: String = sqlx::query_scalar(ask).fetch_one(&mut *opened.writer().await).await.expect("an answer");
        let mut reader = opened.reader().await.expect("it reads");
        let reads: String = sqlx::query_scalar(ask).fetch_one(&mut *reader).await.expect("an answer");
        assert_eq!((writes.as_str(), reads.as_str()), (algorithm, algorithm), "{name}");
        drop(reader);
        assert_eq!(opened.meta().await.expect("meta").cabinet_name, "School");
        opened.close().await;
        let wrong = Cache::open(&path, &CacheKey::random().expect("key")).await;
        assert!(matches!(wrong, Err(CacheError::Damaged { .. })), "{name}");
    }
}

#[tokio::test]
async fn a_missing_empty_truncated_or_garbled_file_is_called_damaged() {
    let (_folder, path, key) = closed().await;
    let whole = fs::read(&path).expect("file");
    let mut garbled = whole.clone();
    garbled[..8192].fill(0x5a);
    for (name, content) in [
        ("empty", Some(Vec::new())),
        ("half a page", Some(whole[..2000].to_vec())),
        ("truncated", Some(whole[..whole.len() / 2].to_vec())),
        ("garbage", Some(vec![7; 65536])),
        ("garbled", Some(garbled)),
        ("missing", None),
    ] {
        match content {
            Some(bytes) => fs::write(&path, bytes).expect("write"),
            None => fs::remove_file(&path).expect("remove"),
        }
        let error = Cache::open(&path, &key).await.err();
        assert!(matches!(error, Some(CacheError::Damaged { .. })), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn damage_in_the_middle_is_named_when_it_is_met() {
    let (_folder, path, key) = closed().await;
    let mut bytes = fs::read(&path).expect("file");
    let length = bytes.len();
    bytes[8192..length - 4096].fill(0);
    fs::write(&path, bytes).expect("write");
    let error = match Cache::open(&path, &key).await {
        Err(error) => error,
        Ok(cache) => cache.contacts(&crate::model::ContactQuery::default()).await.expect_err("damaged"),
    };
    assert!(matches!(error, CacheError::Damaged { .. }), "{error:?}");
}

#[tokio::test]
async fn a_cache_of_a_newer_version_is_refused_and_left_alone() {
    let (_folder, path, key) = closed().await;
    let cache = Cache::open(&path, &key).await.expect("open");
    sqlx::raw_sql("PRAGMA user_version = 999").execute(&mut *cache.writer().await).await.expect("version");
    cache.close().await;
    let before = fs::read(&path).expect("file");
    let error = Cache::open(&path, &key).await.err();
    assert!(matches!(error, Some(CacheError::Newer { found: 999, .. })), "{error:?}");
    assert_eq!(fs::read(&path).expect("file"), before);
}

#[tokio::test]
async fn a_migration_copies_the_file_before_and_happens_whole_or_not_at_all() {
    let (_folder, path, key) = closed().await;
    let cache = Cache::open(&path, &key).await.expect("open");
    let known = i64::try_from(MIGRATIONS.len()).expect("few");
    let next = ["CREATE TABLE later (id INTEGER); INSERT INTO later VALUES (1);"];
    let broken = ["CREATE TABLE later (id INTEGER); INSERT INTO nowhere VALUES (1);"];
    let with = |more: [&'static str; 1]| [MIGRATIONS, &more].concat();
    let mut writer = cache.writer().await;
    migrate::migrate(&mut writer, &path, &with(broken)).await.expect_err("broken migration");
    let later = "SELECT count(*) FROM sqlite_schema WHERE name = 'later'";
    let tables: i64 = sqlx::query_scalar(later).fetch_one(&mut *writer).await.expect("schema");
    assert_eq!(tables, 0);
    migrate::migrate(&mut writer, &path, &with(next)).await.expect("migration");
    let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *writer).await.expect("version");
    assert_eq!(version, known + 1);
    drop(writer);
    cache.close().await;

    let copy = Cache::open(&snapshot_path(&path, known), &key).await.expect("the copy opens");
    assert_eq!(copy.counts().await.expect("counts").contacts, 499);
}

#[tokio::test]
async fn the_copy_from_before_a_migration_goes_after_a_week_and_at_once_when_a_student_is_erased() {
    let week = Duration::from_secs(7 * 24 * 3600);
    let (_folder, path, key) = closed().await;
    let (young, old) = (snapshot_path(&path, 1), snapshot_path(&path, 2));
    for (copy, age) in [(&young, week - Duration::from_secs(60)), (&old, week + Duration::from_secs(60))] {
        let file = fs::File::create(copy).expect("a copy");
        file.set_modified(SystemTime::now() - age).expect("its age");
    }
    let cache = Cache::open(&path, &key).await.expect("open");
    assert!(young.exists() && !old.exists());
    cache.remove_snapshots();
    assert!(!young.exists() && path.exists());
}

#[tokio::test]
async fn a_cache_from_before_the_outbox_gets_its_indexes_over_effective_values() {
    let folder = TempDir::new().expect("folder");
    let (path, key) = (folder.path().join("cache.db"), CacheKey::random().expect("key"));
    let old = Cache::create_older(&path, &key, 1).await.expect("an old cache");
    old.set_meta(|meta| meta.loading = false).await.expect("loaded");
    sqlx::raw_sql("CREATE INDEX contact_by_checks ON contact (checks_enabled)")
        .execute(&mut *old.writer().await)
        .await
        .expect("an old index");
    old.close().await;

    let cache = Cache::open(&path, &key).await.expect("open");
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%effective\\_%' ESCAPE '\\'";
    let made: i64 =
        sqlx::query_scalar(sql).fetch_one(&mut *cache.reader().await.expect("reader")).await.expect("schema");
    assert_eq!(made, 5);
    assert!(snapshot_path(&path, 1).exists());
}

#[tokio::test]
async fn a_cache_from_before_the_review_gets_what_it_asks_for() {
    let folder = TempDir::new().expect("folder");
    let (path, key) = (folder.path().join("cache.db"), CacheKey::random().expect("key"));
    let old = Cache::create_older(&path, &key, 3).await.expect("an old cache");
    old.set_meta(|meta| meta.loading = false).await.expect("loaded");
    let rows = "
        INSERT INTO contact (id, email, created_at, tags, checks_enabled, rev, run, name_folded, email_folded,
            more_folded, activity_sort, unviewed)
        VALUES (1, 'a@b.c', 0, '[]', 1, 1, 1, 'ann', 'a@b.c', '', 0, 1),
            (2, 'd@e.f', 0, '[]', 1, 2, 1, 'bob', 'd@e.f', '', 0, 0);
        INSERT INTO ip (id, address, folded, country) VALUES (1, '91.198.36.2', '91.198.36.2', 'UA'), (2, 'odd', 'odd', NULL);
        INSERT INTO agent (id, text, folded, device_type) VALUES (1, '', '', 'desktop');
        INSERT INTO rule (id, code, text, folded) VALUES (1, 'device_limit', '', 'device_limit');
        INSERT INTO device (id, contact_id, fingerprint, agent_id, first_seen_at, last_seen_at, access, rev, run)
        VALUES (1, 1, 'f', 1, 0, 5, 'allowed', 3, 1), (2, 2, 'f', 1, 0, 6, 'allowed', 4, 1);
        INSERT INTO session (id, contact_id, device_id, ip_id, agent_id, started_at, last_activity_at, outcome, rev, run, only_here)
        VALUES (1, 1, 1, 1, 1, 1767225600000, 1767225600000, 'allowed', 5, 1, 0),
            (2, 2, 2, 2, 1, 1769990400000, 1769990400000, 'denied', 6, 1, 1);
        INSERT INTO restriction (id, contact_id, occurred_at, rule_id, action, status, rev, run)
        VALUES (1, 1, 7, 1, 'reported', 'not_viewed', 7, 1), (2, 1, 9, 1, 'reported', 'viewed', 8, 1);";
    sqlx::raw_sql(rows).execute(&mut *old.writer().await).await.expect("rows of then");
    old.close().await;

    let cache = Cache::open(&path, &key).await.expect("opened by this version");
    let in_range = LoginQuery { address: "91.198.0.0/16".into(), ..LoginQuery::default() };
    assert_eq!(cache.logins(&in_range).await.expect("logins").rows.len(), 1);
    let groups = cache.violation_groups(&ViolationQuery::default()).await.expect("groups").rows;
    assert_eq!(
        groups.iter().map(|group| (group.contact_id, group.restrictions, group.unviewed)).collect::<Vec<_>>(),
        [(1, 2, 1)]
    );
    let shared = DeviceQuery { shared: true, ..DeviceQuery::default() };
    assert_eq!(cache.school_devices(&shared, 0).await.expect("devices").rows.len(), 2);
    assert!(cache.login_summary(&LoginQuery::default(), &Utc).await.expect("summary").counting);
    while cache.count_stale_days().await.expect("counted") {}
    let summary = cache.login_summary(&LoginQuery::default(), &Utc).await.expect("summary");
    assert_eq!((summary.total, summary.counting), (2, false));
    assert_eq!(cache.insight_status().await.expect("status").waiting, 2);
    // What was only here before is kept for the months that are set from now on.
    assert!(!cache.drop_old(1_700_000_000_000).await.expect("looked"));
    assert!(cache.drop_old(9_000_000_000_000).await.expect("looked"));
}

#[tokio::test]
async fn indexes_that_a_crash_behind_a_migration_left_out_are_made_at_the_next_opening() {
    let folder = TempDir::new().expect("folder");
    let (path, key) = (folder.path().join("cache.db"), CacheKey::random().expect("key"));
    let made = async |cache: &Cache| -> i64 {
        let sql = "SELECT count(*) FROM sqlite_schema \
            WHERE type = 'index' AND replace(sql, 'INDEX ', 'INDEX IF NOT EXISTS ') IN (SELECT value FROM json_each($1))";
        let wanted = serde_json::json!(INDEXES).to_string();
        let mut reader = cache.reader().await.expect("reader");
        sqlx::query_scalar(sql).bind(wanted).fetch_one(&mut *reader).await.expect("schema")
    };
    let old = Cache::create_older(&path, &key, 3).await.expect("an old cache");
    old.set_meta(|meta| meta.loading = false).await.expect("loaded");
    migrate::migrate(&mut *old.writer().await, &path, MIGRATIONS).await.expect("migrated");
    assert_eq!(made(&old).await, 0, "and no further");
    old.close().await;

    let cache = Cache::open(&path, &key).await.expect("opened");
    assert_eq!(made(&cache).await, 29);
    cache.close().await;

    // A first load makes them at its end and not before.
    let loading = Mirror::new().await;
    let path = loading.folder.path().join("cache.db");
    loading.cache.close().await;
    let cache = Cache::open(&path, &loading.key).await.expect("opened");
    assert_eq!(made(&cache).await, 0);
}

#[tokio::test]
async fn after_an_error_of_the_disk_has_ended_a_transaction_it_is_written_again() {
    let mirror = Mirror::new().await;
    let before = mirror.cache.meta().await.expect("state").run;
    for dropped in [true, false] {
        let mut writer = mirror.cache.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.expect("begun");
        // What SQLite does by itself where the disk is full.
        sqlx::raw_sql("ROLLBACK").execute(&mut *transaction).await.expect("ended");
        if dropped {
            drop(transaction);
        } else {
            transaction.commit().await.expect_err("there is nothing to commit");
        }
        drop(writer);
        for _ in 0..2 {
            mirror.cache.set_meta(|meta| meta.run += 1).await.expect("written");
        }
    }
    assert_eq!(mirror.cache.meta().await.expect("state").run, before + 4);
}

/// Whether this process holds a lock on a file, as the system's own list says (`man 5 proc_locks`).
#[cfg(target_os = "linux")]
fn is_locked(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of_file = format!(":{} ", std::fs::metadata(file).expect("a file").ino());
    let (own, locks) = (std::process::id(), std::fs::read_to_string("/proc/locks").expect("the system's list"));
    locks.lines().any(|line| line.contains("POSIX") && line.contains(&format!(" {own} ")) && line.contains(&of_file))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_copy_before_a_migration_takes_no_lock_away() {
    let folder = TempDir::new().expect("folder");
    let (path, key) = (folder.path().join("cache.db"), CacheKey::random().expect("key"));
    let old = Cache::create_older(&path, &key, 3).await.expect("an old cache");
    assert!(is_locked(&path), "an open cache is locked");
    old.close().await;
    assert!(!is_locked(&path));

    let cache = Cache::open(&path, &key).await.expect("migrated");

    assert!(is_locked(&path), "another process may take the log away");
    cache.close().await;
}

#[tokio::test]
async fn where_a_file_may_not_be_written_nobody_is_told_to_erase_the_school() {
    let mirror = Mirror::new().await;
    sqlx::raw_sql("PRAGMA query_only = ON").execute(&mut *mirror.cache.writer().await).await.expect("set");
    let error = mirror.cache.set_meta(|meta| meta.run += 1).await.expect_err("it may not be written");
    assert_eq!(error.to_string(), "Can’t use cache.db: it can only be read.");
    assert_eq!(error.hint(), hallmonitor_language::Message::new("problem.hint.folder"));
}
