//! IP addresses and ranges: IPv4-mapped IPv6 is read as IPv4, host bits are cleared.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::{IpNet, Ipv4Net};

/// A text that is no address or range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadRange;

/// One address or a CIDR range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IpRange {
    One(IpAddr),
    Net(IpNet),
}

/// Reads an address; `::ffff:a.b.c.d` is `a.b.c.d`.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

impl FromStr for IpRange {
    type Err = BadRange;

    fn from_str(text: &str) -> Result<Self, BadRange> {
        if let Some(one) = address(text) {
            return Ok(Self::One(one));
        }
        let net: IpNet = text.trim().parse().map_err(|_| BadRange)?;
        if let (IpNet::V6(v6), Some(bits)) = (net, net.prefix_len().checked_sub(96))
            && let Some(v4) = v6.addr().to_ipv4_mapped()
        {
            return Ok(Self::Net(IpNet::V4(Ipv4Net::new(v4, bits).map_err(|_| BadRange)?.trunc())));
        }
        Ok(Self::Net(net.trunc()))
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(ip) => ip.fmt(f),
            Self::Net(net) => net.fmt(f),
        }
    }
}

impl IpRange {
    /// Whether `ip`, in canonical form, is in the range.
    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        match self {
            Self::One(one) => *one == ip,
            Self::Net(net) => net.contains(&ip),
        }
    }
}

/// Whether `ip` is in one of the stored ranges; one that can't be read contains nothing.
pub(crate) fn listed(ranges: &[String], ip: IpAddr) -> bool {
    ranges.iter().filter_map(|range| range.parse::<IpRange>().ok()).any(|range| range.contains(ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_into_their_normal_form() {
        for (text, normal) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.9/24 ", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
            ("2001:DB8::1/32", "2001:db8::/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(text.parse::<IpRange>().map(|range| range.to_string()), Ok(normal.to_owned()), "{text}");
        }
        for text in ["", "abc", "10.0.0.0/33", "10.0.0/8", "10.0.0.1-10.0.0.9", "1.2.3.4/", "::1/129", "010.0.0.1"] {
            assert_eq!(text.parse::<IpRange>(), Err(BadRange), "{text}");
        }
    }

    #[test]
    fn a_mapped_address_is_found_in_an_ipv4_range() {
        let ranges = ["192.0.2.0/24".to_owned(), "2001:db8::5".to_owned()];
        for (ip, found) in [
            ("192.0.2.9", true),
            ("::ffff:192.0.2.9", true),
            ("192.0.3.1", false),
            ("2001:db8::5", true),
            ("2001:db8::6", false),
        ] {
            assert_eq!(listed(&ranges, address(ip).expect(ip)), found, "{ip}");
        }
    }
}
