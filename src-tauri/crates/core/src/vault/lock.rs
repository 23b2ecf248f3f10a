//! What a profile remembers of its key: which store holds it, and how to tell the right one.

use std::thread;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{CacheKey, Canary, Passphrase, Sealed, VaultError, keyring};

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
        /// The key once more, for the day when the keyring has lost it; where the person chose a passphrase for that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recovery: Option<Sealed>,
    },
    /// In nobody's hands: sealed with the passphrase. The token is inside the encrypted cache.
    ///
    /// The key is random and does not follow from the passphrase: another passphrase can then take the place of this one,
    /// and what opened the profile before opens it no longer. The key stays the same: whoever has a copy of the profile's
    /// file from before, and the passphrase of then, has it.
    Passphrase {
        /// The key.
        sealed: Sealed,
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
        Ok((Self::Keyring { id, canary: key.canary(), recovery: None }, key))
    }

    /// Makes a key and seals it with a passphrase. Takes a good part of a second, on a thread of its own.
    ///
    /// # Errors
    /// Where memory or random numbers are short.
    pub async fn with_passphrase(passphrase: Passphrase) -> Result<(Self, CacheKey), VaultError> {
        let key = CacheKey::random()?;
        let sealed = seal(key.clone(), passphrase).await?;
        Ok((Self::Passphrase { sealed, canary: key.canary() }, key))
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

    /// Whether a passphrase opens it where the keyring does not.
    pub fn has_recovery(&self) -> bool {
        matches!(self, Self::Keyring { recovery: Some(_), .. })
    }

    /// Gets the key. In keyring mode a passphrase counts where a recovery one was chosen; then the keyring is not asked.
    ///
    /// # Errors
    /// Where the passphrase is missing or wrong, the keyring can't be asked, or it has lost the key.
    pub async fn open(&self, passphrase: Option<Passphrase>) -> Result<CacheKey, VaultError> {
        match self {
            Self::Keyring { id, canary, recovery } => match (recovery, passphrase) {
                (Some(sealed), Some(passphrase)) => fitting(unseal(sealed.clone(), passphrase).await?, canary),
                _ => fitting(keyring::key(*id).await?.ok_or(VaultError::KeyLost)?, canary),
            },
            Self::Passphrase { sealed, canary } => {
                let passphrase = passphrase.ok_or(VaultError::PassphraseNeeded)?;
                fitting(unseal(sealed.clone(), passphrase).await?, canary)
            }
        }
    }

    /// The same lock with another passphrase: the recovery one in keyring mode, else the only one. `None` takes the
    /// recovery away.
    ///
    /// # Errors
    /// [`VaultError::PassphraseNeeded`] for `None` in passphrase mode; where memory or random numbers are short.
    pub(crate) async fn resealed(&self, key: CacheKey, passphrase: Option<Passphrase>) -> Result<Self, VaultError> {
        let sealed = match passphrase {
            Some(passphrase) => Some(seal(key, passphrase).await?),
            None => None,
        };
        Ok(match (self.clone(), sealed) {
            (Self::Keyring { id, canary, .. }, recovery) => Self::Keyring { id, canary, recovery },
            (Self::Passphrase { canary, .. }, Some(sealed)) => Self::Passphrase { sealed, canary },
            (Self::Passphrase { .. }, None) => return Err(VaultError::PassphraseNeeded),
        })
    }

    /// Whether the keyring answers, and has not the right key.
    pub(crate) async fn lost_by_keyring(&self) -> bool {
        match self {
            Self::Keyring { id, canary, .. } => match keyring::key(*id).await {
                Ok(kept) => kept.is_none_or(|key| key.canary() != *canary),
                Err(error) => matches!(error, VaultError::WrongKey),
            },
            Self::Passphrase { .. } => false,
        }
    }

    /// Puts the key into the keyring (again), where it is the right one.
    ///
    /// # Errors
    /// Where the keyring is absent, locked, silent or fails; [`VaultError::WrongKey`].
    pub(crate) async fn put_back(&self, key: &CacheKey) -> Result<(), VaultError> {
        match self {
            Self::Keyring { id, canary, .. } if key.canary() == *canary => keyring::keep_key(*id, key).await,
            Self::Keyring { .. } => Err(VaultError::WrongKey),
            Self::Passphrase { .. } => Ok(()),
        }
    }
}

fn fitting(key: CacheKey, canary: &Canary) -> Result<CacheKey, VaultError> {
    if key.canary() == *canary { Ok(key) } else { Err(VaultError::WrongKey) }
}

async fn unseal(sealed: Sealed, passphrase: Passphrase) -> Result<CacheKey, VaultError> {
    on_its_own_thread(move || sealed.open(&passphrase)).await
}

async fn seal(key: CacheKey, passphrase: Passphrase) -> Result<Sealed, VaultError> {
    on_its_own_thread(move || Sealed::seal(&key, &passphrase)).await
}

async fn on_its_own_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    // No thread of the pool: its stack would keep what the work left there for as long as the program runs. The end of
    // a thread gives its stack back to the system.
    let (sender, done) = oneshot::channel();
    let thread = thread::Builder::new().name("vault".into()).spawn(move || {
        // Whoever asked may have stopped waiting.
        let _ = sender.send(work());
    });
    let thread = thread.map_err(VaultError::Thread)?;
    match done.await {
        Ok(done) => done,
        // A thread that ended without an answer panicked.
        Err(_) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("it answers before it ends"),
        },
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

    #[tokio::test]
    async fn a_changed_passphrase_opens_the_same_data_and_the_old_one_does_not() {
        let (lock, key) = Lock::with_passphrase(passphrase("old")).await.expect("locked");
        let lock = lock.resealed(key.clone(), Some(passphrase("new"))).await.expect("changed");
        let text = serde_json::to_string(&lock).expect("written");
        let lock: Lock = serde_json::from_str(&text).expect("read");
        assert_eq!(lock.open(Some(passphrase("new"))).await.expect("opened"), key);
        assert!(matches!(lock.open(Some(passphrase("old"))).await, Err(VaultError::WrongPassphrase)));
        // Nor does any part of the profile, whatever is taken out of it.
        let whole: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for field in whole.as_object().expect("an object").keys() {
            let mut less = whole.clone();
            less.as_object_mut().expect("an object").remove(field);
            let Ok(lock) = serde_json::from_value::<Lock>(less) else { continue };
            assert!(lock.open(Some(passphrase("old"))).await.is_err(), "without {field}");
        }
        assert!(matches!(lock.resealed(key, None).await, Err(VaultError::PassphraseNeeded)));
    }
}
