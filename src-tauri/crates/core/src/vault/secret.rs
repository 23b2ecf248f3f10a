//! Secrets as types: they never print, and are wiped from memory when they go.

use std::fmt;

use hallmonitor_language::Message;
use rand::{TryRngCore, rngs::OsRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::VaultError;
use crate::hex::hex;

/// Why a text is no secret of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// Nothing but blanks.
    Empty(&'static str),
    /// Longer than any real one.
    TooLong {
        /// Which secret.
        what: &'static str,
        /// The limit in bytes.
        longest: usize,
    },
    /// A character that cannot be sent.
    Characters(&'static str),
}

impl BadSecret {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        let (key, what) = match self {
            Self::Empty(what) => ("problem.secret.empty", what),
            Self::TooLong { what, .. } => ("problem.secret.too_long", what),
            Self::Characters(what) => ("problem.secret.characters", what),
        };
        let message = Message::new(key).with("what", word(what));
        match self {
            Self::TooLong { longest, .. } => message.with("longest", *longest),
            Self::Empty(_) | Self::Characters(_) => message,
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        let (Self::Empty(what) | Self::TooLong { what, .. } | Self::Characters(what)) = self;
        Message::new("problem.hint.secret").with("what", word(what))
    }
}

/// A secret's name as the catalogs choose by it: `cabinet_hash`.
pub(crate) fn word(secret: &str) -> String {
    secret.replace(' ', "_")
}

macro_rules! hidden {
    ($($name:ident),+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("***")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("***")
            }
        })+
    };
}

hidden!(Token, CabinetHash, Passphrase, CacheKey);

/// Longest token and longest cabinet hash, in bytes: what a header carries everywhere.
const LONGEST: usize = 4_000;

fn sendable(text: &str, what: &'static str) -> Result<String, BadSecret> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadSecret::Empty(what));
    }
    if text.len() > LONGEST {
        return Err(BadSecret::TooLong { what, longest: LONGEST });
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(BadSecret::Characters(what));
    }
    Ok(text.to_owned())
}

/// The API token: whoever has it can do all that the owner can.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Token(String);

impl Token {
    /// Reads a token that a person pasted; blanks around it are dropped.
    ///
    /// # Errors
    /// Where it is empty, longer than 4,000 bytes, or holds anything but visible ASCII.
    pub fn new(text: &str) -> Result<Self, BadSecret> {
        sendable(text, "token").map(Self)
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Which cabinet (tenant) of the server: no key to anything without the token, and still nobody's business.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct CabinetHash(String);

impl CabinetHash {
    /// Reads a cabinet hash that a person pasted; blanks around it are dropped.
    ///
    /// # Errors
    /// As [`Token::new`].
    pub fn new(text: &str) -> Result<Self, BadSecret> {
        sendable(text, "cabinet hash").map(Self)
    }

    /// The cabinet hash itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What the person typed to lock or open a profile. Blanks and every other character count.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
    /// Takes what the person typed, as it is.
    ///
    /// # Errors
    /// Where it is empty or longer than 4,000 bytes.
    pub fn new(text: String) -> Result<Self, BadSecret> {
        let passphrase = Self(text);
        match passphrase.0.len() {
            0 => Err(BadSecret::Empty("passphrase")),
            1..=LONGEST => Ok(passphrase),
            _ => Err(BadSecret::TooLong { what: "passphrase", longest: LONGEST }),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The 32 bytes that the cache is encrypted with. They stay in one place: what is handed on is the way there, so that no
/// stack keeps a copy.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct CacheKey(Box<[u8; 32]>);

impl CacheKey {
    /// A new random key.
    ///
    /// # Errors
    /// Where the operating system gives no random numbers.
    pub fn random() -> Result<Self, VaultError> {
        Self::made(|bytes| OsRng.try_fill_bytes(bytes).map_err(VaultError::Random))
    }

    /// A key whose bytes are written where they stay.
    pub(super) fn made<E>(write: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self(Box::new([0; 32]));
        write(&mut key.0)?;
        Ok(key)
    }

    /// The key of these bytes; `None` where they are not 32.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Box::new([0; 32]));
        (bytes.len() == key.0.len()).then(|| {
            key.0.copy_from_slice(bytes);
            key
        })
    }

    /// The key itself.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key as 64 hexadecimal digits, which SQLCipher takes.
    pub fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex(self.expose()))
    }

    /// The check value that tells this key from others and does not give it away.
    pub fn canary(&self) -> Canary {
        let digest =
            Sha256::new().chain_update(b"hallmonitor cache key check v1").chain_update(self.expose()).finalize();
        Canary(hex(&digest[..16]))
    }
}

/// The check value of a key: half of a SHA-256 over a fixed text and the key, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Canary(String);

/// Random bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(VaultError::Random)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_print() {
        let token = Token::new("tok_very_secret").expect("token");
        let cabinet = CabinetHash::new("cab_very_secret").expect("cabinet");
        let passphrase = Passphrase::new("very secret".into()).expect("passphrase");
        let key = CacheKey::of(&[0xab; 32]).expect("32 bytes");
        let printed = format!("{token:?} {token} {cabinet:?} {cabinet} {passphrase:?} {passphrase} {key:?} {key}");
        assert_eq!(printed, ["***"; 8].join(" "));
    }

    #[test]
    fn a_pasted_token_is_cleaned_or_refused() {
        assert_eq!(Token::new(" abc\n").expect("token").expose(), "abc");
        for (text, why) in [
            ("", BadSecret::Empty("token")),
            (" \n", BadSecret::Empty("token")),
            ("a b", BadSecret::Characters("token")),
            ("a\r\nX-Evil: 1", BadSecret::Characters("token")),
            ("токен", BadSecret::Characters("token")),
        ] {
            assert_eq!(Token::new(text), Err(why), "{text:?}");
        }
        assert!(matches!(Token::new(&"a".repeat(4_001)), Err(BadSecret::TooLong { .. })));
    }

    #[test]
    fn a_canary_tells_keys_apart_and_stays_the_same() {
        let key = CacheKey::of(&[7; 32]).expect("32 bytes");
        assert_eq!(key.canary(), CacheKey::of(&[7; 32]).expect("32 bytes").canary());
        assert_ne!(key.canary(), CacheKey::of(&[8; 32]).expect("32 bytes").canary());
        assert_ne!(CacheKey::random().expect("random").canary(), CacheKey::random().expect("random").canary());
    }
}
