//! Hand-made histories on both sides of each threshold.

use super::*;
use crate::{
    insight::history::{Cookie, DAY_MS, HOUR_MS, History, Login, MINUTE_MS, Network, Point, Span},
    model::{InsightSettings, Sign},
};

const ALL: Span = Span { from: 0 };
/// Long enough after 1970 that learning is over.
const T: i64 = 1000 * DAY_MS;
/// Long after that.
const NOW: i64 = 2 * T;

fn login(id: i64, started_at: i64, minutes: i64) -> Login {
    Login {
        id,
        started_at,
        last_activity_at: started_at + minutes * MINUTE_MS,
        device: Some(id),
        device_type: "desktop".into(),
        network: Some(Network::V4([10, 0, id as u8])),
        country: Some("UA".into()),
        city: None,
        hosting: None,
    }
}

fn history(logins: Vec<Login>) -> History {
    History { logins, ..History::default() }
}

#[test]
fn concurrent_use_is_5_minutes_of_two_like_devices_on_two_networks() {
    let settings = InsightSettings::default();
    let second = |change: &dyn Fn(&mut Login)| {
        let mut login = login(2, T + 20 * MINUTE_MS, 30);
        change(&mut login);
        login
    };
    for (what, second, seen) in [
        ("as it stands", second(&|_| {}), true),
        ("5 minutes", second(&|login| login.started_at = T + 25 * MINUTE_MS), true),
        ("a millisecond less", second(&|login| login.started_at = T + 25 * MINUTE_MS + 1), false),
        ("short itself", second(&|login| login.last_activity_at = login.started_at + 5 * MINUTE_MS - 1), false),
        ("short enough", second(&|login| login.last_activity_at = login.started_at + 5 * MINUTE_MS), true),
        ("a phone beside a laptop", second(&|login| login.device_type = "mobile".into()), false),
        ("the same network", second(&|login| login.network = Some(Network::V4([10, 0, 1]))), false),
        ("IPv6", second(&|login| login.network = Some(Network::V6([0; 6]))), true),
        ("the same device", second(&|login| login.device = Some(1)), false),
        ("no device", second(&|login| login.device = None), false),
        ("no address", second(&|login| login.network = None), false),
    ] {
        let history = history(vec![login(1, T, 30), second]);
        assert_eq!(!concurrent_use(&history, &settings, ALL, NOW).is_empty(), seen, "{what}");
    }
    let both = history(vec![login(1, T, 30), login(2, T + 20 * MINUTE_MS, 30)]);
    let seen = &concurrent_use(&both, &settings, ALL, NOW)[0];
    assert_eq!((seen.row.minutes, &seen.row.session_ids, &seen.doubts), (Some(10), &vec![1, 2], &vec![]));
    assert_eq!(concurrent_use(&both, &settings, Span { from: T + 20 * MINUTE_MS }, NOW).len(), 1);
    assert_eq!(
        concurrent_use(&both, &settings, Span { from: T + 20 * MINUTE_MS + 1 }, NOW).len(),
        0,
        "before enough is known"
    );
    let stricter = InsightSettings { concurrent_minutes: 11, ..settings };
    assert_eq!(concurrent_use(&both, &stricter, ALL, NOW).len(), 0);
}

#[test]
fn three_at_once_are_three_pairs_and_phones_are_doubted() {
    let mut logins: Vec<Login> = (1..=3).map(|id| login(id, T + id, 30)).collect();
    logins.iter_mut().for_each(|login| login.device_type = "mobile".into());
    let seen = concurrent_use(&history(logins), &InsightSettings::default(), ALL, NOW);
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|one| one.doubts == [Doubt::MobileNetwork]));
}

