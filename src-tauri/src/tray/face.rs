//! What the tray shows: pure.

use hallmonitor_core::{
    Glance,
    model::{Problem, ProblemCode, SyncState, Time},
    settings::{Notifications, Pause},
};

use super::icon::Mark;
use crate::{
    place::Place,
    texts::{days_since, decisions, short, unviewed, who, why},
};

/// Without an exchange for so long, and none to be had, something is wrong, milliseconds: a day.
const TOO_LONG_MS: i64 = 86_400_000;
/// Letters of a name, and of a reason, in the menu.
const LETTERS: usize = 40;

/// What there is to show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// The open school; `None` where none is open.
    pub(crate) school: Option<Glance>,
    /// What its exchange with the server is doing.
    pub(crate) sync: SyncState,
    /// Why none is open, where one should be.
    pub(crate) problem: Option<Problem>,
    /// What the person set.
    pub(crate) notifications: Notifications,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Show(Place),
    SyncNow,
    Pause(Pause),
    Resume,
    Open,
    Quit,
}

/// Decides what the tray shows at `now`.
pub(crate) fn face(seen: &Seen, now: Time) -> Face {
    let glance = seen.school.clone().unwrap_or_default();
    let count = u32::try_from(glance.unviewed).unwrap_or(0);
    let wrong = wrong(seen, now);
    let mark = match (&wrong, count) {
        (Some(_), count) => Mark::Attention(count),
        (None, 0) => Mark::Quiet,
        (None, count) => Mark::Violations(count),
    };
    let mut tooltip = if seen.school.is_some() { unviewed(glance.unviewed) } else { "No school is open".to_owned() };
    let mut menu = Vec::new();
    if let Some((words, act)) = wrong {
        tooltip = format!("{words}\n{tooltip}");
        menu.extend([Entry::Act(act, words), Entry::Line]);
    }
    if seen.school.is_some() {
        menu.extend(violations(&glance, seen.notifications.hide_names));
        menu.extend([Entry::Line, Entry::Act(Act::SyncNow, "Sync now".to_owned())]);
    } else {
        menu.extend([Entry::Says("No school is open".to_owned()), Entry::Line]);
    }
    menu.extend([
        pauses(&seen.notifications, now),
        Entry::Line,
        Entry::Act(Act::Open, "Open Hallmonitor".to_owned()),
        Entry::Act(Act::Quit, quit(glance.outbox.queued)),
    ]);
    Face { mark, tooltip, menu }
}

/// What the person has to see to, and where.
fn wrong(seen: &Seen, now: Time) -> Option<(String, Act)> {
    let Some(glance) = &seen.school else {
        return seen.problem.as_ref().map(|problem| (short(&problem.message, 2 * LETTERS), Act::Open));
    };
    let sync = Act::Show(Place::Sync);
    if seen.sync.problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::TokenRefused) {
        return Some(("The school’s server refuses the token".to_owned(), sync));
    }
    if glance.outbox.conflict > 0 {
        let one = glance.outbox.conflict == 1;
        let words = format!("{} {}", decisions(glance.outbox.conflict), if one { "conflicts" } else { "conflict" });
        return Some((words, sync));
    }
    let since = glance.last_sync_at.or(seen.sync.failing_since)?;
    (seen.sync.problem.is_some() && now.ms() - since.ms() > TOO_LONG_MS)
        .then(|| (format!("Not synced for {}", days_since(since, now)), sync))
}

fn violations(glance: &Glance, hide_names: bool) -> Vec<Entry> {
    if glance.unviewed == 0 {
        return vec![Entry::Says(unviewed(0))];
    }
    let mut entries = vec![Entry::Act(Act::Show(Place::Violations), unviewed(glance.unviewed))];
    entries.extend(glance.newest.iter().map(|violation| {
        let place = Place::Restriction { contact: violation.contact_id, restriction: violation.id };
        let words = format!("{} · {}", short(who(violation, hide_names), LETTERS), short(&why(violation), LETTERS));
        Entry::Act(Act::Show(place), words)
    }));
    entries
}

fn pauses(notifications: &Notifications, now: Time) -> Entry {
    let mut pauses = vec![
        Entry::Act(Act::Pause(Pause::Hour), "For 1 hour".to_owned()),
        Entry::Act(Act::Pause(Pause::Tomorrow), "Until tomorrow".to_owned()),
    ];
    let mut words = "Pause notifications";
    if notifications.paused(now) {
        words = "Notifications are paused";
        pauses.insert(0, Entry::Act(Act::Resume, "Resume".to_owned()));
    }
    Entry::More(words.to_owned(), pauses)
}

fn quit(unsent: i64) -> String {
    match unsent {
        ..=0 => "Quit".to_owned(),
        1 => "Quit (1 decision is unsent and kept)".to_owned(),
        unsent => format!("Quit ({unsent} decisions are unsent and kept)"),
    }
}

