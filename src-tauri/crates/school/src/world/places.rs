//! Where students are: countries with their clocks and real address ranges of providers there.
//!
//! The ranges are allocations that have stood with one provider of one country for years, so that a country database
//! resolves them; the host part is invented. An address follows from who asks, on which line and when, with no state:
//! a lease at home lasts weeks, a phone moves among a carrier's few shared exits, an office keeps its address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::chance::{mix, scale};

/// A day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;
/// An hour in milliseconds.
pub const HOUR_MS: i64 = 3_600_000;

/// A range of addresses.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    first: u128,
    length: u8,
    v6: bool,
}

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Range {
    Range { first: ((a as u128) << 24) | ((b as u128) << 16) | ((c as u128) << 8), length, v6: false }
}

const fn v6(a: u16, b: u16, length: u8) -> Range {
    Range { first: ((a as u128) << 112) | ((b as u128) << 96), length, v6: true }
}

/// A country as students live in it.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166-1.
    pub code: &'static str,
    /// Its clock's distance from UTC in hours, summer time left out.
    pub utc_offset: i64,
    fixed: &'static [Range],
    mobile: &'static [Range],
    /// Lines at home with IPv6; empty where it is rare.
    fixed6: &'static [Range],
}

/// An index into [`COUNTRIES`].
pub type CountryId = u8;

const fn country(
    code: &'static str,
    utc_offset: i64,
    fixed: &'static [Range],
    mobile: &'static [Range],
    fixed6: &'static [Range],
) -> Country {
    Country { code, utc_offset, fixed, mobile, fixed6 }
}

