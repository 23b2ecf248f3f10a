//! API tokens: made once, shown once, kept as hashes.

use std::{fmt, str::FromStr};

use hallmonitor_wire::Time;
use serde::{Serialize, Serializer};
use subtle::ConstantTimeEq;

use crate::{
    School, SchoolError, secret,
    write::{Numbered, Write},
};

/// Which of the two APIs a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The School server API, what the desktop app speaks to.
    Admin,
    /// The Site API, what the school's website calls.
    Site,
}

impl Scope {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Site => "site",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is admin or site")]
pub struct NoScope;

impl FromStr for Scope {
    type Err = NoScope;

    fn from_str(word: &str) -> Result<Self, NoScope> {
        match word {
            "admin" => Ok(Self::Admin),
            "site" => Ok(Self::Site),
            _ => Err(NoScope),
        }
    }
}

/// A token's text; it is printed as `***` unless asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText(String);

impl TokenText {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for TokenText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for TokenText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A token just made: the one time that its text is known.
#[derive(Clone, Debug, Serialize)]
pub struct NewToken {
    /// What `token revoke` takes.
    pub id: i64,
    /// What the header `Token` must say: 256 random bits.
    pub token: TokenText,
    /// What the header `Cabinet-Hash` must say.
    pub cabinet_hash: String,
    /// Which API it opens.
    pub scope: Scope,
    /// The `by` of what it changes.
    pub name: String,
}

/// A token as it is listed.
#[derive(Clone, Debug, Serialize)]
pub struct ListedToken {
    /// What `token revoke` takes.
    pub id: i64,
    /// The `by` of what it changes.
    pub name: String,
    /// `admin` or `site`.
    pub scope: String,
    /// When it was made.
    pub created_at: Time,
    /// When it stopped working.
    pub revoked_at: Option<Time>,
}

/// Who makes a call: the token it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) token_id: i64,
    pub(crate) name: String,
    pub(crate) scope: Scope,
}

#[derive(sqlx::FromRow)]
struct Candidate {
    id: i64,
    name: String,
    scope: String,
    hash: String,
    cabinet_hash: String,
}

const LOOKUP: usize = 16;

impl School {
    /// Makes a token; without a name it is called after its scope.
    ///
    /// # Errors
    /// Where the name is empty or the database fails.
    pub async fn create_token(&self, scope: Scope, name: Option<&str>) -> Result<NewToken, SchoolError> {
        let name = name.unwrap_or(scope.as_str()).trim().to_owned();
        if name.is_empty() {
            return Err(SchoolError::EmptyName);
        }
        let token = TokenText(format!("hm_{}", secret::base64url(&secret::random::<32>())));
        let hash = secret::sha256_hex(token.0.as_bytes());
        let mut write = Write::begin(self).await?;
        let id = write.next_id(Numbered::Token);
        sqlx::query(
            "INSERT INTO token (id, name, scope, lookup, hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id)
        .bind(&name)
        .bind(scope.as_str())
        .bind(&hash[..LOOKUP])
        .bind(&hash)
        .bind(self.clock().now().ms())
        .execute(write.db())
        .await?;
        let cabinet_hash = sqlx::query_scalar("SELECT hash FROM cabinet WHERE id = 1").fetch_one(write.db()).await?;
        write.commit().await?;
        Ok(NewToken { id, token, cabinet_hash, scope, name })
    }

    /// All tokens, revoked ones too, in the order in which they were made.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tokens(&self) -> Result<Vec<ListedToken>, SchoolError> {
        let rows: Vec<(i64, String, String, i64, Option<i64>)> = sqlx::query_as(
            "SELECT id, name, scope, created_at, revoked_at
             FROM token
             ORDER BY id",
        )
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, scope, created_at, revoked_at)| ListedToken {
                id,
                name,
                scope,
                created_at: Time(created_at),
                revoked_at: revoked_at.map(Time),
            })
            .collect())
    }

    /// Ends a token at once; one that has ended stays as it is.
    ///
    /// # Errors
    /// Where there is no such token or the database fails.
    pub async fn revoke_token(&self, id: i64) -> Result<(), SchoolError> {
        let mut write = Write::begin(self).await?;
        let found = sqlx::query(
            "UPDATE token
             SET revoked_at = COALESCE(revoked_at, $1)
             WHERE id = $2",
        )
        .bind(self.clock().now().ms())
        .bind(id)
        .execute(write.db())
        .await?
        .rows_affected();
        if found == 0 {
            return Err(SchoolError::NoToken(id));
        }
        write.commit().await
    }

    /// Who the headers of a call speak for; `None` where token or cabinet is not ours. The database is asked each
    /// time, so that a token revoked beside a running server stops at once.
    pub(crate) async fn caller(&self, token: &[u8], cabinet_hash: &[u8]) -> Result<Option<Caller>, SchoolError> {
        let hash = secret::sha256_hex(token);
        let candidates: Vec<Candidate> = sqlx::query_as(
            "SELECT token.id, token.name, token.scope, token.hash, cabinet.hash AS cabinet_hash
             FROM token
             JOIN cabinet ON cabinet.id = 1
             WHERE token.lookup = $1
             AND token.revoked_at IS NULL",
        )
        .bind(&hash[..LOOKUP])
        .fetch_all(self.pool())
        .await?;
        Ok(candidates.into_iter().find_map(|candidate| {
            let same = candidate.hash.as_bytes().ct_eq(hash.as_bytes())
                & candidate.cabinet_hash.as_bytes().ct_eq(cabinet_hash);
            let scope = candidate.scope.parse().ok()?;
            bool::from(same).then_some(Caller { token_id: candidate.id, name: candidate.name, scope })
        }))
    }

    /// Whether the token with this id still opens anything.
    pub(crate) async fn token_lives(&self, id: i64) -> Result<bool, SchoolError> {
        let alive: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM token WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .fetch_one(self.pool())
            .await?;
        Ok(alive == 1)
    }
}
