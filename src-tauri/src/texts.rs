//! What the program says outside of its window, in plain words: notifications and what the tray says of violations.

use hallmonitor_core::{
    Telling, Violation,
    model::{Place, Rule},
};
use hallmonitor_language::Language;

/// A notification's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) title: String,
    pub(crate) body: String,
}

impl Said {
    /// The same, with the school's name before it: there are several.
    pub(crate) fn of_school(mut self, title: &str) -> Self {
        self.title = format!("{title} · {}", self.title);
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
            let reason = format!("{} · {}", why(&violation.rule, language), action(&violation.action, language));
            Said {
                title: who(violation, hide_names, language),
                body: match place(&violation.place, language) {
                    Some(place) => format!("{reason}\n{place}"),
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
                    ("why", decapitalized(&why(&newest.rule, language)).into()),
                ],
            ),
        },
    }
}

/// The student's name, or a word for one.
pub(crate) fn who(violation: &Violation, hide_names: bool, language: Language) -> String {
    match &violation.contact {
        Some(name) if !hide_names => name.clone(),
        _ => language.say("notice.student"),
    }
}

/// Why access control acted. The server's text serves rules that the program does not know.
pub(crate) fn why(rule: &Rule, language: Language) -> String {
    let limited = |both, over, plain| match (rule.observed, rule.limit) {
        (Some(observed), Some(limit)) => {
            language.say_with(both, [("observed", observed.into()), ("limit", limit.into())])
        }
        (None, Some(limit)) => language.say_with(over, [("limit", limit.into())]),
        (_, None) => language.say(plain),
    };
    match rule.code.as_str() {
        "concurrent_sessions" => {
            limited("rule.concurrent_sessions.both", "rule.concurrent_sessions.over", "rule.concurrent_sessions.plain")
        }
        "device_limit" => limited("rule.device_limit.both", "rule.device_limit.over", "rule.device_limit.plain"),
        "ip_blocked" => language.say("rule.ip_blocked"),
        "ip_not_listed" => language.say("rule.ip_not_listed"),
        "device_blocked" => language.say("rule.device_blocked"),
        code if rule.text.trim().is_empty() => code.to_owned(),
        _ => rule.text.trim().to_owned(),
    }
}

fn action(word: &str, language: Language) -> String {
    language.say(match word {
        "login_denied" => "rule.action.login_denied",
        "session_ended" => "rule.action.session_ended",
        "reported" => "rule.action.reported",
        other => return other.to_owned(),
    })
}

/// `Kyiv, Ukraine`, `Ukraine`, `private network`; `None` where unknown.
fn place(place: &Place, language: Language) -> Option<String> {
    match place.network_kind.as_deref() {
        Some("private") => return Some(language.say("place.private")),
        Some("loopback") => return Some(language.say("place.loopback")),
        _ => {}
    }
    let country = place.country.as_deref().map(|code| language.country(code).unwrap_or(code));
    let parts: Vec<&str> = [place.city.as_deref(), country].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Cut to a length that a menu can show.
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
    use hallmonitor_core::model::Time;

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
            assert_ne!(test(true, language), test(false, language));
        }
    }

    #[test]
    fn every_rule_has_words() {
        for (code, observed, limit, words) in [
            ("device_limit", Some(6), Some(5), "Devices: 6, allowed 5"),
            ("device_limit", None, Some(5), "More devices than the allowed 5"),
            ("device_limit", Some(6), None, "Too many devices"),
            ("ip_blocked", None, None, "Address is on the school’s block list"),
            ("a_later_rule", None, None, "The server’s words"),
        ] {
            assert_eq!(why(&violation(code, observed, limit).rule, Language::English), words);
        }
        let mut silent = violation("a_later_rule", None, None).rule;
        silent.text.clear();
        assert_eq!(why(&silent, Language::Russian), "a_later_rule");
    }

    #[test]
    fn a_place_is_as_exact_as_is_known() {
        let known = |country: Option<&str>, city: Option<&str>, kind: Option<&str>, language| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            place(&Place { country: own(country), city: own(city), network_kind: own(kind) }, language)
        };
        let (english, russian) = (Language::English, Language::Russian);
        assert_eq!(known(Some("GB"), Some("Leeds"), None, english).as_deref(), Some("Leeds, United Kingdom"));
        assert_eq!(known(Some("GB"), Some("Leeds"), None, russian).as_deref(), Some("Leeds, Великобритания"));
        assert_eq!(known(Some("ZZ"), None, None, english).as_deref(), Some("ZZ"));
        assert_eq!(known(None, None, Some("private"), english).as_deref(), Some("private network"));
        assert_eq!(known(None, None, Some("private"), russian).as_deref(), Some("частная сеть"));
        assert_eq!(known(None, None, None, english), None);
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("Ada", 3), "Ada");
        assert_eq!(short("Ada Byron", 5), "Ada…");
    }
}
