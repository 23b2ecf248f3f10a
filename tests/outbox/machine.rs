//! A machine with the real command line on it, which reaches the school through the fault layer; and what must hold
//! after whatever was done to it.

use std::collections::BTreeMap;

use hallmonitor_tests::{Cli, Faults, Filled, Ran, TestSchool, school_in};
use hallmonitor_wire::{ActionType, ActionValue};
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::{
    administrator::Administrator,
    ledger::{self, Event},
    owner::{ContactChecks, DeviceAccess, RestrictionStatus},
    website::{Student, Website},
};

/// A school with its server, the way to it, and the owner's machine.
pub(crate) struct Machine {
    pub(crate) cli: Cli,
    pub(crate) school: TestSchool,
    pub(crate) faults: Faults,
    pub(crate) targets: Vec<Target>,
    pub(crate) students: Vec<Student>,
    website: Website,
    other: Administrator,
}

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) kind: ActionType,
    pub(crate) id: i64,
}

/// What the owner has decided, as the command line told it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    /// The keys of the entries that were made, in their order.
    keys: Vec<String>,
    /// Key and value of the last decision on each target that has become an entry.
    last: BTreeMap<(&'static str, i64), (String, &'static str)>,
}

impl Decided {
    /// What two have decided, about targets of their own.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.keys.extend(other.keys);
        self.last.extend(other.last);
        self
    }
}

/// The command that decides this.
fn words(kind: ActionType, value: ActionValue) -> [&'static str; 2] {
    match (kind, value) {
        (DeviceAccess, ActionValue::Blocked) => ["device", "block"],
        (DeviceAccess, _) => ["device", "allow"],
        (RestrictionStatus, ActionValue::Viewed) => ["restriction", "viewed"],
        (RestrictionStatus, _) => ["restriction", "not-viewed"],
        (ContactChecks, value) => ["checks", value.as_str()],
    }
}

impl Machine {
    /// A connected machine that has read a school of so many students.
    pub(crate) async fn new(students: usize) -> Self {
        let unlimited = hallmonitor_school::Limits {
            admin_per_minute: u32::MAX,
            site_per_minute: u32::MAX,
            ..hallmonitor_school::Limits::default()
        };
        let school = school_in(tempfile::tempdir().expect("a folder"), Filled::Empty, unlimited).await;
        ledger::begin(&school).await;
        let website = Website::of(&school);
        website.block_addresses().await;
        let mut here = Vec::new();
        let mut targets = Vec::new();
        for nth in 0..students {
            let student = website.student(&format!("student{nth}")).await;
            let restriction = website.restriction(&student).await.expect("checks are on");
            let ids =
                [(DeviceAccess, student.device), (RestrictionStatus, restriction), (ContactChecks, student.contact)];
            targets.extend(ids.map(|(kind, id)| Target { kind, id }));
            here.push(student);
        }
        let other = Administrator::of(&school).await;
        let faults = Faults::before(&school).await;
        let cli = Cli::new(&school.token);
        cli.json(&["connect", "--server", &faults.url(), "--cabinet", &school.cabinet]);
        cli.json(&["sync"]);
        Self { cli, school, faults, targets, students: here, website, other }
    }

    /// The owner decides about a few targets of one kind among these, by chance.
    pub(crate) fn decides(&self, among: &[Target], decided: &mut Decided, dice: &mut ChaCha8Rng) {
        let kind = among.choose(dice).expect("targets").kind;
        let value = kind.values()[dice.random_range(0..2)];
        let of_kind: Vec<i64> = among.iter().filter(|target| target.kind == kind).map(|target| target.id).collect();
        let some = dice.random_range(1..=of_kind.len().min(4));
        let ids: Vec<i64> = of_kind.choose_multiple(dice, some).copied().collect();
        let texts: Vec<String> = ids.iter().map(i64::to_string).collect();
        let made =
            self.cli.json(&[&words(kind, value)[..], &texts.iter().map(String::as_str).collect::<Vec<_>>()].concat());
        for id in ids {
            decided.last.remove(&(kind.as_str(), id));
        }
        for entry in made.as_array().expect("the entries made") {
            let (key, id) = (entry["id"].as_str().expect("a key"), entry["target_id"].as_i64().expect("an id"));
            decided.keys.push(key.to_owned());
            decided.last.insert((kind.as_str(), id), (key.to_owned(), value.as_str()));
        }
    }

    /// Another administrator and the students do something, by chance.
    pub(crate) async fn others_do(&self, dice: &mut ChaCha8Rng) {
        let target = *self.targets.choose(dice).expect("targets");
        self.other.decides(target.kind, target.id, target.kind.values()[dice.random_range(0..2)]).await;
        self.website.login(self.students.choose(dice).expect("students")).await;
    }

    /// Everything that the school has not confirmed.
    pub(crate) fn outbox(&self) -> Vec<Value> {
        self.cli.json(&["outbox"]).as_array().expect("an array").clone()
    }

    /// Nothing is in the way any more; then each decision has had one effect or stands, and the mirror is the server's.
    pub(crate) async fn heals_and_is_judged(&self, decided: &Decided) {
        self.faults.heal();
        self.cli.json(&["sync"]);
        let outbox = self.outbox();
        for entry in &outbox {
            assert!(entry["state"] == "conflict" || entry["state"] == "rejected", "{entry}");
        }
        for target in &self.targets {
            let events = ledger::of(&self.school, target.kind.as_str(), target.id).await;
            ledger::judge(&events, &decided.keys).unwrap_or_else(|error| panic!("{target:?}: {error}"));
            let Some((key, value)) = decided.last.get(&(target.kind.as_str(), target.id)) else { continue };
            let standing =
                outbox.iter().find(|entry| entry["type"] == target.kind.as_str() && entry["target_id"] == target.id);
            match standing {
                Some(entry) => assert_eq!((&entry["value"], &entry["id"]), (&(*value).into(), &key.as_str().into())),
                None => assert!(is_settled(&events, key, &decided.keys), "{key} ({value}) is lost: {events:?}"),
            }
        }
        self.shows_what_the_server_has();
    }

    /// The lists are those of a machine that has read the same school for the first time.
    fn shows_what_the_server_has(&self) {
        let yardstick = Cli::connected(&self.school);
        yardstick.json(&["sync"]);
        for list in ["contacts", "devices", "sessions", "restrictions"] {
            let rows = |cli: &Cli| {
                let mut rows = cli.json(&[list, "--limit", "0"]);
                for row in rows.as_array_mut().expect("an array") {
                    for only_here in ["conflict", "rejected"] {
                        row[only_here] = Value::Null;
                    }
                }
                rows
            };
            assert_eq!(rows(&self.cli), rows(&yardstick), "{list}");
        }
    }
}

/// Whether the school has confirmed this key; or the decision before it met somebody else's, which was what this one
/// wants.
fn is_settled(events: &[Event], key: &str, keys: &[String]) -> bool {
    let answer = |wanted: &str| {
        events.iter().find_map(|event| match event {
            Event::Answered { key, result, .. } if key == wanted => Some(result.as_str()),
            _ => None,
        })
    };
    let before = keys.iter().rev().skip_while(|known| *known != key).skip(1);
    match answer(key) {
        Some(result) => result == "applied",
        None => before.filter_map(|key| answer(key)).next() == Some("conflict"),
    }
}

/// A command that worked, or met a broken network.
#[track_caller]
pub(crate) fn assert_sensible(ran: &Ran) {
    assert!(ran.code == 0 || ran.code == 5, "{}: {}", ran.code, ran.stderr);
}
