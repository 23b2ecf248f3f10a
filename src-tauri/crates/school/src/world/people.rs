//! The school's students: one account each, the people who use it, and what they use it from.
//!
//! Account `index` follows from the seed and the index alone, never from the size of the world, so that whoever knows
//! the seed of a school knows its students' addresses and cookies.

use super::{
    browsers::{Browser, DESKTOPS, Form, Kind, PHONES, PROGRAMS, TABLETS},
    chance::{Chance, mix},
    names::{Name, Tongue, name},
    places::{COUNTRIES, CountryId, DAY_MS, Line},
};

/// How an account is used: the truth that nobody at the school sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// By its owner.
    Alone,
    /// By its owner, in a home with another student: one browser there knows both.
    Household,
    /// By its owner, whose browser forgets its cookie every few days.
    Forgetful,
    /// By several people in several homes.
    Sharer,
    /// By its owner and by a program that fetches the lessons.
    Automated,
    /// By nobody: bought and never opened.
    Absent,
}

/// Somebody who knows an account's password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Names the person; home, trips and addresses follow from this.
    pub key: u64,
    /// Where they live.
    pub country: CountryId,
    /// At least one.
    pub browsers: Vec<Browser>,
    /// The company or university whose network they are on by day.
    pub office: Option<u64>,
    /// Whether they go through a VPN often.
    pub vpn: bool,
    /// How much of the account's use is theirs.
    pub share: u64,
}

/// A contact of the school with everything that makes it log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// From 0, in the order of joining.
    pub index: u64,
    /// The truth about its use.
    pub habit: Habit,
    /// Who it says it is.
    pub name: Name,
    /// The owner first.
    pub people: Vec<Person>,
    /// Indexes into [`TAGS`], but for the stream, which follows from when it joined.
    pub tags: Vec<usize>,
    diligence: u64,
    course_days: u64,
    returns_after: Option<u64>,
}

/// The tag of those for whom the school makes exceptions, by index.
pub const VIP: usize = 0;

/// What the school writes on its contacts. The last eight are the streams, one a quarter.
pub const TAGS: [&str; 22] = [
    "VIP",
    "Основи дизайну",
    "Figma з нуля",
    "UX Research",
    "Motion Design",
    "Копірайтинг",
    "English B1",
    "English B2",
    "Английский для IT",
    "SMM",
    "Mentoring",
    "Scholarship",
    "Corporate",
    "Free trial",
    "Потік 1",
    "Потік 2",
    "Потік 3",
    "Потік 4",
    "Потік 5",
    "Потік 6",
    "Потік 7",
    "Потік 8",
];
/// How many of [`TAGS`] are streams.
pub const STREAMS: usize = 8;

const STREAM: u64 = 1;
const HOUSEHOLD: u64 = 40;

/// Countries by index into [`COUNTRIES`], each with how likely it is.
type Likely = &'static [(CountryId, u64)];

/// Which languages there are, how likely each is, and where its speakers live.
const HOMES: [(Tongue, u64, Likely); 5] = [
    (
        Tongue::Ukrainian,
        500,
        &[(0, 690), (1, 130), (2, 70), (5, 35), (6, 15), (3, 15), (11, 15), (4, 10), (17, 10), (21, 10)],
    ),
    (Tongue::Russian, 185, &[(7, 330), (0, 170), (8, 90), (9, 90), (10, 110), (12, 60), (13, 30), (14, 50), (2, 70)]),
    (Tongue::English, 210, &[(3, 420), (4, 390), (11, 110), (17, 30), (15, 30), (24, 20)]),
    (Tongue::Polish, 65, &[(1, 880), (3, 60), (2, 60)]),
    (Tongue::German, 40, &[(2, 720), (16, 160), (15, 120)]),
];

/// Where people go, by index into [`COUNTRIES`].
const TRIPS: [(CountryId, u64); 17] = [
    (1, 170),
    (22, 130),
    (25, 110),
    (19, 90),
    (18, 90),
    (23, 60),
    (2, 60),
    (5, 50),
    (20, 50),
    (24, 50),
    (26, 40),
    (27, 30),
    (21, 30),
    (3, 30),
    (9, 30),
    (16, 30),
    (4, 20),
];

