//! A record of a location database, in any of the shapes that publishers use.

use std::net::IpAddr;

use maxminddb::Reader;
use serde_json::Value;

use crate::{insight::Point, model::Place};

/// What is known of an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    pub(crate) place: Place,
    /// Where the city is.
    pub(crate) point: Option<Point>,
    /// Whose the network is.
    pub(crate) organisation: Option<String>,
    /// Whether it is a hosting company's; `None` where nobody knows.
    pub(crate) hosting: Option<bool>,
}

/// Systems (AS) of companies that rent out servers, by number: those that most logins of programs and VPNs come from.
/// Only a database that says no more than the number is judged by these.
const HOSTING: [u64; 40] = [
    9_009, 9_123, 12_876, 13_335, 14_061, 14_618, 15_169, 16_276, 16_509, 19_318, 20_473, 20_860, 21_100, 24_940,
    24_961, 28_753, 29_802, 30_633, 31_898, 34_119, 36_352, 37_963, 40_021, 42_708, 45_090, 45_102, 46_606, 47_583,
    49_505, 49_981, 51_167, 53_667, 60_068, 60_781, 62_567, 63_949, 132_203, 202_053, 212_238, 396_982,
];

pub(super) fn look_up(reader: &Reader<Vec<u8>>, ip: IpAddr) -> Found {
    // A database of IPv4 alone knows nothing of others.
    let record = reader.lookup(ip).ok().and_then(|record| record.decode::<Value>().ok().flatten());
    record.map(|record| found(&record)).unwrap_or_default()
}

/// What a record says.
pub(super) fn found(record: &Value) -> Found {
    let text = |paths: &[&str]| {
        paths
            .iter()
            .find_map(|path| record.pointer(path).and_then(Value::as_str).filter(|text| !text.trim().is_empty()))
            .map(str::to_owned)
    };
    let country = text(&["/country/iso_code", "/country_code", "/country", "/registered_country/iso_code"])
        .filter(|code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(|code| code.to_ascii_uppercase());
    let city = text(&["/city/names/en", "/city/name", "/city"]);
    let organisation = text(&[
        "/autonomous_system_organization",
        "/traits/autonomous_system_organization",
        "/as_name",
        "/asn/name",
        "/organization",
        "/org",
        "/name",
    ]);
    let system = ["/autonomous_system_number", "/traits/autonomous_system_number", "/asn", "/asn/asn", "/as/number"]
        .iter()
        .find_map(|path| number_of_system(record.pointer(path)?));
    let flag = ["/is_hosting_provider", "/traits/is_hosting_provider", "/hosting", "/is_hosting", "/privacy/hosting"]
        .iter()
        .find_map(|path| record.pointer(path).and_then(flag));
    let kind = text(&["/as_type", "/asn/type", "/type", "/traits/user_type", "/usage_type", "/user_type"]);
    let of_kind = kind.map(|kind| ["hosting", "dch"].contains(&kind.to_lowercase().as_str()));
    Found {
        point: point(record).filter(|_| city.is_some()),
        place: Place { country, city, ..Place::default() },
        organisation,
        hosting: flag.or(of_kind).or(system.map(|number| HOSTING.binary_search(&number).is_ok())),
    }
}

/// `64496`, `"64496"` or `"AS64496"`.
fn number_of_system(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim_start_matches(['A', 'S', 'a', 's']).parse().ok(),
        _ => None,
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn point(record: &Value) -> Option<Point> {
    let number = |paths: &[&str]| {
        paths.iter().find_map(|path| match record.pointer(path)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        })
    };
    let latitude = number(&["/location/latitude", "/latitude", "/lat"])?;
    let longitude = number(&["/location/longitude", "/longitude", "/lng", "/lon"])?;
    ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude))
        .then_some(Point { latitude, longitude })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_publishers_shape_is_understood() {
        for (record, country, city, point, organisation, hosting) in [
            (
                json!({"country": {"iso_code": "UA"}, "city": {"names": {"en": "Kyiv"}},
                    "location": {"latitude": 50.45, "longitude": 30.52}}),
                Some("UA"),
                Some("Kyiv"),
                Some((50.45, 30.52)),
                None,
                None,
            ),
            (
                json!({"country_code": "pl", "city": "Warszawa", "latitude": 52.2, "longitude": 21.0}),
                Some("PL"),
                Some("Warszawa"),
                Some((52.2, 21.0)),
                None,
                None,
            ),
            (
                json!({"country": "DE", "city": "Berlin", "lat": "52.5", "lng": "13.4"}),
                Some("DE"),
                Some("Berlin"),
                Some((52.5, 13.4)),
                None,
                None,
            ),
            (
                json!({"autonomous_system_number": 24940, "autonomous_system_organization": "Hetzner Online GmbH"}),
                None,
                None,
                None,
                Some("Hetzner Online GmbH"),
                Some(true),
            ),
            (json!({"asn": "AS15895", "as_name": "Kyivstar"}), None, None, None, Some("Kyivstar"), Some(false)),
            (json!({"asn": {"asn": "AS1", "name": "X", "type": "hosting"}}), None, None, None, Some("X"), Some(true)),
            (json!({"is_hosting_provider": true}), None, None, None, None, Some(true)),
            (json!({"country": {"names": {"en": "Ukraine"}}}), None, None, None, None, None),
            (json!({"city": "", "country": "Ukraine", "latitude": 50.0}), None, None, None, None, None),
            (json!({"city": "X", "latitude": 500.0, "longitude": 3.0}), None, Some("X"), None, None, None),
            (json!("odd"), None, None, None, None, None),
        ] {
            let found = found(&record);
            assert_eq!(found.place.country.as_deref(), country, "{record}");
            assert_eq!(found.place.city.as_deref(), city, "{record}");
            assert_eq!(found.point.map(|point| (point.latitude, point.longitude)), point, "{record}");
            assert_eq!((found.organisation.as_deref(), found.hosting), (organisation, hosting), "{record}");
        }
    }

    #[test]
    fn the_numbers_can_be_searched() {
        assert!(HOSTING.is_sorted());
    }
}