/// Every country of the world; the first ones are where students live, all are where they travel.
pub static COUNTRIES: [Country; 28] = [
    country(
        "UA",
        2,
        &[
            v4(178, 150, 0, 16),
            v4(176, 36, 0, 14),
            v4(109, 86, 0, 15),
            v4(195, 138, 64, 19),
            v4(5, 58, 0, 16),
            v4(46, 119, 0, 16),
            v4(94, 178, 0, 16),
            v4(46, 200, 0, 16),
            v4(213, 231, 0, 18),
            v4(31, 128, 64, 19),
            v4(194, 44, 0, 16),
        ],
        &[v4(46, 211, 0, 16), v4(46, 133, 0, 16), v4(37, 73, 0, 16), v4(188, 163, 0, 17), v4(178, 133, 0, 16)],
        &[v6(0x2a02, 0x2378, 33)],
    ),
    country(
        "PL",
        1,
        &[v4(83, 0, 0, 11), v4(79, 184, 0, 13), v4(89, 64, 0, 13)],
        &[v4(37, 47, 0, 16), v4(5, 172, 224, 19), v4(188, 146, 0, 15), v4(46, 134, 0, 16)],
        &[v6(0x2a02, 0xa310, 28), v6(0x2a01, 0x110f, 32)],
    ),
    country(
        "DE",
        1,
        &[v4(79, 192, 0, 10), v4(91, 0, 0, 10), v4(84, 128, 0, 10), v4(88, 64, 0, 12), v4(77, 176, 0, 12)],
        &[v4(80, 187, 96, 19), v4(46, 114, 0, 15), v4(109, 40, 0, 13)],
        &[v6(0x2003, 0x00c0, 26), v6(0x2003, 0x00e0, 27), v6(0x2a02, 0x3030, 32)],
    ),
    country(
        "GB",
        0,
        &[v4(81, 128, 0, 12), v4(86, 128, 0, 10), v4(90, 192, 0, 11), v4(2, 96, 0, 13)],
        &[v4(92, 40, 0, 15), v4(85, 255, 232, 21), v4(148, 252, 128, 17)],
        &[v6(0x2a00, 0x23c4, 30), v6(0x2a02, 0x0c7c, 30)],
    ),
    country(
        "US",
        -5,
        &[v4(73, 0, 0, 8), v4(24, 0, 0, 12), v4(71, 160, 0, 11), v4(108, 0, 0, 12)],
        &[v4(172, 56, 0, 14), v4(174, 192, 0, 10), v4(107, 72, 0, 13)],
        &[v6(0x2601, 0, 20), v6(0x2607, 0xfb90, 32)],
    ),
    country(
        "CZ",
        1,
        &[v4(78, 102, 0, 16), v4(89, 24, 0, 16)],
        &[v4(85, 160, 0, 16), v4(46, 135, 0, 16)],
        &[v6(0x2a00, 0x1028, 32)],
    ),
    country(
        "RO",
        2,
        &[v4(5, 12, 0, 14), v4(82, 76, 0, 14)],
        &[v4(46, 97, 0, 16), v4(109, 166, 128, 17)],
        &[v6(0x2a02, 0x2f00, 28)],
    ),
    country(
        "KZ",
        5,
        &[v4(92, 46, 0, 15), v4(95, 56, 0, 14), v4(178, 88, 0, 14)],
        &[v4(2, 72, 0, 13), v4(37, 99, 0, 17)],
        &[],
    ),
    country("MD", 2, &[v4(188, 131, 0, 17), v4(89, 28, 0, 17)], &[v4(178, 168, 0, 17)], &[]),
    country("GE", 4, &[v4(31, 146, 0, 16), v4(188, 169, 0, 16), v4(176, 73, 0, 16)], &[v4(94, 43, 0, 16)], &[]),
    country(
        "IL",
        2,
        &[v4(79, 176, 0, 13), v4(109, 64, 0, 14)],
        &[v4(2, 52, 0, 14), v4(46, 116, 0, 15)],
        &[v6(0x2a06, 0xc701, 32)],
    ),
    country(
        "CA",
        -5,
        &[v4(70, 24, 0, 13), v4(99, 224, 0, 11), v4(24, 80, 0, 13)],
        &[v4(142, 160, 0, 14)],
        &[v6(0x2607, 0xfea8, 32)],
    ),
    country("LV", 2, &[v4(87, 110, 0, 16)], &[v4(80, 232, 128, 17)], &[]),
    country("LT", 2, &[v4(78, 56, 0, 13)], &[v4(88, 118, 0, 15)], &[]),
    country("EE", 2, &[v4(90, 190, 0, 15)], &[v4(90, 190, 0, 15)], &[v6(0x2001, 0x07d0, 32)]),
    country("CH", 1, &[v4(83, 76, 0, 14), v4(85, 0, 0, 13)], &[v4(178, 192, 0, 13)], &[v6(0x2a02, 0x1200, 27)]),
    country("AT", 1, &[v4(84, 112, 0, 14), v4(91, 112, 0, 14)], &[v4(77, 116, 0, 14)], &[v6(0x2001, 0x0871, 32)]),
    country("NL", 1, &[v4(77, 160, 0, 12)], &[v4(92, 108, 0, 14)], &[v6(0x2a02, 0xa440, 26), v6(0x2001, 0x1c00, 23)]),
    country("IT", 1, &[v4(79, 0, 0, 10), v4(151, 16, 0, 12)], &[v4(5, 90, 0, 15)], &[]),
    country("ES", 1, &[v4(79, 144, 0, 12), v4(83, 32, 0, 11), v4(88, 0, 0, 11)], &[v4(31, 4, 0, 16)], &[]),
    country("FR", 1, &[v4(82, 64, 0, 14), v4(92, 128, 0, 10)], &[v4(92, 128, 0, 10)], &[v6(0x2a01, 0xcb00, 26)]),
    country("PT", 0, &[v4(85, 240, 0, 13)], &[v4(2, 80, 0, 14)], &[v6(0x2001, 0x08a0, 32)]),
    country("TR", 3, &[v4(78, 160, 0, 11), v4(88, 224, 0, 11)], &[v4(178, 240, 0, 13)], &[]),
    country("GR", 2, &[v4(79, 128, 0, 14)], &[v4(2, 84, 0, 14)], &[]),
    country("AE", 4, &[v4(94, 200, 0, 13), v4(2, 48, 0, 14)], &[v4(5, 30, 0, 15)], &[]),
    country("EG", 2, &[v4(41, 32, 0, 12)], &[v4(197, 32, 0, 11)], &[]),
    country("TH", 7, &[v4(171, 96, 0, 13)], &[v4(49, 228, 0, 14)], &[]),
    country("CY", 2, &[v4(213, 7, 0, 16)], &[v4(31, 153, 0, 16)], &[]),
];

/// Exits of companies that sell VPNs: a few addresses that many strangers share.
const VPN: [Range; 6] = [
    v4(185, 65, 134, 24),
    v4(185, 65, 135, 24),
    v4(193, 138, 218, 24),
    v4(185, 195, 233, 24),
    v4(185, 159, 157, 24),
    v4(185, 107, 56, 24),
];

