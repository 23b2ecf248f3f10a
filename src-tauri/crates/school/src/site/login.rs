//! One login attempt: decided, and written down, in one transaction.

use std::net::IpAddr;

use hallmonitor_wire::{Restriction, Time};
use serde::Serialize;

use super::{
    Email,
    activity::is_due,
    judge::{Acted, FromDevice, Judgement, Login, judge},
};
use crate::{
    School, SchoolError,
    language::Language,
    rows, secret,
    sessions::{self, EndReason},
    settings,
    write::{Numbered, Write},
};

/// Who wants to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Id(i64),
    Email(Email),
}

/// A login attempt.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) who: Who,
    pub(crate) ip: IpAddr,
    pub(crate) user_agent: String,
    pub(crate) cookie: Option<String>,
}

/// The answer to a login attempt.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LoggedIn {
    /// Whether the student is let in: `allowed` or `denied`.
    pub(crate) outcome: Let,
    /// The session that the login made, refused or not.
    pub(crate) session_id: i64,
    /// The device; null where a new browser met the device limit.
    #[schema(required)]
    pub(crate) device_id: Option<i64>,
    /// To set in the browser for 400 days; null where it already has it.
    pub(crate) device_cookie: Option<String>,
    /// Where a rule acted.
    pub(crate) restriction: Option<Restriction>,
    /// Sessions that ended for this login.
    #[schema(required = false)]
    pub(crate) ended_sessions: Vec<i64>,
}

/// Let in or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Let {
    /// Let in.
    Allowed,
    /// Refused.
    Denied,
}

#[derive(sqlx::FromRow)]
struct Known {
    id: i64,
    access: String,
    admitted: bool,
}

/// Bytes of a device cookie: 128 random bits.
const COOKIE: usize = 16;

/// Decides on a login and writes down what came of it; `None` where there is no such contact.
pub(crate) async fn login(
    school: &School,
    attempt: Attempt,
    language: Language,
) -> Result<Option<LoggedIn>, SchoolError> {
    let mut write = Write::begin(school).await?;
    let now = school.clock().now();
    let contact: Option<(i64, bool, Option<i64>)> = match &attempt.who {
        Who::Id(id) => {
            sqlx::query_as("SELECT id, checks_enabled, last_activity_at FROM contact WHERE id = $1").bind(*id)
        }
        Who::Email(email) => {
            sqlx::query_as("SELECT id, checks_enabled, last_activity_at FROM contact WHERE email_folded = $1")
                .bind(email.folded())
        }
    }
    .fetch_optional(write.db())
    .await?;
    let Some((contact_id, checks_enabled, last_activity_at)) = contact else { return Ok(None) };
    let settings = settings::read(write.db()).await?;
    let active = sessions::active(&mut write, contact_id, sessions::timeout_ms(&settings), now).await?;
    let browser = browser(&mut write, contact_id, attempt.cookie.as_deref()).await?;
    let devices: i64 = sqlx::query_scalar(
        "SELECT COUNT(*)
         FROM device
         WHERE contact_id = $1
         AND admitted
         AND access = 'allowed'",
    )
    .bind(contact_id)
    .fetch_one(write.db())
    .await?;
    let known = browser.known.as_ref();
    let blocked = known.is_some_and(|device| device.access == "blocked");
    let device = FromDevice {
        id: known.map(|device| device.id),
        blocked,
        counted: known.is_some_and(|device| device.admitted) && !blocked,
    };
    let login = Login { checks_enabled, ip: attempt.ip, device, devices, active: &active };
    let (let_in, ended, acted) = match judge(&login, &settings) {
        Judgement::LetIn { ended, acted } => (true, ended, acted),
        Judgement::Refused(acted) => (false, Vec::new(), Some(acted)),
    };
    for id in &ended {
        sessions::end(&mut write, *id, now, EndReason::Replaced).await?;
    }
    let scene = Scene { contact_id, attempt: &attempt, now, let_in };
    let past_limit = acted.is_some_and(|acted| acted.code == "device_limit");
    let device_id = match device.id {
        Some(id) => Some(scene.see_device(&mut write, id).await?),
        None if past_limit => None,
        None => Some(scene.add_device(&mut write, &browser.fingerprint).await?),
    };
    let session_id = scene.add_session(&mut write, device_id).await?;
    if let_in && last_activity_at.is_none_or(|last| is_due(last, now)) {
        scene.move_contact(&mut write).await?;
    }
    let restriction = match acted {
        None => None,
        Some(acted) => {
            let id = scene.restrict(&mut write, acted, session_id, device_id).await?;
            rows::restriction_by_id(write.db(), id, language).await?
        }
    };
    write.commit().await?;
    Ok(Some(LoggedIn {
        outcome: if let_in { Let::Allowed } else { Let::Denied },
        session_id,
        device_id,
        device_cookie: device_id.and(browser.new_cookie),
        restriction,
        ended_sessions: ended,
    }))
}

