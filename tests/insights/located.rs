//! The signs that need to know cities and networks' owners, with a location database that knows them for the world's
//! own address ranges: the one that comes with the program knows countries alone.

use std::{fs, net::IpAddr, path::Path, time::Duration};

use hallmonitor_core::model::{InsightQuery, InsightSettings, LogQuery, Sign};
use hallmonitor_school::world::places::{COUNTRIES, Holder, ranges};
use mmdb_writer::{IpVersion, Writer};
use serde_json::json;

use crate::{Owner, by_itself, logins_of, owner_of_a_read_school};

/// Each country's city, north and east in degrees, in the order of [`COUNTRIES`]. One is enough: students live and
/// travel by countries there.
const CITIES: [(&str, f64, f64); 28] = [
    ("Kyiv", 50.45, 30.52),
    ("Warsaw", 52.23, 21.01),
    ("Berlin", 52.52, 13.41),
    ("London", 51.51, -0.13),
    ("New York", 40.71, -74.01),
    ("Prague", 50.09, 14.42),
    ("Bucharest", 44.43, 26.10),
    ("Astana", 51.13, 71.43),
    ("Chisinau", 47.01, 28.86),
    ("Tbilisi", 41.69, 44.80),
    ("Tel Aviv", 32.09, 34.78),
    ("Toronto", 43.65, -79.38),
    ("Riga", 56.95, 24.11),
    ("Vilnius", 54.69, 25.28),
    ("Tallinn", 59.44, 24.75),
    ("Zurich", 47.38, 8.54),
    ("Vienna", 48.21, 16.37),
    ("Amsterdam", 52.37, 4.90),
    ("Rome", 41.90, 12.50),
    ("Madrid", 40.42, -3.70),
    ("Paris", 48.86, 2.35),
    ("Lisbon", 38.72, -9.14),
    ("Istanbul", 41.01, 28.98),
    ("Athens", 37.98, 23.73),
    ("Dubai", 25.20, 55.27),
    ("Cairo", 30.04, 31.24),
    ("Bangkok", 13.76, 100.50),
    ("Nicosia", 35.19, 33.38),
];

/// Writes what a city database and one of networks' owners would say of the world's addresses.
fn write_database(path: &Path) {
    let mut database = Writer::builder("City and owner").ip_version(IpVersion::V6).build();
    for (range, holder) in ranges() {
        let record = match holder {
            Holder::Provider(country) => {
                let (city, latitude, longitude) = CITIES[usize::from(country)];
                json!({
                    "country": {"iso_code": COUNTRIES[usize::from(country)].code},
                    "city": {"names": {"en": city}},
                    "location": {"latitude": latitude, "longitude": longitude},
                    "is_hosting_provider": false,
                })
            }
            Holder::Hosting => json!({"is_hosting_provider": true}),
        };
        database.insert(range, &record).expect("a record");
    }
    fs::write(path, database.to_bytes().expect("a database")).expect("written");
}

/// Whether an address is one of a company's that rents out servers or sells VPNs.
fn is_hosting(ip: &str) -> bool {
    let ip: IpAddr = ip.parse().expect("an address");
    ranges().any(|(range, holder)| holder == Holder::Hosting && range.contains(&ip))
}

async fn located(owner: &Owner, days: u32) {
    let file = owner.folder.path().join("world.mmdb");
    write_database(&file);
    let chosen = owner.app.choose_location_database(&file).await.expect("chosen");
    assert!(chosen.cities && chosen.networks, "{chosen:?}");
    let settings = InsightSettings { look_back_days: days, ..InsightSettings::default() };
    owner.core.set_insight_settings(settings).await.expect("set");
    while owner.core.insights_pass(Duration::from_secs(1)).await.expect("looked at").left {}
}

#[tokio::test(flavor = "multi_thread")]
async fn with_cities_and_owners_known_who_shares_across_borders_and_who_comes_from_a_server_are_found() {
    let owner = owner_of_a_read_school().await;
    let logins = logins_of(&owner).await;
    located(&owner, 365).await;
    let travel = by_itself(&owner, &logins, 365, Sign::ImpossibleTravel).await;
    let hosting = by_itself(&owner, &logins, 365, Sign::HostingNetwork).await;
    assert!(travel.right > 0 && hosting.right + hosting.wrong > 0);

    let listed = |sign| InsightQuery { sign: Some(sign), ..InsightQuery::default() };
    for row in owner.core.insights(&listed(Sign::ImpossibleTravel)).await.expect("list").rows.iter().take(10) {
        let detail = owner.core.insight(row.contact_id).await.expect("detail");
        let travel = detail.findings.iter().find(|one| one.sign == Sign::ImpossibleTravel).expect("a traveller");
        assert!(travel.rows.iter().all(|row| row.km.is_some_and(|km| km >= 500)), "{travel:?}");
    }
    for row in owner.core.insights(&listed(Sign::HostingNetwork)).await.expect("list").rows.iter().take(10) {
        let detail = owner.core.insight(row.contact_id).await.expect("detail");
        let hosting = detail.findings.iter().find(|one| one.sign == Sign::HostingNetwork).expect("a server");
        let query = LogQuery { contact_id: Some(row.contact_id), ..LogQuery::default() };
        let sessions = owner.core.sessions(&query).await.expect("sessions").rows;
        let named = |id: &i64| sessions.iter().find(|session| session.id == *id).expect("a row that is there");
        for row in &hosting.rows {
            assert!(row.session_ids.iter().all(|id| is_hosting(&named(id).ip)), "{row:?}");
        }
    }
}
