//! Migrations: only ever added, each in one transaction with its number, a copy of the file before, and no way back.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

use super::{CacheError, open::private_file};

/// Every schema since the first, in order; the number of a schema is its place here, from 1.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_mirror.sql"),
    include_str!("schema/0002_outbox.sql"),
    include_str!("schema/0003_violations.sql"),
    include_str!("schema/0004_review.sql"),
    include_str!("schema/0005_follow_ups.sql"),
    include_str!("schema/0006_kinds_of_networks.sql"),
    include_str!("schema/0007_owners_of_networks.sql"),
    include_str!("schema/0008_short_texts.sql"),
    include_str!("schema/0009_heads_of_findings.sql"),
    include_str!("schema/0010_order_of_names.sql"),
    include_str!("schema/0011_about.sql"),
];

/// Brings the cache to the newest schema.
///
/// # Errors
/// [`CacheError::Newer`] where a later version has written it; it is not touched then.
pub(crate) async fn migrate(
    connection: &mut SqliteConnection,
    path: &Path,
    migrations: &[&'static str],
) -> Result<(), CacheError> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if version(connection).await? == known {
        return Ok(());
    }
    // Locked from here on, so that of two processes one migrates and the other finds it done.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let found = version(&mut transaction).await?;
    if found > known {
        return Err(CacheError::Newer { found, known });
    }
    if found > 0 && found < known {
        snapshot(path, found)?;
    }
    for (number, migration) in (1_i64..).zip(migrations).skip_while(|(number, _)| *number <= found) {
        transaction.execute(sqlx::raw_sql(*migration)).await?;
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(format!("PRAGMA user_version = {number}")))).await?;
    }
    Ok(transaction.commit().await?)
}

async fn version(connection: &mut SqliteConnection) -> Result<i64, CacheError> {
    Ok(sqlx::query_scalar("PRAGMA user_version").fetch_one(connection).await?)
}

/// Copies the file (and what its log holds) beside it. The write lock is held, so neither changes meanwhile.
fn snapshot(path: &Path, found: i64) -> Result<(), CacheError> {
    let target = snapshot_path(path, found);
    for suffix in ["", "-wal"] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            copy(&from, &with_suffix(&target, suffix))
                .map_err(|source| CacheError::Io { path: target.clone(), source })?;
        }
    }
    Ok(())
}

/// Copies a file that SQLite has open, for this account's eyes alone as the file itself.
///
/// What was opened to read it stays open until the process ends: where a process closes a file, all locks go that it has
/// on it, whoever took them (<https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_>),
/// and another process could take the log away from under this one.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let from = ManuallyDrop::new(File::open(from)?);
    // One that an earlier try has left is of no use.
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut copy = private_file(to)?;
    io::copy(&mut &*from, &mut copy)?;
    copy.sync_all()
}

/// Where the copy of the cache with schema `version` lies.
pub(crate) fn snapshot_path(path: &Path, version: i64) -> PathBuf {
    path.with_extension(format!("before-schema-{}.db", version + 1))
}

/// How long a copy is kept: until then it is known whether the newer version does its work.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Removes copies that have been there for a week, or all of them. One that can't be removed stays.
pub(super) fn remove_snapshots(path: &Path, all: bool) {
    let (Some(folder), Some(stem)) = (path.parent(), path.file_stem().and_then(OsStr::to_str)) else { return };
    let prefix = format!("{stem}.before-schema-");
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_copy = file.file_name().to_str().is_some_and(|name| name.starts_with(&prefix));
        let made = file.metadata().and_then(|found| found.modified());
        let is_old = made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > KEPT));
        if is_copy
            && (all || is_old)
            && let Err(error) = fs::remove_file(file.path())
        {
            tracing::warn!("an old copy of the cache stays: {error}");
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
