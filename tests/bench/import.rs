//! The yardstick: the `sqlite3` shell importing the same rows, unencrypted, with the same indexes made afterwards.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::school::Bench;

/// What the import took.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) cpu_seconds: f64,
}

/// The school's rows in the form in which the cache keeps them: addresses, agents and rules once each.
const DUMP: &str = "
CREATE TEMP TABLE ip_of (id INTEGER PRIMARY KEY, text TEXT UNIQUE);
INSERT INTO ip_of (text) SELECT DISTINCT ip FROM session;
CREATE TEMP TABLE agent_of (id INTEGER PRIMARY KEY, text TEXT UNIQUE);
INSERT INTO agent_of (text) SELECT DISTINCT user_agent FROM session UNION SELECT DISTINCT user_agent FROM device;
CREATE TEMP TABLE rule_of (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
INSERT INTO rule_of (code) SELECT DISTINCT rule_code FROM restriction;
.mode csv
.output contact.csv
SELECT id, email, first_name, last_name, phone, created_at, '[]', last_activity_at, checks_enabled, checks_at,
    checks_by, '', rev, 1, 0, name_folded, email_folded, coalesce(phone, ''), coalesce(last_activity_at, 0), 0, 0, 0
FROM contact ORDER BY rev;
.output device.csv
SELECT device.id, contact_id, fingerprint, agent_of.id, first_seen_at, last_seen_at, access, access_at, access_by, '',
    rev, 1, 0
FROM device JOIN agent_of ON text = user_agent ORDER BY rev;
.output session.csv
SELECT session.id, contact_id, device_id, ip_of.id, agent_of.id, started_at, last_activity_at, ended_at, end_reason,
    outcome, '', rev, 1, 0
FROM session JOIN ip_of ON ip_of.text = ip JOIN agent_of ON agent_of.text = user_agent ORDER BY rev;
.output restriction.csv
SELECT restriction.id, contact_id, session_id, device_id, occurred_at, rule_of.id, rule_limit, rule_observed, ip_of.id,
    action, status, status_at, status_by, '', rev, 1, 0
FROM restriction JOIN rule_of ON code = rule_code LEFT JOIN ip_of ON text = ip ORDER BY rev;
.output ip.csv
SELECT id, text, text, 'UA', '', '' FROM ip_of;
.output agent.csv
SELECT id, text, lower(text), 'Chrome', 'Windows', 'desktop' FROM agent_of;
.output rule.csv
SELECT id, code, code, code FROM rule_of;
";

/// The sessions' secondary indexes, as the cache makes them.
const SESSION_INDEXES: &str = "
CREATE INDEX session_by_start ON session (started_at);
CREATE INDEX session_by_contact ON session (contact_id, started_at);
CREATE INDEX session_by_device ON session (device_id, started_at);
CREATE INDEX session_by_ip ON session (ip_id, started_at);
CREATE INDEX session_by_agent ON session (agent_id, started_at);
";

const TABLES: [&str; 7] = ["contact", "device", "session", "restriction", "ip", "agent", "rule"];

/// Dumps the school's rows and imports them.
pub(crate) fn run(bench: &Bench) -> Result<Imported> {
    let folder = &bench.folder;
    shell(folder, &bench.folder.join("school.db"), DUMP)?;
    let (tables, indexes) = schema();
    shell(folder, &folder.join("plain.db"), &tables)?;
    let mut script = String::from(".mode csv\n");
    for table in TABLES {
        script.push_str(&format!(".import {table}.csv {table}\n"));
    }
    script.push_str(&indexes);
    script.push_str(SESSION_INDEXES);
    fs::write(folder.join("import.sql"), script)?;
    // `times` prints what the shell and its children took: minutes and seconds, user and system.
    let output = Command::new("sh")
        .current_dir(folder)
        .args(["-c", "sqlite3 plain.db < import.sql && times"])
        .output()
        .context("sqlite3 can't be started")?;
    if !output.status.success() {
        bail!("sqlite3: {}", String::from_utf8_lossy(&output.stderr));
    }
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let children = printed.lines().last().context("times printed nothing")?;
    Ok(Imported { cpu_seconds: children.split_whitespace().filter_map(seconds).sum() })
}

/// `0m3.210s`.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

/// The cache's own schema without full-text search: tables, and indexes apart.
fn schema() -> (String, String) {
    let text = include_str!("../../src-tauri/crates/core/src/cache/schema/0001_mirror.sql");
    let without_comments: String =
        text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut parts = (String::new(), String::new());
    for statement in without_comments.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        if statement.starts_with("CREATE VIRTUAL") {
            continue;
        }
        let part = if statement.contains(" INDEX ") { &mut parts.1 } else { &mut parts.0 };
        part.push_str(statement);
        part.push_str(";\n");
    }
    parts
}

/// Runs a script in the `sqlite3` shell.
pub(crate) fn shell(folder: &Path, database: &Path, script: &str) -> Result<String> {
    let path = folder.join("script.sql");
    fs::write(&path, script)?;
    let output = Command::new("sqlite3")
        .current_dir(folder)
        .arg(database)
        .stdin(fs::File::open(&path)?)
        .output()
        .context("sqlite3 can't be started")?;
    if !output.status.success() || !output.stderr.is_empty() {
        bail!("sqlite3: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
