//! What the tray shows: pure.

use std::cmp::Reverse;

use chrono::{DateTime, Local, TimeZone, Utc};
use hallmonitor_core::{
    Glance,
    legible::line,
    model::{Problem, ProblemCode, SyncState, Time},
    settings::{Notifications, Pause, Times},
    words::why,
};
use hallmonitor_language::Language;

use super::icon::Mark;
use crate::{
    place::{Place, Target},
    texts::{short, who},
    tray::NEWEST,
};

/// Milliseconds. Without an exchange for so long, and none to be had, something is wrong.
const DAY_MS: i64 = 86_400_000;
/// Letters of a name, and of a reason, in the menu.
const LETTERS: usize = 40;

/// What there is to show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Every school on this machine.
    pub(crate) schools: Vec<SeenSchool>,
    /// What the person set.
    pub(crate) notifications: Notifications,
    /// Whose clock times are told by.
    pub(crate) times: Times,
    /// Decisions that no server has confirmed, as far as anybody knows: of locked schools what was counted last.
    pub(crate) unsent: i64,
}

/// A school as the tray sees it.
#[derive(Clone, Debug)]
pub(crate) struct SeenSchool {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) standing: Standing,
}

/// What there is to see of it.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// It is open.
    Open(Glance, SyncState),
    /// It did not open.
    Closed(Problem),
    /// Its key is gone from memory.
    Locked,
}

/// The icon and its menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) mark: Mark,
    pub(crate) tooltip: String,
    pub(crate) menu: Vec<Entry>,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Does something.
    Act(Act, String),
    /// Only says something.
    Says(String),
    /// Leads to more entries.
    More(String, Vec<Entry>),
    /// Parts the menu.
    Line,
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Show(Target),
    SyncNow,
    Lock,
    Pause(Pause),
    Resume,
    Open,
    Quit,
}

/// Decides what the tray shows at `now`.
pub(crate) fn face(seen: &Seen, now: Time, language: Language) -> Face {
    let open: Vec<&Glance> = seen.schools.iter().filter_map(SeenSchool::glance).collect();
    let unviewed_here = open.iter().map(|glance| glance.unviewed).sum();
    let wrong: Vec<(String, Act)> =
        seen.schools.iter().filter_map(|school| wrong(school, seen.schools.len() > 1, now, language)).collect();
    let mark = match (wrong.is_empty(), u32::try_from(unviewed_here).unwrap_or(0)) {
        (false, count) => Mark::Attention(count),
        (true, 0) => Mark::Quiet,
        (true, count) => Mark::Violations(count),
    };
    let locked = seen.schools.iter().any(|school| matches!(school.standing, Standing::Locked));
    let waiting: Vec<String> =
        seen.schools.iter().filter_map(|school| unreachable(school, seen.schools.len() > 1, now, language)).collect();
    let mut tooltip: Vec<String> = wrong.iter().map(|(words, _)| words.clone()).collect();
    tooltip.extend(waiting.iter().cloned());
    tooltip.push(match (open.is_empty(), locked) {
        (false, _) if unviewed_here == 0 && open.iter().any(|glance| is_first(glance)) => {
            language.say("tray.first_sync")
        }
        (false, _) => unviewed(unviewed_here, language),
        (true, true) => language.say("tray.locked"),
        (true, false) => language.say("tray.no_school"),
    });

    let mut menu: Vec<Entry> = wrong.into_iter().map(|(words, act)| Entry::Act(act, words)).collect();
    menu.extend(waiting.into_iter().map(Entry::Says));
    for (school, named) in seen.schools.iter().zip(shares(&seen.schools)) {
        let Some(glance) = school.glance() else { continue };
        part(&mut menu);
        menu.extend(violations(school, glance, named, seen, now, language));
    }
    part(&mut menu);
    menu.extend(unlocks(&seen.schools, language));
    if !open.is_empty() {
        menu.push(Entry::Act(Act::SyncNow, language.say("tray.sync")));
        menu.push(Entry::Act(Act::Lock, language.say("tray.lock")));
    } else if !locked {
        menu.push(Entry::Says(language.say("tray.no_school")));
    }
    part(&mut menu);
    menu.extend([
        pauses(seen, now, language),
        Entry::Line,
        Entry::Act(Act::Open, language.say("tray.open")),
        Entry::Act(Act::Quit, language.say_with("tray.quit", [("count", seen.unsent.into())])),
    ]);
    Face { mark, tooltip: tooltip.join("\n"), menu }
}