impl Account {
    /// The account `index` of the world `seed`.
    pub fn new(seed: u64, index: u64) -> Self {
        let mut chance = Chance::new(seed, STREAM, index);
        let chance = &mut chance;
        let pair = mix(&[seed, HOUSEHOLD, index / 2]);
        let habit = if pair % 1000 < 55 {
            Habit::Household
        } else {
            chance.weighted(&[
                (Habit::Alone, 888),
                (Habit::Sharer, 44),
                (Habit::Forgetful, 26),
                (Habit::Automated, 2),
                (Habit::Absent, 40),
            ])
        };
        let tongues = HOMES.map(|(tongue, weight, homes)| ((tongue, homes), weight));
        let (tongue, homes) = chance.weighted(&tongues);
        let mut owner = Person::new(chance.weighted(homes), 60, chance);
        let mut people = Vec::new();
        match habit {
            Habit::Household => {
                // Both live at one address and share the family's computer.
                owner.key = pair;
                owner.country = [0, 0, 0, 1, 3, 7, 2][(pair >> 20) as usize % 7];
                let mut family = Chance::new(seed, HOUSEHOLD, index / 2);
                owner.browsers.truncate(2);
                owner.browsers.push(Browser::new(&DESKTOPS, &mut family));
            }
            Habit::Forgetful => {
                let phone =
                    Browser { key: chance.word(), kind: Kind::SafariIphone, cookie_days: Some(7), retired: false };
                owner.browsers.truncate(1);
                owner.browsers.insert(0, phone);
            }
            Habit::Automated => {
                let mut program = Browser::new(&PROGRAMS, chance);
                program.cookie_days = chance.permille(500).then_some(3);
                owner.browsers.push(program);
            }
            Habit::Sharer => {
                for _ in 0..chance.weighted(&[(1, 420), (2, 330), (3, 150), (4, 100)]) {
                    let near = chance.permille(680);
                    let country = if near { owner.country } else { chance.weighted(homes) };
                    let share = 15 + chance.below(40);
                    people.push(Person::new(country, share, chance));
                }
            }
            Habit::Alone | Habit::Absent => {}
        }
        people.insert(0, owner);
        let diligence = match habit {
            Habit::Absent => 0,
            Habit::Sharer => 12 + chance.below(14),
            Habit::Automated => 10,
            _ => chance.weighted(&[(1, 200), (3, 300), (6, 300), (11, 150), (22, 50)]),
        };
        let course_days = 40 + chance.below(120);
        let returns_after = chance.permille(350).then(|| 60 + chance.below(240));
        let tags = tags(chance);
        let name = name(tongue, COUNTRIES[usize::from(people[0].country)].code, index, chance);
        Self { index, habit, name, people, tags, diligence, course_days, returns_after }
    }

    /// How often it logs in on a day, in units that compare accounts and days; `days` since it joined.
    pub fn intensity(&self, days: u64) -> u64 {
        let course = |day: u64| match day {
            _ if day < 4 => 160,
            _ if day < self.course_days => 100,
            // After the course people look things up, less and less.
            _ if day < self.course_days * 2 => 22,
            _ => 5,
        };
        let again = self.returns_after.map_or(0, |pause| match days.checked_sub(self.course_days + pause) {
            Some(day) => course(day) * 4 / 5,
            None => 0,
        });
        self.diligence * course(days).max(again)
    }

    /// Which of [`Account::people`] logs in next, by index.
    pub fn who(&self, chance: &mut Chance) -> usize {
        let mut left = chance.below(self.people.iter().map(|person| person.share).sum());
        for (at, person) in self.people.iter().enumerate() {
            if left < person.share {
                return at;
            }
            left -= person.share;
        }
        0
    }
}

