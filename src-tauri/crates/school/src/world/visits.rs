//! Who logs in on a day, from what, from where, and for how long they mean to stay.

use std::net::IpAddr;

use super::{
    browsers::Form,
    calendar::{Calendar, weekday},
    chance::Chance,
    people::{Account, Habit},
    places::{COUNTRIES, DAY_MS, HOUR_MS, address},
};

const MINUTE_MS: i64 = 60_000;

/// One attempt to log in and what would follow if it is let in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Index of the account.
    pub account: usize,
    /// Index of the person.
    pub person: usize,
    /// Index of the person's browser.
    pub browser: usize,
    /// From where.
    pub ip: IpAddr,
    /// The student does something every so often, at least 30 seconds and below half an hour apart ...
    pub step_ms: i64,
    /// ... this many times after the login.
    pub steps: i64,
    /// How long after the last step the student logs out; `None` where they just leave.
    pub logout_ms: Option<i64>,
}

/// A login by `person` of the account from their browser `browser` at a time.
pub fn visit(account: &Account, at: i64, person: usize, browser: usize, chance: &mut Chance) -> Visit {
    let who = &account.people[person];
    let what = &who.browsers[browser];
    let form = what.form();
    let local = at + COUNTRIES[usize::from(who.country_at(at))].utc_offset * HOUR_MS;
    let weekend = weekday(local.div_euclid(DAY_MS)) >= 5;
    let line = who.line(form, at, local.rem_euclid(DAY_MS) / HOUR_MS, weekend, chance);
    let minutes = match (form, chance.below(100)) {
        (Form::Program, _) => chance.between(0, 4),
        (_, ..14) => 0,
        (Form::Phone, ..70) => chance.between(1, 14),
        (_, ..40) => chance.between(1, 12),
        (_, ..75) => chance.between(10, 50),
        _ => chance.between(40, 130),
    };
    let step_ms = chance.between(31_000, 290_000);
    let logout_ms = chance.permille(170).then(|| chance.between(900, 50_000));
    Visit {
        at,
        account: account.index as usize,
        person,
        browser,
        ip: address(line, what.key, at),
        step_ms,
        steps: minutes * MINUTE_MS / step_ms,
        logout_ms,
    }
}

/// The same, by somebody who studies in earnest: an hour or two, and no logout.
pub fn long_visit(account: &Account, at: i64, person: usize, browser: usize, chance: &mut Chance) -> Visit {
    let visit = visit(account, at, person, browser, chance);
    Visit { steps: chance.between(35, 110) * MINUTE_MS / visit.step_ms, logout_ms: None, ..visit }
}

/// The visits of one day, rising in time, `quota` of them: accounts are drawn by `weights` (running sums, one an
/// account, the last one above 0).
pub fn plan_day(
    calendar: Calendar,
    day: u64,
    quota: u64,
    accounts: &[Account],
    joined: &[i64],
    weights: &[u64],
    chance: &mut Chance,
) -> Vec<Visit> {
    let (start, end) = (calendar.start(day), calendar.start(day + 1));
    let quota = quota as usize;
    let mut visits = Vec::with_capacity(quota + 4);
    while visits.len() < quota {
        let drawn = chance.below(weights[weights.len() - 1]);
        let index = weights.partition_point(|sum| *sum <= drawn);
        let account = &accounts[index];
        let person = account.who(chance);
        let browser = *chance.pick(&account.people[person].in_use());
        let country = account.people[person].country_at(start + DAY_MS / 2);
        let mut at = calendar.moment(day, COUNTRIES[usize::from(country)].utc_offset, chance);
        if at <= joined[index] {
            // Who buys a course opens it the same day.
            at = chance.between(joined[index] + 1, end - 1).min(end - 1);
        }
        let others = |visits: &mut Vec<Visit>, pairs: &[(usize, usize)], chance: &mut Chance| {
            visits.push(long_visit(account, at, person, browser, chance));
            let mut then = at;
            for (person, browser) in pairs {
                then += chance.between(30_000, 24 * MINUTE_MS);
                if then >= end {
                    break;
                }
                visits.push(long_visit(account, then, *person, *browser, chance));
            }
        };
        let pairs = companions(account, person, browser, chance);
        if pairs.is_empty() {
            visits.push(visit(account, at, person, browser, chance));
        } else {
            others(&mut visits, &pairs, chance);
        }
    }
    visits.truncate(quota);
    visits.sort_by_key(|visit| visit.at);
    debug_assert!(visits.iter().all(|visit| (start..end).contains(&visit.at)));
    visits
}

/// Who else is on the account within the hour: person and browser, by index.
fn companions(account: &Account, person: usize, browser: usize, chance: &mut Chance) -> Vec<(usize, usize)> {
    if account.habit == Habit::Sharer {
        if !chance.permille(280) {
            return Vec::new();
        }
        // A lesson comes out, and all of them want it.
        let mut pairs: Vec<(usize, usize)> = (0..account.people.len())
            .filter(|other| *other != person)
            .map(|other| (other, *chance.pick(&account.people[other].in_use())))
            .collect();
        pairs.truncate(3);
        return pairs;
    }
    // One person on a phone and a laptop; now and then on a third thing too.
    let browsers = account.people[person].in_use();
    if browsers.len() < 2 || !chance.permille(85) {
        return Vec::new();
    }
    let mut pairs: Vec<(usize, usize)> =
        browsers.into_iter().filter(|other| *other != browser).map(|other| (person, other)).collect();
    if !chance.permille(400) {
        pairs.truncate(1);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_as_many_visits_as_asked_for_in_order_and_within_it() {
        let calendar = Calendar::new(1_795_000_000_000);
        let accounts: Vec<Account> = (0..50).map(|index| Account::new(1, index)).collect();
        let joined = calendar.joined(50);
        let weights: Vec<u64> = (1..=50).collect();
        for quota in [0, 1, 37, 500] {
            let visits = plan_day(calendar, 729, quota, &accounts, &joined, &weights, &mut Chance::new(1, 2, quota));
            assert_eq!(visits.len() as u64, quota);
            assert!(visits.is_sorted_by_key(|visit| visit.at));
            for visit in &visits {
                assert!((calendar.start(729)..calendar.start(730)).contains(&visit.at));
                assert!(visit.at > joined[visit.account]);
                assert!((30_000..30 * MINUTE_MS).contains(&visit.step_ms));
            }
        }
    }
}
