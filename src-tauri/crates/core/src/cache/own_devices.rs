//! What the owner says of devices: what they call one, and which of them are one. Kept here alone, reversible.

use std::collections::HashMap;

use sqlx::{Connection as _, QueryBuilder, SqliteConnection};

use super::{Cache, CacheError, asked, bulk::id_list, fold::fold, stale};
use crate::model::Device;

impl Cache {
    /// Gives a device the owner's own name; an empty one takes it back. Says whether the device is here.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn name_device(&self, id: i64, name: &str) -> Result<bool, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(_missing) = missing(&mut transaction, &[id]).await? {
            return Ok(false);
        }
        let name = name.trim();
        let statement = if name.is_empty() {
            "DELETE FROM device_name WHERE device_id = $1"
        } else {
            "INSERT INTO device_name (device_id, name, folded) VALUES ($1, $2, $3) \
             ON CONFLICT (device_id) DO UPDATE SET name = excluded.name, folded = excluded.folded"
        };
        let query = sqlx::query(statement).bind(id);
        let query = if name.is_empty() { query } else { query.bind(name).bind(fold(name)) };
        query.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Says that these devices, and those that were said to be one with them before, are one. Gives the first of them
    /// that is not here; nothing is noted then.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn join_devices(&self, ids: &[i64]) -> Result<Option<i64>, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(missing) = missing(&mut transaction, ids).await? {
            return Ok(Some(missing));
        }
        let mut all: Vec<i64> = sqlx::query_scalar(
            "SELECT device_id FROM device_alias \
             WHERE same_as IN ( \
                 SELECT same_as FROM device_alias WHERE device_id IN (SELECT value FROM json_each($1)) \
             )",
        )
        .bind(id_list(ids.iter().copied()))
        .fetch_all(&mut *transaction)
        .await?;
        all.extend(ids);
        lead(&mut transaction, &all).await?;
        transaction.commit().await?;
        Ok(None)
    }

    /// Says that a device is one by itself. Says whether it was one with others.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn part_device(&self, id: i64) -> Result<bool, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let parted = part(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(parted)
    }

    /// Says that of these devices those of one group are one and no others: how they stood before they were joined. What
    /// is not here any more is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn regroup_devices(&self, groups: &[Vec<i64>]) -> Result<(), CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        for &id in groups.iter().flatten() {
            part(&mut transaction, id).await?;
        }
        for group in groups {
            let here: Vec<i64> =
                sqlx::query_scalar("SELECT id FROM device WHERE id IN (SELECT value FROM json_each($1))")
                    .bind(id_list(group.iter().copied()))
                    .fetch_all(&mut *transaction)
                    .await?;
            lead(&mut transaction, &here).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Makes a device one by itself, and says whether it was one with others.
async fn part(connection: &mut SqliteConnection, id: i64) -> Result<bool, CacheError> {
    let others: Vec<i64> = sqlx::query_scalar(
        "SELECT other.device_id \
         FROM device_alias AS this \
         JOIN device_alias AS other ON other.same_as = this.same_as AND other.device_id <> this.device_id \
         WHERE this.device_id = $1",
    )
    .bind(id)
    .fetch_all(&mut *connection)
    .await?;
    lead(connection, &[id]).await?;
    lead(connection, &others).await?;
    Ok(!others.is_empty())
}

/// Writes on the devices what the owner noted of them.
pub(super) async fn note_on(connection: &mut SqliteConnection, devices: Vec<&mut Device>) -> Result<(), CacheError> {
    let ids = id_list(devices.iter().map(|device| device.id));
    let mut sql = QueryBuilder::new(
        "SELECT device_id, name, NULL FROM device_name WHERE device_id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(ids.clone());
    sql.push(
        ")) \
         UNION ALL \
         SELECT this.device_id, NULL, other.device_id \
         FROM device_alias AS this \
         JOIN device_alias AS other ON other.same_as = this.same_as AND other.device_id <> this.device_id \
         WHERE this.device_id IN (SELECT value FROM json_each(",
    );
    sql.push_bind(ids).push("))");
    let mut names: HashMap<i64, String> = HashMap::new();
    let mut same: HashMap<i64, Vec<i64>> = HashMap::new();
    asked::page(connection, sql, 3).await?.map(|row| {
        let id: i64 = row.get(0)?;
        if let Some(name) = row.get(1)? {
            names.insert(id, name);
        }
        same.entry(id).or_default().extend(row.get::<Option<i64>>(2)?);
        Ok(())
    })?;
    for device in devices {
        device.own_name = names.remove(&device.id);
        device.same_as = same.remove(&device.id).unwrap_or_default();
        device.same_as.sort_unstable();
    }
    Ok(())
}

/// Those of the devices that is not here, if any.
async fn missing(connection: &mut SqliteConnection, ids: &[i64]) -> Result<Option<i64>, CacheError> {
    Ok(sqlx::query_scalar(
        "SELECT value FROM json_each($1) WHERE value NOT IN (SELECT id FROM device) ORDER BY value LIMIT 1",
    )
    .bind(id_list(ids.iter().copied()))
    .fetch_optional(connection)
    .await?)
}

/// Makes these devices one under the smallest of their ids; a single one stands by itself. Their contacts' signs may
/// change.
async fn lead(connection: &mut SqliteConnection, ids: &[i64]) -> Result<(), CacheError> {
    let list = id_list(ids.iter().copied());
    sqlx::query("DELETE FROM device_alias WHERE device_id IN (SELECT value FROM json_each($1))")
        .bind(&list)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO device_alias (device_id, same_as) \
         SELECT DISTINCT value, (SELECT min(value) FROM json_each($1)) FROM json_each($1) \
         WHERE (SELECT count(DISTINCT value) FROM json_each($1)) > 1",
    )
    .bind(&list)
    .execute(&mut *connection)
    .await?;
    let contacts: Vec<i64> =
        sqlx::query_scalar("SELECT DISTINCT contact_id FROM device WHERE id IN (SELECT value FROM json_each($1))")
            .bind(&list)
            .fetch_all(&mut *connection)
            .await?;
    stale::contacts(connection, contacts).await
}
