//! Addresses placed again by a database that was chosen later.

use chrono::Utc;
use hallmonitor_wire::Time;

use super::*;
use crate::{
    location::{
        self, Choice,
        tests::{database, kyiv, lisbon},
    },
    model::{LogQuery, LoginQuery, Sign},
};

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn a_chosen_database_places_what_is_here_and_what_comes_later() {
    // One contact that logs in from two cities within an hour, after twenty days in one of them.
    let begin = 1_767_225_600_000;
    let login = |id: i64, ip: &str, at: i64| {
        let mut row = session(id, 1, Some(1), ip, 100 + id);
        row.started_at = Time(begin + at);
        row.last_activity_at = Time(begin + at + HOUR / 2);
        row
    };
    let mut sessions: Vec<Session> = (1..=20).map(|day| login(day, "91.198.36.2", day * 24 * HOUR)).collect();
    sessions.push(login(21, "8.8.8.8", 20 * 24 * HOUR + HOUR));
    let mut mirror =
        Mirror::loaded(Changes { contacts: vec![contact(1, "Ann", 1)], sessions, ..Changes::default() }).await;
    let now = begin + 22 * 24 * HOUR;
    while mirror.cache.count_stale_days().await.expect("counted") {}
    while mirror.cache.look_for_signs(now).await.expect("looked") {}
    assert!(mirror.cache.insight(1, now).await.expect("detail").findings.iter().all(|one| one.points == 0));
    assert!(!mirror.cache.has_unresolved(0).await.expect("asked"));

    let data = mirror.folder.path().join("data");
    let file = mirror.folder.path().join("city.mmdb");
    database(&file, "City", &[([91, 198, 36], kyiv()), ([8, 8, 8], lisbon())]);
    location::choose(&data, &file).expect("chosen");
    let choice = Choice::read(&data);
    let locations = choice.open(&data);
    let resolve = async |mirror: &Mirror| {
        while mirror.cache.has_unresolved(choice.number).await.expect("asked") {
            mirror.cache.resolve_some(&locations, choice.number).await.expect("placed");
        }
    };
    resolve(&mirror).await;
    while mirror.cache.count_stale_days().await.expect("counted") {}
    while mirror.cache.look_for_signs(now).await.expect("looked") {}

    let found = async |mirror: &Mirror, search: &str| {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        mirror.cache.sessions(&query).await.expect("found").rows.len()
    };
    assert_eq!((found(&mirror, "lisbon").await, found(&mirror, "kyiv").await), (1, 20));
    assert_eq!((found(&mirror, "sb").await, found(&mirror, "ky").await), (1, 20));
    let portugal = LoginQuery { country: Some("PT".into()), ..LoginQuery::default() };
    assert_eq!(mirror.cache.login_summary(&portugal, &Utc).await.expect("summary").total, 1);
    let america = LoginQuery { country: Some("US".into()), ..LoginQuery::default() };
    assert_eq!(
        mirror.cache.login_summary(&america, &Utc).await.expect("summary").total,
        0,
        "the country it was before"
    );
    let detail = mirror.cache.insight(1, now).await.expect("detail");
    let travel = detail.findings.iter().find(|one| one.sign == Sign::ImpossibleTravel).expect("a traveller");
    assert_eq!((travel.rows[0].session_ids.clone(), travel.rows[0].km), (vec![20, 21], Some(3_352)));

    // What comes later is placed by the next pass.
    mirror.apply(Changes { sessions: vec![login(22, "91.198.36.9", 21 * 24 * HOUR)], ..Changes::default() }).await;
    assert!(mirror.cache.has_unresolved(choice.number).await.expect("asked"));
    resolve(&mirror).await;
    assert_eq!(found(&mirror, "kyiv").await, 21);
}