/// The browser that a login comes from.
struct Browser {
    fingerprint: String,
    /// The device that it is in this contact's account.
    known: Option<Known>,
    /// To set, where it showed none that is known here.
    new_cookie: Option<String>,
}

async fn browser(write: &mut Write, contact_id: i64, cookie: Option<&str>) -> Result<Browser, SchoolError> {
    let well_formed = |cookie: &&str| secret::from_base64url::<COOKIE>(cookie).is_some();
    if let Some(cookie) = cookie.filter(well_formed) {
        let fingerprint = secret::fingerprint(cookie);
        let known: Option<Known> = sqlx::query_as(
            "SELECT id, access, admitted
             FROM device
             WHERE contact_id = $1
             AND fingerprint = $2",
        )
        .bind(contact_id)
        .bind(&fingerprint)
        .fetch_optional(write.db())
        .await?;
        if known.is_some() {
            return Ok(Browser { fingerprint, known, new_cookie: None });
        }
        // The cookie of a browser that another contact used: the same browser, a device of its own here.
        let elsewhere: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM device WHERE fingerprint = $1")
            .bind(&fingerprint)
            .fetch_one(write.db())
            .await?;
        if elsewhere > 0 {
            return Ok(Browser { fingerprint, known: None, new_cookie: None });
        }
    }
    let cookie = secret::base64url(&secret::random::<COOKIE>());
    Ok(Browser { fingerprint: secret::fingerprint(&cookie), known: None, new_cookie: Some(cookie) })
}

/// What all rows of one login have in common.
struct Scene<'a> {
    contact_id: i64,
    attempt: &'a Attempt,
    now: Time,
    let_in: bool,
}

impl Scene<'_> {
    async fn see_device(&self, write: &mut Write, id: i64) -> Result<i64, SchoolError> {
        let rev = write.next_rev();
        sqlx::query(
            "UPDATE device
             SET last_seen_at = CASE WHEN last_seen_at > $1 THEN last_seen_at ELSE $1 END, user_agent = $2,
                 admitted = (admitted OR $3), rev = $4
             WHERE id = $5",
        )
        .bind(self.now.ms())
        .bind(&self.attempt.user_agent)
        .bind(self.let_in)
        .bind(rev)
        .bind(id)
        .execute(write.db())
        .await?;
        Ok(id)
    }

    async fn add_device(&self, write: &mut Write, fingerprint: &str) -> Result<i64, SchoolError> {
        let (id, rev) = (write.next_id(Numbered::Device), write.next_rev());
        sqlx::query(
            "INSERT INTO device (id, contact_id, fingerprint, user_agent, first_seen_at, last_seen_at, admitted, rev)
             VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
        )
        .bind(id)
        .bind(self.contact_id)
        .bind(fingerprint)
        .bind(&self.attempt.user_agent)
        .bind(self.now.ms())
        .bind(self.let_in)
        .bind(rev)
        .execute(write.db())
        .await?;
        Ok(id)
    }

    async fn add_session(&self, write: &mut Write, device_id: Option<i64>) -> Result<i64, SchoolError> {
        let (id, rev) = (write.next_id(Numbered::Session), write.next_rev());
        sqlx::query(
            "INSERT INTO session (id, contact_id, device_id, ip, user_agent, started_at, last_activity_at, ended_at,
                                  outcome, rev)
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(self.contact_id)
        .bind(device_id)
        .bind(self.attempt.ip.to_string())
        .bind(&self.attempt.user_agent)
        .bind(self.now.ms())
        .bind((!self.let_in).then_some(self.now.ms()))
        .bind(if self.let_in { "allowed" } else { "denied" })
        .bind(rev)
        .execute(write.db())
        .await?;
        Ok(id)
    }

    async fn move_contact(&self, write: &mut Write) -> Result<(), SchoolError> {
        let rev = write.next_rev();
        sqlx::query(
            "UPDATE contact
             SET last_activity_at = $1, rev = $2
             WHERE id = $3",
        )
        .bind(self.now.ms())
        .bind(rev)
        .bind(self.contact_id)
        .execute(write.db())
        .await?;
        Ok(())
    }

    async fn restrict(
        &self,
        write: &mut Write,
        acted: Acted,
        session_id: i64,
        device_id: Option<i64>,
    ) -> Result<i64, SchoolError> {
        let (id, rev) = (write.next_id(Numbered::Restriction), write.next_rev());
        sqlx::query(
            "INSERT INTO restriction (id, contact_id, session_id, device_id, occurred_at, rule_code, rule_limit,
                                      rule_observed, ip, action, rev)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(id)
        .bind(self.contact_id)
        .bind(session_id)
        .bind(device_id)
        .bind(self.now.ms())
        .bind(acted.code)
        .bind(acted.limit)
        .bind(acted.observed)
        .bind(self.attempt.ip.to_string())
        .bind(if self.let_in { "session_ended" } else { "login_denied" })
        .bind(rev)
        .execute(write.db())
        .await?;
        Ok(id)
    }
}
