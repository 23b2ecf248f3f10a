//! The operating system's keyring: Secret Service, Keychain or Credential Manager.
//!
//! Every question goes out on a thread of its own and is bounded in time: a keyring may ask the person for its password
//! and wait for as long as that takes.

use std::{thread, time::Duration};

use keyring::{Entry, Error};
use tokio::{sync::oneshot, time::timeout};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{CacheKey, Token, VaultError};

/// The name that the app's entries stand under.
const SERVICE: &str = "hallmonitor";
/// How long a keyring may take; it is an unlock prompt that takes long.
const PATIENCE: Duration = Duration::from_secs(30);

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
    let Some(secret) = read(Secret::Token, id).await? else { return Ok(None) };
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
    let user = secret.user(id);
    ask(move || match Entry::new(SERVICE, &user)?.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        done => done,
    })
    .await
}

async fn keep(secret: Secret, id: Uuid, bytes: &[u8]) -> Result<(), VaultError> {
    let (user, bytes) = (secret.user(id), Zeroizing::new(bytes.to_vec()));
    ask(move || Entry::new(SERVICE, &user)?.set_secret(&bytes)).await
}

async fn read(secret: Secret, id: Uuid) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let user = secret.user(id);
    ask(move || match Entry::new(SERVICE, &user)?.get_secret() {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

/// Asks the keyring on a thread that nobody waits for longer than [`PATIENCE`]. No task of the runtime: those hold up its
/// end for as long as a prompt stands.
async fn ask<T: Send + 'static>(question: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, VaultError> {
    let (sender, answer) = oneshot::channel();
    thread::Builder::new()
        .name("keyring".into())
        .spawn(move || {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(available().and_then(|()| question().map_err(judge)));
        })
        .map_err(VaultError::Thread)?;
    match timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) => answer,
        // A thread that ended without an answer panicked inside the keyring's library.
        Ok(Err(_)) => Err(VaultError::Keyring { source: Error::NoDefaultStore }),
        Err(_) => Err(VaultError::KeyringSilent { seconds: PATIENCE.as_secs() }),
    }
}

/// Whether there is a keyring at all.
fn available() -> Result<(), VaultError> {
    match Entry::store_status() {
        Ok(()) => Ok(()),
        Err(Error::PlatformFailure(cause)) => {
            Err(VaultError::KeyringAbsent { source: Error::PlatformFailure(cause.to_string().into()) })
        }
        Err(_) => Err(VaultError::KeyringAbsent { source: Error::NoDefaultStore }),
    }
}

fn judge(source: Error) -> VaultError {
    match source {
        Error::NoStorageAccess(_) => VaultError::KeyringLocked { source },
        Error::NoDefaultStore => VaultError::KeyringAbsent { source },
        source => VaultError::Keyring { source },
    }
}
