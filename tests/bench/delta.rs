//! A sync with little news, and one without any, on a large cache.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use hallmonitor_core::{
    School,
    model::{Contact, ContactQuery, LogQuery, PageRequest},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{client, measure, report::Report, school::Bench};

/// Rows that change between two syncs, of those that are there: contacts who log in, contacts whose names change, and
/// devices that are blocked or allowed. What the logins add comes on top.
const LOGINS: usize = 500;
const NAMES: usize = 300;
const BLOCKS: usize = 200;

/// Changes rows through the site and through another administrator, and syncs.
pub(crate) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title("Later syncs on the large cache");
    let school = client::open(bench).await?;
    let changed = change(bench, &school).await?;
    let written = measure::bytes_written()?;
    let took = client::sync(&school).await?;
    let written = measure::bytes_written()? - written;
    ensure!(took.rows >= changed, "{changed} rows were changed, {} came", took.rows);
    report.figure("delta: rows that were there and changed", changed as f64, "rows", None);
    report.figure("delta: rows", took.rows as f64, "rows", None);
    report.figure("delta: rows a second of wall", took.rows as f64 / took.wall_seconds, "rows/s", None);
    report.figure("delta: bytes written a row", written / took.rows as f64, "bytes", None);

    let took = client::sync(&school).await?;
    report.figure("no news: requests (1, and 1 for the capabilities)", took.requests as f64, "", Some(2.0));
    report.figure("no news: rows written", took.rows as f64, "", Some(0.0));
    report.figure("no news: CPU", took.cpu_seconds * 1000.0, "ms", None);
    Ok(())
}

/// Changes rows that are there, to values that no earlier run has set; says how many. A school with few contacts
/// changes fewer.
async fn change(bench: &Bench, school: &School) -> Result<u64> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let site = |body: Value, path: &str| {
        let request = http.post(format!("{}{path}", bench.url)).header("Token", &bench.site_token);
        told(request.header("Cabinet-Hash", &bench.cabinet).json(&body))
    };
    let page = PageRequest { limit: (LOGINS + NAMES) as u32, ..PageRequest::default() };
    let contacts = school.contacts(&ContactQuery { page, ..ContactQuery::default() }).await?.rows;
    // Each contact changes once only.
    let (who_log_in, renamed) = contacts.split_at(contacts.len() * LOGINS / (LOGINS + NAMES));
    for Contact { id, .. } in who_log_in {
        let of_whom = LogQuery {
            contact_id: Some(*id),
            page: PageRequest { limit: 1, ..PageRequest::default() },
            ..LogQuery::default()
        };
        let newest = school.sessions(&of_whom).await?.rows.into_iter().next();
        let (ip, user_agent) = newest.map_or_else(
            || ("178.150.1.1".to_owned(), "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)".to_owned()),
            |row| (row.ip, row.user_agent),
        );
        site(json!({ "contact_id": id, "ip": ip, "user_agent": user_agent }), "/site/logins").await?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    for Contact { email, .. } in renamed {
        site(json!({ "email": email, "last_name": format!("Student {now}") }), "/site/contacts").await?;
    }
    let page = PageRequest { limit: BLOCKS as u32, ..PageRequest::default() };
    let devices = school.devices(&LogQuery { page, ..LogQuery::default() }).await?.rows;
    for device in &devices {
        let action = json!({
            "id": Uuid::new_v4(),
            "type": "device_access",
            "target_id": device.id,
            "value": if device.access == "blocked" { "allowed" } else { "blocked" },
            "base_rev": device.rev,
            "force": true,
        });
        let request = http.post(format!("{}/login-log/actions", bench.url)).header("Token", &bench.token);
        let request = request.header("Cabinet-Hash", &bench.cabinet).json(&json!({ "actions": [action] }));
        let answer = told(request).await?;
        ensure!(answer["data"][0]["result"] == "applied", "{answer}");
    }
    Ok((contacts.len() + devices.len()) as u64)
}

async fn told(request: reqwest::RequestBuilder) -> Result<Value> {
    let answer = request.send().await.context("the school does not answer")?;
    ensure!(answer.status().is_success(), "the school refuses: {}", answer.text().await?);
    Ok(answer.json().await?)
}
