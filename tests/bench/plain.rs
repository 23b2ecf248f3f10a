//! The yardstick for reading: the cache's own rows, indexes and search rows in a plain database that the `sqlite3` shell
//! opens, and that shell's answer to the app's own statements.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, ensure};
use hallmonitor_core::{
    cache::AUTHENTICATION,
    vault::{CacheKey, Lock},
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::school::Bench;

/// The page cache of the app's readers.
const SHELL: &str = "PRAGMA cache_size = -16384;\n.output /dev/null\n.timer on\n";

/// What is searched, and what its rows are made of.
const SEARCH: [(&str, &str, &str); 4] = [
    (
        "contact_search",
        "rowid, who, more",
        "SELECT id, name_folded || char(10) || email_folded, more_folded FROM contact",
    ),
    ("ip_search", "rowid, text", "SELECT id, folded FROM ip"),
    ("agent_search", "rowid, text", "SELECT id, folded FROM agent"),
    ("rule_search", "rowid, text", "SELECT id, folded FROM rule"),
];

/// A plain copy of a cache.
#[derive(Debug)]
pub(crate) struct Plain {
    folder: PathBuf,
    file: PathBuf,
}

impl Plain {
    /// Copies the cache of a school, whose client must be closed.
    pub(crate) async fn copy(bench: &Bench) -> Result<Self> {
        let (cache, key) = cache_of(bench).await?;
        let plain = Self { folder: bench.folder.clone(), file: bench.folder.join("plain-cache.db") };

        let options = SqliteConnectOptions::new().filename(&plain.file).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let attach = format!("ATTACH '{}' AS cache KEY 'x''{}'''", cache.display(), key.hex().as_str());
        let by = format!("PRAGMA cipher_default_hmac_algorithm = {AUTHENTICATION}");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(by))).await?;
        connection.execute(sqlx::raw_sql(AssertSqlSafe(attach))).await?;
        let virtual_tables = copy_tables(&mut connection).await?;
        connection.close().await?;

        let mut script = String::new();
        for sql in virtual_tables {
            // Debian's shell is older than this option, which makes no difference to reading.
            script.push_str(&sql.replace("contentless_delete = 1,", ""));
            script.push_str(";\n");
        }
        for (table, columns, rows) in SEARCH {
            script.push_str(&format!("INSERT INTO {table} ({columns}) {rows};\n"));
        }
        plain.shell(&script)?;
        Ok(plain)
    }

    /// The processor time (user and system, as `.timer` tells it) of each time that these statements, which make up one
    /// question, are asked; the first time does not count.
    pub(crate) fn times(&self, statements: &[String], times: usize) -> Result<Vec<Duration>> {
        let mut script = SHELL.to_owned();
        for _ in 0..=times {
            for statement in statements {
                script.push_str(statement);
                script.push_str(";\n");
            }
        }
        let said = self.shell(&script)?;
        let took: Vec<Duration> = said.lines().filter_map(user_and_system).collect();
        ensure!(took.len() == statements.len() * (times + 1), "the shell timed {} statements", took.len());
        Ok(took.chunks(statements.len().max(1)).skip(1).map(|question| question.iter().sum()).collect())
    }

    /// How many rows the shell finds.
    pub(crate) fn rows(&self, statement: &str) -> Result<usize> {
        let said = self.shell(&format!("SELECT count(*) FROM ({statement});\n"))?;
        Ok(said.trim().parse()?)
    }

    fn shell(&self, script: &str) -> Result<String> {
        crate::import::shell(&self.folder, &self.file, script)
    }
}

/// The file of a school's cache, and its key.
pub(crate) async fn cache_of(bench: &Bench) -> Result<(PathBuf, CacheKey)> {
    let profile = fs::read_dir(bench.data_dir().join("profiles"))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.join("profile.json").exists())
        .context("there is no profile")?;
    let kept: serde_json::Value = serde_json::from_slice(&fs::read(profile.join("profile.json"))?)?;
    let key = serde_json::from_value::<Lock>(kept["lock"].clone())?.open(None).await?;
    Ok((profile.join("cache.db"), key))
}

/// Copies tables, views and indexes; says how the virtual tables are made.
async fn copy_tables(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let all = sqlx::query(
        "SELECT type, name, sql
         FROM cache.sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
         ORDER BY type = 'index', rowid",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut virtual_tables: Vec<(String, String)> = Vec::new();
    for row in all {
        let (kind, name, sql): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if sql.starts_with("CREATE VIRTUAL") {
            virtual_tables.push((name, sql));
            continue;
        }
        // What FTS5 keeps its index in.
        if virtual_tables
            .iter()
            .any(|(table, _)| name.strip_prefix(table.as_str()).is_some_and(|rest| rest.starts_with('_')))
        {
            continue;
        }
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        if kind == "table" {
            let sql = format!("INSERT INTO main.{name} SELECT * FROM cache.{name}");
            connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        }
    }
    Ok(virtual_tables.into_iter().map(|(_, sql)| sql).collect())
}

/// `Run Time: real 0.001 user 0.000412 sys 0.000035`.
fn user_and_system(line: &str) -> Option<Duration> {
    let words: Vec<&str> = line.strip_prefix("Run Time: ")?.split_whitespace().collect();
    let after = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1)?.parse::<f64>().ok()
    };
    Some(Duration::from_secs_f64(after("user")? + after("sys")?))
}
