//! Databases made for the test.

use std::time::{Duration, UNIX_EPOCH};

use ipnet::Ipv4Net;
use mmdb_writer::{IpVersion, Writer};
use serde_json::{Value, json};

use super::*;

/// Writes a database that knows a record for each /24 (its first three bytes).
pub(crate) fn database(path: &Path, kind: &str, records: &[([u8; 3], Value)]) {
    let mut database = Writer::builder(kind)
        .ip_version(IpVersion::V4)
        .build_epoch(UNIX_EPOCH + Duration::from_secs(1_760_000_000))
        .build();
    for ([a, b, c], record) in records {
        let network = Ipv4Net::new_assert([*a, *b, *c, 0].into(), 24);
        database.insert(network, record).expect("a record");
    }
    fs::write(path, database.to_bytes().expect("a database")).expect("written");
}

pub(crate) fn kyiv() -> Value {
    json!({"country": {"iso_code": "UA"}, "city": {"names": {"en": "Kyiv"}},
        "location": {"latitude": 50.45, "longitude": 30.52}})
}

pub(crate) fn lisbon() -> Value {
    json!({"country": {"iso_code": "PT"}, "city": {"names": {"en": "Lisbon"}},
        "location": {"latitude": 38.72, "longitude": -9.14}})
}

#[test]
fn a_database_is_looked_at_copied_and_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("city.mmdb"));
    database(&file, "DBIP-City-Lite", &[([91, 198, 36], kyiv()), ([8, 8, 8], lisbon())]);
    let chosen = choose(&data, &file).expect("chosen");
    assert_eq!(
        (chosen.database_type.as_str(), chosen.countries, chosen.cities, chosen.networks),
        ("DBIP-City-Lite", true, true, false)
    );
    assert_eq!(chosen.built_at, Time(1_760_000_000_000));
    assert!(chosen.attribution.as_deref().is_some_and(|text| text.contains("CC BY 4.0")));
    // The owner's own file may go.
    fs::remove_file(&file).expect("removed");

    let systems = folder.path().join("asn.mmdb");
    let hetzner = json!({"autonomous_system_number": 24_940, "autonomous_system_organization": "Hetzner"});
    database(&systems, "ASN", &[([8, 8, 8], hetzner)]);
    let chosen = choose(&data, &systems).expect("chosen");
    assert!(chosen.networks && !chosen.cities && chosen.attribution.is_none());

    let choice = Choice::read(&data);
    assert_eq!(choice.number, 2);
    let locations = choice.open(&data);
    let found = locations.find("8.8.8.8");
    assert_eq!((found.place.city.as_deref(), found.hosting), (Some("Lisbon"), Some(true)));
    assert_eq!(found.organisation.as_deref(), Some("Hetzner"));
    assert_eq!(locations.find("::ffff:91.198.36.7").place.city.as_deref(), Some("Kyiv"));
    // What it does not know, the one that comes with the program does.
    let found = locations.find("77.88.55.88");
    assert_eq!((found.place.country.as_deref(), found.place.city, found.hosting), (Some("RU"), None, None));
    assert_eq!(locations.find("192.168.1.1").place.network_kind.as_deref(), Some("private"));
    assert_eq!(locations.find("nonsense"), Found::default());

    forget(&data).expect("forgotten");
    assert_eq!(Choice::read(&data), Choice { number: 3, ..Choice::default() });
    let mut left: Vec<_> = fs::read_dir(&data).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    left.sort();
    assert_eq!(left, [CHOICE, LOCK]);
}

#[test]
fn what_is_no_location_database_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let file = folder.path().join("some.mmdb");
    database(&file, "GeoLite2-City", &[([91, 198, 36], kyiv())]);
    choose(&data, &file).expect("chosen");
    let before = Choice::read(&data);
    let whole = fs::read(&file).expect("read");

    database(&file, "Domains", &[([91, 198, 36], json!({"domain": "kyiv.example"}))]);
    assert!(matches!(choose(&data, &file), Err(Error::NoLocations { kind, .. }) if kind == "Domains"));
    for content in [b"no such thing".to_vec(), Vec::new(), whole[..whole.len() / 2].to_vec()] {
        fs::write(&file, content).expect("written");
        assert!(matches!(choose(&data, &file), Err(Error::BadLocations { .. })));
    }
    assert!(matches!(choose(&data, &folder.path().join("missing")), Err(Error::Io { .. })));
    assert_eq!(Choice::read(&data), before);
}

#[test]
fn a_database_of_the_second_version_alone_is_looked_at_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("six.mmdb");
    let mut six = Writer::builder("City").ip_version(IpVersion::V6).build();
    for network in ["2001:4860::/32", "2a02:6b8::/32"] {
        six.insert(network.parse::<ipnet::Ipv6Net>().expect("a network"), &kyiv()).expect("a record");
    }
    fs::write(&file, six.to_bytes().expect("a database")).expect("written");
    let chosen = choose(&folder.path().join("data"), &file).expect("chosen");
    assert!(chosen.cities && chosen.countries);
}

#[test]
fn a_tree_with_more_ways_than_anybody_could_go_comes_to_an_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("crooked.mmdb");
    let mut crooked = Writer::builder("City").ip_version(IpVersion::V6).build();
    crooked.insert("2001:4860::1/128".parse::<ipnet::Ipv6Net>().expect("a network"), &kyiv()).expect("a record");
    let mut bytes = crooked.to_bytes().expect("a database");
    let reader = Reader::from_source(bytes.clone()).expect("a database");
    let (nodes, size) = (reader.metadata().node_count as usize, reader.metadata().record_size);
    assert_eq!(size, 24, "a node has two numbers of three bytes");
    for node in bytes[..nodes * 6].chunks_mut(6) {
        let number =
            |at: usize| usize::from(node[at]) << 16 | usize::from(node[at + 1]) << 8 | usize::from(node[at + 2]);
        let way = if number(0) == nodes { number(3) } else { number(0) };
        // Both ways lead on to the same node, and in the end to nothing.
        let [_, _, _, _, _, high, middle, low] = if way > nodes { nodes } else { way }.to_be_bytes();
        node.copy_from_slice(&[high, middle, low, high, middle, low]);
    }
    fs::write(&file, bytes).expect("written");
    let refused = choose(&folder.path().join("data"), &file);
    assert!(matches!(refused, Err(Error::NoLocations { .. })), "{refused:?}");
}

#[cfg(unix)]
#[test]
fn what_is_no_ordinary_file_or_too_large_is_refused_unread() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let large = folder.path().join("large.mmdb");
    // It takes no room on the disk.
    fs::File::create(&large).expect("made").set_len(LARGEST + 1).expect("a length");
    for path in [Path::new("/dev/zero"), folder.path(), &large] {
        let refused = choose(&data, path);
        assert!(matches!(refused, Err(Error::BadLocations { .. })), "{}: {refused:?}", path.display());
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_copies() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("city.mmdb"));
    database(&file, "City", &[([91, 198, 36], kyiv())]);
    choose(&data, &file).expect("chosen");
    for entry in fs::read_dir(&data).expect("a folder") {
        let entry = entry.expect("an entry");
        assert_eq!(entry.metadata().expect("metadata").permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
}
