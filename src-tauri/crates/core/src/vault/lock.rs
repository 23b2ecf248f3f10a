//! What a profile remembers of its key: which store holds it, and how to tell the right one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::passphrase::Stretching;
use super::{CacheKey, Canary, Passphrase, VaultError, keyring};

/// Where a profile's key is. A part of the profile's file; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Lock {
    /// In the operating system's keyring, and the token beside it.
    Keyring {
        /// Names the profile's entries there.
        id: Uuid,
        /// Tells the right key.
        canary: Canary,
    },
    /// In nobody's hands: it follows from the passphrase. The token is inside the encrypted cache.
    Passphrase {
        /// How it follows.
        stretching: Stretching,
        /// Tells the right key.
        canary: Canary,
    },
}

impl Lock {
    /// Makes a key and keeps it in the keyring under the profile's `id`.
    ///
    /// # Errors
    /// Where the keyring is absent, locked, silent or fails.
    pub async fn with_keyring(id: Uuid) -> Result<(Self, CacheKey), VaultError> {
        let key = CacheKey::random()?;
        keyring::keep_key(id, &key).await?;
        Ok((Self::Keyring { id, canary: key.canary() }, key))
    }

    /// Makes a key from a passphrase. Takes a good part of a second, on a thread of its own.
    ///
    /// # Errors
    /// Where memory or random numbers are short.
    pub async fn with_passphrase(passphrase: Passphrase) -> Result<(Self, CacheKey), VaultError> {
        let stretching = Stretching::new()?;
        let key = stretch(stretching.clone(), passphrase).await?;
        Ok((Self::Passphrase { stretching, canary: key.canary() }, key))
    }

    /// Whether [`Lock::open`] wants a passphrase.
    pub fn wants_passphrase(&self) -> bool {
        matches!(self, Self::Passphrase { .. })
    }

    /// The profile's id in the keyring; `None` in passphrase mode.
    pub fn keyring_id(&self) -> Option<Uuid> {
        match self {
            Self::Keyring { id, .. } => Some(*id),
            Self::Passphrase { .. } => None,
        }
    }

    /// Gets the key. A passphrase is not looked at in keyring mode.
    ///
    /// # Errors
    /// Where the passphrase is missing or wrong, the keyring can't be asked, or it has lost the key.
    pub async fn open(&self, passphrase: Option<Passphrase>) -> Result<CacheKey, VaultError> {
        match self {
            Self::Keyring { id, canary } => {
                let key = keyring::key(*id).await?.ok_or(VaultError::KeyLost)?;
                if key.canary() == *canary { Ok(key) } else { Err(VaultError::WrongKey) }
            }
            Self::Passphrase { stretching, canary } => {
                let passphrase = passphrase.ok_or(VaultError::PassphraseNeeded)?;
                let key = stretch(stretching.clone(), passphrase).await?;
                if key.canary() == *canary { Ok(key) } else { Err(VaultError::WrongPassphrase) }
            }
        }
    }
}

async fn stretch(stretching: Stretching, passphrase: Passphrase) -> Result<CacheKey, VaultError> {
    match tokio::task::spawn_blocking(move || stretching.stretch(&passphrase)).await {
        Ok(key) => key,
        // The task is never aborted, so it can only have panicked.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.into()).expect("passphrase")
    }

    #[tokio::test]
    async fn a_passphrase_opens_what_it_locked_and_a_wrong_one_is_told() {
        let (lock, key) = Lock::with_passphrase(passphrase("пароль 1")).await.expect("locked");
        let text = serde_json::to_string(&lock).expect("written");
        assert!(text.contains(r#""mode":"passphrase""#), "{text}");
        assert!(!text.contains(key.hex().as_str()), "the key is in the profile");
        let lock: Lock = serde_json::from_str(&text).expect("read");
        assert!(lock.wants_passphrase());
        assert_eq!(lock.open(Some(passphrase("пароль 1"))).await.expect("opened"), key);
        assert!(matches!(lock.open(Some(passphrase("пароль 2"))).await, Err(VaultError::WrongPassphrase)));
        assert!(matches!(lock.open(None).await, Err(VaultError::PassphraseNeeded)));
    }
}
