//! Where an address is: the country, from a database that comes with the app, so that it works without a network and
//! without anybody learning which addresses were asked for.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use maxminddb::Reader;
use serde::Deserialize;

use crate::model::Place;

/// WHOIS and ASN data by country, CC0: `@ip-location-db/geo-whois-asn-country-mmdb`.
static COUNTRIES: LazyLock<Option<Reader<&'static [u8]>>> = LazyLock::new(|| {
    let bytes: &'static [u8] = include_bytes!(env!("HALLMONITOR_COUNTRIES"));
    Reader::from_source(bytes).inspect_err(|error| tracing::error!(%error, "the country database is damaged")).ok()
});

#[derive(Deserialize)]
struct Row<'a> {
    country_code: Option<&'a str>,
}

/// Where `ip` is, as far as is known. A text that is no address is nowhere: all fields `None`.
pub fn place(ip: &str) -> Place {
    let Ok(ip) = ip.trim().parse::<IpAddr>() else { return Place::default() };
    let ip = behind(ip);
    if let Some(kind) = network_kind(ip) {
        return Place { network_kind: Some(kind.to_owned()), ..Place::default() };
    }
    Place { country: country(ip), ..Place::default() }
}

/// The IPv4 address that an IPv6 address stands for (mapped, or translated by NAT64 as of RFC 6052); else itself.
fn behind(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
            }
            _ => IpAddr::V6(v6),
        },
        v4 => v4,
    }
}

fn country(ip: IpAddr) -> Option<String> {
    let row: Row<'_> = COUNTRIES.as_ref()?.lookup(ip).ok()?.decode().ok()??;
    row.country_code.filter(|code| code.len() == 2).map(str::to_owned)
}

/// Why an address has no country: what the registries of special-purpose addresses (IANA, RFC 6890) say of it.
fn network_kind(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => v4_kind(ip),
        IpAddr::V6(ip) => v6_kind(ip),
    }
}

fn v4_kind(ip: Ipv4Addr) -> Option<&'static str> {
    Some(match ip.octets() {
        [127, ..] => "loopback",
        [169, 254, ..] => "link_local",
        // RFC 1918, and the addresses that providers share among customers (RFC 6598).
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => "private",
        // This network, protocol assignments, documentation, benchmarks, multicast, the future.
        [0, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [224..=255, ..] => "reserved",
        _ => return None,
    })
}

fn v6_kind(ip: Ipv6Addr) -> Option<&'static str> {
    Some(match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        [0xfe80..=0xfebf, ..] => "link_local",
        [0xfc00..=0xfdff, ..] => "private",
        // Documentation, benchmarks, ORCHID.
        [0x2001, 0xdb8, ..] | [0x2001, 2, 0, ..] | [0x2001, 0x10..=0x3f, ..] | [0x3fff, 0..=0xfff, ..] => "reserved",
        // All that is handed out is in 2000::/3.
        [0x2000..=0x3fff, ..] => return None,
        _ => "reserved",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_has_a_country() {
        for (ip, country) in [
            ("8.8.8.8", "US"),
            ("91.198.36.14", "UA"),
            ("77.88.55.88", "RU"),
            ("217.160.0.1", "DE"),
            ("  8.8.8.8 ", "US"),
            ("::ffff:8.8.8.8", "US"),
            ("64:ff9b::808:808", "US"),
            ("2001:4860:4860::8888", "US"),
            ("2a02:6b8::feed:0ff", "RU"),
        ] {
            let place = place(ip);
            assert_eq!((place.country.as_deref(), place.network_kind), (Some(country), None), "{ip}");
        }
    }

    #[test]
    fn an_address_that_is_nowhere_says_why() {
        for (ip, kind) in [
            ("127.0.0.1", "loopback"),
            ("127.255.255.255", "loopback"),
            ("::1", "loopback"),
            ("::ffff:127.0.0.1", "loopback"),
            ("10.0.0.1", "private"),
            ("172.16.0.1", "private"),
            ("172.31.255.255", "private"),
            ("192.168.1.1", "private"),
            ("100.64.0.1", "private"),
            ("100.127.255.255", "private"),
            ("::ffff:192.168.1.1", "private"),
            ("64:ff9b::a00:1", "private"),
            ("fd00::1", "private"),
            ("169.254.1.1", "link_local"),
            ("fe80::1", "link_local"),
            ("0.0.0.0", "reserved"),
            ("192.0.2.1", "reserved"),
            ("198.51.100.7", "reserved"),
            ("203.0.113.9", "reserved"),
            ("198.19.0.1", "reserved"),
            ("224.0.0.1", "reserved"),
            ("255.255.255.255", "reserved"),
            ("::", "reserved"),
            ("2001:db8::1", "reserved"),
            ("ff02::1", "reserved"),
        ] {
            let wanted = Place { network_kind: Some(kind.into()), ..Place::default() };
            assert_eq!(place(ip), wanted, "{ip}");
        }
    }

    #[test]
    fn the_neighbours_of_special_ranges_are_public() {
        for ip in ["9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0"] {
            assert_eq!(place(ip).network_kind, None, "{ip}");
        }
    }

    #[test]
    fn what_is_no_address_is_nowhere() {
        for text in ["", "unknown", "8.8.8", "8.8.8.8:443", "08.8.8.8", "1.2.3.4.5", "<b>", "fe80::1%eth0", "１.1.1.1"]
        {
            assert_eq!(place(text), Place::default(), "{text:?}");
        }
    }
}
