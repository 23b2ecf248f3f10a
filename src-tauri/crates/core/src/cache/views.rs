//! Views of the whole school: rows with the people's names, and the views that the owner keeps.

use std::collections::HashMap;

use sqlx::{Connection as _, SqliteConnection};

use super::{Cache, CacheError, apply::full_name, bulk::id_list, logins, violation_list};
use crate::model::{Login, LoginQuery, Page, Restriction, SavedView, Session, View, Violation, ViolationQuery};

/// Where the views stand that the owner keeps, as a JSON array. Whatever in it is not understood (a later version's)
/// stays as it is.
const KEY: &str = "saved_views";

/// What a contact is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// As [`crate::model::Contact::name`].
    pub(crate) name: String,
    /// As the school wrote it.
    pub(crate) email: String,
}

/// What contacts are called; those that are not here are left out.
pub(super) async fn people(
    connection: &mut SqliteConnection,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, Person>, CacheError> {
    let rows: Vec<(i64, Option<String>, Option<String>, String)> = sqlx::query_as(
        "SELECT id, first_name, last_name, email \
         FROM contact \
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(id_list(ids))
    .fetch_all(connection)
    .await?;
    let person = |(id, first, last, email): (i64, Option<String>, Option<String>, String)| {
        (id, Person { name: full_name(first.as_deref(), last.as_deref(), &email), email })
    };
    Ok(rows.into_iter().map(person).collect())
}

/// The names of contacts, as [`crate::model::Contact::name`]; those that are not here are left out.
pub(super) async fn names(
    connection: &mut SqliteConnection,
    ids: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, String>, CacheError> {
    Ok(people(connection, ids).await?.into_iter().map(|(id, person)| (id, person.name)).collect())
}

async fn kept(connection: &mut SqliteConnection) -> Result<Vec<serde_json::Value>, CacheError> {
    let text: Option<String> = sqlx::query_scalar("SELECT CAST(value AS TEXT) FROM meta WHERE key = $1")
        .bind(KEY)
        .fetch_optional(connection)
        .await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn keep(connection: &mut SqliteConnection, views: Vec<serde_json::Value>) -> Result<(), CacheError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(KEY)
        .bind(serde_json::Value::Array(views).to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a view that is kept is the one of this name in the same list.
fn is_named(kept: &serde_json::Value, name: &str, list: &View) -> bool {
    serde_json::from_value::<SavedView>(kept.clone())
        .is_ok_and(|kept| kept.name == name && std::mem::discriminant(&kept.view) == std::mem::discriminant(list))
}

impl Cache {
    /// Logins with names, one page.
    ///
    /// # Errors
    /// As [`Cache::logins`].
    pub(crate) async fn named_logins(&self, query: &LoginQuery) -> Result<Page<Login>, CacheError> {
        let mut reader = self.reader().await?;
        let Page { rows, next, total } = logins::list(&mut reader, query).await?;
        let names = names(&mut reader, rows.iter().map(|row| row.contact_id)).await?;
        let named = |session: Session| {
            let contact_name = names.get(&session.contact_id).cloned().unwrap_or_default();
            Login { session, contact_name }
        };
        Ok(Page { rows: rows.into_iter().map(named).collect(), next, total })
    }

    /// Restrictions with names, one page.
    ///
    /// # Errors
    /// As [`Cache::violations`].
    pub(crate) async fn named_violations(&self, query: &ViolationQuery) -> Result<Page<Violation>, CacheError> {
        let mut reader = self.reader().await?;
        let Page { rows, next, total } = violation_list::list(&mut reader, query).await?;
        let names = names(&mut reader, rows.iter().map(|row| row.contact_id)).await?;
        let named = |restriction: Restriction| {
            let contact_name = names.get(&restriction.contact_id).cloned().unwrap_or_default();
            Violation { restriction, contact_name }
        };
        Ok(Page { rows: rows.into_iter().map(named).collect(), next, total })
    }

    /// The views that the owner keeps, in the order in which they were kept.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn saved_views(&self) -> Result<Vec<SavedView>, CacheError> {
        let kept = kept(&mut *self.reader().await?).await?;
        Ok(kept.into_iter().filter_map(|view| serde_json::from_value(view).ok()).collect())
    }

    /// Keeps a view, in place of the one of the same name in the same list.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn save_view(&self, saved: &SavedView) -> Result<(), CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut views = kept(&mut transaction).await?;
        let new = serde_json::json!(saved);
        match views.iter_mut().find(|kept| is_named(kept, &saved.name, &saved.view)) {
            Some(old) => *old = new,
            None => views.push(new),
        }
        keep(&mut transaction, views).await?;
        Ok(transaction.commit().await?)
    }

    /// Lets a view go; says whether it was there.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn drop_view(&self, saved: &SavedView) -> Result<bool, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut views = kept(&mut transaction).await?;
        let before = views.len();
        views.retain(|kept| !is_named(kept, &saved.name, &saved.view));
        let gone = views.len() < before;
        keep(&mut transaction, views).await?;
        transaction.commit().await?;
        Ok(gone)
    }
}
