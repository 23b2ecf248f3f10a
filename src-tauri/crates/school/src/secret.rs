//! Random texts and hashes: tokens, device cookies, the cabinet's hash and epoch.

use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

/// `N` bytes from the system's generator.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // A system without randomness can make no secret, and no caller could go on without one.
    OsRng.try_fill_bytes(&mut bytes).expect("the system's random generator answers");
    bytes
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// What is kept and shown of a device's cookie: its SHA-256 in lower-case hex.
pub(crate) fn fingerprint(cookie: &str) -> String {
    sha256_hex(cookie.as_bytes())
}

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// URL-safe base64 without padding (RFC 4648, section 5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for digit in 0..=group.len() {
            text.push(char::from(URL_SAFE[(bits >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

/// Reads what [`base64url`] wrote for exactly `N` bytes; `None` for any other text.
pub(crate) fn from_base64url<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = Vec::with_capacity(N + 2);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for letter in group {
            bits = bits << 6 | u32::try_from(URL_SAFE.iter().position(|known| known == letter)?).ok()?;
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    let bytes: [u8; N] = bytes.try_into().ok()?;
    // One text a value: bits that carry nothing must be zero.
    (base64url(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_the_rfc() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff", "-_8")] {
            assert_eq!(base64url(bytes), text);
        }
    }

    #[test]
    fn only_the_text_that_was_written_is_read_back() {
        let bytes: [u8; 16] = random();
        let text = base64url(&bytes);
        assert_eq!(text.len(), 22);
        assert_eq!(from_base64url::<16>(&text), Some(bytes));
        for wrong in ["", "short", &text[1..], &format!("{text}A"), &format!("{}=", &text[1..]), &"é".repeat(11)] {
            assert_eq!(from_base64url::<16>(wrong), None, "{wrong}");
        }
        assert_eq!(from_base64url::<1>("Zg"), Some([b'f']));
        assert_eq!(from_base64url::<1>("Zh"), None, "bits beyond the byte");
    }
}