impl Act {
    /// The id of its entry in the menu.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Show(Place::Violations) => "violations".to_owned(),
            Self::Show(Place::Sync) => "sync".to_owned(),
            Self::Show(Place::Restriction { contact, restriction }) => format!("restriction/{contact}/{restriction}"),
            Self::SyncNow => "sync-now".to_owned(),
            Self::Pause(Pause::Hour) => "pause-hour".to_owned(),
            Self::Pause(Pause::Tomorrow) => "pause-tomorrow".to_owned(),
            Self::Resume => "resume".to_owned(),
            Self::Open => "open".to_owned(),
            Self::Quit => "quit".to_owned(),
        }
    }

    /// What the entry of this id does.
    pub(crate) fn read(id: &str) -> Option<Self> {
        Some(match id {
            "violations" => Self::Show(Place::Violations),
            "sync" => Self::Show(Place::Sync),
            "sync-now" => Self::SyncNow,
            "pause-hour" => Self::Pause(Pause::Hour),
            "pause-tomorrow" => Self::Pause(Pause::Tomorrow),
            "resume" => Self::Resume,
            "open" => Self::Open,
            "quit" => Self::Quit,
            other => {
                let (contact, restriction) = other.strip_prefix("restriction/")?.split_once('/')?;
                let place =
                    Place::Restriction { contact: contact.parse().ok()?, restriction: restriction.parse().ok()? };
                Self::Show(place)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use hallmonitor_core::{
        Violation,
        model::{OutboxCounts, Place as Where, Rule},
    };

    use super::*;

    const DAY: i64 = 86_400_000;

    fn problem(code: ProblemCode) -> Option<Problem> {
        Some(Problem { code, message: "It is so.".to_owned(), hint: String::new() })
    }

    fn school(unviewed: i64) -> Seen {
        let newest = Violation {
            id: 70,
            contact_id: 7,
            contact: Some("Ada & Byron".to_owned()),
            occurred_at: Time(0),
            rule: Rule {
                code: "concurrent_sessions".to_owned(),
                text: String::new(),
                limit: Some(1),
                observed: Some(3),
            },
            action: "login_denied".to_owned(),
            place: Where::default(),
        };
        let newest = vec![newest; usize::from(unviewed > 0)];
        let glance = Glance { unviewed, newest, last_sync_at: Some(Time(DAY)), ..Glance::default() };
        Seen { school: Some(glance), ..Seen::default() }
    }

    fn all_words(entries: &[Entry]) -> Vec<String> {
        let mut words = Vec::new();
        for entry in entries {
            match entry {
                Entry::Act(_, text) | Entry::Says(text) => words.push(text.clone()),
                Entry::More(text, more) => {
                    words.push(text.clone());
                    words.extend(all_words(more));
                }
                Entry::Line => {}
            }
        }
        words
    }

    #[test]
    fn the_icon_says_what_wants_attention_first() {
        let offline = SyncState { problem: problem(ProblemCode::Unreachable), ..SyncState::default() };
        let refused = SyncState { problem: problem(ProblemCode::TokenRefused), ..SyncState::default() };
        let with = |seen: Seen, sync: &SyncState| Seen { sync: sync.clone(), ..seen };
        let conflicting = |mut seen: Seen, conflict: i64| {
            if let Some(glance) = &mut seen.school {
                glance.outbox = OutboxCounts { conflict, ..OutboxCounts::default() };
            }
            seen
        };
        for (name, seen, now, mark) in [
            ("quiet", school(0), 2 * DAY, Mark::Quiet),
            ("violations", school(7), 2 * DAY, Mark::Violations(7)),
            ("offline for a while", with(school(7), &offline), 2 * DAY, Mark::Violations(7)),
            ("offline over a day", with(school(7), &offline), 2 * DAY + 1, Mark::Attention(7)),
            ("asleep over a day, and not failing", school(0), 9 * DAY, Mark::Quiet),
            ("token refused", with(school(0), &refused), DAY, Mark::Attention(0)),
            ("conflict", conflicting(school(3), 1), DAY, Mark::Attention(3)),
            ("first start", Seen::default(), DAY, Mark::Quiet),
            ("locked", Seen { problem: problem(ProblemCode::Keyring), ..Seen::default() }, DAY, Mark::Attention(0)),
        ] {
            assert_eq!(face(&seen, Time(now)).mark, mark, "{name}");
        }
    }

    #[test]
    fn the_menu_names_the_newest_and_hides_names_where_wanted() {
        let mut seen = school(7);
        let words = all_words(&face(&seen, Time(DAY)).menu);
        assert_eq!(words[..2], ["7 unviewed violations", "Ada & Byron · Active sessions: 3, allowed 1"]);
        assert_eq!(words.last().map(String::as_str), Some("Quit"));

        seen.notifications.hide_names = true;
        let words = all_words(&face(&seen, Time(DAY)).menu);
        assert_eq!(words[1], "A student · Active sessions: 3, allowed 1");
    }

    #[test]
    fn quit_says_what_is_unsent() {
        let mut seen = school(0);
        for (queued, words) in
            [(1, "Quit (1 decision is unsent and kept)"), (3, "Quit (3 decisions are unsent and kept)")]
        {
            if let Some(glance) = &mut seen.school {
                glance.outbox.queued = queued;
            }
            assert_eq!(all_words(&face(&seen, Time(DAY)).menu).pop().as_deref(), Some(words));
        }
    }

    #[test]
    fn a_pause_can_be_ended_while_it_lasts() {
        let mut seen = school(0);
        seen.notifications.paused_until = Some(Time(DAY));
        let resumable = |now| all_words(&face(&seen, Time(now)).menu).contains(&"Resume".to_owned());
        assert!(resumable(DAY - 1));
        assert!(!resumable(DAY));
    }

    #[test]
    fn every_act_is_found_again_by_its_id() {
        for act in [
            Act::Show(Place::Violations),
            Act::Show(Place::Sync),
            Act::Show(Place::Restriction { contact: 12, restriction: 34 }),
            Act::SyncNow,
            Act::Pause(Pause::Hour),
            Act::Pause(Pause::Tomorrow),
            Act::Resume,
            Act::Open,
            Act::Quit,
        ] {
            assert_eq!(Act::read(&act.id()), Some(act));
        }
        for other in ["", "restriction/1", "restriction/a/b", "unknown"] {
            assert_eq!(Act::read(other), None, "{other}");
        }
    }
}
