//! What a sync brings, written: rows, tombstones, everything derived from them and the new cursor in one transaction.

use std::collections::BTreeSet;

use hallmonitor_wire::{AccessControl, Changes, Contact, Device, Extra, Restriction, Session, Time};
use sqlx::{Connection as _, SqliteConnection};

use super::{
    Cache, CacheError, bulk, decisions, derive,
    fold::fold,
    graves, meta,
    meta::Meta,
    stale, tally,
    terms::{SessionTerms, Terms},
    unreadable,
};
use crate::{school::Unreadable, violations};

/// One or more pages that are written together.
#[derive(Debug, Default)]
pub struct Batch {
    /// The entities and tombstones of the pages, in their order.
    pub changes: Vec<Changes>,
    /// Entities that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Where the reading goes on after the last page.
    pub cursor: String,
}

/// How many entities were written or removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Contacts written.
    pub contacts: u64,
    /// Devices written.
    pub devices: u64,
    /// Sessions written.
    pub sessions: u64,
    /// Restrictions written.
    pub restrictions: u64,
    /// Entities removed, those that went with a contact too.
    pub deleted: u64,
}

impl Applied {
    /// What is left where tombstones kept some of it away and removed others.
    fn without(self, refused: graves::Refused, deleted: u64) -> Self {
        Self {
            contacts: self.contacts.saturating_sub(refused.contacts),
            devices: self.devices.saturating_sub(refused.devices),
            sessions: self.sessions.saturating_sub(refused.sessions),
            restrictions: self.restrictions.saturating_sub(refused.restrictions),
            deleted,
        }
    }
}

impl std::ops::AddAssign for Applied {
    fn add_assign(&mut self, more: Self) {
        self.contacts += more.contacts;
        self.devices += more.devices;
        self.sessions += more.sessions;
        self.restrictions += more.restrictions;
        self.deleted += more.deleted;
    }
}

/// Writes batches; remembers between them which texts are stored already.
#[derive(Debug, Default)]
pub(crate) struct Applier {
    terms: Terms,
    /// When the batch came, milliseconds since 1970, UTC.
    now: i64,
}

impl Applier {
    /// Writes one batch and moves the cursor, or does neither.
    ///
    /// # Errors
    /// Those of the database; nothing is written then.
    pub(crate) async fn apply(&mut self, cache: &Cache, batch: Batch, now: i64) -> Result<Applied, CacheError> {
        self.now = now;
        let mut writer = cache.writer().await;
        let written = self.write(&mut writer, batch, now).await;
        if written.is_err() {
            self.terms.forget();
        }
        written
    }

    async fn write(&mut self, writer: &mut SqliteConnection, batch: Batch, now: i64) -> Result<Applied, CacheError> {
        let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
        let old = meta::read(&mut transaction).await?;
        let mut applied = Applied::default();
        for changes in batch.changes {
            unreadable::forgive(&mut transaction, &changes).await?;
            applied += self.entities(&mut transaction, changes, &old).await?;
        }
        unreadable::set_aside(&mut transaction, &old, batch.unreadable, now).await?;
        let new = Meta { cursor: Some(batch.cursor), ..old.clone() };
        meta::write(&mut transaction, &old, &new).await?;
        transaction.commit().await?;
        Ok(applied)
    }

