//! The people who run the school: on working days somebody looks through the restrictions, answers students who
//! can't get in, and blocks a device now and then.

use std::collections::HashSet;

use super::{
    chance::Chance,
    ledger::Ledger,
    people::{Account, Habit, VIP},
    places::DAY_MS,
};

/// Who works there.
const STAFF: [&str; 3] = ["Olena Kovalenko", "Марія Шевчук", "James Carter"];

/// One look through everything that has gathered. What is left unviewed lies on at most `budget` contacts.
pub(super) fn review(ledger: &mut Ledger, accounts: &[Account], at: i64, budget: usize, chance: &mut Chance) {
    let by = STAFF[chance.weighted(&[(0, 60), (1, 25), (2, 15)])];
    look_through(ledger, at, budget, by, chance);
    let mut touched = std::mem::take(&mut ledger.touched);
    touched.sort_unstable();
    touched.dedup();
    for index in touched {
        answer(ledger, &accounts[index], index, at, by, chance);
    }
    take_back(ledger, at, by, chance);
}

/// For how long a restriction waits at most.
const PATIENCE_MS: i64 = 14 * DAY_MS;

/// Views the oldest and leaves the newest, but for a few.
fn look_through(ledger: &mut Ledger, at: i64, budget: usize, by: &'static str, chance: &mut Chance) {
    let mut contacts = HashSet::new();
    let kept = ledger.unviewed.iter().rev().take_while(|row| {
        contacts.insert(row.contact_id);
        contacts.len() <= budget && at - row.occurred_at < PATIENCE_MS
    });
    let old = ledger.unviewed.len() - kept.count();
    let rows = std::mem::take(&mut ledger.unviewed);
    for (place, row) in rows.into_iter().enumerate() {
        if place < old || chance.permille(40) {
            ledger.view(row, at, by);
        } else {
            ledger.unviewed.push_back(row);
        }
    }
}

/// Somebody wrote that they can't get in, or their log looks odd.
fn answer(ledger: &mut Ledger, account: &Account, index: usize, at: i64, by: &'static str, chance: &mut Chance) {
    let pupil = &ledger.pupils[index];
    let sharer = account.habit == Habit::Sharer;
    if pupil.state.checks_enabled && pupil.state.checks.is_none() {
        let annoyed = pupil.misplaced >= 3 && !sharer && chance.permille(60);
        if annoyed || account.tags.contains(&VIP) && chance.permille(120) {
            ledger.pupils[index].misplaced = 0;
            ledger.set_checks(index, false, at, by);
            return;
        }
    }
    let patient = if sharer { 25 } else { 350 };
    if pupil.refused >= 3 && pupil.state.checks_enabled && chance.permille(patient) {
        ledger.pupils[index].refused = 0;
        if account.habit == Habit::Forgetful && chance.permille(700) {
            ledger.set_checks(index, false, at, by);
            return;
        }
        // A reset: the devices that were not seen for longest make room.
        let mut open: Vec<(i64, usize)> = ledger.pupils[index]
            .devices
            .iter()
            .map(|device| (ledger.devices[*device].last_seen_at, *device))
            .filter(|(_, device)| ledger.devices[*device].admitted && !ledger.devices[*device].blocked)
            .collect();
        open.sort_unstable();
        for (_, device) in open.iter().take(open.len().saturating_sub(2)) {
            ledger.set_access(*device, true, at, by);
        }
        return;
    }
    if pupil.overlaps >= 6
        && let Some(device) = pupil.overlapping
        && !ledger.devices[device].blocked
        && chance.permille(40)
    {
        ledger.pupils[index].overlaps = 0;
        ledger.set_access(device, true, at, by);
    }
}

/// Checks that were off come on again after a while, and a block is lifted.
fn take_back(ledger: &mut Ledger, at: i64, by: &'static str, chance: &mut Chance) {
    let month_ago = at - 30 * DAY_MS;
    let off: Vec<usize> = (0..ledger.pupils.len())
        .filter(|index| {
            let state = &ledger.pupils[*index].state;
            !state.checks_enabled && state.checks.is_some_and(|mark| mark.at < month_ago)
        })
        .collect();
    for index in off {
        if chance.permille(3) {
            ledger.set_checks(index, true, at, by);
        }
    }
    let fresh: Vec<usize> = (0..ledger.devices.len())
        .filter(|device| {
            let device = &ledger.devices[*device];
            device.blocked && device.access.is_some_and(|mark| mark.at > month_ago && mark.at < at)
        })
        .collect();
    for device in fresh {
        let index = ledger.devices[device].contact_id as usize - 1;
        let open = |device: &&usize| ledger.devices[**device].admitted && !ledger.devices[**device].blocked;
        let room = ledger.pupils[index].devices.iter().filter(open).count() < 4;
        if room && chance.permille(6) {
            ledger.set_access(device, false, at, by);
        }
    }
}
