//! A contact's card: the strip, the places, and who else was there.

use hallmonitor_wire::Time;

use super::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn login(id: i64, contact: i64, device: i64, ip: &str, from: i64) -> Session {
    let mut row = session(id, contact, Some(device), ip, 100 + id);
    row.started_at = Time(from);
    row.last_activity_at = Time(from + HOUR);
    row
}

async fn school() -> Mirror {
    let mut borrowed = device(3, 2, "allowed", 13);
    borrowed.fingerprint = "f1".into();
    Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2), contact(3, "Eve", 3)],
        devices: vec![device(1, 1, "blocked", 11), device(2, 1, "allowed", 12), borrowed],
        sessions: vec![
            login(1, 1, 1, "91.198.36.2", DAY),
            login(2, 1, 2, "8.8.8.8", DAY + HOUR / 2),
            login(3, 1, 2, "8.8.4.4", 20 * DAY),
            login(4, 1, 2, "10.0.0.1", 800 * DAY),
            login(5, 2, 3, "8.8.8.8", 2 * DAY),
            login(6, 3, 9, "8.8.8.8", 3 * DAY),
            login(7, 3, 9, "8.8.8.8", 4 * DAY),
        ],
        restrictions: vec![restriction(1, 1, "not_viewed", 50)],
        ..Changes::default()
    })
    .await
}

#[tokio::test]
async fn the_strip_has_a_lane_a_device_and_its_overlaps_and_marks() {
    let mirror = school().await;
    mirror.cache.name_device(2, "At home").await.expect("named");
    let strip = mirror.cache.activity_strip(1, 0, 30 * DAY).await.expect("strip");
    let lanes: Vec<_> =
        strip.lanes.iter().map(|lane| (lane.device_id, lane.access.as_deref(), lane.own_name.as_deref())).collect();
    assert_eq!(lanes, [(Some(2), Some("allowed"), Some("At home")), (Some(1), Some("blocked"), None)]);
    let bars: Vec<_> = strip.lanes[0].bars.iter().map(|bar| (bar.from.ms(), bar.session_id)).collect();
    assert_eq!(bars, [(DAY + HOUR / 2, 2), (20 * DAY, 3)]);
    assert_eq!(strip.overlaps.len(), 1);
    assert_eq!((strip.overlaps[0].from.ms(), strip.overlaps[0].until.ms()), (DAY + HOUR / 2, DAY + HOUR));
    assert!(strip.marks.is_empty() && !strip.cut && strip.other_devices == 0);

    let marked = mirror.cache.activity_strip(1, 0, 1_800_000_000_000).await.expect("strip");
    assert_eq!(marked.from, Time(1_800_000_000_000 - 732 * DAY), "two years at the most");
    assert_eq!(
        marked
            .marks
            .iter()
            .map(|mark| (mark.restriction_id, mark.rule.code.as_str(), mark.rule.limit, mark.rule.observed))
            .collect::<Vec<_>>(),
        [(1, "device_limit", Some(5), Some(6))]
    );
    let nothing = mirror.cache.activity_strip(77, 5, 5).await.expect("strip");
    assert!(nothing.lanes.is_empty());
}

#[tokio::test]
async fn devices_that_are_one_have_one_lane_and_do_not_overlap() {
    let mirror = school().await;
    mirror.cache.name_device(2, "At home").await.expect("named");
    // With one of another contact, too, whose lane this is not.
    mirror.cache.join_devices(&[1, 2, 3]).await.expect("joined");
    let strip = mirror.cache.activity_strip(1, 0, 30 * DAY).await.expect("strip");
    let lanes: Vec<_> = strip.lanes.iter().map(|lane| (lane.device_id, lane.own_name.as_deref())).collect();
    assert_eq!(lanes, [(Some(1), Some("At home"))]);
    assert_eq!(strip.lanes[0].bars.iter().map(|bar| bar.sessions).sum::<i64>(), 3);
    assert!(strip.overlaps.is_empty(), "nobody overlaps with themselves");
    let of_another = mirror.cache.activity_strip(2, 0, 30 * DAY).await.expect("strip");
    assert_eq!(of_another.lanes[0].device_id, Some(3));

    mirror.cache.part_device(2).await.expect("parted");
    let parted = mirror.cache.activity_strip(1, 0, 30 * DAY).await.expect("strip");
    assert_eq!((parted.lanes.len(), parted.overlaps.len()), (2, 1));
}

#[tokio::test]
async fn places_are_counted_and_others_there_are_named() {
    let mirror = school().await;
    let places = mirror.cache.places_visited(1).await.expect("places");
    let seen: Vec<_> = places
        .iter()
        .map(|place| (place.country.as_deref(), place.network_kind.as_deref(), place.logins, place.addresses))
        .collect();
    assert_eq!(seen[0], (Some("US"), None, 2, 2));
    assert!(seen.contains(&(Some("UA"), None, 1, 1)) && seen.contains(&(None, Some("private"), 1, 1)));

    let others = mirror.cache.others_at("8.8.8.8", 1).await.expect("others");
    let named: Vec<_> = others.users.iter().map(|one| (one.name.as_str(), one.logins)).collect();
    assert_eq!((named, others.more), (vec![("Eve", 2), ("Bob", 1)], false));
    assert!(mirror.cache.others_at("1.1.1.1", 1).await.expect("others").users.is_empty());

    let others = mirror.cache.others_with(1).await.expect("others");
    assert_eq!(others.users.iter().map(|one| (one.contact_id, one.logins)).collect::<Vec<_>>(), [(2, 1)]);
    assert!(mirror.cache.others_with(2).await.expect("others").users.is_empty());
    mirror.cache.join_devices(&[2, 3]).await.expect("joined");
    assert_eq!(mirror.cache.others_with(2).await.expect("others").users.len(), 1);
}

#[tokio::test]
async fn logins_without_a_device_are_none_of_the_devices_that_have_no_lane() {
    let devices: Vec<_> = (1..=31).map(|id| device(id, 1, "allowed", id)).collect();
    // The oldest login is of no device, so its lane is the last one.
    let mut logins: Vec<_> =
        (0..=31).map(|id| session(id + 1, 1, (id > 0).then_some(id), "8.8.8.8", 100 + id)).collect();
    for (at, login) in logins.iter_mut().enumerate() {
        login.started_at = Time(DAY + at as i64 * HOUR);
        login.last_activity_at = login.started_at;
    }
    let changes = Changes { contacts: vec![contact(1, "Ann", 1)], devices, sessions: logins, ..Changes::default() };
    let strip = Mirror::loaded(changes).await.cache.activity_strip(1, 0, 30 * DAY).await.expect("strip");
    assert_eq!((strip.lanes.len(), strip.other_devices), (30, 1));
}
