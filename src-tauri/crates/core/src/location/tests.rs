//! Databases made for the test, in the format as MaxMind has published it
//! (<https://maxmind.github.io/MaxMind-DB/>): IPv4, records of 24 bits.

use serde_json::{Value, json};

use super::*;

/// Writes a database that knows a record for each /24 (its first three bytes).
pub(crate) fn database(path: &Path, kind: &str, records: &[([u8; 3], Value)]) {
    let mut nodes: Vec<[Option<usize>; 2]> = vec![[None, None]];
    let mut leaves: Vec<(usize, usize, usize)> = Vec::new();
    let mut data = Vec::new();
    for (network, record) in records {
        let offset = data.len();
        encode(record, &mut data);
        let bits = u32::from_be_bytes([0, network[0], network[1], network[2]]);
        let mut node = 0;
        for place in (0..24).rev() {
            let side = (bits >> place & 1) as usize;
            if place == 0 {
                leaves.push((node, side, offset));
            } else {
                node = match nodes[node][side] {
                    Some(next) => next,
                    None => {
                        nodes.push([None, None]);
                        let next = nodes.len() - 1;
                        nodes[node][side] = Some(next);
                        next
                    }
                };
            }
        }
    }
    // So many that their number takes the 32 bits that the format has for it.
    nodes.resize(nodes.len().max(129), [None, None]);
    let count = nodes.len();
    let mut values: Vec<[usize; 2]> = nodes.iter().map(|node| node.map(|next| next.unwrap_or(count))).collect();
    for (node, side, offset) in leaves {
        values[node][side] = count + 16 + offset;
    }
    let mut bytes: Vec<u8> =
        values.iter().flatten().flat_map(|value| (*value as u32).to_be_bytes()[1..].to_vec()).collect();
    bytes.extend([0; 16]);
    bytes.extend(data);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = json!({
        "node_count": count, "record_size": 24, "ip_version": 4, "database_type": kind, "languages": ["en"],
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": 1_760_000_000,
        "description": {"en": "made for a test"},
    });
    encode(&metadata, &mut bytes);
    fs::write(path, bytes).expect("written");
}

fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    assert!(size < 285, "the test needs no more");
    let (low, more) = if size < 29 { (size as u8, None) } else { (29, Some((size - 29) as u8)) };
    if kind < 8 {
        out.push(kind << 5 | low);
    } else {
        out.extend([low, kind - 7]);
    }
    out.extend(more);
}

fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            control(2, text.len(), out);
            out.extend(text.bytes());
        }
        Value::Number(number) => match number.as_u64() {
            // As the metadata has them: what is small is 16 bits, the time 64.
            Some(whole) => match whole {
                ..=128 => {
                    control(5, 2, out);
                    out.extend((whole as u16).to_be_bytes());
                }
                1_000_000_000.. => {
                    control(9, 8, out);
                    out.extend(whole.to_be_bytes());
                }
                _ => {
                    control(6, 4, out);
                    out.extend((whole as u32).to_be_bytes());
                }
            },
            None => {
                control(3, 8, out);
                out.extend(number.as_f64().unwrap_or_default().to_be_bytes());
            }
        },
        Value::Bool(flag) => control(14, usize::from(*flag), out),
        Value::Array(rows) => {
            control(11, rows.len(), out);
            rows.iter().for_each(|row| encode(row, out));
        }
        Value::Object(fields) => {
            control(7, fields.len(), out);
            for (name, value) in fields {
                encode(&Value::from(name.as_str()), out);
                encode(value, out);
            }
        }
        Value::Null => unreachable!("no test writes nothing"),
    }
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
    assert_eq!(fs::read_dir(&data).expect("a folder").count(), 1);
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
