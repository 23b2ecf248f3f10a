//! Activity and logout of a running session.

use hallmonitor_wire::Time;
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::{
    School, SchoolError,
    sessions::{self, EndReason},
    settings,
    write::Write,
};

/// Activity is written at most once in 30 seconds.
const MOVE_EVERY_MS: i64 = 30_000;

/// Whether a session still runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Alive {
    /// False tells the site to log the student out.
    pub(crate) active: bool,
    /// Why it ended.
    pub(crate) end_reason: Option<String>,
    /// The last activity that was written.
    #[schema(required = false)]
    pub(crate) last_activity_at: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Seen {
    contact_id: i64,
    device_id: Option<i64>,
    last_activity_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    contact_activity_at: Option<i64>,
}

/// What activity changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    /// Nothing: it has ended, or was written just now.
    Nothing,
    /// The session's time has passed.
    Expire(Time),
    /// These two last activities become now.
    To { session: bool, contact: bool },
}

/// Whether what is done now is written, after what was written last: at most once in 30 seconds, and so never back in
/// time where the clock was set back.
pub(super) fn is_due(last: i64, now: Time) -> bool {
    now.ms() - last >= MOVE_EVERY_MS
}

fn to_move(seen: &Seen, timeout_ms: i64, now: Time) -> Move {
    if seen.ended_at.is_some() {
        return Move::Nothing;
    }
    if let Some(at) = sessions::lapsed_at(Time(seen.last_activity_at), timeout_ms, now) {
        return Move::Expire(at);
    }
    let due = |last: i64| is_due(last, now);
    match (due(seen.last_activity_at), seen.contact_activity_at.is_none_or(due)) {
        (false, false) => Move::Nothing,
        (session, contact) => Move::To { session, contact },
    }
}

async fn look(db: &mut SqliteConnection, id: i64) -> Result<Option<(Seen, i64)>, SchoolError> {
    let seen: Option<Seen> = sqlx::query_as(
        "SELECT session.contact_id, session.device_id, session.last_activity_at, session.ended_at,
                session.end_reason, contact.last_activity_at AS contact_activity_at
         FROM session
         JOIN contact ON contact.id = session.contact_id
         WHERE session.id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *db)
    .await?;
    let timeout_ms = sessions::timeout_ms(&settings::read(db).await?);
    Ok(seen.map(|seen| (seen, timeout_ms)))
}

async fn answer(db: &mut SqliteConnection, id: i64) -> Result<Option<Alive>, SchoolError> {
    Ok(look(db, id).await?.map(|(seen, _)| Alive {
        active: seen.ended_at.is_none(),
        end_reason: seen.end_reason,
        last_activity_at: Time(seen.last_activity_at),
    }))
}

/// The student did something; `None` where there is no such session.
pub(crate) async fn activity(school: &School, id: i64) -> Result<Option<Alive>, SchoolError> {
    {
        // Most calls come within the 30 seconds and need no turn to write.
        let mut db = school.pool().acquire().await?;
        let Some((seen, timeout_ms)) = look(&mut db, id).await? else { return Ok(None) };
        if to_move(&seen, timeout_ms, school.clock().now()) == Move::Nothing {
            return answer(&mut db, id).await;
        }
    }
    let mut write = Write::begin(school).await?;
    // Read in its turn: what others did while this waited was before.
    let now = school.clock().now();
    let Some((seen, timeout_ms)) = look(write.db(), id).await? else { return Ok(None) };
    match to_move(&seen, timeout_ms, now) {
        Move::Nothing => {}
        Move::Expire(at) => sessions::end(&mut write, id, at, EndReason::Expired).await?,
        Move::To { session, contact } => {
            if session {
                move_session(&mut write, id, seen.device_id, now).await?;
            }
            if contact {
                let rev = write.next_rev();
                sqlx::query("UPDATE contact SET last_activity_at = $1, rev = $2 WHERE id = $3")
                    .bind(now.ms())
                    .bind(rev)
                    .bind(seen.contact_id)
                    .execute(write.db())
                    .await?;
            }
        }
    }
    let alive = answer(write.db(), id).await?;
    write.commit().await?;
    Ok(alive)
}

