//! Where the keys and tokens are: in the operating system's keyring, or nowhere but in the person's head.
//!
//! Each profile remembers which of the two holds its key ([`Lock`], a part of the profile's file, which is no secret)
//! and a check value that tells a wrong key from a damaged cache. Secrets have types of their own that never print and
//! are wiped from memory when they go.

mod keyring;
mod lock;
mod passphrase;
mod secret;

pub use keyring::{forget, keep_token, token};
pub use lock::{Lock, Stretching};
pub use secret::{BadSecret, CabinetHash, CacheKey, Canary, Passphrase, Token};

/// Why a secret could not be had, made or kept.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The passphrase does not fit.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// The profile is in passphrase mode and none was given.
    #[error("this school's data is locked with a passphrase, and none was given")]
    PassphraseNeeded,
    /// There is no keyring on this machine, or it does not run.
    #[error("this computer offers no keyring to keep the key in: {}", cause(.source))]
    KeyringAbsent {
        /// The cause.
        source: ::keyring::Error,
    },
    /// The keyring is locked and was not unlocked, or the person has never made one.
    #[error("the keyring is locked, or there is none yet to keep anything in: {}", cause(.source))]
    KeyringLocked {
        /// The cause.
        source: ::keyring::Error,
    },
    /// The keyring did not answer in time, most likely because it asks the person something.
    #[error("the keyring did not answer within {seconds} seconds; it may be waiting for its password")]
    KeyringSilent {
        /// How long was waited.
        seconds: u64,
    },
    /// The keyring is there and open, and the key is not in it.
    #[error("the key of this school's data is no longer in the keyring")]
    KeyLost,
    /// The keyring holds a key for this profile, but another one than the cache was made with.
    #[error("the keyring holds a key that does not fit this school's data")]
    WrongKey,
    /// The keyring failed in another way.
    #[error("the keyring failed: {}", cause(.source))]
    Keyring {
        /// The cause.
        source: ::keyring::Error,
    },
    /// What the profile says of its lock has no meaning.
    #[error("the profile's lock is damaged: {0}")]
    BadLock(&'static str),
    /// The passphrase could not be stretched to a key, most likely for want of memory.
    #[error("the passphrase could not be turned into a key: {0}")]
    Stretching(argon2::Error),
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    Random(#[source] rand::rand_core::OsError),
    /// No thread could be started.
    #[error("no thread could be started to ask the keyring")]
    Thread(#[source] std::io::Error),
}

impl VaultError {
    /// What the person can do, a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::WrongPassphrase => "Type it again; upper and lower case matter.",
            Self::PassphraseNeeded => "Give the passphrase that was chosen when the school was connected.",
            Self::KeyringAbsent { .. } => {
                "Start the desktop's keyring (GNOME Keyring, KWallet) and then the app, or connect the school with a passphrase instead."
            }
            Self::KeyringLocked { .. } => {
                "Unlock the keyring (or make one in the desktop's password settings) and try again."
            }
            Self::KeyringSilent { .. } => "Unlock the keyring and try again.",
            Self::KeyLost | Self::WrongKey => {
                "Restore the keyring from a backup, or erase this school here and connect it again: the server still has all but unsent decisions."
            }
            Self::Keyring { .. } => "Try again; if that does not help, restart the desktop's keyring.",
            Self::BadLock(_) => {
                "Restore the profile's file from a backup, or erase this school here and connect it again."
            }
            Self::Stretching(_) | Self::Random(_) | Self::Thread(_) => "Close other programs and try again.",
        }
    }
}

/// The innermost cause, which says more than the wrappers around it.
fn cause(error: &::keyring::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
