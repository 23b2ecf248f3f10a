//! Fills an empty database with a world: two years of a school's life, as rows.
//!
//! Everything is written in one transaction, so a seeding that was interrupted leaves the database as it was. The
//! world is lived while it is written; what waits in memory is one day, the devices and what stands on each contact.

use hallmonitor_wire::{ConcurrentPolicy, IpMode};
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
    School, SchoolError,
    fold::{fold, folded_name},
    secret::{base64url, fingerprint},
    world::{
        BadPlan, Plan, World,
        people::TAGS,
        places::BLOCKED_RANGES,
        rows::{ContactState, Device, Ending, Mark, NewContact, Restriction, Rows, Session},
        rules::LIMITS,
    },
    write::Write,
};

/// Rows in one statement: its placeholders stay below the 32,766 that SQLite takes.
const ROWS: usize = 500;

/// How many rows were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seeded {
    /// Students.
    pub contacts: u64,
    /// Their devices.
    pub devices: u64,
    /// Logins, refused ones among them.
    pub sessions: u64,
    /// Times that a rule acted.
    pub restrictions: u64,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Somebody's rows are there.
    #[error("the database is not empty: seed fills a new one, so name another file with --database")]
    NotEmpty,
    /// There is no such world.
    #[error(transparent)]
    Plan(#[from] BadPlan),
    /// The database failed.
    #[error(transparent)]
    School(#[from] SchoolError),
}

impl From<sqlx::Error> for SeedError {
    fn from(cause: sqlx::Error) -> Self {
        Self::School(cause.into())
    }
}

/// Lives the world of a plan and writes it into an empty school.
///
/// # Errors
/// Where the school has ever had a contact, there is no such world, or the database fails. Then nothing was written.
pub async fn seed(school: &School, plan: Plan) -> Result<Seeded, SeedError> {
    let mut world = World::new(plan)?;
    let mut write = Write::begin(school).await?;
    let db = write.db();
    let (before, last_ids): (i64, i64) = sqlx::query_as(
        "SELECT rev, last_contact_id + last_tag_id + last_device_id + last_session_id + last_restriction_id
         FROM cabinet
         WHERE id = 1",
    )
    .fetch_one(&mut *db)
    .await?;
    if last_ids > 0 {
        return Err(SeedError::NotEmpty);
    }
    let mut pen = Pen { db, before, written: Seeded::default() };
    pen.settings().await?;
    pen.tags().await?;
    while let Some(rows) = world.next_day() {
        pen.rows(&rows).await?;
    }
    let written = pen.ending(&world.end()).await?;
    write.commit().await?;
    Ok(written)
}

/// What writes the rows. The world's revisions follow those that the database has handed out before.
struct Pen<'a> {
    db: &'a mut SqliteConnection,
    before: i64,
    written: Seeded,
}