#[test]
fn sessions_that_never_end_are_days_of_concurrent_use_and_fill_no_memory() {
    const DAYS: i64 = 40;
    let at = |id: i64| T + id * DAYS * DAY_MS / 4_000;
    let logins: Vec<Login> = (0..4_000)
        .map(|id| Login {
            // 9999-12-31.
            last_activity_at: 253_402_214_400_000,
            network: Some(Network::V4([10, (id / 256) as u8, id as u8])),
            // All but the first day's are laptops.
            device_type: if at(id) < T + DAY_MS { "mobile" } else { "desktop" }.into(),
            ..login(id + 1, at(id), 0)
        })
        .collect();
    let now = T + DAYS * DAY_MS;
    let history = History { first_login_at: Some(0), ..history(logins) };
    let settings = InsightSettings::default();
    let seen = concurrent_use(&history, &settings, ALL, now);
    assert!(seen.len() <= 20 + DAYS as usize, "{}", seen.len());
    let judged = crate::insight::judge(&history, &settings, now);
    let finding = judged.findings.iter().find(|one| one.sign == Sign::ConcurrentUse).expect("a finding");
    assert_eq!((finding.count, finding.rows.len()), (DAYS, 20));
    assert_eq!(finding.doubts, [Doubt::MobileNetwork], "of the first day, whose rows are not kept");
    // No row says that anybody was there in the future.
    assert!(finding.rows.iter().all(|row| row.at.ms() + row.minutes.unwrap_or(0) * MINUTE_MS <= now));
}

/// Kilometres east along the equator.
fn east(km: f64) -> Option<Point> {
    Some(Point { latitude: 0.0, longitude: km / (6_371.0 * std::f64::consts::TAU / 360.0) })
}

#[test]
fn impossible_travel_is_500_km_faster_than_900_km_h_within_48_hours() {
    let settings = InsightSettings::default();
    for (what, km, hours, seen) in [
        ("as far as can be", 10_000.0, 1.0, true),
        ("500 km at once", 500.1, 0.0, true),
        ("less", 499.9, 0.0, false),
        ("just too fast", 901.0, 1.0, true),
        ("an aeroplane", 899.0, 1.0, false),
        ("a long flight", 15_000.0, 20.0, false),
        ("round the world in 20 hours", 19_000.0, 20.0, true),
    ] {
        let mut before = login(1, T, 30);
        before.city = east(0.0);
        let mut after = login(2, before.last_activity_at + (hours * HOUR_MS as f64) as i64, 5);
        after.city = east(km);
        assert_eq!(!impossible_travel(&history(vec![before, after]), &settings, ALL).is_empty(), seen, "{what}");
    }
    // 48 hours are reached only where hardly anything counts as too fast.
    let slow = InsightSettings { travel_km_h: 100, ..settings.clone() };
    for (hours, seen) in [(48, true), (49, false)] {
        let (mut before, mut after) = (login(1, T, 0), login(2, T + hours * HOUR_MS, 0));
        (before.city, after.city) = (east(0.0), east(9_000.0));
        assert_eq!(!impossible_travel(&history(vec![before, after]), &slow, ALL).is_empty(), seen, "{hours} hours");
    }
    // Where a city is not known there is no distance.
    let (mut before, after) = (login(1, T, 0), login(2, T + 1, 0));
    before.city = east(0.0);
    assert!(impossible_travel(&history(vec![before, after]), &settings, ALL).is_empty());
}

#[test]
fn impossible_travel_names_a_vpn_where_a_network_or_the_device_speaks_for_one() {
    let settings = InsightSettings::default();
    for (what, change, doubts) in [
        ("two devices", &(|_: &mut Login, _: &mut Login| {}) as &dyn Fn(&mut Login, &mut Login), vec![]),
        ("the first from a hosting network", &|before, _| before.hosting = Some(true), vec![Doubt::Vpn]),
        ("the second", &|_, after| after.hosting = Some(true), vec![Doubt::Vpn]),
        ("none of them", &|before, after| (before.hosting, after.hosting) = (Some(false), Some(false)), vec![]),
        ("one device", &|before, after| after.device = before.device, vec![Doubt::Vpn]),
        ("devices that nobody knows", &|before, after| (before.device, after.device) = (None, None), vec![]),
        (
            "one phone",
            &|before, after| (after.device, after.device_type) = (before.device, "mobile".into()),
            vec![Doubt::MobileNetwork, Doubt::Vpn],
        ),
    ] {
        let (mut before, mut after) = (login(1, T, 0), login(2, T + HOUR_MS, 0));
        (before.city, after.city) = (east(0.0), east(9_000.0));
        change(&mut before, &mut after);
        let seen = impossible_travel(&history(vec![before, after]), &settings, ALL);
        assert_eq!(seen[0].doubts, doubts, "{what}");
    }
}

