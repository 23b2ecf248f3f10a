//! What the tray shows: pure.

use hallmonitor_core::{
    Glance,
    model::{Problem, ProblemCode, SyncState, Time},
    settings::{Notifications, Pause},
};
use hallmonitor_language::Language;

use super::icon::Mark;
use crate::{
    place::Place,
    texts::{short, who, why},
};

/// Milliseconds. Without an exchange for so long, and none to be had, something is wrong.
const DAY_MS: i64 = 86_400_000;
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
pub(crate) fn face(seen: &Seen, now: Time, language: Language) -> Face {
    let glance = seen.school.clone().unwrap_or_default();
    let count = u32::try_from(glance.unviewed).unwrap_or(0);
    let wrong = wrong(seen, now, language);
    let mark = match (&wrong, count) {
        (Some(_), count) => Mark::Attention(count),
        (None, 0) => Mark::Quiet,
        (None, count) => Mark::Violations(count),
    };
    let mut tooltip = match &seen.school {
        Some(school) => unviewed(school.unviewed, language),
        None => language.say("tray.no_school"),
    };
    let mut menu = Vec::new();
    if let Some((words, act)) = wrong {
        tooltip = format!("{words}\n{tooltip}");
        menu.extend([Entry::Act(act, words), Entry::Line]);
    }
    if seen.school.is_some() {
        menu.extend(violations(&glance, seen.notifications.hide_names, language));
        menu.extend([Entry::Line, Entry::Act(Act::SyncNow, language.say("tray.sync"))]);
    } else {
        menu.extend([Entry::Says(language.say("tray.no_school")), Entry::Line]);
    }
    menu.extend([
        pauses(&seen.notifications, now, language),
        Entry::Line,
        Entry::Act(Act::Open, language.say("tray.open")),
        Entry::Act(Act::Quit, language.say_with("tray.quit", [("count", glance.outbox.queued.into())])),
    ]);
    Face { mark, tooltip, menu }
}

/// What the person has to see to, and where.
fn wrong(seen: &Seen, now: Time, language: Language) -> Option<(String, Act)> {
    let Some(glance) = &seen.school else {
        return seen.problem.as_ref().map(|problem| (short(&problem.message, 2 * LETTERS), Act::Open));
    };
    let sync = Act::Show(Place::Sync);
    if seen.sync.problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::TokenRefused) {
        return Some((language.say("tray.refused"), sync));
    }
    if glance.outbox.conflict > 0 {
        return Some((language.say_with("tray.conflicts", [("count", glance.outbox.conflict.into())]), sync));
    }
    let alone_ms = now.ms() - glance.last_sync_at.or(seen.sync.failing_since)?.ms();
    (seen.sync.problem.is_some() && alone_ms > DAY_MS)
        .then(|| (language.say_with("tray.not_synced", [("days", (alone_ms / DAY_MS).into())]), sync))
}

/// `7 unviewed violations`.
fn unviewed(count: i64, language: Language) -> String {
    language.say_with("tray.unviewed", [("count", count.into())])
}

fn violations(glance: &Glance, hide_names: bool, language: Language) -> Vec<Entry> {
    let count = unviewed(glance.unviewed, language);
    if glance.unviewed == 0 {
        return vec![Entry::Says(count)];
    }
    let mut entries = vec![Entry::Act(Act::Show(Place::Violations), count)];
    entries.extend(glance.newest.iter().map(|violation| {
        let place = Place::Restriction { contact: violation.contact_id, restriction: violation.id };
        let (who, why) = (who(violation, hide_names, language), why(&violation.rule, language));
        Entry::Act(Act::Show(place), format!("{} · {}", short(&who, LETTERS), short(&why, LETTERS)))
    }));
    entries
}

