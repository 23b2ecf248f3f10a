//! What the program says outside of its window, in plain words: notifications and what the tray says of violations.

use hallmonitor_core::{
    FollowUp, Reminder, Telling, Violation,
    legible::line,
    model::Rule,
    words::{action, place, verdict, why},
};
use hallmonitor_language::Language;

/// Letters of a name, a reason or a place in a notification: more than any screen shows of them, and little enough for the
/// desktop's bus, whatever a server makes up.
const LETTERS: usize = 120;

/// A notification's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Said {
    /// The same, with the school's name before it: there are several.
    pub(crate) fn of_school(mut self, title: &str) -> Self {
        self.title = format!("{} · {}", part(title), self.title);
        self
    }
}

/// What is said while everything is locked.
pub(crate) fn something_happened(language: Language) -> Said {
    Said { title: language.say("notice.locked.title"), body: language.say("notice.locked.body") }
}

/// Says one thing that is to be told. `hide_names` is for screens that others see.
pub(crate) fn telling(telling: &Telling, hide_names: bool, language: Language) -> Said {
    match telling {
        Telling::One(violation) => {
            let why = part(&why(&violation.rule, language));
            let reason = format!("{why} · {}", part(&action(&violation.action, language)));
            Said {
                title: who(violation, hide_names, language),
                body: match place(&violation.place, language) {
                    Some(place) => format!("{reason}\n{}", part(&place)),
                    None => reason,
                },
            }
        }
        Telling::Several { count, contacts, newest, held } => Said {
            title: language.say_with(if *held { "notice.held" } else { "notice.new" }, [("count", (*count).into())]),
            body: language.say_with(
                "notice.summary",
                [
                    ("students", language.say_with("notice.students", [("count", (*contacts).into())]).into()),
                    ("who", who(newest, hide_names, language).into()),
                    ("why", decapitalized(&part(&why(&newest.rule, language))).into()),
                ],
            ),
        },
    }
}

/// Says whose day to look again has come.
pub(crate) fn reminder(reminder: &Reminder, hide_names: bool, language: Language) -> Said {
    let who = |follow_up: &FollowUp| {
        if hide_names { language.say("notice.student") } else { part(&follow_up.contact) }
    };
    match reminder {
        Reminder::One(follow_up) => Said {
            title: who(follow_up),
            body: language
                .say_with("notice.again.one", [("verdict", verdict(follow_up.verdict.as_str(), language).into())]),
        },
        Reminder::Several { count, first } => Said {
            title: language.say_with("notice.again.several", [("count", (*count).into())]),
            body: language.say_with("notice.again.summary", [("who", who(first).into())]),
        },
    }
}

/// The student's name, or a word for one.
pub(crate) fn who(violation: &Violation, hide_names: bool, language: Language) -> String {
    match &violation.contact {
        Some(name) if !hide_names => part(name),
        _ => language.say("notice.student"),
    }
}

/// A text that is shown as it is where markup is read: by notification daemons of this system.
#[cfg(any(test, target_os = "linux"))]
pub(crate) fn without_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What a stranger wrote, as a part of a notification: in one line, and no longer than is shown.
fn part(text: &str) -> String {
    short(&line(text), LETTERS)
}

/// Cut to a length that a menu or a notification can show.
pub(crate) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

fn decapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A test notification.
pub(crate) fn test(hide_names: bool, language: Language) -> Said {
    let rule = Rule { code: "concurrent_sessions".to_owned(), text: String::new(), limit: Some(1), observed: Some(3) };
    let reason = format!("{} · {}", why(&rule, language), action("login_denied", language));
    Said {
        title: language.say(if hide_names { "notice.student" } else { "notice.test.who" }),
        body: format!("{reason}\n{}", language.say("notice.test.what")),
    }
}

/// Said once, when the window is closed for the first time and the program goes on.
pub(crate) fn goes_on(tray: bool, language: Language) -> Said {
    Said {
        title: language.say("notice.goes_on.title"),
        body: language.say(if tray { "notice.goes_on.tray" } else { "notice.goes_on.no_tray" }),
    }
}

#[cfg(test)]
mod tests {
    use hallmonitor_core::model::{Place, Time, VerdictKind};

    use super::*;

    fn violation(code: &str, observed: Option<i64>, limit: Option<i64>) -> Violation {
        Violation {
            id: 1,
            contact_id: 2,
            contact: Some("Ada Byron".to_owned()),
            occurred_at: Time(0),
            rule: Rule { code: code.to_owned(), text: " The server’s words ".to_owned(), limit, observed },
            action: "login_denied".to_owned(),
            place: Place { country: Some("UA".to_owned()), ..Place::default() },
        }
    }

    #[test]
    fn one_violation_says_who_why_and_where() {
        let one = Telling::One(violation("concurrent_sessions", Some(3), Some(1)));
        for (language, body) in [
            (Language::English, "Active sessions: 3, allowed 1 · login refused\nUkraine"),
            (Language::Ukrainian, "Активних сесій: 3, дозволено 1 · у вході відмовлено\nУкраїна"),
            (Language::Russian, "Активных сессий: 3, разрешено 1 · во входе отказано\nУкраина"),
        ] {
            let said = telling(&one, false, language);
            assert_eq!((said.title.as_str(), said.body.as_str()), ("Ada Byron", body));
        }
    }

