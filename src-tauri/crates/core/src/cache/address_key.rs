//! Addresses as bytes that sort, so that a range of addresses is a range of an index.

use std::net::{IpAddr, Ipv6Addr};

use super::condition::Condition;

/// What IPv4 addresses lie between as IPv6.
const IPV4: (Ipv6Addr, Ipv6Addr) =
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0xffff, 0xffff));

/// The key of an address: 16 bytes, IPv4 as IPv4-mapped IPv6 (RFC 4291). Empty for a text that is no address.
pub(super) fn key(address: &str) -> Vec<u8> {
    address.trim().parse::<IpAddr>().map_or_else(|_| Vec::new(), |ip| mapped(ip).octets().to_vec())
}

/// The condition on `ip.key` to be an address or in a range (`91.198.36.0/24`, `2a02:6b8::/32`); `None` where the text
/// is neither. Bits behind the prefix don't matter, and a range of IPv6 holds no IPv4.
pub(super) fn within(text: &str) -> Option<Condition> {
    let bytes = |address: Ipv6Addr| address.octets().to_vec();
    let between =
        |(first, last)| Condition::sql("ip.key BETWEEN ").bytes(bytes(first)).then(" AND ").bytes(bytes(last));
    let (first, last) = range(text)?;
    let among = first < IPV4.0 && IPV4.1 < last;
    Some(if among { between((first, last)).then(" AND NOT ").join(between(IPV4)) } else { between((first, last)) })
}

/// The first and the last address of one or of a range.
fn range(text: &str) -> Option<(Ipv6Addr, Ipv6Addr)> {
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
    Some((Ipv6Addr::from_bits(bits & !ones), Ipv6Addr::from_bits(bits | ones)))
}

fn mapped(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection as _, QueryBuilder, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn a_range_holds_its_addresses_and_no_others() {
        let mut connection = SqliteConnection::connect(":memory:").await.expect("a database");
        for (text, inside, outside) in [
            ("91.198.36.14", &["91.198.36.14", "::ffff:91.198.36.14"][..], &["91.198.36.13", "91.198.36.15"][..]),
            ("91.198.36.0/24", &["91.198.36.0", "91.198.36.255"], &["91.198.35.255", "91.198.37.0", "::1"]),
            ("91.198.36.77/24", &["91.198.36.0"], &["91.198.37.0"]),
            ("10.0.0.0/8", &["10.255.255.255"], &["11.0.0.0", "9.255.255.255"]),
            ("0.0.0.0/0", &["0.0.0.0", "255.255.255.255"], &["2001:db8::1", "::1"]),
            ("2a02:6b8::/32", &["2a02:6b8::1", "2a02:6b8:ffff::"], &["2a02:6b9::", "91.198.36.1"]),
            ("::/0", &["::", "::fffe:ffff:ffff", "::1:0:0:0", "ffff::"], &["0.0.0.0", "8.8.8.8", "255.255.255.255"]),
            ("::ffff:0:0/96", &["8.8.8.8"], &["::1"]),
            ("2001:db8::1", &["2001:db8:0::1"], &["2001:db8::2"]),
        ] {
            for (address, holds) in inside.iter().map(|ip| (ip, true)).chain(outside.iter().map(|ip| (ip, false))) {
                let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT ");
                sql.push_bind(key(address)).push(" AS key) AS ip WHERE ");
                within(text).expect(text).push(&mut sql);
                let found: i64 = sql.build_query_scalar().fetch_one(&mut connection).await.expect("SQL");
                assert_eq!(found == 1, holds, "{address} in {text}");
            }
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in
            ["", "/", "8.8.8.8/", "8.8.8.8/33", "8.8.8.8/-1", "8.8.8.8/+8", "::/129", "8.8.8", "8.8.8.8/8/8", "x"]
        {
            assert!(within(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_has_an_empty_key() {
        assert_eq!(key("unknown"), Vec::<u8>::new());
        assert_eq!(key(" 8.8.8.8 ").len(), 16);
    }
}
