//! Where the keys and tokens are: in the operating system's keyring, or nowhere but in the person's head.
//!
//! Each profile remembers which of the two holds its key ([`Lock`], a part of the profile's file, which is no secret)
//! and a check value that tells a wrong key from a damaged cache. Secrets have types of their own that never print and
//! are wiped from memory when they go.

mod dumps;
mod keyring;
mod lock;
mod passphrase;
mod recovery;
mod secret;

pub use dumps::keep_out_of_dumps;
pub use keyring::{forget, forget_token, keep_token, token};
pub use lock::Lock;
pub use passphrase::Stretching;
pub use recovery::Sealed;
pub(crate) use secret::word;
pub use secret::{BadSecret, CabinetHash, CacheKey, Canary, Passphrase, Token};

use hallmonitor_language::Message;

use crate::trouble::clause;

/// Why a secret could not be had, made or kept.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The passphrase does not fit.
    WrongPassphrase,
    /// The profile is in passphrase mode and none was given.
    PassphraseNeeded,
    /// There is no keyring on this machine, or it does not run.
    KeyringAbsent {
        /// The cause.
        source: ::keyring::Error,
    },
    /// The keyring is locked and was not unlocked, or the person has never made one.
    KeyringLocked {
        /// The cause.
        source: ::keyring::Error,
    },
    /// The keyring did not answer in time, most likely because it asks the person something.
    KeyringSilent {
        /// How long was waited.
        seconds: u64,
    },
    /// The keyring is there and open, and the key is not in it.
    KeyLost,
    /// The keyring holds a key for this profile, but another one than the cache was made with.
    WrongKey,
    /// The keyring failed in another way.
    Keyring {
        /// The cause.
        source: ::keyring::Error,
    },
    /// What the profile says of its lock has no meaning.
    BadLock(&'static str),
    /// The passphrase could not be stretched to a key, most likely for want of memory.
    Stretching(argon2::Error),
    /// The operating system gave no random numbers.
    Random(#[source] rand::rand_core::OsError),
    /// No thread could be started.
    Thread(#[source] std::io::Error),
}

impl VaultError {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::WrongPassphrase => Message::new("problem.vault.wrong_passphrase"),
            Self::PassphraseNeeded => Message::new("problem.vault.passphrase_needed"),
            // What libraries and buses call it says nothing to a person.
            Self::KeyringAbsent { .. } => Message::new("problem.vault.keyring_absent"),
            Self::KeyringLocked { .. } => Message::new("problem.vault.keyring_locked"),
            Self::KeyringSilent { seconds } => Message::new("problem.vault.keyring_silent").with("seconds", *seconds),
            Self::KeyLost => Message::new("problem.vault.key_lost"),
            Self::WrongKey => Message::new("problem.vault.wrong_key"),
            Self::Keyring { source } => Message::new("problem.vault.keyring").with("reason", cause(source)),
            Self::BadLock(reason) => Message::new("problem.vault.bad_lock").with("reason", *reason),
            Self::Stretching(error) => Message::new("problem.vault.stretching").with("reason", clause(error)),
            Self::Random(_) => Message::new("problem.vault.random"),
            Self::Thread(_) => Message::new("problem.vault.thread"),
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::WrongPassphrase => "problem.hint.type_again",
            Self::PassphraseNeeded => "problem.hint.give_passphrase",
            Self::KeyringAbsent { .. } => "problem.hint.start_keyring",
            Self::KeyringLocked { .. } => "problem.hint.make_keyring",
            Self::KeyringSilent { .. } => "problem.hint.unlock_keyring",
            Self::KeyLost | Self::WrongKey => "problem.hint.restore_keyring",
            Self::Keyring { .. } => "problem.hint.restart_keyring",
            Self::BadLock(_) => "problem.hint.restore_lock",
            Self::Stretching(_) | Self::Random(_) | Self::Thread(_) => "problem.hint.close_programs",
        })
    }
}

/// The innermost cause, which says more than the wrappers around it.
fn cause(error: &::keyring::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    clause(innermost)
}
