//! The school's contacts as its website keeps them.

use hallmonitor_wire::Contact;
use serde::{Deserialize, Deserializer};

use super::Email;
use crate::{
    School, SchoolError, actions,
    fold::folded_name,
    rows,
    sweep::bury,
    write::{Numbered, Write},
};

/// Fields of a contact to write: absent ones stay as they are, null ones become empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
pub(crate) struct ContactDraft {
    /// Whose; matched without regard to case.
    pub(crate) email: String,
    /// The first name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(crate) first_name: Option<Option<String>>,
    /// The last name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(crate) last_name: Option<Option<String>>,
    /// The phone number.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub(crate) phone: Option<Option<String>>,
    /// Names of all tags, each once, in their order.
    #[serde(default, deserialize_with = "listed")]
    #[schema(value_type = Vec<String>, required = false)]
    pub(crate) tags: Option<Vec<String>>,
}

/// Tells a field that is null from one that is absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

fn listed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Vec::<String>::deserialize(deserializer).map(Some)
}

/// Adds the contact with this address, or changes the fields given; unchanged ones make no new revision.
pub(crate) async fn put_contact(school: &School, email: &Email, draft: ContactDraft) -> Result<Contact, SchoolError> {
    let mut write = Write::begin(school).await?;
    let id: Option<i64> = sqlx::query_scalar("SELECT id FROM contact WHERE email_folded = $1")
        .bind(email.folded())
        .fetch_optional(write.db())
        .await?;
    let (id, before) = match id {
        Some(id) => (id, rows::contact_by_id(write.db(), id).await?),
        None => (add(&mut write, school, email).await?, None),
    };
    let stands = |text: fn(&Contact) -> &Option<String>| before.as_ref().and_then(|contact| text(contact).clone());
    let first_name = draft.first_name.unwrap_or_else(|| stands(|contact| &contact.first_name));
    let last_name = draft.last_name.unwrap_or_else(|| stands(|contact| &contact.last_name));
    let phone = draft.phone.unwrap_or_else(|| stands(|contact| &contact.phone));
    let unchanged = before.as_ref().is_some_and(|contact| {
        contact.first_name == first_name
            && contact.last_name == last_name
            && contact.phone == phone
            && draft.tags.as_ref().is_none_or(|tags| contact.tags.iter().map(|tag| &tag.name).eq(tags))
    });
    if !unchanged {
        let rev = write.next_rev();
        sqlx::query(
            "UPDATE contact
             SET first_name = $1, last_name = $2, name_folded = $3, phone = $4, rev = $5
             WHERE id = $6",
        )
        .bind(&first_name)
        .bind(&last_name)
        .bind(folded_name(first_name.as_deref(), last_name.as_deref()))
        .bind(&phone)
        .bind(rev)
        .bind(id)
        .execute(write.db())
        .await?;
        if let Some(tags) = draft.tags {
            tag(&mut write, id, &tags).await?;
        }
    }
    let after = rows::contact_by_id(write.db(), id).await?;
    write.commit().await?;
    after.ok_or(SchoolError::Database(sqlx::Error::RowNotFound))
}

async fn add(write: &mut Write, school: &School, email: &Email) -> Result<i64, SchoolError> {
    let id = write.next_id(Numbered::Contact);
    // The update that follows gives the revision that stays; until then no reader sees this one.
    let rev = write.next_rev();
    sqlx::query(
        "INSERT INTO contact (id, email, email_folded, name_folded, created_at, rev)
         VALUES ($1, $2, $3, '', $4, $5)",
    )
    .bind(id)
    .bind(email.as_str())
    .bind(email.folded())
    .bind(school.clock().now().ms())
    .bind(rev)
    .execute(write.db())
    .await?;
    Ok(id)
}

async fn tag(write: &mut Write, contact_id: i64, names: &[String]) -> Result<(), SchoolError> {
    sqlx::query("DELETE FROM contact_tag WHERE contact_id = $1").bind(contact_id).execute(write.db()).await?;
    for (position, name) in names.iter().enumerate() {
        let known: Option<i64> =
            sqlx::query_scalar("SELECT id FROM tag WHERE name = $1").bind(name).fetch_optional(write.db()).await?;
        let tag_id = match known {
            Some(id) => id,
            None => {
                let id = write.next_id(Numbered::Tag);
                sqlx::query("INSERT INTO tag (id, name) VALUES ($1, $2)")
                    .bind(id)
                    .bind(name)
                    .execute(write.db())
                    .await?;
                id
            }
        };
        sqlx::query("INSERT INTO contact_tag (contact_id, position, tag_id) VALUES ($1, $2, $3)")
            .bind(contact_id)
            .bind(position as i64)
            .bind(tag_id)
            .execute(write.db())
            .await?;
    }
    Ok(())
}

/// Removes the contact and all that belongs to it, by one tombstone, and takes them out of the answers that are kept;
/// false where there is none.
pub(crate) async fn delete_contact(school: &School, id: i64) -> Result<bool, SchoolError> {
    let mut write = Write::begin(school).await?;
    let gone = sqlx::query("DELETE FROM contact WHERE id = $1").bind(id).execute(write.db()).await?.rows_affected();
    if gone == 0 {
        return Ok(false);
    }
    actions::erase_answers(&mut write, id).await?;
    let now = school.clock().now();
    bury(&mut write, "contact", id, "erased", now).await?;
    write.commit().await?;
    Ok(true)
}
