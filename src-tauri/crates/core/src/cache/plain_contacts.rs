//! Contacts of a server without revisions: written where they differ, gone where a whole reading did not bring them.

use std::collections::HashSet;

use hallmonitor_wire::{Changes, Contact};
use sqlx::Connection as _;

use super::{Cache, CacheError, apply, derive, graves, meta, meta::Meta, removal, unreadable};
use crate::school::Unreadable;

impl Cache {
    /// Writes those of the contacts that differ from what is here; says how many.
    pub(crate) async fn put_plain_contacts(
        &self,
        mut contacts: Vec<Contact>,
        set_aside: Vec<Unreadable>,
        now: i64,
    ) -> Result<u64, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let meta = meta::read(&mut transaction).await?;
        for contact in &mut contacts {
            contact.rev = None;
        }
        let erased: HashSet<i64> = sqlx::query_scalar("SELECT id FROM tombstone WHERE kind = 'contact' AND rev = $1")
            .bind(graves::ERASED_HERE)
            .fetch_all(&mut *transaction)
            .await?
            .into_iter()
            .collect();
        contacts.retain(|contact| !erased.contains(&contact.id));
        let changes = Changes { contacts, ..Changes::default() };
        let ids: Vec<i64> = changes.contacts.iter().map(|contact| contact.id).collect();
        unreadable::forgive(&mut transaction, &changes).await?;
        let before = derive::contact_texts(&mut transaction, &ids).await?;
        let written = apply::put_differing_contacts(&mut transaction, changes.contacts, meta.run).await?;
        derive::index_contacts(&mut transaction, &ids, &before).await?;
        unreadable::set_aside(&mut transaction, &meta, set_aside, now).await?;
        transaction.commit().await?;
        Ok(written)
    }

    /// Ends a reading of the contacts that began at `since`, and notes the time; removes those that are not among `seen`,
    /// where it was whole.
    pub(crate) async fn end_contacts(
        &self,
        seen: Option<&HashSet<i64>>,
        since: i64,
        now: i64,
    ) -> Result<u64, CacheError> {
        let mut writer = self.writer().await;
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let old = meta::read(&mut transaction).await?;
        let here: Vec<i64> =
            sqlx::query_scalar("SELECT id FROM contact WHERE only_here = 0").fetch_all(&mut *transaction).await?;
        let gone: Vec<i64> = here.into_iter().filter(|id| seen.is_some_and(|seen| !seen.contains(id))).collect();
        let new = Meta { login_log: Some(false), epoch: None, cursor: None, last_sync_at: Some(now), ..old.clone() };
        let removed = removal::remove_contacts(&mut transaction, &gone, &new).await?;
        if seen.is_some() {
            unreadable::forget_contacts_before(&mut transaction, since).await?;
        }
        meta::write(&mut transaction, &old, &new).await?;
        transaction.commit().await?;
        Ok(removed)
    }
}
