//! Who comes next. Decided without a server and without a clock.

use std::{collections::VecDeque, net::IpAddr, time::Duration};

use crate::{
    secret::base64url,
    world::{
        browsers::{Browser, DESKTOPS, PHONES},
        chance::Chance,
        ledger::cookie,
        people::{Account, Habit},
        visits::{Visit, long_visit, visit},
    },
};

/// Somebody at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entrance {
    pub(super) account: Account,
    pub(super) visit: Visit,
    pub(super) browser_key: u64,
    /// What the browser holds since the world was lived.
    pub(super) cookie: String,
    pub(super) user_agent: String,
}

impl Entrance {
    pub(super) fn ip(&self) -> IpAddr {
        self.visit.ip
    }
}

/// The students of a seed, and those who come next.
#[derive(Debug)]
pub(super) struct Cast {
    seed: u64,
    /// No student has this index or a higher one, as far as is known.
    bound: u64,
    chance: Chance,
    /// Account, person and browser, by index, of a violation that has begun.
    next: VecDeque<(Account, usize, usize)>,
}

const STREAM: u64 = 4;
/// More students than any school is asked for at once.
const UNKNOWN: u64 = 1 << 15;
/// How many accounts are looked through for one that several people share.
const TRIES: u64 = 400;

impl Cast {
    /// The students of the world `seed`; `salt` makes one play differ from another.
    pub(super) fn new(seed: u64, salt: i64) -> Self {
        Self { seed, bound: UNKNOWN, chance: Chance::new(seed, STREAM, salt as u64), next: VecDeque::new() }
    }

    /// The server has no student of this index: it has none beyond either.
    pub(super) fn is_missing(&mut self, index: u64) {
        self.bound = self.bound.min(index).max(1);
        self.next.retain(|(account, ..)| account.index < index);
    }

    /// How long until the next login.
    pub(super) fn gap(&mut self, logins_per_second: f64) -> Duration {
        let share = 500 + self.chance.below(1001);
        Duration::from_secs_f64((share as f64 / 1000.0 / logins_per_second).min(86_400.0))
    }

    /// Who logs in now.
    pub(super) fn next(&mut self, now: i64) -> Entrance {
        if let Some((account, person, browser)) = self.next.pop_front() {
            let visit = long_visit(&account, now, person, browser, &mut self.chance);
            return entrance(account, visit);
        }
        let mut account = self.anybody();
        for _ in 0..8 {
            if account.habit != Habit::Absent {
                break;
            }
            account = self.anybody();
        }
        let person = account.who(&mut self.chance);
        let browser = *self.chance.pick(&account.people[person].in_use());
        let visit = visit(&account, now, person, browser, &mut self.chance);
        entrance(account, visit)
    }

    /// Lets the next logins be three of one account from three browsers: those of people who share it, or, where
    /// nobody does, the owner's and two that nobody has seen before.
    pub(super) fn plan_violation(&mut self, now: i64) {
        if !self.next.is_empty() {
            return;
        }
        let mut account = self.anybody();
        for _ in 0..TRIES {
            if account.habit == Habit::Sharer {
                break;
            }
            account = self.anybody();
        }
        let strangers = Chance::new(self.seed, STREAM, now as u64).word();
        for key in [strangers, strangers.wrapping_add(1)] {
            if account.people.iter().map(|person| person.browsers.len()).sum::<usize>() < 3 {
                let kinds: &[_] = if key % 2 == 0 { &PHONES } else { &DESKTOPS };
                let kind = self.chance.weighted(kinds);
                account.people[0].browsers.push(Browser { key, kind, cookie_days: None, retired: false });
            }
        }
        let mut places: Vec<(usize, usize)> = Vec::new();
        for turn in 0..3 {
            // One browser of each person, then the second ones, and so on.
            let people = account.people.iter().enumerate();
            places.extend(people.filter(|(_, who)| turn < who.browsers.len()).map(|(person, _)| (person, turn)));
        }
        self.next = places.into_iter().take(3).map(|(person, browser)| (account.clone(), person, browser)).collect();
    }

    /// The violation has happened; who was still to come for it stays away.
    pub(super) fn call_off(&mut self) {
        self.next.clear();
    }

    fn anybody(&mut self) -> Account {
        Account::new(self.seed, self.chance.below(self.bound))
    }
}

fn entrance(account: Account, visit: Visit) -> Entrance {
    let browser = &account.people[visit.person].browsers[visit.browser];
    let browser_key = browser.key;
    let cookie = base64url(&cookie(browser, browser.cookie(visit.at)));
    let user_agent = browser.user_agent(visit.at);
    Entrance { visit, browser_key, cookie, user_agent, account }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_000_000_000;

    #[test]
    fn a_violation_is_three_browsers_on_one_account() {
        for seed in 0..20 {
            let mut cast = Cast::new(seed, 0);
            cast.is_missing(if seed % 2 == 0 { 1 } else { 300 });
            cast.plan_violation(NOW);
            let entrances: Vec<Entrance> = (0..3).map(|step| cast.next(NOW + step * 1000)).collect();
            let mut keys: Vec<u64> = entrances.iter().map(|entrance| entrance.browser_key).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), 3, "seed {seed}");
            assert!(entrances.iter().all(|entrance| entrance.account.index == entrances[0].account.index));
            assert!(entrances.iter().all(|entrance| entrance.visit.logout_ms.is_none()));
        }
    }

    #[test]
    fn one_violation_is_enough() {
        let mut cast = Cast::new(1, 0);
        cast.plan_violation(NOW);
        let first = cast.next(NOW).account.index;
        cast.call_off();
        assert!((0..5).any(|step| cast.next(NOW + step).account.index != first));
    }

    #[test]
    fn who_is_missing_is_not_asked_for_again() {
        let mut cast = Cast::new(1, 0);
        cast.is_missing(40);
        for step in 0..200 {
            cast.plan_violation(NOW);
            assert!(cast.next(NOW + step).account.index < 40);
        }
    }

    #[test]
    fn logins_come_at_the_rate_asked_for() {
        let mut cast = Cast::new(1, 0);
        let seconds: f64 = (0..1000).map(|_| cast.gap(4.0).as_secs_f64()).sum();
        assert!((225.0..275.0).contains(&seconds), "{seconds}");
    }
}
