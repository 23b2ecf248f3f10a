//! Addresses as bytes that sort, so that a range of addresses is a range of an index.

use std::net::{IpAddr, Ipv6Addr};

/// The key of an address: 16 bytes, IPv4 as IPv4-mapped IPv6 (RFC 4291). Empty for a text that is no address.
pub(super) fn key(address: &str) -> Vec<u8> {
    address.trim().parse::<IpAddr>().map_or_else(|_| Vec::new(), |ip| mapped(ip).octets().to_vec())
}

/// The first and the last key of an address or a range (`91.198.36.0/24`, `2a02:6b8::/32`); `None` where the text is
/// neither. Bits behind the prefix don't matter.
pub(super) fn range(text: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let text = text.trim();
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let ip: IpAddr = address.parse().ok()?;
    let longest = if ip.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        Some(_) => return None,
        None => longest,
    };
    if length > longest {
        return None;
    }
    let host_bits = longest - length;
    let ones = u128::MAX.checked_shr(128 - host_bits).unwrap_or(0);
    let bits = mapped(ip).to_bits();
    let bytes = |bits: u128| Ipv6Addr::from_bits(bits).octets().to_vec();
    Some((bytes(bits & !ones), bytes(bits | ones)))
}

fn mapped(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_no_others() {
        for (text, inside, outside) in [
            ("91.198.36.14", &["91.198.36.14", "::ffff:91.198.36.14"][..], &["91.198.36.13", "91.198.36.15"][..]),
            ("91.198.36.0/24", &["91.198.36.0", "91.198.36.255"], &["91.198.35.255", "91.198.37.0", "::1"]),
            ("91.198.36.77/24", &["91.198.36.0"], &["91.198.37.0"]),
            ("10.0.0.0/8", &["10.255.255.255"], &["11.0.0.0", "9.255.255.255"]),
            ("0.0.0.0/0", &["0.0.0.0", "255.255.255.255"], &["2001:db8::1"]),
            ("2a02:6b8::/32", &["2a02:6b8::1", "2a02:6b8:ffff::"], &["2a02:6b9::", "91.198.36.1"]),
            ("::/0", &["::", "8.8.8.8", "ffff::"], &[]),
            ("2001:db8::1", &["2001:db8:0::1"], &["2001:db8::2"]),
        ] {
            let (first, last) = range(text).expect(text);
            let holds = |address: &&str| (first.as_slice()..=last.as_slice()).contains(&key(address).as_slice());
            assert!(inside.iter().all(holds), "{text}");
            assert!(!outside.iter().any(holds), "{text}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in
            ["", "/", "8.8.8.8/", "8.8.8.8/33", "8.8.8.8/-1", "8.8.8.8/+8", "::/129", "8.8.8", "8.8.8.8/8/8", "x"]
        {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_has_an_empty_key() {
        assert_eq!(key("unknown"), Vec::<u8>::new());
        assert_eq!(key(" 8.8.8.8 ").len(), 16);
    }
}