#[tokio::test]
async fn a_place_that_was_looked_up_for_one_address_is_never_written_to_another() {
    let mirror =
        Mirror::loaded(Changes { sessions: vec![session(1, 1, None, "8.8.8.8", 1)], ..Changes::default() }).await;
    let data = mirror.folder.path().join("data");
    let file = mirror.folder.path().join("city.mmdb");
    database(&file, "City", &[([8, 8, 8], lisbon())]);
    location::choose(&data, &file).expect("chosen");
    let choice = Choice::read(&data);
    let looked_at = mirror.cache.some_unresolved(choice.number).await.expect("read");
    sqlx::raw_sql("UPDATE ip SET address = '91.198.36.2', folded = '91.198.36.2', country = 'UA'")
        .execute(&mut *mirror.cache.writer().await)
        .await
        .expect("another one has its number");
    mirror.cache.resolve(looked_at, &choice.open(&data), choice.number).await.expect("placed");
    let row = mirror.cache.sessions(&LogQuery::default()).await.expect("sessions").rows.remove(0);
    assert_eq!((row.ip.as_str(), row.place.country.as_deref(), row.place.city), ("91.198.36.2", Some("UA"), None));
    assert!(mirror.cache.has_unresolved(choice.number).await.expect("asked"), "its own turn is still to come");
}

#[tokio::test]
async fn the_owner_of_a_network_is_shown_and_found() {
    let sessions = vec![session(1, 1, Some(1), "91.198.36.2", 10), session(2, 1, Some(1), "8.8.8.8", 11)];
    let devices = vec![device(1, 1, "allowed", 5)];
    let restrictions = vec![restriction(1, 1, "viewed", 12)];
    let contacts = vec![contact(1, "Ann", 1)];
    let mirror = Mirror::loaded(Changes { contacts, devices, sessions, restrictions, ..Changes::default() }).await;
    let (data, file) = (mirror.folder.path().join("data"), mirror.folder.path().join("asn.mmdb"));
    let kyivstar =
        serde_json::json!({"autonomous_system_organization": "Kyivstar PJSC", "autonomous_system_number": 15895});
    database(&file, "ASN", &[([91, 198, 36], kyivstar)]);
    location::choose(&data, &file).expect("chosen");
    let choice = Choice::read(&data);
    let locations = choice.open(&data);
    let resolve = async || {
        while mirror.cache.has_unresolved(choice.number).await.expect("asked") {
            mirror.cache.resolve_some(&locations, choice.number).await.expect("placed");
        }
    };
    resolve().await;
    let rows = mirror.cache.sessions(&LogQuery::default()).await.expect("sessions").rows;
    let owner = |ip: &str| rows.iter().find(|row| row.ip == ip).expect("a login").place.network.clone();
    assert_eq!((owner("91.198.36.2").as_deref(), owner("8.8.8.8")), (Some("Kyivstar PJSC"), None));
    let json = serde_json::to_value(&rows).expect("json");
    assert!(json.as_array().expect("rows").iter().any(|row| row["network"] == "Kyivstar PJSC"));
    assert!(json.as_array().expect("rows").iter().any(|row| row.get("network").is_none()), "left out where unknown");
    let restrictions = mirror.cache.restrictions(&LogQuery::default()).await.expect("restrictions").rows;
    assert_eq!(restrictions[0].place.network.as_deref(), Some("Kyivstar PJSC"));
    assert_eq!(restrictions[0].status, "viewed", "what stands beside it is read as before");
    let devices = mirror.cache.devices(&LogQuery::default()).await.expect("devices").rows;
    let newest = rows.iter().find(|row| Some(&row.ip) == devices[0].last_ip.as_ref()).expect("its newest login");
    assert_eq!((&devices[0].place, devices[0].sessions), (&newest.place, 2));

    let found = async |search: &str| {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        mirror.cache.sessions(&query).await.expect("found").rows.len()
    };
    assert_eq!((found("kyivstar").await, found("google").await), (1, 0));

    // A cache whose addresses were placed before owners were searched.
    let mut writer = mirror.cache.writer().await;
    for sql in [
        "UPDATE ip SET folded = address WHERE organisation IS NOT NULL",
        "DELETE FROM ip_search",
        "INSERT INTO ip_search (rowid, text) SELECT id, folded FROM ip",
        include_str!("../schema/0007_owners_of_networks.sql"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *writer).await.expect("done");
    }
    drop(writer);
    assert_eq!(found("kyivstar").await, 0);
    resolve().await;
    assert_eq!(found("kyivstar").await, 1);
}