/// Ways to what is locked: one line for everything, or one for each school where others are open.
fn unlocks(schools: &[SeenSchool], language: Language) -> Vec<Entry> {
    let locked: Vec<_> = schools.iter().filter(|school| matches!(school.standing, Standing::Locked)).collect();
    let words = language.say("tray.locked");
    match locked.len() {
        0 => Vec::new(),
        count if count == schools.len() => vec![Entry::Act(Act::Open, words)],
        _ => {
            let line = |school: &SeenSchool| Entry::Act(school.at(Place::Violations), named(school, &words, language));
            locked.into_iter().map(line).collect()
        }
    }
}

/// Parts what comes from what there is.
fn part(menu: &mut Vec<Entry>) {
    if menu.last().is_some_and(|last| *last != Entry::Line) {
        menu.push(Entry::Line);
    }
}

impl SeenSchool {
    fn glance(&self) -> Option<&Glance> {
        match &self.standing {
            Standing::Open(glance, _) => Some(glance),
            _ => None,
        }
    }

    fn at(&self, place: Place) -> Act {
        Act::Show(Target { school: self.id.clone(), place })
    }
}

/// What the person has to see to, and where; with the school's name where there are several.
fn wrong(school: &SeenSchool, several: bool, now: Time, language: Language) -> Option<(String, Act)> {
    let sync = school.at(Place::Sync);
    let (words, act) = match &school.standing {
        Standing::Locked => return None,
        Standing::Closed(problem) => (short(&line(&problem.message), 2 * LETTERS), sync),
        Standing::Open(glance, state) => {
            let alone_ms = glance.last_sync_at.or(state.failing_since).map_or(0, |since| now.ms() - since.ms());
            let problem = state.problem.as_ref();
            let refused = problem.and_then(|problem| match problem.code {
                ProblemCode::TokenRefused => Some("tray.refused"),
                ProblemCode::MayNotDecide => Some("tray.may_not_decide"),
                ProblemCode::SignedOut => Some("tray.signed_out"),
                _ => None,
            });
            if let Some(refused) = refused {
                (language.say(refused), sync)
            } else if glance.outbox.conflict > 0 {
                (language.say_with("tray.conflicts", [("count", glance.outbox.conflict.into())]), sync)
            } else if problem.is_some() && alone_ms > DAY_MS {
                (language.say_with("tray.not_synced", [("days", (alone_ms / DAY_MS).into())]), sync)
            } else {
                return None;
            }
        }
    };
    Some((if several { named(school, &words, language) } else { words }, act))
}

/// That a school's server is not reached, where that is nothing to see to yet.
fn unreachable(school: &SeenSchool, several: bool, now: Time, language: Language) -> Option<String> {
    let Standing::Open(_, SyncState { problem: Some(problem), .. }) = &school.standing else { return None };
    if problem.code != ProblemCode::Unreachable || wrong(school, several, now, language).is_some() {
        return None;
    }
    let words = language.say("tray.offline");
    Some(if several { named(school, &words, language) } else { words })
}

/// `My school: 7 unviewed violations`.
fn named(school: &SeenSchool, words: &str, language: Language) -> String {
    language
        .say_with("tray.of_school", [("school", short(&line(&school.title), LETTERS).into()), ("what", words.into())])
}

/// `7 unviewed violations`.
fn unviewed(count: i64, language: Language) -> String {
    language.say_with("tray.unviewed", [("count", count.into())])
}

/// Whether nothing is counted yet: the first sync has not come to its end.
fn is_first(glance: &Glance) -> bool {
    glance.unviewed == 0 && glance.last_sync_at.is_none()
}

