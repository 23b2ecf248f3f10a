//! What other settings would flag, against judging every contact by itself.

use std::collections::BTreeSet;

use hallmonitor_wire::Time;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use super::*;
use crate::{
    cache::histories,
    insight,
    model::{InsightSettings, Sign, Weight},
};

const DAY: i64 = 86_400_000;
/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000_000;
const CONTACTS: i64 = 60;

/// Two years of logins by some who share and some who do not: some new, some gone, some with a session that never ends.
fn world() -> Changes {
    let mut chance = StdRng::seed_from_u64(7);
    let (mut sessions, mut devices) = (Vec::new(), Vec::new());
    for contact in 1..=CONTACTS {
        let first_day = [700, 300, 104, 95, 60, 12][(contact % 6) as usize] + chance.random_range(0..8);
        let last_day = if contact % 10 == 9 { first_day.min(120) } else { 0 };
        let own = 1 + contact % 4;
        for number in 0..own {
            let mut row = device(contact * 10 + number, contact, "allowed", 100 + contact * 10 + number);
            // Some browsers are in several accounts.
            if number == 1 {
                row.fingerprint = format!("shared{}", contact / 3);
            }
            row.first_seen_at = Time(NOW - first_day * DAY + number * 20 * DAY);
            row.last_seen_at = Time((NOW - last_day * DAY).max(row.first_seen_at.ms()));
            devices.push(row);
        }
        for number in 0..chance.random_range(2..90) {
            let id = contact * 1_000 + number;
            let mut row =
                session(id, contact, Some(contact * 10 + chance.random_range(0..own)), "8.8.8.8", 10_000 + id);
            row.ip = format!("{}.198.{}.7", [8, 91, 212][chance.random_range(0..3)], chance.random_range(0..20));
            let day = chance.random_range(last_day..=first_day);
            row.started_at = Time(NOW - day * DAY - chance.random_range(0..DAY / 4));
            let long = if chance.random_range(0..40) == 0 { 120 * DAY } else { DAY / 12 };
            row.last_activity_at = Time((row.started_at.ms() + chance.random_range(0..long)).min(NOW));
            if chance.random_range(0..12) == 0 {
                row.outcome = "denied".into();
            }
            sessions.push(row);
        }
    }
    let contacts = (1..=CONTACTS).map(|id| contact(id, "Somebody", id)).collect();
    Changes { contacts, devices, sessions, ..Changes::default() }
}

/// Whom these settings flag, each contact's whole history read by itself.
async fn one_by_one(mirror: &Mirror, settings: &InsightSettings) -> BTreeSet<i64> {
    let mut reader = mirror.cache.reading().await.expect("reader");
    let all: Vec<i64> = (1..=CONTACTS).collect();
    let histories = histories::read(&mut reader, &all, settings, NOW).await.expect("read");
    histories
        .into_iter()
        .filter(|(_, history)| insight::judge(history, settings, NOW).points >= i64::from(settings.flag_points))
        .map(|(id, _)| id)
        .collect()
}

fn tried() -> Vec<InsightSettings> {
    let usual = InsightSettings::default;
    let one = Weight { on: true, points: 1, most: 100 };
    let off = Weight { on: false, ..one };
    vec![
        usual(),
        InsightSettings { flag_points: 1, ..usual() },
        InsightSettings { flag_points: 80, concurrent_use: one, ..usual() },
        InsightSettings { flag_points: 10, shared_device: off, ..usual() },
        InsightSettings { flag_points: 3, new_country: one, ..usual() },
        InsightSettings { flag_points: 2, new_country: one, country_days: 30, ..usual() },
        InsightSettings { look_back_days: 7, ..usual() },
        InsightSettings { look_back_days: 730, ..usual() },
        InsightSettings { learn_days: 0, flag_points: 20, ..usual() },
        InsightSettings { learn_days: 365, learn_logins: 40, flag_points: 20, ..usual() },
        InsightSettings { learn_logins: 0, learn_days: 365, flag_points: 20, ..usual() },
        InsightSettings { concurrent_minutes: 120, ..usual() },
        InsightSettings { networks: 2, networks_hours: 168, flag_points: 15, ..usual() },
        InsightSettings { churn_devices: 2, churn_days: 200, flag_points: 15, ..usual() },
    ]
}

#[tokio::test]
async fn what_other_settings_would_flag_is_what_judging_each_contact_gives() {
    let mirror = Mirror::loaded(world()).await;
    while mirror.cache.look_for_signs(NOW).await.expect("looked") {}
    mirror.cache.join_devices(&[10, 20, 21]).await.expect("joined");
    let mut different = BTreeSet::new();
    for waiting in [true, false] {
        if !waiting {
            while mirror.cache.look_for_signs(NOW).await.expect("looked") {}
        }
        for settings in tried() {
            let meant = one_by_one(&mirror, &settings).await;
            let would = mirror.cache.would_flag(&settings, NOW).await.expect("foretold");
            assert_eq!(would.flagged, meant.len() as i64, "waiting: {waiting}, {settings:?}");
            different.insert(would.flagged);
        }
    }
    assert!(different.len() > 6, "the settings are to tell contacts apart: {different:?}");
}

#[tokio::test]
async fn a_sign_that_was_off_is_looked_for_before_it_is_counted() {
    let mirror = Mirror::loaded(world()).await;
    let usual = InsightSettings::default();
    let mut without = usual.clone();
    for sign in Sign::ALL {
        without.weight_mut(sign).on = false;
    }
    mirror.cache.set_insight_settings(&without).await.expect("set");
    while mirror.cache.look_for_signs(NOW).await.expect("looked") {}
    let meant = one_by_one(&mirror, &usual).await;
    assert!(!meant.is_empty());
    let would = mirror.cache.would_flag(&usual, NOW).await.expect("foretold");
    assert_eq!((would.flagged, would.flagged_now, would.also_now), (meant.len() as i64, 0, 0));
}

#[tokio::test]
async fn what_settings_would_flag_is_said_during_a_first_load_too() {
    let mut mirror = Mirror::new().await;
    mirror.apply(world()).await;
    for settings in tried() {
        let meant = one_by_one(&mirror, &settings).await;
        let asked = InsightSettings { travel_hours: settings.travel_hours + 24, ..settings.clone() };
        mirror.cache.set_insight_settings(&asked).await.expect("other thresholds are in force");
        let would = mirror.cache.would_flag(&settings, NOW).await.expect("foretold");
        assert_eq!(would.flagged, meant.len() as i64, "{settings:?}");
    }
}