fn cookie(id: i64, first_day: i64, days: i64) -> Cookie {
    Cookie {
        id,
        first_seen_at: T + first_day * DAY_MS,
        last_seen_at: T + (first_day + days) * DAY_MS,
        browser: Some("Chrome 131".into()),
        os: Some("Windows 10".into()),
        others: Vec::new(),
        shared: 0,
    }
}

fn safari(id: i64, first_day: i64, days: i64) -> Cookie {
    Cookie { browser: Some("Safari 18".into()), os: Some("iOS 18".into()), ..cookie(id, first_day, days) }
}

#[test]
fn device_churn_is_4_new_devices_in_30_days() {
    let settings = InsightSettings::default();
    for (what, first_days, seen) in [
        ("4 in 30 days", &[0, 10, 20, 29][..], 1),
        ("the fourth on day 30", &[0, 10, 20, 30], 0),
        ("3", &[0, 1, 2], 0),
        ("later ones", &[0, 40, 50, 60, 69], 1),
        ("twice", &[0, 1, 2, 3, 100, 101, 102, 103], 2),
        ("many at once are one time", &[0, 1, 2, 3, 4, 5, 6, 7], 1),
    ] {
        let devices = first_days.iter().zip(1..).map(|(day, id)| cookie(id, *day, 400)).collect();
        let history = History { devices, ..History::default() };
        assert_eq!(device_churn(&history, &settings, ALL).len(), seen, "{what}");
    }
    let devices = vec![cookie(1, 0, 9), cookie(2, 1, 9), cookie(3, 2, 9), cookie(4, 3, 9)];
    let history = History { devices, ..History::default() };
    assert_eq!(device_churn(&history, &settings, Span { from: T + 1 }).len(), 0, "one came while it was being learned");
}

#[test]
fn an_iphone_that_forgets_every_week_is_one_device() {
    let settings = InsightSettings::default();
    for (what, devices, seen) in [
        ("a week each", (0..5).map(|run| safari(run, run * 7, 7)).collect::<Vec<_>>(), 0),
        ("a day each", (0..5).map(|run| safari(run, run * 7, 1)).collect(), 0),
        ("beside each other", (0..5).map(|run| safari(run, run, 7)).collect(), 1),
        ("longer than Safari remembers", (0..5).map(|run| safari(run, run * 2, 9)).collect(), 1),
        ("another browser", (0..5).map(|run| cookie(run, run * 7, 7)).collect(), 1),
    ] {
        let history = History { devices, ..History::default() };
        assert_eq!(device_churn(&history, &settings, ALL).len(), seen, "{what}");
    }
}

#[test]
fn many_networks_are_more_than_5_in_24_hours() {
    let settings = InsightSettings::default();
    let over = |count: i64, hours: i64| -> Vec<Login> {
        (0..count).map(|id| login(id, T + id * hours * HOUR_MS / (count - 1), 1)).collect()
    };
    for (what, logins, seen) in [
        ("6 in 23 hours", over(6, 23), 1),
        ("5", over(5, 23), 0),
        ("the sixth after 24 hours", over(6, 24), 0),
        ("two days like that", [over(6, 23), over(6, 23).into_iter().map(later).collect()].concat(), 2),
    ] {
        assert_eq!(many_networks(&history(logins), &settings, ALL).len(), seen, "{what}");
    }
    let mut one_network = over(9, 9);
    one_network.iter_mut().for_each(|login| login.network = Some(Network::V4([1, 2, 3])));
    assert!(many_networks(&history(one_network), &settings, ALL).is_empty());
}

#[test]
fn many_networks_are_counted_as_anybody_would_count_them() {
    let settings = InsightSettings::default();
    // Some 12 logins a day of up to 8 networks, now many together and now few.
    let mut logins: Vec<Login> = (0..2_000)
        .map(|id: i64| {
            let mut login = login(id, T + id * 2 * HOUR_MS + id * id % 7_919 * MINUTE_MS / 8, 1);
            login.network = Some(Network::V4([10, 0, (id * 7 % 11 * (id / 90 % 3) % 8) as u8]));
            login
        })
        .collect();
    logins.sort_by_key(|login| login.started_at);
    let (mut expected, mut from) = (Vec::new(), 0);
    while from < logins.len() {
        let day: Vec<&Login> =
            logins[from..].iter().take_while(|login| login.started_at < logins[from].started_at + DAY_MS).collect();
        let networks: std::collections::BTreeSet<_> = day.iter().map(|login| login.network).collect();
        if networks.len() > 5 {
            expected.push((day.iter().map(|login| login.id).collect::<Vec<_>>(), Some(networks.len() as i64)));
            from += day.len();
        } else {
            from += 1;
        }
    }
    assert!(expected.len() > 20, "{}", expected.len());
    let found: Vec<_> = many_networks(&history(logins), &settings, ALL)
        .into_iter()
        .map(|one| (one.row.session_ids, one.row.count))
        .collect();
    assert_eq!(found, expected);
}

