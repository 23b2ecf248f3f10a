//! When nothing is told: quiet hours and pauses, in local time.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveTime, TimeDelta, TimeZone, Timelike as _, Weekday};
use hallmonitor_wire::Time;
use serde::{Deserialize, Serialize, de};
use ts_rs::TS;

/// When a pause until tomorrow ends: 8 o'clock.
const MORNING: NaiveTime = NaiveTime::MIN.overflowing_add_signed(TimeDelta::hours(8)).0;

/// How long notifications are paused from the tray's menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// 60 minutes.
    Hour,
    /// Until 8 o'clock of the next day.
    Tomorrow,
}

impl Pause {
    /// When a pause ends that begins at this local time. The night between may be an hour shorter or longer.
    pub fn until<Z: TimeZone>(self, at: &DateTime<Z>) -> Time {
        let day = TimeDelta::hours(24);
        let end = match self {
            Self::Hour => at.clone() + TimeDelta::hours(1),
            Self::Tomorrow => {
                let morning = (at.date_naive() + day).and_time(MORNING);
                // Where no clock ever shows that time, a whole day is as near as any.
                at.timezone().from_local_datetime(&morning).earliest().unwrap_or_else(|| at.clone() + day)
            }
        };
        Time(end.timestamp_millis())
    }
}

/// A span of each of some days, in local time. It may end on the next day; then it belongs to the day it begins on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct QuietHours {
    /// When it begins.
    pub from: DayTime,
    /// When it ends; the same time is a whole day.
    pub until: DayTime,
    /// On which days it begins.
    pub days: Vec<Day>,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self { from: DayTime(22 * 60), until: DayTime(8 * 60), days: Day::ALL.to_vec() }
    }
}

impl QuietHours {
    /// The next time of day, after this local time, at which it ends.
    pub(super) fn next_end(&self, after: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        const DAY: i64 = 24 * 3_600;
        let into_day = i64::from(after.num_seconds_from_midnight());
        let ahead = (i64::from(self.until.0) * 60 - into_day).rem_euclid(DAY);
        after.with_nanosecond(0).unwrap_or(after) + TimeDelta::seconds(if ahead == 0 { DAY } else { ahead })
    }

    /// Whether a local time lies in it.
    pub fn cover(&self, at: DateTime<FixedOffset>) -> bool {
        let minute = at.hour() as u16 * 60 + at.minute() as u16;
        let (today, yesterday) = (Day::from(at.weekday()), Day::from(at.weekday().pred()));
        let (DayTime(from), DayTime(until)) = (self.from, self.until);
        let begins = |day: Day| self.days.contains(&day);
        if from < until {
            begins(today) && (from..until).contains(&minute)
        } else {
            (begins(today) && minute >= from) || (begins(yesterday) && minute < until)
        }
    }
}

/// A minute of the day, written `22:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TS)]
#[ts(type = "string")]
pub struct DayTime(pub u16);

impl Serialize for DayTime {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for DayTime {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let minute = text.split_once(':').and_then(|(hours, minutes)| {
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
        });
        minute.map(Self).ok_or_else(|| de::Error::custom(format!("“{text}” is no time of day such as 22:00")))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Day {
    /// All of them, from Monday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        Self::ALL[day.num_days_from_monday() as usize]
    }
}
