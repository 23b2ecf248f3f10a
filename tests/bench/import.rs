//! The yardstick: the `sqlite3` shell importing the same rows, unencrypted, and making the same indexes afterwards: first
//! those of the tables, then those of the search, with what is worked out of all the rows.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};
use hallmonitor_core::cache::INDEXES;

use crate::school::Bench;

/// What the import took, processor seconds.
#[derive(Debug)]
pub(crate) struct Imported {
    /// Rows and the tables' indexes.
    pub(crate) rows_and_indexes: f64,
    /// Search rows, the newest place of each device, the contacts' counts.
    pub(crate) search_and_derived: f64,
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

/// What the client makes too. A cell that is empty is an empty text here, which takes as much room as nothing.
const SEARCH_AND_DERIVED: &str = "
BEGIN;
INSERT INTO contact_search (rowid, who, more) SELECT id, name_folded || char(10) || email_folded, more_folded FROM contact;
INSERT INTO ip_search (rowid, text) SELECT id, folded FROM ip;
INSERT INTO agent_search (rowid, text) SELECT id, folded FROM agent;
INSERT INTO rule_search (rowid, text) SELECT id, folded FROM rule;
INSERT INTO device_place (device_id, session_id, started_at, ip_id)
SELECT newest.device_id, session.id, session.started_at, session.ip_id
FROM (
    SELECT device_id, (
        SELECT id FROM session WHERE device_id = used.device_id ORDER BY started_at DESC, id DESC LIMIT 1
    ) AS session_id
    FROM (SELECT DISTINCT device_id FROM session WHERE device_id <> '') AS used
) AS newest
CROSS JOIN session ON session.id = newest.session_id;
UPDATE contact SET devices = counted.devices, blocked_devices = counted.blocked
FROM (SELECT contact_id, count(*) AS devices, sum(access = 'blocked') AS blocked FROM device GROUP BY contact_id) AS counted
WHERE contact.id = counted.contact_id;
UPDATE contact SET unviewed = counted.unviewed
FROM (
    SELECT contact_id, count(*) AS unviewed FROM restriction WHERE status = 'not_viewed' GROUP BY contact_id
) AS counted
WHERE contact.id = counted.contact_id;
COMMIT;
";

const TABLES: [&str; 7] = ["contact", "device", "session", "restriction", "ip", "agent", "rule"];

/// Dumps the school's rows and imports them.
pub(crate) fn run(bench: &Bench) -> Result<Imported> {
    let folder = &bench.folder;
    shell(folder, &bench.folder.join("school.db"), DUMP)?;
    shell(folder, &folder.join("plain.db"), &tables())?;
    let mut script = String::from(".mode csv\n");
    for table in TABLES {
        script.push_str(&format!(".import {table}.csv {table}\n"));
    }
    for index in INDEXES {
        // Nothing is decided in a first sync, so what is effective is what the server says; `.import` takes no table
        // with a generated column.
        let index = index.replace("effective_checks", "checks_enabled").replace("effective_status", "status");
        script.push_str(&format!("{index};\n"));
    }
    Ok(Imported { rows_and_indexes: timed(folder, &script)?, search_and_derived: timed(folder, SEARCH_AND_DERIVED)? })
}

/// Runs a script on the plain database; says how much processor time that took.
fn timed(folder: &Path, script: &str) -> Result<f64> {
    fs::write(folder.join("timed.sql"), script)?;
    // `times` prints what the shell and its children took: minutes and seconds, user and system.
    let output = Command::new("sh")
        .current_dir(folder)
        .args(["-c", "sqlite3 plain.db < timed.sql && times"])
        .output()
        .context("sqlite3 can't be started")?;
    if !output.status.success() || !output.stderr.is_empty() {
        bail!("sqlite3: {}", String::from_utf8_lossy(&output.stderr));
    }
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let children = printed.lines().last().context("times printed nothing")?;
    Ok(children.split_whitespace().filter_map(seconds).sum())
}

/// `0m3.210s`.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

/// The mirror's own tables. Debian's shell is older than the one option that is left out, which only matters to rows
/// that are removed.
fn tables() -> String {
    include_str!("../../src-tauri/crates/core/src/cache/schema/0001_mirror.sql").replace(" contentless_delete = 1,", "")
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
