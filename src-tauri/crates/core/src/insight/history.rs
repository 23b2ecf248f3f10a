//! A contact's history, as far as signs look at it. Times are milliseconds since 1970, UTC.

use std::sync::Arc;

use hallmonitor_wire::Time;

use crate::model::InsightSettings;

/// A minute.
pub(crate) const MINUTE_MS: i64 = 60_000;
/// An hour.
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;
/// A day.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

/// The network of an address: /24 of IPv4, /48 of IPv6. Neighbours in it are one connection to the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Network {
    /// IPv4.
    V4([u8; 3]),
    /// IPv6.
    V6([u8; 6]),
}

impl Network {
    /// The network of an address that is written as the cache keeps it: 16 bytes, IPv4 as IPv4-mapped IPv6.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        match *key {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, _] => Some(Self::V4([a, b, c])),
            [a, b, c, d, e, f, ..] if key.len() == 16 => Some(Self::V6([a, b, c, d, e, f])),
            _ => None,
        }
    }
}

/// A place on the globe, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// North is positive.
    pub(crate) latitude: f64,
    /// East is positive.
    pub(crate) longitude: f64,
}

impl Point {
    /// The way to another point along a great circle of a globe of 6,371 km, kilometres.
    pub(crate) fn km_to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (north, east) = (to - from, (other.longitude - self.longitude).to_radians());
        let half = (north / 2.0).sin().powi(2) + from.cos() * to.cos() * (east / 2.0).sin().powi(2);
        2.0 * 6_371.0 * half.sqrt().min(1.0).asin()
    }
}

/// A login that was let in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Login {
    pub(crate) id: i64,
    pub(crate) started_at: i64,
    pub(crate) last_activity_at: i64,
    /// The device, or the one that the owner says it is.
    pub(crate) device: Option<i64>,
    /// `desktop`, `mobile`, `tablet`, `bot` or `unknown`.
    pub(crate) device_type: Arc<str>,
    pub(crate) network: Option<Network>,
    pub(crate) country: Option<Arc<str>>,
    /// Where the city is, where it is known.
    pub(crate) city: Option<Point>,
    /// Whether the network is a hosting company's; `None` where nobody knows.
    pub(crate) hosting: Option<bool>,
}

impl Login {
    /// Whether it is carried around.
    pub(crate) fn is_mobile(&self) -> bool {
        matches!(&*self.device_type, "mobile" | "tablet")
    }
}

/// A device in the account; devices that the owner says are one are one here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cookie {
    pub(crate) id: i64,
    pub(crate) first_seen_at: i64,
    pub(crate) last_seen_at: i64,
    /// Family and version.
    pub(crate) browser: Option<String>,
    /// Family and version.
    pub(crate) os: Option<String>,
    /// Other contacts that have it too, by id; not all where there are very many.
    pub(crate) others: Vec<i64>,
    /// How many other accounts have its fingerprint, all of them counted.
    pub(crate) shared: i64,
}

impl Cookie {
    /// Whether it is Safari on an iPhone or iPad, which forgets cookies that scripts have set.
    pub(crate) fn is_ios_safari(&self) -> bool {
        let starts = |text: &Option<String>, words: &[&str]| {
            text.as_deref().is_some_and(|text| words.iter().any(|word| text.starts_with(word)))
        };
        starts(&self.os, &["iOS", "iPadOS"]) && starts(&self.browser, &["Safari", "Mobile Safari"])
    }
}

/// What is known of a contact.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    /// Logins that were let in, oldest first: those of the days that are looked at, and what a country is compared with.
    pub(crate) logins: Vec<Login>,
    /// Devices, first seen first.
    pub(crate) devices: Vec<Cookie>,
    /// When the very first login was.
    pub(crate) first_login_at: Option<i64>,
    /// When the login was with which enough is known (see [`InsightSettings::learn_logins`]), if it was.
    pub(crate) enough_logins_at: Option<i64>,
}

/// What is looked at: from when on, and with what is usual known from when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Milliseconds since 1970, UTC.
    pub(crate) from: i64,
}

impl History {
    /// From when on signs may fire: enough is known, and it is not too long ago. `None` while enough is not known.
    pub(crate) fn span(&self, settings: &InsightSettings, now: i64) -> Option<Span> {
        let days_over = self.first_login_at?.saturating_add(i64::from(settings.learn_days) * DAY_MS);
        let learned = self.enough_logins_at.map_or(days_over, |enough| enough.min(days_over));
        (learned <= now).then(|| Span { from: learned.max(looked_back(settings, now)) })
    }
}

/// From when on logins are looked at.
pub(crate) fn looked_back(settings: &InsightSettings, now: i64) -> i64 {
    now.saturating_sub(i64::from(settings.look_back_days) * DAY_MS)
}

/// A sign's occurrence in the making.
pub(crate) fn at(ms: i64) -> Time {
    Time(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network() {
        let key = |text: &str| match text.parse::<std::net::IpAddr>().expect("an address") {
            std::net::IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
            std::net::IpAddr::V6(v6) => v6.octets(),
        };
        let network = |text: &str| Network::of(&key(text));
        assert_eq!(network("91.198.36.1"), network("91.198.36.254"));
        assert_ne!(network("91.198.36.1"), network("91.198.37.1"));
        assert_eq!(network("2a02:6b8:1:2::1"), network("2a02:6b8:1:ffff::9"));
        assert_ne!(network("2a02:6b8:1::1"), network("2a02:6b8:2::1"));
        assert_eq!(Network::of(&[]), None);
    }

    #[test]
    fn a_way_is_as_long_as_on_the_globe() {
        let point = |latitude, longitude| Point { latitude, longitude };
        for (from, to, km) in [
            (point(50.45, 30.52), point(52.23, 21.01), 690.0),
            (point(51.51, -0.13), point(40.71, -74.01), 5570.0),
            (point(0.0, 179.5), point(0.0, -179.5), 111.0),
            (point(10.0, 10.0), point(10.0, 10.0), 0.0),
            (point(90.0, 0.0), point(-90.0, 0.0), 20015.0),
        ] {
            assert!((from.km_to(to) - km).abs() < km / 100.0 + 1.0, "{} and not {km}", from.km_to(to));
        }
    }

    #[test]
    fn signs_wait_for_enough_logins_or_days_whichever_come_first() {
        let settings = InsightSettings::default();
        let history = |first, enough| History { first_login_at: first, enough_logins_at: enough, ..History::default() };
        let day = DAY_MS;
        for (first, enough, now, from) in [
            (None, None, 100 * day, None),
            (Some(0), None, 14 * day - 1, None),
            (Some(0), None, 14 * day, Some(14 * day)),
            (Some(0), Some(3 * day), 3 * day - 1, None),
            (Some(0), Some(3 * day), 3 * day, Some(3 * day)),
            (Some(0), Some(20 * day), 15 * day, Some(14 * day)),
            (Some(0), Some(3 * day), 400 * day, Some(310 * day)),
        ] {
            let span = history(first, enough).span(&settings, now);
            assert_eq!(span.map(|span| span.from), from, "{first:?} {enough:?} {now}");
        }
    }
}
