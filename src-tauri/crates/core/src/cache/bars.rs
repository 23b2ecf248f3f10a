//! The bars of a histogram: how a time is cut into hours, days, weeks, months or years of a calendar.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike as _};

use super::tally::DAY_MS;
use crate::model::BarSpan;

pub(super) const HOUR_MS: i64 = 3_600_000;

/// Bars of one histogram, about.
const BARS: i64 = 200;
/// More are never made: a login that somebody's clock put two thousand years back must not fill the memory.
const MOST: usize = 2_000;
/// Where no clock shows midnight, a day begins so much later, or a multiple of it.
const LATER: TimeDelta = TimeDelta::minutes(15);

/// A bar: from, and up to but without. Milliseconds since 1970, UTC.
pub(super) type Bar = (i64, i64);

/// Bars one behind the other, without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bars {
    pub(super) span: BarSpan,
    pub(super) all: Vec<Bar>,
}

impl Bars {
    /// Cuts a time into at most some 200 bars, by the clock of a zone; the first and the last may reach beyond it.
    pub(super) fn of<Z: TimeZone>(zone: &Z, (from, until): Bar) -> Self {
        let span = span(until.saturating_sub(from));
        let mut all = Vec::new();
        let mut at = begin(zone, span, from);
        while all.is_empty() || (at < until && all.len() < MOST) {
            let end = next(zone, span, at).max(at + 1);
            all.push((at, end));
            at = end;
        }
        Self { span, all }
    }

    /// Which bar a time lies in; what lies before or behind all of them is the first's or the last's.
    pub(super) fn place(&self, at: i64) -> usize {
        self.all.partition_point(|(from, _)| *from <= at).saturating_sub(1)
    }

    /// Where a bar begins inside of a day of UTC: the bar, and the two parts of that day.
    pub(super) fn within_days(&self) -> impl Iterator<Item = (usize, Bar, Bar)> {
        self.all.iter().enumerate().skip(1).filter(|(_, (from, _))| from.rem_euclid(DAY_MS) != 0).map(
            |(place, (from, _))| {
                let day = from.div_euclid(DAY_MS) * DAY_MS;
                (place, (day, *from), (*from, day + DAY_MS))
            },
        )
    }

    /// In SQL: a number that two times share only where they lie in the same bar, and on the same day of the zone (in
    /// the same hour, where the bars are hours).
    pub(super) fn slot(&self, column: &str) -> String {
        let unit = if self.span == BarSpan::Hour { HOUR_MS } else { DAY_MS };
        let mut shifts: Vec<(i64, i64)> = Vec::new();
        for (from, _) in &self.all {
            let shift = (unit - from.rem_euclid(unit)) % unit;
            if shifts.last().is_none_or(|(_, last)| *last != shift) {
                shifts.push((*from, shift));
            }
        }
        let [.., (_, newest)] = shifts[..] else { return "0".to_owned() };
        let older: String =
            shifts.windows(2).map(|pair| format!("WHEN {column} < {} THEN {} ", pair[1].0, pair[0].1)).collect();
        let shift = if older.is_empty() { newest.to_string() } else { format!("CASE {older}ELSE {newest} END") };
        // The shift beside the number: on the day that a clock is set back the number may be the next day's, too.
        format!("({column} + {shift}) / {unit} * 100000000 + {shift}")
    }
}

/// The span of a bar for a range of so many milliseconds.
fn span(width: i64) -> BarSpan {
    match width {
        ..=720_000_000 => BarSpan::Hour,
        _ if width <= BARS * DAY_MS => BarSpan::Day,
        _ if width <= BARS * 7 * DAY_MS => BarSpan::Week,
        _ if width <= BARS * 30 * DAY_MS => BarSpan::Month,
        _ => BarSpan::Year,
    }
}

/// Where the bar begins that a time lies in.
fn begin<Z: TimeZone>(zone: &Z, span: BarSpan, at: i64) -> i64 {
    let time = DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(zone);
    if span == BarSpan::Hour {
        let of_hour = i64::from(time.minute()) * 60_000 + i64::from(time.second()) * 1_000;
        return (at - of_hour).div_euclid(1_000) * 1_000;
    }
    midnight(zone, first_day(span, time.date_naive()))
}

