//! What stored answers say of a contact who is erased.

use serde_json::{Map, Value, json};

use crate::{SchoolError, write::Write};

/// Takes whatever tells of a person out of the entity of each answer that shows the contact or anything of theirs. Key,
/// result and the rest of the entity stay: who lost the answer gets to know that the decision was made, and once.
pub(crate) async fn erase_answers(write: &mut Write, contact_id: i64) -> Result<(), SchoolError> {
    // Answers are found by their own text: the restriction of one may have left the server before. In the JSON that is
    // written here quotation marks within a text have a backslash before them, so only a field is found by these.
    let answers: Vec<(String, String)> =
        sqlx::query_as("SELECT id, entity FROM action WHERE entity LIKE $1 OR entity LIKE $2")
            .bind(format!(r#"{{"contact":{{"id":{contact_id},%"#))
            .bind(format!(r#"%"contact_id":{contact_id},%"#))
            .fetch_all(write.db())
            .await?;
    for (id, entity) in answers {
        let mut entities: Map<String, Value> = serde_json::from_str(&entity)?;
        for entity in entities.values_mut() {
            forget_person(entity);
        }
        sqlx::query("UPDATE action SET entity = $1 WHERE id = $2")
            .bind(serde_json::to_string(&entities)?)
            .bind(id)
            .execute(write.db())
            .await?;
    }
    Ok(())
}

/// Leaves the fields that a reader needs and nothing in those that tell of a person.
fn forget_person(entity: &mut Value) {
    let Value::Object(fields) = entity else { return };
    for (names, nothing) in [
        (&["email", "fingerprint", "ip", "user_agent"][..], json!("")),
        (&["first_name", "last_name", "phone"], Value::Null),
        (&["tags"], json!([])),
    ] {
        for name in names {
            if let Some(value) = fields.get_mut(*name) {
                *value = nothing.clone();
            }
        }
    }
}
