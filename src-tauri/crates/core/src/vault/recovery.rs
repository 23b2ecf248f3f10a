//! A second way to a key: sealed with a passphrase, beside the profile. A keyring that is lost, locked for ever or
//! changed by the system then loses nobody their data.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{CacheKey, Passphrase, VaultError, passphrase::Stretching, secret::random};
use crate::hex::{hex, unhex};

/// Bound to what is sealed: a text sealed for something else does not open here.
const MEANT: &[u8] = b"hallmonitor cache key v1";

/// A key, sealed with a passphrase (XChaCha20-Poly1305 under a key that Argon2id makes of it). No secret by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    stretching: Stretching,
    /// 24 bytes in hexadecimal digits, never used twice.
    nonce: String,
    /// The key and its check, in hexadecimal digits.
    text: String,
}

impl Sealed {
    /// Seals a key. Takes a good part of a second, so never on an async thread.
    ///
    /// # Errors
    /// Where memory or random numbers are short.
    pub(super) fn seal(key: &CacheKey, passphrase: &Passphrase) -> Result<Self, VaultError> {
        let stretching = Stretching::new()?;
        let nonce = random::<24>()?;
        let text = cipher(&stretching.stretch(passphrase)?)
            .encrypt(&XNonce::from(nonce), Payload { msg: key.expose(), aad: MEANT })
            .map_err(|_| VaultError::BadLock("its key can't be sealed"))?;
        Ok(Self { stretching, nonce: hex(&nonce), text: hex(&text) })
    }

    /// Opens it again. Takes as long.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`] (or somebody changed the text: nobody can tell which);
    /// [`VaultError::BadLock`] where it was never sealed like this.
    pub(super) fn open(&self, passphrase: &Passphrase) -> Result<CacheKey, VaultError> {
        const DAMAGED: VaultError = VaultError::BadLock("its sealed key is damaged");
        let nonce: [u8; 24] = unhex(&self.nonce).and_then(|bytes| bytes.try_into().ok()).ok_or(DAMAGED)?;
        let text = unhex(&self.text).ok_or(DAMAGED)?;
        let key = cipher(&self.stretching.stretch(passphrase)?)
            .decrypt(&XNonce::from(nonce), Payload { msg: &text, aad: MEANT })
            .map_err(|_| VaultError::WrongPassphrase)?;
        CacheKey::of(&Zeroizing::new(key)).ok_or(DAMAGED)
    }
}

fn cipher(key: &CacheKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.into()).expect("passphrase")
    }

    #[test]
    fn a_sealed_key_opens_with_its_passphrase_alone() {
        let key = CacheKey::random().expect("random");
        let sealed = Sealed::seal(&key, &passphrase("запасний ключ")).expect("sealed");
        let text = serde_json::to_string(&sealed).expect("written");
        assert!(!text.contains(key.hex().as_str()), "the key is in the profile");
        let sealed: Sealed = serde_json::from_str(&text).expect("read");
        assert_eq!(sealed.open(&passphrase("запасний ключ")).expect("opened"), key);
        assert!(matches!(sealed.open(&passphrase("other")), Err(VaultError::WrongPassphrase)));
    }

    #[test]
    fn a_sealed_key_that_was_changed_does_not_open() {
        let sealed = Sealed::seal(&CacheKey::random().expect("random"), &passphrase("one")).expect("sealed");
        let mut changed = sealed.clone();
        let last = if changed.text.ends_with('0') { "1" } else { "0" };
        changed.text.replace_range(changed.text.len() - 1.., last);
        assert!(matches!(changed.open(&passphrase("one")), Err(VaultError::WrongPassphrase)));
        for (nonce, text) in [("", sealed.text.as_str()), ("00", &sealed.text), (&sealed.nonce, "zz")] {
            let damaged = Sealed { nonce: nonce.to_owned(), text: text.to_owned(), ..sealed.clone() };
            assert!(matches!(damaged.open(&passphrase("one")), Err(VaultError::BadLock(_))), "{damaged:?}");
        }
    }
}