    /// Writes entities and tombstones, by the rule that a higher `rev` wins and a newer run always does.
    pub(super) async fn entities(
        &mut self,
        connection: &mut SqliteConnection,
        changes: Changes,
        meta: &Meta,
    ) -> Result<Applied, CacheError> {
        let Changes { mut contacts, mut devices, mut sessions, mut restrictions, access_control, deleted } = changes;
        // Neighbours in the file are written together. The sort is stable: of two copies the later one stays later.
        contacts.sort_by_key(|row| row.id);
        devices.sort_by_key(|row| row.id);
        sessions.sort_by_key(|row| row.id);
        restrictions.sort_by_key(|row| row.id);
        let terms = self.terms.learn(connection, meta.loading, &devices, &sessions, &restrictions).await?;

        let touched = derive::Touched::of(&contacts, &devices, &sessions, &restrictions);
        let before = derive::contact_texts(connection, &touched.contacts).await?;
        let counted_before = derive::owners(connection, &touched, meta).await?;
        let (mut logins, mut fingerprints) = (tally::Difference::new(), BTreeSet::new());
        if !meta.loading {
            tally::image(connection, tally::Of::Ids, &touched.sessions, -1, &mut logins).await?;
            fingerprints = derive::fingerprints(connection, &touched.devices).await?;
        }
        let mut applied = Applied {
            contacts: put_contacts(connection, contacts, meta.run).await?,
            devices: put_devices(connection, devices, &self.terms, meta.run).await?,
            sessions: put_sessions(connection, sessions, &terms, meta.run).await?,
            restrictions: put_restrictions(connection, restrictions, &self.terms, meta.run).await?,
            deleted: 0,
        };
        if let Some(settings) = access_control {
            put_access_control(connection, settings, meta.run).await?;
        }
        decisions::mark_touched(connection, &touched).await?;
        derive::index_contacts(connection, &touched.contacts, &before).await?;
        if !meta.loading {
            derive::put_places(connection, &touched.sessions).await?;
            tally::image(connection, tally::Of::Ids, &touched.sessions, 1, &mut logins).await?;
            tally::add(connection, logins).await?;
            fingerprints.extend(derive::fingerprints(connection, &touched.devices).await?);
            let mut stale = derive::count_shared(connection, &fingerprints).await?;
            stale.extend(&touched.active);
            stale::contacts(connection, stale).await?;
        }
        let (deleted, refused) = graves::bury(connection, &deleted, &touched, meta, self.now).await?;
        applied = applied.without(refused, deleted);
        if meta.telling {
            violations::note(connection, &touched.restrictions).await?;
        }
        if !meta.loading {
            derive::count(connection, &touched, counted_before).await?;
        }
        Ok(applied)
    }
}

pub(super) fn extra_text(extra: &Extra) -> Option<String> {
    (!extra.is_empty()).then(|| serde_json::Value::Object(extra.clone()).to_string())
}

/// `First Last`, or the e-mail address where both are missing.
pub(crate) fn full_name(first: Option<&str>, last: Option<&str>, email: &str) -> String {
    let name = [first, last].into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    if name.is_empty() { email.to_owned() } else { name.join(" ") }
}

async fn put_contacts(connection: &mut SqliteConnection, rows: Vec<Contact>, run: i64) -> Result<u64, CacheError> {
    put_contacts_where(connection, rows, run, "excluded.rev > contact.rev OR excluded.run > contact.run").await
}

/// Contacts of a server without revisions: whatever differs is newer.
pub(super) async fn put_differing_contacts(
    connection: &mut SqliteConnection,
    rows: Vec<Contact>,
    run: i64,
) -> Result<u64, CacheError> {
    let differs = "(excluded.email, excluded.first_name, excluded.last_name, excluded.phone, excluded.created_at, \
         excluded.tags, excluded.last_activity_at, excluded.checks_enabled, excluded.extra, excluded.rev) \
         IS NOT (contact.email, contact.first_name, contact.last_name, contact.phone, contact.created_at, \
         contact.tags, contact.last_activity_at, contact.checks_enabled, contact.extra, contact.rev)";
    put_contacts_where(connection, rows, run, differs).await
}

