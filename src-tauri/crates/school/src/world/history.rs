//! Two years of the school, day by day.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    calendar::{Calendar, DAYS, weekday},
    chance::Chance,
    ledger::{Ledger, Outcome},
    office,
    people::{Account, STREAMS, TAGS},
    places::{DAY_MS, HOUR_MS},
    rows::{Ending, Rows},
    rules::LIMITS,
    visits::{Visit, plan_day},
};

/// How large a world is, which one, and when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Students.
    pub contacts: u64,
    /// Logins in all, refused ones among them.
    pub sessions: u64,
    /// Which of all worlds.
    pub seed: u64,
    /// The present of the world, in milliseconds since 1970; it begins 730 days before.
    pub until: i64,
}

/// Why there is no such world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPlan {
    /// Logins, but no students.
    #[error("sessions need contacts: give --contacts at least 1, or --sessions 0")]
    NobodyLogsIn,
    /// More than the ids of the database or the memory of a machine can hold.
    #[error("a world has at most 10,000,000 contacts and 1,000,000,000 sessions")]
    TooLarge,
    /// A time before user agents and address ranges mean anything, or after the years that have four digits.
    #[error("a world ends between the years 2000 and 9999")]
    NoSuchTime,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Activity(i64),
    Logout(i64),
    Expiry(i64),
    Retry(Visit),
    Review,
}

/// A world that is being lived.
///
/// Call [`World::next_day`] until it answers `None`, then [`World::end`].
pub struct World {
    plan: Plan,
    calendar: Calendar,
    accounts: Vec<Account>,
    joined: Vec<i64>,
    /// Running sums of the days' weights.
    days: Vec<u128>,
    /// Whether everybody is given a weight because nobody has one.
    idle: bool,
    day: u64,
    ledger: Ledger,
    events: BinaryHeap<Reverse<(i64, u64, Event)>>,
    /// Events so far, so that those of one moment keep their order.
    scheduled: u64,
    retries: u64,
    chance: Chance,
}

const STREAM: u64 = 3;

impl World {
    /// The world of a plan, at its beginning.
    ///
    /// # Errors
    /// Where there can be no such world.
    pub fn new(plan: Plan) -> Result<Self, BadPlan> {
        if plan.contacts == 0 && plan.sessions > 0 {
            return Err(BadPlan::NobodyLogsIn);
        }
        if plan.contacts > 10_000_000 || plan.sessions > 1_000_000_000 {
            return Err(BadPlan::TooLarge);
        }
        if !(946_684_800_000..253_402_300_800_000).contains(&plan.until) {
            return Err(BadPlan::NoSuchTime);
        }
        let calendar = Calendar::new(plan.until);
        let mut world = Self {
            plan,
            calendar,
            accounts: (0..plan.contacts).map(|index| Account::new(plan.seed, index)).collect(),
            joined: calendar.joined(plan.contacts),
            days: Vec::with_capacity(DAYS as usize),
            idle: false,
            day: 0,
            ledger: Ledger::default(),
            events: BinaryHeap::new(),
            scheduled: 0,
            retries: 0,
            chance: Chance::new(plan.seed, STREAM, 0),
        };
        // The settings are the first change in the cabinet.
        world.ledger.skip_rev();
        if !world.weigh_days() {
            world.idle = true;
            world.weigh_days();
        }
        Ok(world)
    }

    /// The people of this world: the truth about who shares an account. Contact `n` is at `n - 1`.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Lives one day and tells what became final in it; `None` after the last one.
    pub fn next_day(&mut self) -> Option<Rows> {
        if self.day == DAYS {
            return None;
        }
        let day = self.day;
        self.day += 1;
        let quota = self.target(day).saturating_sub(self.ledger.sessions() + self.retries);
        let visits = if quota == 0 {
            Vec::new()
        } else {
            let weights = self.weights(day);
            plan_day(self.calendar, day, quota, &self.accounts, &self.joined, &weights, &mut self.chance)
        };
        self.open_office(day);
        let end = self.calendar.start(day + 1);
        let mut planned = visits.len() as u64;
        for visit in visits {
            self.live_until(visit.at, planned);
            planned -= 1;
            self.log_in(&visit, planned);
        }
        self.live_until(end - 1, 0);
        Some(self.ledger.take())
    }

    /// How everything stands at the end.
    pub fn end(self) -> Ending {
        self.ledger.close(self.calendar.until())
    }

    /// The weights of the accounts on a day as running sums.
    fn weights(&self, day: u64) -> Vec<u64> {
        let (start, end) = (self.calendar.start(day), self.calendar.start(day + 1));
        let mut sum = 0;
        let weight = |(account, joined): (&Account, &i64)| {
            if *joined >= end {
                return 0;
            }
            let days = (start - joined).max(0) / DAY_MS;
            account.intensity(days as u64) + u64::from(self.idle)
        };
        self.accounts
            .iter()
            .zip(&self.joined)
            .map(weight)
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect()
    }

