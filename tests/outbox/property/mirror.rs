//! Whether the owner sees what the server has, entity by entity and field by field.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use hallmonitor_core::model::{ContactQuery, LogQuery};
use serde::Serialize;
use serde_json::Value;

use crate::owner::Owner;

/// Entities by kind and id.
type Entities = BTreeMap<(&'static str, i64), Value>;

/// All decisions being settled, there is no difference at all.
pub(super) async fn equals_the_server(owner: &Owner) -> Result<()> {
    let (server, here) = (of_the_server(owner).await?, of_the_owner(owner).await?);
    let ids = |entities: &Entities| entities.keys().copied().collect::<Vec<_>>();
    ensure!(ids(&server) == ids(&here), "the server has {:?}, here are {:?}", ids(&server), ids(&here));
    for (id, there) in &server {
        for (field, value) in there.as_object().into_iter().flatten() {
            let mine = &here[id][field];
            ensure!(mine == value, "{id:?}: {field} is {value} at the server and {mine} here");
        }
    }
    for contact in owner.core.contacts(&ContactQuery::default()).await?.rows {
        let open = |((kind, _), row): &(&(&str, i64), &Value)| {
            *kind == "restrictions" && row["contact_id"] == contact.id && row["status"] == "not_viewed"
        };
        let unviewed = server.iter().filter(open).count();
        ensure!(
            contact.unviewed == i64::try_from(unviewed)?,
            "{} unviewed are counted, not {unviewed}",
            contact.unviewed
        );
    }
    Ok(())
}

async fn of_the_server(owner: &Owner) -> Result<Entities> {
    let mut entities = Entities::new();
    let mut cursor = String::new();
    loop {
        let page = owner.other.asks(&format!("login-log/changes?limit=1000{cursor}")).await;
        for kind in ["contacts", "devices", "sessions", "restrictions"] {
            for row in page["data"][kind].as_array().into_iter().flatten() {
                entities.insert((kind, row["id"].as_i64().unwrap_or_default()), row.clone());
            }
        }
        if page["meta"]["has_more"] != true {
            return Ok(entities);
        }
        cursor = format!("&cursor={}", page["meta"]["cursor"].as_str().unwrap_or_default());
    }
}

async fn of_the_owner(owner: &Owner) -> Result<Entities> {
    let mut entities = Entities::new();
    let query = LogQuery::default();
    put(&mut entities, "contacts", owner.core.contacts(&ContactQuery::default()).await?.rows)?;
    put(&mut entities, "devices", owner.core.devices(&query).await?.rows)?;
    put(&mut entities, "sessions", owner.core.sessions(&query).await?.rows)?;
    put(&mut entities, "restrictions", owner.core.restrictions(&query).await?.rows)?;
    Ok(entities)
}

fn put(entities: &mut Entities, kind: &'static str, rows: Vec<impl Serialize>) -> Result<()> {
    for row in rows {
        let row = serde_json::to_value(row)?;
        entities.insert((kind, row["id"].as_i64().unwrap_or_default()), row);
    }
    Ok(())
}