async fn put_contacts_where(
    connection: &mut SqliteConnection,
    rows: Vec<Contact>,
    run: i64,
    newer: &str,
) -> Result<u64, CacheError> {
    let tail = format!(
        "ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name, \
         last_name = excluded.last_name, phone = excluded.phone, created_at = excluded.created_at, \
         tags = excluded.tags, last_activity_at = excluded.last_activity_at, \
         checks_enabled = excluded.checks_enabled, checks_changed_at = excluded.checks_changed_at, \
         checks_changed_by = excluded.checks_changed_by, extra = excluded.extra, rev = excluded.rev, \
         run = excluded.run, only_here = 0, name_folded = excluded.name_folded, \
         email_folded = excluded.email_folded, more_folded = excluded.more_folded, \
         activity_sort = excluded.activity_sort \
         WHERE {newer}"
    );
    bulk::insert(
        connection,
        "INSERT INTO contact (id, email, first_name, last_name, phone, created_at, tags, last_activity_at, \
         checks_enabled, checks_changed_at, checks_changed_by, extra, rev, run, \
         name_folded, email_folded, more_folded, activity_sort)",
        18,
        &tail,
        rows,
        |row, values| {
            let name = full_name(row.first_name.as_deref(), row.last_name.as_deref(), &row.email);
            let more: Vec<&str> =
                row.phone.as_deref().into_iter().chain(row.tags.iter().map(|tag| tag.name.as_str())).collect();
            let more = fold(&more.join("\n"));
            let extra = extra_text(&row.extra);
            let email = fold(&row.email);
            let (changed_at, changed_by) = row.checks_changed.map(|changed| (changed.at.ms(), changed.by)).unzip();
            values
                .put(row.id)
                .put(row.email)
                .put(row.first_name)
                .put(row.last_name)
                .put(row.phone)
                .put(row.created_at.ms())
                .put(serde_json::to_string(&row.tags).unwrap_or_else(|_| "[]".to_owned()))
                .put(row.last_activity_at.map(Time::ms))
                .put(row.checks_enabled)
                .put(changed_at)
                .put(changed_by)
                .put(extra)
                .put(row.rev.unwrap_or(0))
                .put(run)
                .put(fold(&name))
                .put(email)
                .put(more)
                .put(row.last_activity_at.map_or(NEVER, Time::ms));
        },
    )
    .await
}

/// Sorts before every time that a calendar knows.
const NEVER: i64 = -9_000_000_000_000_000;

async fn put_devices(
    connection: &mut SqliteConnection,
    rows: Vec<Device>,
    terms: &Terms,
    run: i64,
) -> Result<u64, CacheError> {
    bulk::insert(
        connection,
        "INSERT INTO device (id, contact_id, fingerprint, agent_id, first_seen_at, last_seen_at, access, \
         access_changed_at, access_changed_by, extra, rev, run)",
        12,
        "ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, fingerprint = excluded.fingerprint, \
         agent_id = excluded.agent_id, first_seen_at = excluded.first_seen_at, \
         last_seen_at = excluded.last_seen_at, access = excluded.access, \
         access_changed_at = excluded.access_changed_at, access_changed_by = excluded.access_changed_by, \
         extra = excluded.extra, rev = excluded.rev, run = excluded.run, only_here = 0 \
         WHERE excluded.rev > device.rev OR excluded.run > device.run",
        rows,
        |row, values| {
            let agent = terms.agent(&row.user_agent);
            let extra = extra_text(&row.extra);
            let (changed_at, changed_by) = row.access_changed.map(|changed| (changed.at.ms(), changed.by)).unzip();
            values
                .put(row.id)
                .put(row.contact_id)
                .put(row.fingerprint)
                .put(agent)
                .put(row.first_seen_at.ms())
                .put(row.last_seen_at.ms())
                .put(String::from(row.access))
                .put(changed_at)
                .put(changed_by)
                .put(extra)
                .put(row.rev)
                .put(run);
        },
    )
    .await
}