    /// Whether anybody ever logs in.
    fn weigh_days(&mut self) -> bool {
        let mut sum = 0;
        self.days.clear();
        for day in 0..DAYS {
            let weight = self.weights(day).last().copied().unwrap_or(0) * self.calendar.busyness(day);
            sum += u128::from(weight);
            self.days.push(sum);
        }
        sum > 0
    }

    /// How many sessions there are by the end of a day.
    fn target(&self, day: u64) -> u64 {
        let last = self.days[DAYS as usize - 1];
        if last == 0 {
            return 0;
        }
        // A share of `sessions`, so it fits.
        (u128::from(self.plan.sessions) * self.days[day as usize] / last) as u64
    }

    fn schedule(&mut self, at: i64, event: Event) {
        if at < self.calendar.until() {
            self.scheduled += 1;
            self.events.push(Reverse((at, self.scheduled, event)));
        }
    }

    /// Lets everything happen that was scheduled up to a moment; `planned` logins of the day are still to come.
    fn live_until(&mut self, at: i64, planned: u64) {
        while let Some(Reverse((due, ..))) = self.events.peek()
            && *due <= at
            && let Some(Reverse((due, _, event))) = self.events.pop()
        {
            self.join(due);
            match event {
                Event::Activity(session) => self.ledger.activity(session, due),
                Event::Logout(session) => self.ledger.end(session, due, "logout"),
                Event::Expiry(session) => self.ledger.end(session, due, "expired"),
                Event::Retry(visit) => {
                    self.retries -= 1;
                    self.log_in(&visit, planned);
                }
                Event::Review => {
                    let budget = (self.ledger.pupils.len() * 5 / 100).max(1);
                    office::review(&mut self.ledger, &self.accounts, due, budget, &mut self.chance);
                }
            }
        }
        self.join(at);
    }

    /// Everybody who has joined by a moment is in the books.
    fn join(&mut self, at: i64) {
        while let Some(joined) = self.joined.get(self.ledger.pupils.len()).filter(|joined| **joined <= at) {
            let account = &self.accounts[self.ledger.pupils.len()];
            let quarter = (joined - self.calendar.start(0)).max(0) / (DAY_MS * DAYS as i64 / STREAMS as i64 + 1);
            let stream = TAGS.len() - STREAMS + quarter as usize;
            let tags = account.tags.iter().copied().chain([stream]).map(|tag| tag as i64 + 1).collect();
            self.ledger.join(account, *joined, tags);
        }
    }

    fn log_in(&mut self, visit: &Visit, planned: u64) {
        let account = &self.accounts[visit.account];
        match self.ledger.login(account, visit) {
            Outcome::In(session) => {
                let last = visit.at + visit.steps * visit.step_ms;
                if visit.steps > 0 {
                    self.schedule(last, Event::Activity(session));
                }
                match visit.logout_ms {
                    Some(after) => self.schedule(last + after, Event::Logout(session)),
                    None => self.schedule(last + LIMITS.timeout_ms, Event::Expiry(session)),
                }
            }
            Outcome::Out(rule) => self.try_again(visit, rule, planned),
        }
    }

    /// Somebody who was refused tries once more, from another browser or with cleared cookies, if logins are left.
    fn try_again(&mut self, visit: &Visit, rule: &str, planned: u64) {
        let person = &mut self.accounts[visit.account].people[visit.person];
        let mut again = visit.clone();
        if rule != "ip_blocked" && self.chance.permille(260) {
            person.give_up(visit.browser);
        }
        match rule {
            "device_blocked" if self.chance.permille(150) => {
                self.ledger.clear_cookies(&person.browsers[visit.browser]);
            }
            "device_limit" => again.browser = *self.chance.pick(&person.in_use()),
            _ => {}
        }
        again.at += self.chance.between(9_000, 100_000);
        let spoken_for = self.ledger.sessions() + planned + self.retries;
        if self.chance.permille(330) && spoken_for < self.plan.sessions && again.at < self.calendar.until() {
            self.retries += 1;
            self.schedule(again.at, Event::Retry(again));
        }
    }

    /// On working days somebody comes in at about half past nine in Kyiv and looks.
    fn open_office(&mut self, day: u64) {
        let at = self.calendar.at_time_of_day(day, 7 * HOUR_MS + self.chance.between(0, 5 * HOUR_MS));
        let weekend = weekday(at.div_euclid(DAY_MS)) >= 5;
        if self.chance.permille(if weekend { 120 } else { 870 }) {
            self.schedule(at, Event::Review);
        }
    }
}