fn tags(chance: &mut Chance) -> Vec<usize> {
    let mut tags = Vec::new();
    let count = chance.weighted(&[(0, 80), (1, 480), (2, 300), (3, 140)]);
    for _ in 0..count {
        let tag = 1 + chance.below((TAGS.len() - STREAMS - 1) as u64) as usize;
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if chance.permille(40) {
        tags.insert(0, VIP);
    }
    tags
}

impl Person {
    fn new(country: CountryId, share: u64, chance: &mut Chance) -> Self {
        let key = chance.word();
        let mut browsers = Vec::with_capacity(3);
        if chance.permille(880) {
            browsers.push(Browser::new(&PHONES, chance));
        }
        if browsers.is_empty() || chance.permille(780) {
            browsers.push(Browser::new(&DESKTOPS, chance));
        }
        if chance.permille(330) {
            browsers.push(Browser::new(&DESKTOPS, chance));
        }
        if chance.permille(240) {
            browsers.push(Browser::new(&TABLETS, chance));
        }
        for browser in &mut browsers {
            // A new phone, a reinstalled system, a cleaning tool: the same desk, a new cookie.
            if chance.permille(200) {
                browser.cookie_days = Some(90 + chance.below(300) as u16);
            }
        }
        // One office in five teaches several of its people.
        let office = chance.permille(240).then(|| chance.below(4000));
        Self { key, country, browsers, office, vpn: chance.permille(80), share }
    }

    /// The browsers that they study on, by index; at least one.
    pub fn in_use(&self) -> Vec<usize> {
        (0..self.browsers.len()).filter(|at| !self.browsers[*at].retired).collect()
    }

    /// Who is refused again and again stops trying from that browser, or, with no other one left, nearly at all.
    pub fn give_up(&mut self, browser: usize) {
        if self.in_use().len() > 1 {
            self.browsers[browser].retired = true;
        } else {
            self.share = (self.share / 4).max(1);
        }
    }

    /// Where the person is on a day: at home, or on the trip that the month brought.
    pub fn country_at(&self, at: i64) -> CountryId {
        let day = at.div_euclid(DAY_MS) as u64 + self.key % 30;
        let (month, day) = (day / 30, day % 30);
        let mut trip = Chance::new(self.key, 2, month);
        let (first, days) = (trip.below(20), 4 + trip.below(9));
        if trip.permille(70) && (first..first + days).contains(&day) { trip.weighted(&TRIPS) } else { self.country }
    }

    /// The line that the person is on with a browser of some form at a local hour, 0 to 23.
    pub fn line(&self, form: Form, at: i64, hour: i64, weekend: bool, chance: &mut Chance) -> Line {
        if form == Form::Program {
            return Line::Hosting(self.key);
        }
        if self.vpn && chance.permille(320) {
            return Line::Vpn(self.key);
        }
        let country = self.country_at(at);
        if country != self.country {
            return if form == Form::Phone && chance.permille(400) {
                Line::Mobile(country, self.key)
            } else {
                Line::Home(country, mix(&[self.key, at.div_euclid(30 * DAY_MS) as u64]))
            };
        }
        let at_work = (9..18).contains(&hour) && !weekend;
        let on_the_go = match form {
            Form::Phone => {
                if at_work {
                    620
                } else {
                    330
                }
            }
            Form::Tablet => 60,
            Form::Laptop => 40,
            Form::Desktop | Form::Program => 0,
        };
        if chance.permille(on_the_go) {
            return Line::Mobile(country, self.key);
        }
        if let (true, Some(office)) = (at_work && form != Form::Tablet, self.office)
            && chance.permille(800)
        {
            return Line::Office(country, office);
        }
        if form == Form::Laptop && chance.permille(50) {
            return Line::Guest(country, self.key);
        }
        Line::Home(country, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(count: u64) -> Vec<Account> {
        (0..count).map(|index| Account::new(1, index)).collect()
    }

    #[test]
    fn an_account_is_the_same_in_a_world_of_any_size() {
        assert_eq!(Account::new(5, 17), Account::new(5, 17));
        assert_ne!(Account::new(6, 17).name, Account::new(5, 17).name);
    }

    #[test]
    fn names_come_in_several_scripts_and_languages() {
        let accounts = accounts(2000);
        let with = |letters: &str| {
            let named = |account: &&Account| {
                [&account.name.first, &account.name.last]
                    .into_iter()
                    .flatten()
                    .any(|name| name.contains(|c| letters.contains(c)))
            };
            accounts.iter().filter(named).count()
        };
        assert!(with("іїєґІЇЄ") > 100, "Ukrainian");
        assert!(with("ыэё") > 20, "Russian");
        assert!(with("łńśźąę") > 20, "Polish");
        assert!(with("äöüß") > 10, "German");
        let ascii = |account: &&Account| account.name.last.as_ref().is_some_and(|last| last.is_ascii());
        assert!(accounts.iter().filter(ascii).count() > 400, "English");
    }

    #[test]
    fn whoever_shares_lives_elsewhere() {
        let accounts = accounts(3000);
        let sharers: Vec<_> = accounts.iter().filter(|account| account.habit == Habit::Sharer).collect();
        assert!((70..200).contains(&sharers.len()), "{}", sharers.len());
        for account in &accounts {
            assert_eq!(account.people.len() > 1, account.habit == Habit::Sharer);
            assert!(account.people.iter().all(|person| !person.browsers.is_empty() && person.share > 0));
            let keys: std::collections::HashSet<_> = account.people.iter().map(|person| person.key).collect();
            assert_eq!(keys.len(), account.people.len());
        }
    }

    #[test]
    fn a_household_has_one_address_and_one_browser_in_common() {
        let accounts = accounts(2000);
        let pairs: Vec<_> =
            accounts.chunks(2).filter(|pair| pair.iter().all(|account| account.habit == Habit::Household)).collect();
        assert!(pairs.len() > 20);
        for pair in pairs {
            let [a, b] = [&pair[0].people[0], &pair[1].people[0]];
            assert_eq!(a.key, b.key);
            assert_eq!(a.browsers.last(), b.browsers.last());
            assert_ne!(a.browsers[0].key, b.browsers[0].key);
        }
    }

    #[test]
    fn people_travel_now_and_then_and_come_home() {
        let mut away = 0;
        for account in accounts(200) {
            let person = &account.people[0];
            away += (0..730).filter(|day| person.country_at(day * DAY_MS) != person.country).count();
        }
        let share = away * 1000 / (200 * 730);
        assert!((5..50).contains(&share), "{share} permille of the days");
    }
}
