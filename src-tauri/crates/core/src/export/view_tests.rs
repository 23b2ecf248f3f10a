//! Views written whole: every list, in its order, with names, and nothing left where it is given up.

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use hallmonitor_language::Language;
use hallmonitor_wire::Changes;
use tokio::sync::Notify;

use super::{Format, Heads, to_file};
use crate::{
    cache::tests::{Mirror, contact, device, restriction, session},
    listing::{Listing, Selection},
    model::{ContactQuery, DeviceQuery, InsightQuery, InsightSettings, LoginQuery, View, ViolationQuery},
};

/// Midnight of the 1st of March 2026.
const NOW: i64 = 1_772_323_200_000;

async fn lines(mirror: &Mirror, view: View, heads: Heads) -> Vec<String> {
    let path = mirror.folder.path().join("view.csv");
    let listing = Listing::new(mirror.cache.snapshot().await.expect("a snapshot"), Selection::of_view(view), NOW);
    to_file(listing, Format::Csv, heads, &path, &|_| {}).await.expect("written");
    let text = fs::read_to_string(path).expect("read");
    text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_list_is_written_with_names_for_people_and_without_for_programs() {
    let mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        devices: vec![device(1, 1, "blocked", 3), device(2, 2, "allowed", 4)],
        sessions: vec![session(1, 1, Some(1), "8.8.8.8", 5), session(2, 2, Some(2), "8.8.4.4", 6)],
        restrictions: vec![restriction(1, 1, "not_viewed", 7)],
        ..Changes::default()
    })
    .await;
    let blocked = DeviceQuery { blocked: true, ..DeviceQuery::default() };
    let unused = DeviceQuery { unused_days: 28, ..DeviceQuery::default() };
    let rested = DeviceQuery { unused_days: 27, ..DeviceQuery::default() };
    for (view, rows, named) in [
        (View::Contacts(ContactQuery { search: "bob".into(), ..ContactQuery::default() }), 1, false),
        (View::Logins(LoginQuery { address: "8.8.8.0/24".into(), ..LoginQuery::default() }), 1, true),
        (View::Devices(blocked), 1, true),
        (View::Devices(unused), 0, true),
        (View::Devices(rested), 2, true),
        (View::Devices(DeviceQuery::default()), 2, true),
        (View::Violations(ViolationQuery::default()), 1, true),
    ] {
        let people = lines(&mirror, view.clone(), Heads::Words(Language::English)).await;
        assert_eq!(people.len(), rows + 1, "{view:?}");
        assert_eq!(people[0].contains("Contact ID,Name,E-mail,"), named, "{view:?}: {}", people[0]);
        for row in &people[1..] {
            assert!(row.contains("Ann,c1@mail.example") || row.contains("Bob,c2@mail.example"), "{row}");
        }
        let programs = lines(&mirror, view.clone(), Heads::Fields).await;
        assert_eq!(programs.len(), people.len());
        assert!(!programs[0].contains("contact_name"), "{view:?}: {}", programs[0]);
    }
    let counted = lines(&mirror, View::Devices(DeviceQuery::default()), Heads::Fields).await;
    let ips = counted[0].split(',').position(|head| head == "ips").expect("a column");
    // No cell before it holds a comma.
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
    let row = counted[1].replace(agent, "");
    assert_eq!(row.split(',').nth(ips), Some("1"), "{row}");
}

#[tokio::test]
async fn a_view_that_is_given_up_half_way_leaves_what_was_there() {
    let contacts = (1..=12_000).map(|id| contact(id, "Ann", id)).collect();
    let mirror = Mirror::loaded(Changes { contacts, ..Changes::default() }).await;
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("contacts.csv");
    let (given_up, told) = (Notify::new(), AtomicU64::new(0));
    let tell = |rows| {
        told.store(rows, Ordering::Relaxed);
        given_up.notify_one();
    };
    // Nobody is asked between two pages that come at once: then it is written to its end, and that is no test of this.
    let mut trials = 0..100;
    while trials.next().is_some() {
        fs::write(&path, "before").expect("a file");
        let selection = Selection::of_view(View::Contacts(ContactQuery::default()));
        let listing = Listing::new(mirror.cache.snapshot().await.expect("a snapshot"), selection, NOW);
        tokio::select! {
            biased;
            () = given_up.notified() => {}
            written = to_file(listing, Format::Csv, Heads::Fields, &path, &tell) => drop(written.expect("written")),
        }
        if told.load(Ordering::Relaxed) < 12_000 {
            break;
        }
    }
    assert!(!trials.is_empty(), "it was written to its end each time");
    assert_eq!(fs::read_to_string(&path).expect("read"), "before");
    assert_eq!(fs::read_dir(folder.path()).expect("our own folder").count(), 1, "no half file is left");
    // What it was about to read is still being read.
    mirror.cache.close().await;
}

#[tokio::test]
async fn the_ranking_is_written_with_a_column_for_each_sign() {
    let mut other = device(2, 2, "allowed", 4);
    other.fingerprint = device(1, 1, "allowed", 3).fingerprint;
    let mirror = Mirror::loaded(Changes {
        contacts: vec![contact(1, "Ann", 1), contact(2, "Bob", 2)],
        devices: vec![device(1, 1, "allowed", 3), other],
        sessions: vec![session(1, 1, Some(1), "8.8.8.8", 5), session(2, 2, Some(2), "8.8.4.4", 6)],
        ..Changes::default()
    })
    .await;
    let settings = InsightSettings { learn_logins: 0, learn_days: 0, ..InsightSettings::default() };
    mirror.cache.set_insight_settings(&settings).await.expect("set");
    while mirror.cache.look_for_signs(NOW).await.expect("looked") {}
    let ranked = mirror.cache.insights(&InsightQuery::default()).await.expect("ranked").rows;
    assert!(!ranked.is_empty(), "the two share a device");
    let table = lines(&mirror, View::Insights(InsightQuery::default()), Heads::Fields).await;
    assert_eq!(table.len(), ranked.len() + 1);
    let of = |row: &str, field: &str| {
        let at = table[0].split(',').position(|head| head == field).expect("a column");
        row.split(',').nth(at).expect("a cell").to_owned()
    };
    assert_eq!(of(&table[1], "shared_device"), "1");
    assert_eq!(of(&table[1], "concurrent_use"), "0");
    assert_eq!(of(&table[1], "points"), ranked[0].points.to_string());
    assert_eq!(of(&table[1], "flagged"), "false");
    let nobody = InsightQuery { search: "nobody".into(), ..InsightQuery::default() };
    assert_eq!(lines(&mirror, View::Insights(nobody), Heads::Fields).await.len(), 1);
    let people = lines(&mirror, View::Insights(InsightQuery::default()), Heads::Words(Language::English)).await;
    assert!(people[0].starts_with("Contact ID,Name,E-mail,Points,"), "{}", people[0]);
}
