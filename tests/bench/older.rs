//! A cache that an older version has left, opened by this one: how long the owner waits.

use std::{fs, time::Instant};

use anyhow::{Context as _, Result};
use hallmonitor_core::cache::{AUTHENTICATION, INDEXES};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{client, measure::cpu_time, plain::cache_of, report::Report, review, school::Bench};

/// The schemas until there was a review of the whole school.
const OLDER: [&str; 3] = [
    include_str!("../../src-tauri/crates/core/src/cache/schema/0001_mirror.sql"),
    include_str!("../../src-tauri/crates/core/src/cache/schema/0002_outbox.sql"),
    include_str!("../../src-tauri/crates/core/src/cache/schema/0003_violations.sql"),
];

/// What a table's search rows are made of.
const SEARCH: [&str; 4] = [
    "INSERT INTO contact_search (rowid, who, more) SELECT id, name_folded || char(10) || email_folded, more_folded FROM contact",
    "INSERT INTO ip_search (rowid, text) SELECT id, folded FROM ip",
    "INSERT INTO agent_search (rowid, text) SELECT id, folded FROM agent",
    "INSERT INTO rule_search (rowid, text) SELECT id, folded FROM rule",
];

/// Puts the school's rows into a cache of an older schema, and opens that.
pub(crate) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title(&format!("A cache of schema {} with {} sessions", OLDER.len(), bench.sessions));
    // Whatever is in its log goes into the file.
    client::open(bench).await?.close().await;
    let (cache, key) = cache_of(bench).await?;
    let newer = cache.with_extension("newer");
    fs::rename(&cache, &newer)?;
    let options = SqliteConnectOptions::new().filename(&cache).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let run = async |connection: &mut SqliteConnection, sql: String| -> Result<()> {
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.as_str()))).await.with_context(|| sql.clone())?;
        Ok(())
    };
    let digits = key.hex();
    run(&mut connection, format!("PRAGMA key = \"x'{}'\"", digits.as_str())).await?;
    for schema in OLDER {
        run(&mut connection, schema.to_owned()).await?;
    }
    run(&mut connection, format!("PRAGMA user_version = {}", OLDER.len())).await?;
    run(&mut connection, format!("PRAGMA cipher_default_hmac_algorithm = {AUTHENTICATION}")).await?;
    run(&mut connection, format!("ATTACH '{}' AS newer KEY \"x'{}'\"", newer.display(), digits.as_str())).await?;
    for table in
        ["meta", "contact", "ip", "agent", "rule", "device", "device_place", "session", "restriction", "telling"]
    {
        let columns: String = sqlx::query_scalar("SELECT group_concat(name) FROM pragma_table_info($1)")
            .bind(table)
            .fetch_one(&mut connection)
            .await?;
        run(
            &mut connection,
            format!("INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}"),
        )
        .await?;
    }
    for sql in SEARCH.into_iter().chain(INDEXES) {
        run(&mut connection, sql.to_owned()).await?;
    }
    connection.close().await?;
    fs::remove_file(newer)?;

    let (cpu, since) = (cpu_time(), Instant::now());
    client::open(bench).await?.close().await;
    report.figure("opened the first time: CPU", cpu.elapsed().as_secs_f64(), "s", None);
    report.figure("opened the first time: wall", since.elapsed().as_secs_f64(), "s", None);
    let since = Instant::now();
    client::open(bench).await?.close().await;
    report.figure("opened the second time: wall", since.elapsed().as_secs_f64(), "s", None);
    review::settle(bench, report).await
}
