//! What is said to one contact, or to others of them, through the door.

use hallmonitor_language::Language;

use super::{School, here, now};
use crate::{
    error::Error,
    model::{CaseFacts, Warning, WarningKind},
    warning::{Facts, LONGEST, fill, original},
};

impl School {
    /// What the log says of a contact in short.
    ///
    /// # Errors
    /// [`Error::NotFound`]; those of the cache.
    pub async fn case_facts(&self, contact_id: i64) -> Result<CaseFacts, Error> {
        let facts = self.cache().case_facts(contact_id, now()).await?;
        facts.ok_or(Error::NotFound { what: "contact", id: contact_id })
    }

    /// A text to a contact: the owner's own, or the one that a school begins with, and the same with the contact's
    /// facts in their places.
    ///
    /// # Errors
    /// As [`Self::case_facts`].
    pub async fn warning(&self, contact_id: i64, kind: WarningKind, language: Language) -> Result<Warning, Error> {
        let case = self.case_facts(contact_id).await?;
        let school = self.cache().meta().await?.cabinet_name;
        let own = self.cache().own_warning(kind, language).await?;
        let is_own = own.is_some();
        let template = own.unwrap_or_else(|| original(kind, language));
        let facts = Facts { case: &case, school: &school, at: here(), language };
        let (text, unknown) = fill(&template, &facts);
        Ok(Warning { kind, language, template, is_own, text, unknown })
    }

    /// Keeps a text of the owner's own, with place holders, for every contact of this school; on this machine alone, at
    /// most 10,000 letters. An empty one, and the one that a school begins with, bring that one back.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn set_warning(&self, kind: WarningKind, language: Language, template: &str) -> Result<(), Error> {
        let template: String = template.trim().chars().take(LONGEST).collect();
        let is_own = !template.is_empty() && template != original(kind, language).trim();
        Ok(self.cache().keep_warning(kind, language, is_own.then_some(template.as_str())).await?)
    }
}