/// A student who wants to may log in a hundred thousand times a day, each time as a new device: looked at pair by pair
/// that would take minutes.
#[test]
fn a_hundred_thousand_logins_in_one_day_are_looked_at_in_one_pass() {
    const MANY: i64 = 100_000;
    let settings = InsightSettings::default();
    let logins = |networks: i64| -> Vec<Login> {
        (0..MANY)
            .map(|id| {
                let mut login = login(id, T + id * 800, 1);
                login.network = Some(Network::V4([10, 0, (id % networks) as u8]));
                login
            })
            .collect()
    };
    assert!(many_networks(&history(logins(5)), &settings, ALL).is_empty());
    let seen = many_networks(&history(logins(6)), &settings, ALL);
    let newest: Vec<i64> = (MANY - 100..MANY).collect();
    assert_eq!((seen.len(), &seen[0].row.session_ids), (1, &newest), "and not all of them stand behind it");

    // Each is used once more an hour later, so that none of them can be another one's next life.
    let devices: Vec<Cookie> = (0..MANY)
        .map(|id| {
            let first_seen_at = T + id * 30;
            Cookie { first_seen_at, last_seen_at: first_seen_at + HOUR_MS, ..safari(id, 0, 0) }
        })
        .collect();
    let found = device_churn(&History { devices, ..History::default() }, &settings, ALL);
    assert_eq!((found.len(), &found[0].row.device_ids), (1, &newest));
}

fn later(mut login: Login) -> Login {
    login.started_at += 10 * DAY_MS;
    login
}

#[test]
fn a_country_is_new_where_it_was_not_seen_for_90_days() {
    let settings = InsightSettings::default();
    let at = |id, day: i64, country: &str| {
        let mut login = login(id, T + day * DAY_MS, 1);
        login.country = Some(country.into());
        login
    };
    for (what, logins, seen) in [
        ("abroad", vec![at(1, 0, "UA"), at(2, 5, "PL")], vec![2]),
        ("home again", vec![at(1, 0, "UA"), at(2, 5, "PL"), at(3, 9, "UA"), at(4, 10, "PL")], vec![2]),
        ("90 days later", vec![at(1, 0, "PL"), at(2, 50, "UA"), at(3, 90, "PL")], vec![2]),
        ("91 days later", vec![at(1, 0, "PL"), at(2, 50, "UA"), at(3, 91, "PL")], vec![2, 3]),
        ("after a long absence", vec![at(1, 0, "UA"), at(2, 200, "PL")], vec![]),
        ("the first ever", vec![at(1, 0, "UA")], vec![]),
    ] {
        let found = new_country(&history(logins), &settings, ALL);
        let ids: Vec<i64> = found.iter().flat_map(|one| one.row.session_ids.clone()).collect();
        assert_eq!(ids, seen, "{what}");
        assert!(found.iter().all(|one| one.doubts.contains(&Doubt::CountryLevel)));
    }
}

#[test]
fn a_shared_device_names_the_other_accounts() {
    let mut shared = cookie(1, 0, 5);
    shared.others = vec![7, 8];
    let history = History { devices: vec![shared, cookie(2, 0, 5)], ..History::default() };
    let found = shared_device(&history, ALL);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].row.contact_ids, &found[0].doubts), (&vec![7, 8], &vec![Doubt::Household]));
    assert!(shared_device(&history, Span { from: T + 6 * DAY_MS }).is_empty(), "not used for long");
}

#[test]
fn a_hosting_network_counts_only_where_it_is_known_to_be_one() {
    let with = |hosting| {
        let mut login = login(1, T, 1);
        login.hosting = hosting;
        hosting_network(&history(vec![login]), ALL).len()
    };
    assert_eq!((with(Some(true)), with(Some(false)), with(None)), (1, 0, 0));
}