/// Ranges of hosting companies, where programs run and nobody studies.
const HOSTING: [Range; 8] = [
    v4(5, 9, 0, 16),
    v4(144, 76, 0, 16),
    v4(116, 202, 0, 15),
    v4(104, 131, 0, 16),
    v4(188, 166, 0, 17),
    v4(163, 172, 0, 16),
    v4(54, 144, 0, 14),
    v6(0x2a01, 0x04f8, 32),
];

/// The ranges that the school refuses, in normal form: three hosting companies and one VPN's exits.
pub const BLOCKED_RANGES: [&str; 5] =
    ["5.9.0.0/16", "104.131.0.0/16", "144.76.0.0/16", "193.138.218.0/24", "2a01:4f8::/32"];

/// Whether an address lies in one of [`BLOCKED_RANGES`].
pub fn is_blocked(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let bits = u128::from(ip.to_bits());
            [HOSTING[0], HOSTING[3], HOSTING[1], VPN[2]].iter().any(|range| range.holds(bits))
        }
        IpAddr::V6(ip) => HOSTING[7].holds(ip.to_bits()),
    }
}

/// Whose a range of addresses is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A provider's or a carrier's, for people of this country.
    Provider(CountryId),
    /// A company's that rents out servers or sells VPNs.
    Hosting,
}

/// Every range that the world's addresses come from, and whose it is.
pub fn ranges() -> impl Iterator<Item = (IpNet, Holder)> {
    let of_countries = COUNTRIES.iter().zip(0..).flat_map(|(country, id)| {
        [country.fixed, country.mobile, country.fixed6]
            .into_iter()
            .flatten()
            .map(move |range| (range, Holder::Provider(id)))
    });
    let of_companies = VPN.iter().chain(&HOSTING).map(|range| (range, Holder::Hosting));
    of_countries.chain(of_companies).filter_map(|(range, holder)| Some((range.net()?, holder)))
}

/// How a student reaches the school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A provider's line into a flat; the number names the flat.
    Home(CountryId, u64),
    /// A company's or a university's line; the number names it.
    Office(CountryId, u64),
    /// A carrier's network; the number names the subscription.
    Mobile(CountryId, u64),
    /// Somebody else's Wi-Fi on one day: a café, an hotel; the number names the guest.
    Guest(CountryId, u64),
    /// A VPN's exit; the number names the subscriber.
    Vpn(u64),
    /// A machine at a hosting company; the number names it.
    Hosting(u64),
}

/// The address that a line shows at a time, `at` in milliseconds since 1970.
pub fn address(line: Line, browser: u64, at: i64) -> IpAddr {
    let day = at.div_euclid(DAY_MS) as u64;
    match line {
        Line::Home(country, flat) => {
            let country = &COUNTRIES[usize::from(country)];
            let word = mix(&[flat, 1]);
            // A line keeps its address for 40 to 240 days; the change falls on a day of its own.
            let lease = (day + word % 240) / (40 + word % 200);
            if !country.fixed6.is_empty() && word % 100 < 38 && mix(&[browser, 2]) % 100 < 60 {
                let range = country.fixed6[(word % country.fixed6.len() as u64) as usize];
                // The network part belongs to the flat, the interface part to the browser's machine, for two months.
                return range.host(mix(&[flat, lease, 3]), mix(&[browser, day / 60, 4]));
            }
            let range = country.fixed[(word % country.fixed.len() as u64) as usize];
            range.host(mix(&[flat, lease, 5]), 0)
        }
        Line::Office(country, office) => {
            let country = &COUNTRIES[usize::from(country)];
            let word = mix(&[office, 6]);
            country.fixed[(word % country.fixed.len() as u64) as usize].host(word, 0)
        }
        Line::Mobile(country, subscription) => {
            let country = &COUNTRIES[usize::from(country)];
            let range = country.mobile[(mix(&[subscription, 7]) % country.mobile.len() as u64) as usize];
            // A carrier hides a region's subscribers behind some 250 exits and moves them every few hours.
            let region = mix(&[subscription, 8]) % 3;
            let exit = mix(&[subscription, at.div_euclid(6 * HOUR_MS) as u64, 9]) % 250;
            range.host(mix(&[region, exit, range.first as u64, 10]), 0)
        }
        Line::Guest(country, guest) => {
            let country = &COUNTRIES[usize::from(country)];
            let word = mix(&[guest, day, 11]);
            // 60 cafés and hotels in a range.
            let range = country.fixed[(word % country.fixed.len() as u64) as usize];
            range.host(mix(&[range.first as u64, (word >> 32) % 60, 12]), 0)
        }
        Line::Vpn(subscriber) => {
            // Most stay with one exit city; the address within it is any.
            let range = VPN[(mix(&[subscriber, day / 21, 13]) % VPN.len() as u64) as usize];
            range.host(mix(&[subscriber, day, 14]), 0)
        }
        Line::Hosting(machine) => {
            let range = HOSTING[(mix(&[machine, 15]) % HOSTING.len() as u64) as usize];
            range.host(mix(&[machine, day / 45, 16]), mix(&[machine, 17]))
        }
    }
}