impl Pen<'_> {
    async fn settings(&mut self) -> Result<(), SeedError> {
        let ranges = serde_json::to_string(&BLOCKED_RANGES).map_err(SchoolError::from)?;
        sqlx::query(
            "UPDATE access_control
             SET ip_mode = $1, ip_ranges = $2, max_concurrent_sessions = $3, concurrent_policy = $4,
                 max_devices = $5, session_timeout_minutes = $6, rev = $7
             WHERE id = 1",
        )
        .bind(IpMode::BlockListed.as_str())
        .bind(ranges)
        .bind(LIMITS.max_sessions)
        .bind(ConcurrentPolicy::EndOldest.as_str())
        .bind(LIMITS.max_devices)
        .bind(LIMITS.timeout_ms / 60_000)
        .bind(self.before + 1)
        .execute(&mut *self.db)
        .await?;
        Ok(())
    }

    async fn tags(&mut self) -> Result<(), SeedError> {
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO tag (id, name) ");
        insert.push_values(TAGS.iter().zip(1_i64..), |mut row, (name, id)| {
            row.push_bind(id).push_bind(*name);
        });
        insert.build().execute(&mut *self.db).await?;
        Ok(())
    }

    async fn rows(&mut self, rows: &Rows) -> Result<(), SeedError> {
        for contacts in rows.contacts.chunks(ROWS) {
            self.contacts(contacts).await?;
        }
        for sessions in rows.sessions.chunks(ROWS) {
            self.sessions(sessions).await?;
        }
        for restrictions in rows.restrictions.chunks(ROWS) {
            self.restrictions(restrictions).await?;
        }
        self.written.contacts += rows.contacts.len() as u64;
        self.written.sessions += rows.sessions.len() as u64;
        self.written.restrictions += rows.restrictions.len() as u64;
        Ok(())
    }

    async fn contacts(&mut self, contacts: &[NewContact]) -> Result<(), SeedError> {
        let before = self.before;
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO contact (id, email, email_folded, first_name, last_name, name_folded, phone, created_at, rev) ",
        );
        insert.push_values(contacts, |mut row, contact| {
            let name = &contact.name;
            row.push_bind(contact.id)
                .push_bind(&name.email)
                .push_bind(fold(&name.email))
                .push_bind(&name.first)
                .push_bind(&name.last)
                .push_bind(folded_name(name.first.as_deref(), name.last.as_deref()))
                .push_bind(&name.phone)
                .push_bind(contact.created_at)
                .push_bind(before + contact.rev);
        });
        insert.build().execute(&mut *self.db).await?;
        let tags = contacts
            .iter()
            .flat_map(|contact| contact.tags.iter().zip(0_i64..).map(|(tag, position)| (contact.id, position, *tag)));
        let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO contact_tag (contact_id, position, tag_id) ");
        insert.push_values(tags, |mut row, (contact, position, tag)| {
            row.push_bind(contact).push_bind(position).push_bind(tag);
        });
        insert.build().execute(&mut *self.db).await?;
        Ok(())
    }

    async fn sessions(&mut self, sessions: &[Session]) -> Result<(), SeedError> {
        let before = self.before;
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO session (id, contact_id, device_id, ip, user_agent, started_at, last_activity_at, ended_at,
                                  end_reason, outcome, rev) ",
        );
        insert.push_values(sessions, |mut row, session| {
            row.push_bind(session.id)
                .push_bind(session.contact_id)
                .push_bind(session.device_id)
                .push_bind(session.ip.to_string())
                .push_bind(&session.user_agent)
                .push_bind(session.started_at)
                .push_bind(session.last_activity_at)
                .push_bind(session.ended_at)
                .push_bind(session.end_reason)
                .push_bind(if session.allowed { "allowed" } else { "denied" })
                .push_bind(before + session.rev);
        });
        insert.build().execute(&mut *self.db).await?;
        Ok(())
    }

    async fn restrictions(&mut self, restrictions: &[Restriction]) -> Result<(), SeedError> {
        let before = self.before;
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO restriction (id, contact_id, session_id, device_id, occurred_at, rule_code, rule_limit,
                                      rule_observed, ip, action, status, status_at, status_by, status_rev, rev) ",
        );
        insert.push_values(restrictions, |mut row, restriction| {
            let (at, by, rev) = mark(restriction.viewed, before);
            row.push_bind(restriction.id)
                .push_bind(restriction.contact_id)
                .push_bind(restriction.session_id)
                .push_bind(restriction.device_id)
                .push_bind(restriction.occurred_at)
                .push_bind(restriction.rule.code)
                .push_bind(restriction.rule.limit)
                .push_bind(restriction.rule.observed)
                .push_bind(restriction.ip.to_string())
                .push_bind(restriction.action)
                .push_bind(if restriction.viewed.is_some() { "viewed" } else { "not_viewed" })
                .push_bind(at)
                .push_bind(by)
                .push_bind(rev)
                .push_bind(before + restriction.rev);
        });
        insert.build().execute(&mut *self.db).await?;
        Ok(())
    }

    async fn devices(&mut self, devices: &[Device]) -> Result<(), SeedError> {
        let before = self.before;
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO device (id, contact_id, fingerprint, user_agent, first_seen_at, last_seen_at, admitted, access,
                                 access_at, access_by, access_rev, rev) ",
        );
        insert.push_values(devices, |mut row, device| {
            let (at, by, rev) = mark(device.access, before);
            row.push_bind(device.id)
                .push_bind(device.contact_id)
                .push_bind(fingerprint(&base64url(&device.cookie)))
                .push_bind(&device.user_agent)
                .push_bind(device.first_seen_at)
                .push_bind(device.last_seen_at)
                .push_bind(device.admitted)
                .push_bind(if device.blocked { "blocked" } else { "allowed" })
                .push_bind(at)
                .push_bind(by)
                .push_bind(rev)
                .push_bind(before + device.rev);
        });
        insert.build().execute(&mut *self.db).await?;
        Ok(())
    }

    /// A contact was written when it joined; here it gets what it has come to.
    async fn contact(&mut self, state: &ContactState) -> Result<(), SeedError> {
        let (at, by, rev) = mark(state.checks, self.before);
        sqlx::query(
            "UPDATE contact
             SET last_activity_at = $1, checks_enabled = $2, checks_at = $3, checks_by = $4, checks_rev = $5, rev = $6
             WHERE id = $7",
        )
        .bind(state.last_activity_at)
        .bind(state.checks_enabled)
        .bind(at)
        .bind(by)
        .bind(rev)
        .bind(self.before + state.rev)
        .bind(state.id)
        .execute(&mut *self.db)
        .await?;
        Ok(())
    }

    async fn ending(mut self, ending: &Ending) -> Result<Seeded, SeedError> {
        self.rows(&ending.rows).await?;
        for devices in ending.devices.chunks(ROWS) {
            self.devices(devices).await?;
        }
        for state in &ending.contacts {
            self.contact(state).await?;
        }
        self.written.devices = ending.devices.len() as u64;
        let written = self.written;
        sqlx::query(
            "UPDATE cabinet
             SET rev = $1, last_contact_id = $2, last_tag_id = $3, last_device_id = $4, last_session_id = $5,
                 last_restriction_id = $6
             WHERE id = 1",
        )
        .bind(self.before + ending.rev)
        .bind(written.contacts as i64)
        .bind(TAGS.len() as i64)
        .bind(written.devices as i64)
        .bind(written.sessions as i64)
        .bind(written.restrictions as i64)
        .execute(self.db)
        .await?;
        Ok(written)
    }
}

/// The columns of a mark: when, by whom, and its revision, 0 where nobody made it.
fn mark(mark: Option<Mark>, before: i64) -> (Option<i64>, Option<&'static str>, i64) {
    mark.map_or((None, None, 0), |mark| (Some(mark.at), Some(mark.by), before + mark.rev))
}