    #[test]
    fn several_violations_are_summed_up_with_the_newest() {
        let newest = violation("device_limit", Some(6), Some(5));
        let several = |count, contacts, held| Telling::Several { count, contacts, newest: newest.clone(), held };
        for (language, told, title, body) in [
            (
                Language::English,
                several(4, 1, false),
                "4 new violations",
                "One student. The newest: Ada Byron, devices: 6, allowed 5",
            ),
            (
                Language::Ukrainian,
                several(21, 3, true),
                "21 нове порушення за час тиші",
                "3 учні. Останнє: Ada Byron, пристроїв: 6, дозволено 5",
            ),
            (
                Language::Russian,
                several(5, 5, false),
                "5 новых нарушений",
                "5 учеников. Последнее: Ada Byron, устройств: 6, разрешено 5",
            ),
        ] {
            let said = telling(&told, false, language);
            assert_eq!((said.title.as_str(), said.body.as_str()), (title, body));
        }
    }

    #[test]
    fn a_name_that_is_to_be_hidden_is_nowhere() {
        let newest = violation("device_limit", None, None);
        for (language, word) in
            [(Language::English, "student"), (Language::Ukrainian, "Учень"), (Language::Russian, "Ученик")]
        {
            for telling in [
                Telling::One(newest.clone()),
                Telling::Several { count: 4, contacts: 1, newest: newest.clone(), held: false },
                Telling::Several { count: 4, contacts: 3, newest: newest.clone(), held: true },
            ] {
                let said = super::telling(&telling, true, language);
                assert!(!format!("{said:?}").contains("Ada"), "{said:?}");
                assert!(format!("{said:?}").contains(word), "{said:?}");
            }
            for reminder in [Reminder::One(again()), Reminder::Several { count: 4, first: again() }] {
                let said = super::reminder(&reminder, true, language);
                assert!(!format!("{said:?}").contains("Ada"), "{said:?}");
                assert!(format!("{said:?}").contains(word), "{said:?}");
            }
            assert_ne!(test(true, language), test(false, language));
        }
    }

    fn again() -> FollowUp {
        FollowUp { contact_id: 2, contact: "Ada Byron".to_owned(), verdict: VerdictKind::Watch, due_at: Time(0) }
    }

    #[test]
    fn a_day_to_look_again_says_whom_and_what_was_thought() {
        let said = reminder(&Reminder::One(again()), false, Language::English);
        assert_eq!(said.title, "Ada Byron");
        assert_eq!(said.body, "You wanted to look at this student again today. Your verdict: watch");
        let said = reminder(&Reminder::Several { count: 5, first: again() }, false, Language::Russian);
        assert_eq!(said.title, "Ещё раз посмотреть на 5 учеников");
        assert_eq!(said.body, "Эти дни вы назначили сами. Дольше всех ждёт: Ada Byron");
    }

    #[test]
    fn a_name_turns_no_writing_begins_no_line_and_is_no_markup() {
        for (text, shown) in [
            ("evil\u{202e}exe.txt", "evil�exe.txt"),
            ("a\r\nb\tc", "a��b�c"),
            ("zero\u{200b}width", "zero�width"),
            ("Олена 👩‍🏫 می‌خواهم", "Олена 👩‍🏫 می‌خواهم"),
        ] {
            let telling =
                Telling::One(Violation { contact: Some(text.to_owned()), ..violation("device_limit", None, None) });
            let said = super::telling(&telling, false, Language::English).of_school(text);
            assert!(said.title.starts_with(&format!("{shown} · {shown}")), "{said:?}");
        }
        assert_eq!(without_markup("<b>A & B</b>"), "&lt;b&gt;A &amp; B&lt;/b&gt;");
    }

    #[test]
    fn whatever_a_server_makes_up_a_notification_stays_short() {
        let long = "long ".repeat(1 << 18);
        let endless = Violation {
            contact: Some(long.clone()),
            rule: Rule { code: "a_later_rule".to_owned(), text: long.clone(), limit: None, observed: None },
            action: long.clone(),
            place: Place { country: Some(long.clone()), city: Some(long.clone()), ..Place::default() },
            ..violation("a_later_rule", None, None)
        };
        let again = FollowUp { contact: long.clone(), ..again() };
        for said in [
            telling(&Telling::One(endless.clone()), false, Language::English),
            telling(
                &Telling::Several { count: 4, contacts: 1, newest: endless, held: false },
                false,
                Language::Ukrainian,
            ),
            reminder(&Reminder::One(again.clone()), false, Language::Russian),
            reminder(&Reminder::Several { count: 4, first: again }, false, Language::English),
            something_happened(Language::English),
        ] {
            let Said { title, body } = said.of_school(&long);
            let letters = |text: &str| text.chars().count();
            assert!(letters(&title) < 3 * LETTERS && letters(&body) < 4 * LETTERS, "{title}\n{body}");
            assert!(title.contains("long…"), "what is cut says so: {title}");
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("Ada", 3), "Ada");
        assert_eq!(short("Ada Byron", 5), "Ada…");
    }
}