impl Range {
    /// `None` only for a length that no address has.
    fn net(&self) -> Option<IpNet> {
        IpNet::new(self.host_at(self.first), self.length).ok()
    }

    fn host_at(&self, bits: u128) -> IpAddr {
        if self.v6 { Ipv6Addr::from_bits(bits).into() } else { Ipv4Addr::from_bits(bits as u32).into() }
    }

    fn holds(&self, bits: u128) -> bool {
        let width = if self.v6 { 128 } else { 32 };
        (bits ^ self.first) >> (width - u32::from(self.length)) == 0
    }

    /// An address in the range: `network` chooses the part before the host, `interface` an IPv6 host.
    fn host(&self, network: u64, interface: u64) -> IpAddr {
        if self.v6 {
            let subnets = 1 << (64 - u32::from(self.length)).min(56);
            let subnet = u128::from(scale(network, subnets)) << 64;
            return self.host_at(self.first | subnet | u128::from(interface));
        }
        let blocks = 1 << (24 - u32::from(self.length).min(24));
        // No host ends in .0 or .255.
        let bits = (scale(network, blocks) << 8) + 1 + mix(&[network, 18]) % 254;
        self.host_at(self.first + u128::from(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> impl Iterator<Item = Line> {
        (0..COUNTRIES.len() as u8)
            .flat_map(|country| [Line::Home(country, 7), Line::Mobile(country, 8), Line::Guest(country, 9)])
            .chain((0..200).flat_map(|key| [Line::Vpn(key), Line::Hosting(key), Line::Home(0, key)]))
    }

    #[test]
    fn every_address_lies_in_a_range_of_its_holder() {
        let ranges: Vec<_> = ranges().collect();
        for line in lines() {
            let ip = address(line, 3, 20_000 * DAY_MS);
            let holder = match line {
                Line::Home(country, _)
                | Line::Office(country, _)
                | Line::Mobile(country, _)
                | Line::Guest(country, _) => Holder::Provider(country),
                Line::Vpn(_) | Line::Hosting(_) => Holder::Hosting,
            };
            assert!(ranges.iter().any(|(range, of)| *of == holder && range.contains(&ip)), "{line:?} {ip}");
        }
    }

    #[test]
    fn addresses_are_of_hosts_on_the_public_internet() {
        for line in lines() {
            for day in 0..400 {
                match address(line, day, day as i64 * DAY_MS) {
                    IpAddr::V4(ip) => {
                        let last = ip.octets()[3];
                        assert!(!ip.is_private() && !ip.is_loopback() && last != 0 && last != 255, "{line:?} {ip}");
                    }
                    IpAddr::V6(ip) => assert_eq!(ip.segments()[0] & 0xe000, 0x2000, "{line:?} {ip}"),
                }
            }
        }
    }

    #[test]
    fn the_blocked_ranges_are_those_that_the_settings_name() {
        let ranges: Vec<ipnet::IpNet> = BLOCKED_RANGES.iter().map(|range| range.parse().expect("a range")).collect();
        assert!(ranges.iter().zip(BLOCKED_RANGES).all(|(range, text)| range.trunc().to_string() == text));
        let mut blocked = 0;
        for line in lines() {
            let ip = address(line, 1, 0);
            assert_eq!(is_blocked(ip), ranges.iter().any(|range| range.contains(&ip)), "{ip}");
            blocked += u32::from(is_blocked(ip));
        }
        assert!(blocked > 50);
    }

    #[test]
    fn a_lease_lasts_weeks_and_a_phone_moves_within_the_day() {
        let home: std::collections::HashSet<_> =
            (0..365).map(|day| address(Line::Home(0, 99), 1, day * DAY_MS)).collect();
        assert!((1..=10).contains(&home.len()), "{}", home.len());
        let phone: std::collections::HashSet<_> =
            (0..365).map(|day| address(Line::Mobile(0, 99), 1, day * DAY_MS)).collect();
        assert!(phone.len() > 100, "{}", phone.len());
    }
}