/// The session's last activity, and with it when its device was last seen.
async fn move_session(write: &mut Write, id: i64, device_id: Option<i64>, now: Time) -> Result<(), SchoolError> {
    let rev = write.next_rev();
    sqlx::query("UPDATE session SET last_activity_at = $1, rev = $2 WHERE id = $3")
        .bind(now.ms())
        .bind(rev)
        .bind(id)
        .execute(write.db())
        .await?;
    if let Some(device_id) = device_id {
        let rev = write.next_rev();
        sqlx::query(
            "UPDATE device
             SET last_seen_at = CASE WHEN last_seen_at > $1 THEN last_seen_at ELSE $1 END, rev = $2
             WHERE id = $3",
        )
        .bind(now.ms())
        .bind(rev)
        .bind(device_id)
        .execute(write.db())
        .await?;
    }
    Ok(())
}

/// Ends the session; one that has ended stays as it is. `None` where there is no such session.
pub(crate) async fn logout(school: &School, id: i64) -> Result<Option<Alive>, SchoolError> {
    let mut write = Write::begin(school).await?;
    let now = school.clock().now();
    let Some((seen, timeout_ms)) = look(write.db(), id).await? else { return Ok(None) };
    if seen.ended_at.is_none() {
        match sessions::lapsed_at(Time(seen.last_activity_at), timeout_ms, now) {
            Some(at) => sessions::end(&mut write, id, at, EndReason::Expired).await?,
            None => sessions::end(&mut write, id, now, EndReason::Logout).await?,
        }
    }
    let alive = answer(write.db(), id).await?;
    write.commit().await?;
    Ok(alive)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;
    use crate::fixture::one_student;

    #[test]
    fn activity_moves_session_and_contact_at_most_once_in_30_seconds() {
        let seen = |session, contact, ended_at| Seen {
            contact_id: 1,
            device_id: None,
            last_activity_at: session,
            ended_at,
            end_reason: None,
            contact_activity_at: contact,
        };
        let now = Time(1_000_000);
        let timeout = 60_000;
        for (session, contact, ended_at, moved) in [
            (1_000_000, Some(1_000_000), None, Move::Nothing),
            (970_001, Some(970_001), None, Move::Nothing),
            (970_000, Some(970_000), None, Move::To { session: true, contact: true }),
            (960_000, Some(999_000), None, Move::To { session: true, contact: false }),
            (999_000, None, None, Move::To { session: false, contact: true }),
            (940_001, Some(940_001), None, Move::To { session: true, contact: true }),
            (940_000, Some(999_000), None, Move::Expire(now)),
            (900_000, Some(900_000), None, Move::Expire(Time(960_000))),
            (900_000, Some(900_000), Some(950_000), Move::Nothing),
        ] {
            assert_eq!(to_move(&seen(session, contact, ended_at), timeout, now), moved, "{session} {contact:?}");
        }
    }

    #[tokio::test]
    async fn an_activity_and_a_logout_are_of_the_time_when_their_turn_has_come() {
        let student = one_student().await;
        let (school, id) = (&student.school, student.session_id);
        student.clock.advance_ms(MOVE_EVERY_MS);
        let turn = school.turn().await;
        let mut moving = pin!(activity(school, id));
        assert!(futures_util::poll!(moving.as_mut()).is_pending());
        student.clock.advance_ms(60_000);
        drop(turn);
        let alive = moving.await.expect("an answer").expect("a session");
        assert_eq!(alive.last_activity_at, student.clock.now());

        let turn = school.turn().await;
        let mut leaving = pin!(logout(school, id));
        assert!(futures_util::poll!(leaving.as_mut()).is_pending());
        student.clock.advance_ms(60_000);
        drop(turn);
        leaving.await.expect("an answer").expect("a session");
        let ended_at: i64 = sqlx::query_scalar("SELECT ended_at FROM session WHERE id = $1")
            .bind(id)
            .fetch_one(school.pool())
            .await
            .expect("a session that ended");
        assert_eq!(Time(ended_at), student.clock.now());
    }
}
