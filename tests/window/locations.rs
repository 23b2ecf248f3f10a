//! A location database of the owner's own, chosen in the desktop's dialog.

use std::{fs, path::Path};

use hallmonitor_tests::{Desktop, Window, project, until};

use crate::steps::in_settings;

/// A database that comes with the program's sources; CC0.
const COUNTRIES: &str = "ui/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb";

/// Chooses a file in the dialog, by its path.
async fn chooses(window: &Window, desktop: &Desktop, path: &Path) {
    window.clicks("location-choose").await;
    desktop.opens_file("Choose a location database", path).await;
}

#[tokio::test]
async fn a_chosen_database_is_named_with_its_date_what_is_none_is_refused_and_the_built_in_one_comes_back() {
    let mut desktop = Desktop::start().await;
    let (window, _school) = in_settings(&mut desktop).await;
    window.reads("location-databases", "countries only").await;

    let whole = fs::read(project().join(COUNTRIES)).expect("the country database is fetched: run `cargo xtask setup`");
    let (good, bad) = (desktop.home().join("countries.mmdb"), desktop.home().join("letter.mmdb"));
    fs::write(&good, whole).expect("our own file");
    fs::write(&bad, "Dear reader").expect("our own file");

    chooses(&window, &desktop, &bad).await;
    window.reads("location-problem", "is no location database").await;
    window.reads("location-databases", "countries only").await;

    chooses(&window, &desktop, &good).await;
    window.sees("location-forget").await;
    let said = window.reads("location-databases", "countries").await;
    assert!(said.contains("of ") && !said.contains("countries only"), "{said}");
    until("every address is placed again", async || window.all("location-placing").await.is_empty().then_some(()))
        .await;
    assert!(desktop.data_dir().join("location-places.mmdb").is_file());
    window.picture("location").await;

    window.clicks("location-forget").await;
    window.reads("location-databases", "countries only").await;
    assert!(!desktop.data_dir().join("location-places.mmdb").exists());
}
