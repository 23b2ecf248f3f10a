//! From a passphrase to a key: Argon2id, slow and hungry on purpose.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use super::{CacheKey, Passphrase, VaultError, secret::random};
use crate::hex::{hex, unhex};

/// How a passphrase becomes a key (Argon2id, version 1.3). Kept in the profile, so that the numbers can grow with the
/// years and old profiles still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretching {
    /// Memory in KiB, 8 MiB to 1 GiB.
    pub memory_kib: u32,
    /// Passes over it, 1 to 10.
    pub passes: u32,
    /// Lanes, 1 to 4.
    pub lanes: u32,
    /// 16 to 64 random bytes in hexadecimal digits.
    pub salt: String,
}

impl Stretching {
    /// The numbers for a new profile: RFC 9106's second recommendation (64 MiB, 3 passes) with one lane, since the
    /// library works on one thread.
    ///
    /// # Errors
    /// Where the operating system gives no random numbers.
    pub(super) fn new() -> Result<Self, VaultError> {
        Ok(Self { memory_kib: 64 << 10, passes: 3, lanes: 1, salt: hex(&random::<16>()?) })
    }

    /// The salt, where all the numbers are such as could have been chosen on purpose: a damaged or forged profile must
    /// neither eat all memory nor make the key cheap to guess.
    fn checked(&self) -> Result<Vec<u8>, VaultError> {
        if !(8 << 10..=1 << 20).contains(&self.memory_kib) {
            return Err(VaultError::BadLock("its memory is not between 8 MiB and 1 GiB"));
        }
        if !(1..=10).contains(&self.passes) {
            return Err(VaultError::BadLock("its passes are not between 1 and 10"));
        }
        if !(1..=4).contains(&self.lanes) {
            return Err(VaultError::BadLock("its lanes are not between 1 and 4"));
        }
        match unhex(&self.salt) {
            Some(salt) if (16..=64).contains(&salt.len()) => Ok(salt),
            _ => Err(VaultError::BadLock("its salt is not 16 to 64 bytes in hexadecimal digits")),
        }
    }

    /// Derives the key; takes a good part of a second, so never on an async thread.
    ///
    /// # Errors
    /// Where the numbers are out of bounds or memory is short.
    pub(super) fn stretch(&self, passphrase: &Passphrase) -> Result<CacheKey, VaultError> {
        let salt = self.checked()?;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(VaultError::Stretching)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        CacheKey::made(|key| argon2.hash_password_into(passphrase.bytes(), &salt, key).map_err(VaultError::Stretching))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(memory_kib: u32, passes: u32, lanes: u32, salt: &str) -> Stretching {
        Stretching { memory_kib, passes, lanes, salt: salt.into() }
    }

    const SALT: &str = "000102030405060708090a0b0c0d0e0f";

    #[test]
    fn a_key_follows_from_passphrase_salt_and_numbers_alone() {
        let key = |numbers: &Stretching, text: &str| {
            numbers.stretch(&Passphrase::new(text.into()).expect("passphrase")).expect("key")
        };
        let base = numbers(8 << 10, 1, 1, SALT);
        assert_eq!(key(&base, "correct horse"), key(&base, "correct horse"));
        assert_ne!(key(&base, "correct horse"), key(&base, "correct horse "));
        assert_ne!(key(&base, "a"), key(&numbers(8 << 10, 2, 1, SALT), "a"));
        assert_ne!(key(&base, "a"), key(&numbers(8 << 10, 1, 1, &SALT.replace("00", "ff")), "a"));
    }

    #[test]
    fn absurd_numbers_are_refused_before_any_work() {
        for bad in [
            numbers(1, 3, 1, SALT),
            numbers(u32::MAX, 3, 1, SALT),
            numbers(64 << 10, 0, 1, SALT),
            numbers(64 << 10, 1_000_000, 1, SALT),
            numbers(64 << 10, 3, 0, SALT),
            numbers(64 << 10, 3, 200, SALT),
            numbers(64 << 10, 3, 1, "00"),
            numbers(64 << 10, 3, 1, "no digits at all, but as long as a salt"),
            numbers(64 << 10, 3, 1, &"00".repeat(65)),
        ] {
            assert!(matches!(bad.checked(), Err(VaultError::BadLock(_))), "{bad:?}");
        }
        assert!(Stretching::new().expect("new").checked().is_ok());
    }
}