/// How many of each school's newest violations are among the newest of all.
fn shares(schools: &[SeenSchool]) -> Vec<usize> {
    let newest = |(at, school): (usize, &SeenSchool)| {
        let newest = school.glance().map(|glance| glance.newest.as_slice()).unwrap_or_default();
        newest.iter().map(|violation| (Reverse(violation.occurred_at.ms()), at)).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = schools.iter().enumerate().flat_map(newest).collect();
    all.sort_unstable();
    let mut shares = vec![0; schools.len()];
    for (_, at) in all.into_iter().take(NEWEST as usize) {
        shares[at] += 1;
    }
    shares
}

/// With the newest `most` of them by name.
fn violations(
    school: &SeenSchool,
    glance: &Glance,
    most: usize,
    seen: &Seen,
    now: Time,
    language: Language,
) -> Vec<Entry> {
    let several = seen.schools.len() > 1;
    let mut count =
        if is_first(glance) { language.say("tray.first_sync") } else { unviewed(glance.unviewed, language) };
    if several {
        count = named(school, &count, language);
    }
    let again = (glance.follow_ups > 0).then(|| {
        let words = language.say_with("notice.again.several", [("count", glance.follow_ups.into())]);
        Entry::Act(school.at(Place::FollowUps), if several { named(school, &words, language) } else { words })
    });
    if glance.unviewed == 0 {
        return std::iter::once(Entry::Says(count)).chain(again).collect();
    }
    let mut entries = vec![Entry::Act(school.at(Place::Violations), count)];
    entries.extend(glance.newest.iter().take(most).map(|violation| {
        let place = Place::Restriction { contact: violation.contact_id, restriction: violation.id };
        let who = who(violation, seen.notifications.hide_names, language);
        let why = line(&why(&violation.rule, language)).into_owned();
        let when = when(violation.occurred_at, now, seen.times, language);
        Entry::Act(school.at(place), format!("{} · {} · {when}", short(&who, LETTERS), short(&why, LETTERS)))
    }));
    entries.extend(again);
    entries
}

/// When it was: the hour of today's, the day of others.
fn when(at: Time, now: Time, times: Times, language: Language) -> String {
    let other = language.say("tray.day");
    said(at, now, times, &other)
}

/// When something ends: the hour, with the day before it where that is not today.
fn end(at: Time, now: Time, times: Times, language: Language) -> String {
    let other = format!("{}, %H:%M", language.say("tray.day"));
    said(at, now, times, &other)
}

/// A time by the clock that is wanted: the hour of today's, in this form on `other` days.
fn said(at: Time, now: Time, times: Times, other: &str) -> String {
    fn by<Z: TimeZone<Offset: std::fmt::Display>>(at: &DateTime<Z>, now: &DateTime<Z>, other: &str) -> String {
        let form = if at.date_naive() == now.date_naive() { "%H:%M" } else { other };
        at.format(form).to_string()
    }
    let (at, now) = (at.to_utc(), now.to_utc());
    match times {
        Times::Local => by(&at.with_timezone(&Local), &now.with_timezone(&Local), other),
        Times::Utc => by::<Utc>(&at, &now, other),
    }
}

fn pauses(seen: &Seen, now: Time, language: Language) -> Entry {
    let mut pauses = vec![
        Entry::Act(Act::Pause(Pause::Hour), language.say("tray.pause.hour")),
        Entry::Act(Act::Pause(Pause::Tomorrow), language.say("tray.pause.tomorrow")),
    ];
    let Some(until) = seen.notifications.paused_until.filter(|_| seen.notifications.paused(now)) else {
        return Entry::More(language.say("tray.pause.offer"), pauses);
    };
    pauses.insert(0, Entry::Act(Act::Resume, language.say("tray.pause.resume")));
    let until = end(until, now, seen.times, language);
    Entry::More(language.say_with("tray.pause.paused", [("until", until.into())]), pauses)
}

// Over the bus an entry does it by itself.
#[cfg(any(test, not(target_os = "linux")))]
impl Act {
    /// The id of its entry in the menu.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Show(Target { school, place }) => match place {
                Place::Violations => format!("violations/{school}"),
                Place::FollowUps => format!("follow-ups/{school}"),
                Place::Contact { contact } => format!("contact/{contact}/{school}"),
                Place::Sync => format!("sync/{school}"),
                Place::Restriction { contact, restriction } => format!("restriction/{contact}/{restriction}/{school}"),
            },
            Self::SyncNow => "sync-now".to_owned(),
            Self::Lock => "lock".to_owned(),
            Self::Pause(Pause::Hour) => "pause-hour".to_owned(),
            Self::Pause(Pause::Tomorrow) => "pause-tomorrow".to_owned(),
            Self::Resume => "resume".to_owned(),
            Self::Open => "open".to_owned(),
            Self::Quit => "quit".to_owned(),
        }
    }

    /// What the entry of this id does.
    pub(crate) fn read(id: &str) -> Option<Self> {
        let show = |school: &str, place| Self::Show(Target { school: school.to_owned(), place });
        Some(match id {
            "sync-now" => Self::SyncNow,
            "lock" => Self::Lock,
            "pause-hour" => Self::Pause(Pause::Hour),
            "pause-tomorrow" => Self::Pause(Pause::Tomorrow),
            "resume" => Self::Resume,
            "open" => Self::Open,
            "quit" => Self::Quit,
            // A school's id may hold anything, so it stands last.
            other => match other.split_once('/')? {
                ("violations", school) => show(school, Place::Violations),
                ("follow-ups", school) => show(school, Place::FollowUps),
                ("contact", rest) => {
                    let (contact, school) = rest.split_once('/')?;
                    show(school, Place::Contact { contact: contact.parse().ok()? })
                }
                ("sync", school) => show(school, Place::Sync),
                ("restriction", rest) => {
                    let (contact, rest) = rest.split_once('/')?;
                    let (restriction, school) = rest.split_once('/')?;
                    let (contact, restriction) = (contact.parse().ok()?, restriction.parse().ok()?);
                    show(school, Place::Restriction { contact, restriction })
                }
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests;