fn pauses(notifications: &Notifications, now: Time, language: Language) -> Entry {
    let mut pauses = vec![
        Entry::Act(Act::Pause(Pause::Hour), language.say("tray.pause.hour")),
        Entry::Act(Act::Pause(Pause::Tomorrow), language.say("tray.pause.tomorrow")),
    ];
    let mut words = "tray.pause.offer";
    if notifications.paused(now) {
        words = "tray.pause.paused";
        pauses.insert(0, Entry::Act(Act::Resume, language.say("tray.pause.resume")));
    }
    Entry::More(language.say(words), pauses)
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

    const DAY: i64 = DAY_MS;

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
            assert_eq!(face(&seen, Time(now), Language::English).mark, mark, "{name}");
        }
    }

    #[test]
    fn the_menu_names_the_newest_and_hides_names_where_wanted() {
        for (language, count, why, student, quit) in [
            (Language::English, "7 unviewed violations", "Active sessions: 3, allowed 1", "A student", "Quit"),
            (Language::Ukrainian, "7 непереглянутих порушень", "Активних сесій: 3, дозволено 1", "Учень", "Вийти"),
            (Language::Russian, "7 непросмотренных нарушений", "Активных сессий: 3, разрешено 1", "Ученик", "Выйти"),
        ] {
            let mut seen = school(7);
            let words = all_words(&face(&seen, Time(DAY), language).menu);
            assert_eq!(words[..2], [count.to_owned(), format!("Ada & Byron · {why}")]);
            assert_eq!(words.last().map(String::as_str), Some(quit));

            seen.notifications.hide_names = true;
            let words = all_words(&face(&seen, Time(DAY), language).menu);
            assert_eq!(words[1], format!("{student} · {why}"));
        }
    }

    #[test]
    fn quit_says_what_is_unsent() {
        let mut seen = school(0);
        for (language, queued, words) in [
            (Language::English, 1, "Quit (1 decision is unsent and kept)"),
            (Language::English, 3, "Quit (3 decisions are unsent and kept)"),
            (Language::Ukrainian, 5, "Вийти (5 рішень не надіслано, але збережено)"),
            (Language::Russian, 1, "Выйти (1 решение не отправлено, но сохранено)"),
            (Language::Russian, 3, "Выйти (3 решения не отправлены, но сохранены)"),
        ] {
            if let Some(glance) = &mut seen.school {
                glance.outbox.queued = queued;
            }
            assert_eq!(all_words(&face(&seen, Time(DAY), language).menu).pop().as_deref(), Some(words));
        }
    }

    #[test]
    fn what_is_wrong_is_counted_in_the_languages_forms() {
        let mut seen = school(0);
        seen.sync.problem = problem(ProblemCode::Unreachable);
        for (language, days, words) in [
            (Language::English, 1, "Not synced for a day"),
            (Language::English, 2, "Not synced for 2 days"),
            (Language::Ukrainian, 3, "Немає синхронізації вже 3 дні"),
            (Language::Ukrainian, 21, "Немає синхронізації вже 21 день"),
            (Language::Russian, 5, "Нет синхронизации уже 5 дней"),
        ] {
            let words_of = |seen: &Seen| all_words(&face(seen, Time(DAY + days * DAY + 1), language).menu);
            assert_eq!(words_of(&seen)[0], words);
        }
        if let Some(glance) = &mut seen.school {
            glance.outbox.conflict = 2;
        }
        for (language, words) in [
            (Language::English, "2 decisions conflict"),
            (Language::Ukrainian, "2 рішення в конфлікті"),
            (Language::Russian, "2 решения в конфликте"),
        ] {
            assert_eq!(all_words(&face(&seen, Time(DAY), language).menu)[0], words);
        }
    }

    #[test]
    fn a_pause_can_be_ended_while_it_lasts() {
        let mut seen = school(0);
        seen.notifications.paused_until = Some(Time(DAY));
        for (language, word) in
            [(Language::English, "Resume"), (Language::Ukrainian, "Відновити"), (Language::Russian, "Возобновить")]
        {
            let resumable = |now| all_words(&face(&seen, Time(now), language).menu).contains(&word.to_owned());
            assert!(resumable(DAY - 1));
            assert!(!resumable(DAY));
        }
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