/// Where the bar behind the one that begins at `at` begins.
fn next<Z: TimeZone>(zone: &Z, span: BarSpan, at: i64) -> i64 {
    if span == BarSpan::Hour {
        return begin(zone, span, at + HOUR_MS);
    }
    let day = DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(zone).date_naive();
    let days = match span {
        BarSpan::Hour | BarSpan::Day => 1,
        BarSpan::Week => 7,
        // Into the next one, wherever in it.
        BarSpan::Month => 31,
        BarSpan::Year => 366,
    };
    let next = first_day(span, day).checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    midnight(zone, first_day(span, next))
}

/// The first day of the bar that a day lies in.
fn first_day(span: BarSpan, day: NaiveDate) -> NaiveDate {
    let first = match span {
        BarSpan::Hour | BarSpan::Day => Some(day),
        BarSpan::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
        BarSpan::Month => day.with_day(1),
        BarSpan::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    };
    first.unwrap_or(day)
}

/// When a day begins. A clock that is set on at midnight shows no midnight.
fn midnight<Z: TimeZone>(zone: &Z, day: NaiveDate) -> i64 {
    let begins = day.and_time(NaiveTime::MIN);
    let shown = (0..).map_while(|step| begins.checked_add_signed(LATER * step)).take(12);
    let found = shown.filter_map(|time| zone.from_local_datetime(&time).earliest()).next();
    found.map_or_else(|| begins.and_utc().timestamp_millis(), |time| time.timestamp_millis())
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::{FixedOffset, MappedLocalTime, NaiveDateTime, Utc};
    use hallmonitor_wire::Time;

    use super::*;

    /// A clock that is set on by an hour at one time, and back at another.
    #[derive(Clone, Debug)]
    pub(in crate::cache) struct Summer {
        winter: FixedOffset,
        summer: FixedOffset,
        on: NaiveDateTime,
        back: NaiveDateTime,
    }

    /// Kyiv's in 2026: two hours before UTC, three in summer.
    pub(in crate::cache) fn kyiv() -> Summer {
        let time = |text| NaiveDateTime::parse_from_str(text, "%F %H:%M").expect("a time");
        let east = |hours| FixedOffset::east_opt(hours * 3600).expect("an offset");
        Summer { winter: east(2), summer: east(3), on: time("2026-03-29 01:00"), back: time("2026-10-25 01:00") }
    }

    impl TimeZone for Summer {
        type Offset = FixedOffset;

        fn from_offset(_: &FixedOffset) -> Self {
            kyiv()
        }

        fn offset_from_local_date(&self, day: &NaiveDate) -> MappedLocalTime<FixedOffset> {
            self.offset_from_local_datetime(&day.and_time(NaiveTime::MIN))
        }

        fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
            let fits = |offset: &FixedOffset| self.offset_from_utc_datetime(&(*local - *offset)) == *offset;
            match (fits(&self.summer), fits(&self.winter)) {
                (true, true) => MappedLocalTime::Ambiguous(self.summer, self.winter),
                (true, false) => MappedLocalTime::Single(self.summer),
                (false, true) => MappedLocalTime::Single(self.winter),
                (false, false) => MappedLocalTime::None,
            }
        }

        fn offset_from_utc_date(&self, day: &NaiveDate) -> FixedOffset {
            self.offset_from_utc_datetime(&day.and_time(NaiveTime::MIN))
        }

        fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
            if (self.on..self.back).contains(utc) { self.summer } else { self.winter }
        }
    }

    fn ms(text: &str) -> i64 {
        text.parse::<Time>().expect("a time").ms()
    }

    fn east(minutes: i32) -> FixedOffset {
        FixedOffset::east_opt(minutes * 60).expect("an offset")
    }

    #[test]
    fn a_bar_begins_with_its_hour_day_week_month_or_year() {
        // A Wednesday.
        let at = ms("2026-11-25T17:45:30.250Z");
        for (span, begins, ends) in [
            (BarSpan::Hour, "2026-11-25T17:00:00Z", "2026-11-25T18:00:00Z"),
            (BarSpan::Day, "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"),
            (BarSpan::Week, "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
            (BarSpan::Month, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            (BarSpan::Year, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(begin(&Utc, span, at), ms(begins), "{span:?}");
            assert_eq!(begin(&Utc, span, ms(begins)), ms(begins), "{span:?} begins with itself");
            assert!(begin(&Utc, span, ms(begins) - 1) < ms(begins), "{span:?}");
            assert_eq!(next(&Utc, span, ms(begins)), ms(ends), "{span:?}");
        }
    }

    #[test]
    fn days_begin_at_midnight_of_the_clock_on_the_wall() {
        let at = ms("2026-11-25T22:30:00Z");
        assert_eq!(begin(&east(120), BarSpan::Day, at), ms("2026-11-25T22:00:00Z"));
        assert_eq!(begin(&east(-300), BarSpan::Day, at), ms("2026-11-25T05:00:00Z"));
        assert_eq!(begin(&east(330), BarSpan::Hour, ms("2026-11-25T22:10:00Z")), ms("2026-11-25T21:30:00Z"));
        assert_eq!(begin(&east(120), BarSpan::Month, ms("2026-11-30T22:30:00Z")), ms("2026-11-30T22:00:00Z"));
    }

    #[test]
    fn the_days_on_which_clocks_are_set_are_an_hour_shorter_and_longer() {
        let hours = |text: &str| {
            let begins = begin(&kyiv(), BarSpan::Day, ms(text));
            (next(&kyiv(), BarSpan::Day, begins) - begins) / HOUR_MS
        };
        assert_eq!(
            [hours("2026-03-28T12:00:00Z"), hours("2026-03-29T12:00:00Z"), hours("2026-10-25T12:00:00Z")],
            [24, 23, 25]
        );
    }

    #[test]
    fn a_day_without_a_midnight_begins_later() {
        let midnightless =
            Summer { on: NaiveDate::from_ymd_opt(2026, 3, 28).expect("a day").and_time(midday(22)), ..kyiv() };
        // 22 o'clock in UTC is midnight there: it shows one o'clock at once.
        assert_eq!(begin(&midnightless, BarSpan::Day, ms("2026-03-29T12:00:00Z")), ms("2026-03-28T22:00:00Z"));
    }

    fn midday(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).expect("a time")
    }

    #[test]
    fn bars_follow_one_another_without_a_gap_over_a_change_of_clocks() {
        let bars = Bars::of(&kyiv(), (ms("2026-09-10T10:00:00Z"), ms("2026-11-20T10:00:00Z")));
        assert_eq!((bars.span, bars.all.len()), (BarSpan::Day, 72));
        assert!(bars.all.windows(2).all(|pair| pair[0].1 == pair[1].0));
        assert!(bars.all[0].0 <= ms("2026-09-10T10:00:00Z") && bars.all[71].1 >= ms("2026-11-20T10:00:00Z"));
        for (place, (from, until)) in bars.all.iter().enumerate() {
            assert_eq!((bars.place(*from), bars.place(until - 1)), (place, place));
        }
        assert_eq!((bars.place(0), bars.place(i64::MAX)), (0, 71));
    }

    #[test]
    fn no_range_has_much_more_than_200_bars() {
        let day = DAY_MS;
        for (width, expected) in [
            (0, BarSpan::Hour),
            (200 * HOUR_MS, BarSpan::Hour),
            (200 * HOUR_MS + 1, BarSpan::Day),
            (200 * day, BarSpan::Day),
            (200 * day + 1, BarSpan::Week),
            (1400 * day, BarSpan::Week),
            (1400 * day + 1, BarSpan::Month),
            (6000 * day + 1, BarSpan::Year),
        ] {
            assert_eq!(span(width), expected, "{width}");
            assert!(Bars::of(&kyiv(), (1, 1 + width)).all.len() <= 210, "{width}");
        }
        assert_eq!(Bars::of(&Utc, (i64::MIN, i64::MAX)).all.len(), MOST);
    }

    #[test]
    fn a_bar_that_begins_inside_a_day_of_utc_parts_it() {
        let bars = Bars::of(&east(120), (ms("2026-11-01T10:00:00Z"), ms("2026-11-20T10:00:00Z")));
        let (place, before, behind) = bars.within_days().next().expect("a day is parted");
        assert_eq!(place, 1);
        assert_eq!(before, (ms("2026-11-01T00:00:00Z"), ms("2026-11-01T22:00:00Z")));
        assert_eq!(behind, (ms("2026-11-01T22:00:00Z"), ms("2026-11-02T00:00:00Z")));
        let utc = Bars::of(&Utc, (ms("2026-11-01T10:00:00Z"), ms("2026-11-20T10:00:00Z")));
        assert_eq!(utc.within_days().count(), 0);
    }
}
