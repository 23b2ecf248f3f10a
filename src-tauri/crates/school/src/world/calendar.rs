//! When things happen: two years that end at a given moment, growth, weekdays, holidays, and the hours of a day.

use super::{
    chance::Chance,
    places::{DAY_MS, HOUR_MS},
};

/// How many days a world lasts.
pub const DAYS: u64 = 730;

/// How likely a student is at each hour of their own day.
const HOURS: [u64; 24] = [16, 8, 4, 3, 3, 6, 14, 26, 38, 44, 48, 46, 44, 44, 42, 42, 44, 52, 66, 82, 92, 88, 66, 36];

/// The two years before a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    until: i64,
}

impl Calendar {
    /// Ends at `until`, milliseconds since 1970.
    pub fn new(until: i64) -> Self {
        Self { until }
    }

    /// When the last day ends.
    pub fn until(self) -> i64 {
        self.until
    }

    /// When day `day` (0 to 729) begins; days are 24 hours long and end at `until`'s time of day.
    pub fn start(self, day: u64) -> i64 {
        self.until - (DAYS as i64 - day as i64) * DAY_MS
    }

    /// When each of `count` students joined, rising. One in eight was there when the history begins; the others come
    /// in ever greater numbers, and two weeks before the end as ever.
    pub fn joined(self, count: u64) -> Vec<i64> {
        let before = count / 8;
        let mut times: Vec<i64> = (0..before)
            .map(|index| {
                // Spread over the year before the history.
                self.start(0) - 365 * DAY_MS + (365 * DAY_MS as i128 * i128::from(index) / i128::from(before)) as i64
            })
            .collect();
        // The share that has joined by the end of a day, in units that make it whole: 35 % linear, 65 % with the square.
        let share = |day: u64| u128::from(35 * day * DAYS + 65 * day * day);
        let coming = count - before;
        for day in 0..DAYS {
            let by = |day| (u128::from(coming) * share(day) / share(DAYS)) as u64;
            let today = by(day + 1) - by(day);
            for at in 0..today {
                times.push(self.start(day) + DAY_MS * (at as i64 + 1) / (today as i64 + 1));
            }
        }
        times
    }

    /// How busy a day is, 1 to 100: less at weekends, in August and around the New Year.
    pub fn busyness(self, day: u64) -> u64 {
        let noon = (self.start(day) + DAY_MS / 2).div_euclid(DAY_MS);
        let of_year = noon.rem_euclid(365);
        let weekday = match weekday(noon) {
            5 => 74,
            6 => 84,
            _ => 100,
        };
        // Days of a year of 365 days, so holidays drift by a day in four years: 15 by 2030.
        let season = match (of_year + 365 - 14) % 365 {
            ..7 | 363.. => 40,
            212..243 => 74,
            151..212 => 86,
            _ => 100,
        };
        weekday * season / 100
    }

    /// A moment of day `day` at which a student whose clock is `utc_offset` hours ahead of UTC logs in.
    pub fn moment(self, day: u64, utc_offset: i64, chance: &mut Chance) -> i64 {
        let mut hours = [(0, 0); 24];
        for (hour, weight) in HOURS.iter().enumerate() {
            hours[hour] = (hour as i64, *weight);
        }
        let local = chance.weighted(&hours) * HOUR_MS + chance.between(0, HOUR_MS - 1);
        self.at_time_of_day(day, local - utc_offset * HOUR_MS)
    }

    /// The moment of day `day` whose time of day in UTC is `of_day` milliseconds after midnight.
    pub fn at_time_of_day(self, day: u64, of_day: i64) -> i64 {
        let start = self.start(day);
        start + (of_day - start).rem_euclid(DAY_MS)
    }
}

/// 0 is Monday; `day` counts from 1 January 1970, a Thursday.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: i64 = 1_795_000_000_123;

    #[test]
    fn the_days_follow_each_other_up_to_the_end() {
        let calendar = Calendar::new(UNTIL);
        assert_eq!(calendar.start(DAYS), UNTIL);
        assert_eq!(calendar.start(1) - calendar.start(0), DAY_MS);
    }

    #[test]
    fn every_student_joins_and_the_school_grows() {
        let calendar = Calendar::new(UNTIL);
        for count in [0, 1, 7, 8, 300, 20_000] {
            let joined = calendar.joined(count);
            assert_eq!(joined.len() as u64, count);
            assert!(joined.is_sorted());
            assert!(joined.iter().all(|at| *at < UNTIL));
        }
        let joined = calendar.joined(20_000);
        let (first, second): (Vec<i64>, Vec<i64>) =
            joined.iter().filter(|at| **at >= calendar.start(0)).partition(|at| **at < calendar.start(365));
        assert!(second.len() > first.len() * 3 / 2, "{} then {}", first.len(), second.len());
    }

    #[test]
    fn students_come_by_day_of_their_own_clock() {
        let calendar = Calendar::new(UNTIL);
        let mut chance = Chance::new(1, 9, 9);
        for offset in [-5, 0, 2, 7] {
            let at_night = (0..2000)
                .filter(|draw| {
                    let at = calendar.moment(draw % DAYS, offset, &mut chance);
                    assert!((calendar.start(draw % DAYS)..calendar.start(draw % DAYS + 1)).contains(&at));
                    (1..6).contains(&((at + offset * HOUR_MS).rem_euclid(DAY_MS) / HOUR_MS))
                })
                .count();
            assert!(at_night < 100, "{at_night} of 2,000 between one and six");
        }
    }

    #[test]
    fn the_third_of_january_1970_was_a_saturday() {
        assert_eq!(weekday(2), 5);
    }
}