async fn put_sessions(
    connection: &mut SqliteConnection,
    rows: Vec<Session>,
    terms: &[SessionTerms],
    run: i64,
) -> Result<u64, CacheError> {
    let has_extra = rows.iter().any(|row| !row.extra.is_empty());
    let extra = if has_extra { "?" } else { "NULL" };
    let mut terms = terms.iter();
    let mut words = bulk::Words::default();
    bulk::insert_as(
        connection,
        "INSERT INTO session (id, contact_id, device_id, ip_id, agent_id, started_at, last_activity_at, ended_at, \
         end_reason, outcome, rev, extra, run)",
        &format!("?,?,?,?,?,?,?,?,?,?,?,{extra},{run}"),
        "ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, device_id = excluded.device_id, \
         ip_id = excluded.ip_id, agent_id = excluded.agent_id, started_at = excluded.started_at, \
         last_activity_at = excluded.last_activity_at, ended_at = excluded.ended_at, \
         end_reason = excluded.end_reason, outcome = excluded.outcome, extra = excluded.extra, \
         rev = excluded.rev, run = excluded.run, only_here = 0 \
         WHERE excluded.rev > session.rev OR excluded.run > session.run",
        rows,
        |row, values| {
            let terms = terms.next().copied().unwrap_or_default();
            values
                .put(row.id)
                .put(row.contact_id)
                .put(row.device_id)
                .put(terms.ip)
                .put(terms.agent)
                .put(row.started_at.ms())
                .put(row.last_activity_at.ms())
                .put(row.ended_at.map(Time::ms))
                .put(row.end_reason.as_deref().map(|word| words.one(word)))
                .put(words.one(row.outcome.as_str()))
                .put(row.rev);
            if has_extra {
                values.put(extra_text(&row.extra));
            }
        },
    )
    .await
}

async fn put_restrictions(
    connection: &mut SqliteConnection,
    rows: Vec<Restriction>,
    terms: &Terms,
    run: i64,
) -> Result<u64, CacheError> {
    bulk::insert(
        connection,
        "INSERT INTO restriction (id, contact_id, session_id, device_id, occurred_at, rule_id, rule_limit, observed, \
         ip_id, action, status, status_changed_at, status_changed_by, extra, rev, run)",
        16,
        "ON CONFLICT (id) DO UPDATE SET contact_id = excluded.contact_id, session_id = excluded.session_id, \
         device_id = excluded.device_id, occurred_at = excluded.occurred_at, rule_id = excluded.rule_id, \
         rule_limit = excluded.rule_limit, observed = excluded.observed, ip_id = excluded.ip_id, \
         action = excluded.action, status = excluded.status, status_changed_at = excluded.status_changed_at, \
         status_changed_by = excluded.status_changed_by, extra = excluded.extra, rev = excluded.rev, \
         run = excluded.run, only_here = 0 \
         WHERE excluded.rev > restriction.rev OR excluded.run > restriction.run",
        rows,
        |row, values| {
            let rule = terms.rule(&row.rule);
            let ip = row.ip.as_deref().map(|address| terms.ip(address));
            let extra = extra_text(&row.extra);
            let (changed_at, changed_by) = row.status_changed.map(|changed| (changed.at.ms(), changed.by)).unzip();
            values
                .put(row.id)
                .put(row.contact_id)
                .put(row.session_id)
                .put(row.device_id)
                .put(row.occurred_at.ms())
                .put(rule)
                .put(row.rule.limit)
                .put(row.rule.observed)
                .put(ip)
                .put(row.action)
                .put(String::from(row.status))
                .put(changed_at)
                .put(changed_by)
                .put(extra)
                .put(row.rev)
                .put(run);
        },
    )
    .await
}

async fn put_access_control(
    connection: &mut SqliteConnection,
    settings: AccessControl,
    run: i64,
) -> Result<(), CacheError> {
    let body =
        serde_json::to_string(&settings).map_err(|error| CacheError::Database(sqlx::Error::Encode(error.into())))?;
    sqlx::query(
        "INSERT INTO access_control (id, body, rev, run) VALUES (1, $1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, rev = excluded.rev, run = excluded.run \
         WHERE excluded.rev > access_control.rev OR excluded.run > access_control.run",
    )
    .bind(body)
    .bind(settings.rev)
    .bind(run)
    .execute(connection)
    .await?;
    Ok(())
}
