//! The operating system's keyring: Secret Service, Keychain or Credential Manager.
//!
//! Every question goes out on a thread of its own and is bounded in time: a keyring may ask the person for its password
//! and wait for as long as that takes.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

#[cfg(not(target_os = "linux"))]
use keyring::Entry;
use keyring::Error;
#[cfg(target_os = "linux")]
use keyring_core::{Entry, api::CredentialStoreApi as _};
use tokio::{sync::oneshot, time::timeout};
use uuid::Uuid;
#[cfg(target_os = "linux")]
use zbus_secret_service_keyring_store::Store;
use zeroize::Zeroizing;

use super::{CacheKey, Token, VaultError};

/// The name that the app's entries stand under.
const SERVICE: &str = "hallmonitor";
/// How long a keyring may take; it is an unlock prompt that takes long.
const PATIENCE: Duration = Duration::from_secs(30);

/// After so long a token is asked for once more that the keyring did not give.
const ASKED_AGAIN: Duration = Duration::from_secs(600);

/// The two secrets of a profile.
#[derive(Clone, Copy)]
enum Secret {
    CacheKey,
    Token,
}

impl Secret {
    fn user(self, id: Uuid) -> String {
        match self {
            Self::CacheKey => format!("cache-key:{id}"),
            Self::Token => format!("token:{id}"),
        }
    }
}

pub(super) async fn keep_key(id: Uuid, key: &CacheKey) -> Result<(), VaultError> {
    keep(Secret::CacheKey, id, key.expose()).await
}

pub(super) async fn key(id: Uuid) -> Result<Option<CacheKey>, VaultError> {
    let Some(secret) = read(Secret::CacheKey, id).await? else { return Ok(None) };
    CacheKey::of(&secret).map(Some).ok_or(VaultError::WrongKey)
}

/// Keeps the token of the profile `id`, in place of an earlier one.
///
/// # Errors
/// Where the keyring is absent, locked, silent or fails.
pub async fn keep_token(id: Uuid, token: &Token) -> Result<(), VaultError> {
    keep(Secret::Token, id, token.expose().as_bytes()).await
}

/// The token of the profile `id`; `None` where the keyring has none (any more), or one that cannot be a token.
///
/// # Errors
/// Where the keyring is absent, locked, silent or fails.
pub async fn token(id: Uuid) -> Result<Option<Token>, VaultError> {
    if !SILENT.may_ask(id, Instant::now()) {
        return Err(VaultError::KeyringSilent { seconds: PATIENCE.as_secs() });
    }
    let read = read(Secret::Token, id).await;
    SILENT.note(id, matches!(read, Err(VaultError::KeyringSilent { .. })).then(Instant::now));
    let Some(secret) = read? else { return Ok(None) };
    Ok(std::str::from_utf8(&secret).ok().and_then(|text| Token::new(text).ok()))
}

/// Removes key and token of the profile `id`; that they are not there is no error.
///
/// # Errors
/// Where the keyring is absent, locked, silent or fails.
pub async fn forget(id: Uuid) -> Result<(), VaultError> {
    remove(Secret::CacheKey, id).await?;
    remove(Secret::Token, id).await
}

/// Removes the token of the profile `id`; that it is not there is no error.
///
/// # Errors
/// Where the keyring is absent, locked, silent or fails.
pub async fn forget_token(id: Uuid) -> Result<(), VaultError> {
    remove(Secret::Token, id).await
}

async fn remove(secret: Secret, id: Uuid) -> Result<(), VaultError> {
    ask(secret, id, |entry| match entry.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        done => done,
    })
    .await
}

async fn keep(secret: Secret, id: Uuid, bytes: &[u8]) -> Result<(), VaultError> {
    let bytes = Zeroizing::new(bytes.to_vec());
    ask(secret, id, move |entry| entry.set_secret(&bytes)).await
}

async fn read(secret: Secret, id: Uuid) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    ask(secret, id, |entry| match entry.get_secret() {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

/// Asks the keyring on a thread that nobody waits for longer than [`PATIENCE`]. No task of the runtime: those hold up its
/// end for as long as a prompt stands.
async fn ask<T: Send + 'static>(
    secret: Secret,
    id: Uuid,
    question: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, VaultError> {
    let (sender, answer) = oneshot::channel();
    thread::Builder::new()
        .name("keyring".into())
        .spawn(move || {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(entry(&secret.user(id)).and_then(|entry| question(entry).map_err(judge)));
        })
        .map_err(VaultError::Thread)?;
    match timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) => answer,
        // A thread that ended without an answer panicked inside the keyring's library.
        Ok(Err(_)) => Err(VaultError::Keyring { source: Error::NoDefaultStore }),
        Err(_) => Err(VaultError::KeyringSilent { seconds: PATIENCE.as_secs() }),
    }
}

/// The profiles whose token the keyring has not given in time, and since when.
///
/// The prompt that it shows instead still stands, as do a thread and a connection: every turn of a sync asks for the
/// token, and after a night there would be hundreds. A person who opens a school asks for its key, at once each time.
#[derive(Debug)]
struct Silent(Mutex<BTreeMap<Uuid, Instant>>);

static SILENT: Silent = Silent(Mutex::new(BTreeMap::new()));

impl Silent {
    /// Whether the token may be asked for: not while the last question is likely to wait still. In the end another one
    /// is made, since a keyring that has begun anew never answers those from before.
    fn may_ask(&self, id: Uuid, now: Instant) -> bool {
        self.all().get(&id).is_none_or(|since| now.duration_since(*since) >= ASKED_AGAIN)
    }

    /// Takes note of how the last question ended.
    fn note(&self, id: Uuid, silent_since: Option<Instant>) {
        match silent_since {
            Some(since) => self.all().insert(id, since),
            None => self.all().remove(&id),
        };
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Uuid, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry, in a store that is opened for this question alone: the keyring's program may come later than this one, or
/// begin anew, and then it knows nothing of a store that was opened before.
#[cfg(target_os = "linux")]
fn entry(user: &str) -> Result<Entry, VaultError> {
    let store = Store::new().map_err(absent)?;
    store.build(SERVICE, user, None).map_err(judge)
}

/// An entry in the keyring of the system, which is always there.
#[cfg(not(target_os = "linux"))]
fn entry(user: &str) -> Result<Entry, VaultError> {
    match Entry::store_status() {
        Ok(()) => Entry::new(SERVICE, user).map_err(judge),
        Err(Error::PlatformFailure(cause)) => Err(absent(Error::PlatformFailure(cause.to_string().into()))),
        Err(_) => Err(absent(Error::NoDefaultStore)),
    }
}

/// There is no keyring at all.
fn absent(source: Error) -> VaultError {
    VaultError::KeyringAbsent { source }
}

fn judge(source: Error) -> VaultError {
    match source {
        Error::NoStorageAccess(_) => VaultError::KeyringLocked { source },
        Error::NoDefaultStore => VaultError::KeyringAbsent { source },
        source => VaultError::Keyring { source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_a_prompt_stands_that_nobody_answers_the_token_is_hardly_asked_for() {
        let (silent, now) = (Silent(Mutex::default()), Instant::now());
        let (id, another) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(silent.may_ask(id, now));
        silent.note(id, Some(now));
        assert!(!silent.may_ask(id, now) && !silent.may_ask(id, now + ASKED_AGAIN / 2));
        assert!(silent.may_ask(another, now) && silent.may_ask(id, now + ASKED_AGAIN));
        silent.note(id, None);
        assert!(silent.may_ask(id, now), "it has answered");
    }
}
