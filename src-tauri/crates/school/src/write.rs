//! The one way to write: a transaction that hands out revisions and ids.
//!
//! Writers take turns, in this process by a lock and across processes by the database's, from the first read to the
//! commit. So revisions become visible in the order in which they are handed out.

use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::{School, SchoolError};

/// The last number handed out of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Numbers {
    rev: i64,
    last_contact_id: i64,
    last_tag_id: i64,
    last_device_id: i64,
    last_session_id: i64,
    last_restriction_id: i64,
    last_token_id: i64,
}

/// What gets ids of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbered {
    Contact,
    Tag,
    Device,
    Session,
    Restriction,
    Token,
}

/// A running write. Dropped without [`Write::commit`], nothing of it happened.
pub(crate) struct Write {
    transaction: Transaction<'static, Sqlite>,
    before: Numbers,
    numbers: Numbers,
    school: School,
    renews: bool,
    _turn: OwnedMutexGuard<()>,
}

impl Write {
    pub(crate) async fn begin(school: &School) -> Result<Self, SchoolError> {
        let turn = school.turn().await;
        let mut transaction = school.pool().begin_with("BEGIN IMMEDIATE").await?;
        let numbers: Numbers = sqlx::query_as(
            "SELECT rev, last_contact_id, last_tag_id, last_device_id, last_session_id, last_restriction_id,
                    last_token_id
             FROM cabinet
             WHERE id = 1",
        )
        .fetch_one(&mut *transaction)
        .await?;
        Ok(Self { transaction, before: numbers, numbers, school: school.clone(), renews: false, _turn: turn })
    }

    pub(crate) fn db(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// The newest revision that anybody can have seen: none of those that this write hands out.
    pub(crate) fn newest_rev(&self) -> i64 {
        self.before.rev
    }

    /// This write gives the cabinet's history a new name.
    pub(crate) fn renews(&mut self) {
        self.renews = true;
    }

    /// The next revision of the cabinet, for one changed row.
    pub(crate) fn next_rev(&mut self) -> i64 {
        self.numbers.rev += 1;
        self.numbers.rev
    }

    pub(crate) fn next_id(&mut self, of: Numbered) -> i64 {
        let last = match of {
            Numbered::Contact => &mut self.numbers.last_contact_id,
            Numbered::Tag => &mut self.numbers.last_tag_id,
            Numbered::Device => &mut self.numbers.last_device_id,
            Numbered::Session => &mut self.numbers.last_session_id,
            Numbered::Restriction => &mut self.numbers.last_restriction_id,
            Numbered::Token => &mut self.numbers.last_token_id,
        };
        *last += 1;
        *last
    }

    /// Makes it so, and wakes those who wait for changes.
    pub(crate) async fn commit(mut self) -> Result<(), SchoolError> {
        if self.numbers != self.before {
            let numbers = self.numbers;
            sqlx::query(
                "UPDATE cabinet
                 SET rev = $1, last_contact_id = $2, last_tag_id = $3, last_device_id = $4, last_session_id = $5,
                     last_restriction_id = $6, last_token_id = $7
                 WHERE id = 1",
            )
            .bind(numbers.rev)
            .bind(numbers.last_contact_id)
            .bind(numbers.last_tag_id)
            .bind(numbers.last_device_id)
            .bind(numbers.last_session_id)
            .bind(numbers.last_restriction_id)
            .bind(numbers.last_token_id)
            .execute(&mut *self.transaction)
            .await?;
        }
        self.transaction.commit().await?;
        if self.renews {
            self.school.note_renewal();
        }
        if self.numbers.rev != self.before.rev {
            self.school.note().write(self.numbers.rev);
            self.school.nudge();
        }
        Ok(())
    }
}
