//! What the program says outside of its window, in plain words: notifications and the tray's menu. The window's own words
//! for the same things are in `ui/src/texts.ts`.

use hallmonitor_core::{
    Telling, Violation,
    model::{Place, Time},
};

/// Names of countries by ISO 3166-1 code, from the Unicode CLDR.
const COUNTRIES: &str = include_str!("texts/countries.txt");

/// A notification's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) title: String,
    pub(crate) body: String,
}

/// Says one thing that is to be told. `hide_names` is for screens that others see.
pub(crate) fn telling(telling: &Telling, hide_names: bool) -> Said {
    match telling {
        Telling::One(violation) => {
            let place = place(&violation.place);
            let (why, what) = (why(violation), action(&violation.action));
            Said {
                title: who(violation, hide_names).to_owned(),
                body: match place {
                    Some(place) => format!("{why} · {what}\n{place}"),
                    None => format!("{why} · {what}"),
                },
            }
        }
        Telling::Several { count, contacts, newest, held } => Said {
            title: if *held {
                format!("{count} new violations while it was quiet")
            } else {
                format!("{count} new violations")
            },
            body: format!(
                "{}. The newest: {}, {}",
                if *contacts == 1 { "One student".to_owned() } else { format!("{contacts} students") },
                who(newest, hide_names),
                decapitalized(&why(newest)),
            ),
        },
    }
}

/// The student's name, or a word for one.
pub(crate) fn who(violation: &Violation, hide_names: bool) -> &str {
    match &violation.contact {
        Some(name) if !hide_names => name,
        _ => "A student",
    }
}

/// Why access control acted. The server's text serves rules that the program does not know.
pub(crate) fn why(violation: &Violation) -> String {
    let rule = &violation.rule;
    match (rule.code.as_str(), rule.observed, rule.limit) {
        ("concurrent_sessions", Some(observed), Some(limit)) => format!("Active sessions: {observed}, allowed {limit}"),
        ("concurrent_sessions", None, Some(limit)) => format!("More active sessions than the allowed {limit}"),
        ("concurrent_sessions", _, None) => "Too many active sessions".to_owned(),
        ("device_limit", Some(observed), Some(limit)) => format!("Devices: {observed}, allowed {limit}"),
        ("device_limit", None, Some(limit)) => format!("More devices than the allowed {limit}"),
        ("device_limit", _, None) => "Too many devices".to_owned(),
        ("ip_blocked", ..) => "Address is on the school’s block list".to_owned(),
        ("ip_not_listed", ..) => "Address is not on the school’s list".to_owned(),
        ("device_blocked", ..) => "This device is blocked".to_owned(),
        (code, ..) if rule.text.trim().is_empty() => code.to_owned(),
        _ => rule.text.trim().to_owned(),
    }
}

fn action(word: &str) -> &str {
    match word {
        "login_denied" => "login refused",
        "session_ended" => "session ended",
        "reported" => "only reported",
        other => other,
    }
}

/// `Kyiv, Ukraine`, `Ukraine`, `private network`; `None` where unknown.
fn place(place: &Place) -> Option<String> {
    match place.network_kind.as_deref() {
        Some("private") => return Some("private network".to_owned()),
        Some("loopback") => return Some("the same machine".to_owned()),
        _ => {}
    }
    let country = place.country.as_deref().map(|code| country(code).unwrap_or(code));
    let parts: Vec<&str> = [place.city.as_deref(), country].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn country(code: &str) -> Option<&'static str> {
    COUNTRIES.lines().find_map(|line| line.strip_prefix(code)?.strip_prefix(' '))
}

/// `7 unviewed violations`.
pub(crate) fn unviewed(count: i64) -> String {
    match count {
        0 => "No unviewed violations".to_owned(),
        1 => "1 unviewed violation".to_owned(),
        count => format!("{count} unviewed violations"),
    }
}

/// `3 decisions`.
pub(crate) fn decisions(count: i64) -> String {
    if count == 1 { "1 decision".to_owned() } else { format!("{count} decisions") }
}

/// How long ago, roughly: `2 days`.
pub(crate) fn days_since(since: Time, now: Time) -> String {
    match (now.ms() - since.ms()) / 86_400_000 {
        ..=1 => "a day".to_owned(),
        days => format!("{days} days"),
    }
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
pub(crate) fn test(hide_names: bool) -> Said {
    Said {
        title: if hide_names { "A student" } else { "Olena Kovalenko" }.to_owned(),
        body: "Active sessions: 3, allowed 1 · login refused\nThis is a test: nothing has happened.".to_owned(),
    }
}

/// Said once, when the window is closed for the first time and the program goes on.
pub(crate) fn goes_on(tray: bool) -> Said {
    Said {
        title: "Hallmonitor goes on without its window".to_owned(),
        body: if tray {
            "It keeps the login log up to date and tells of violations. The window and Quit are in the tray’s menu."
        } else {
            "This desktop shows no tray. Start Hallmonitor again to open its window; Quit is in the menu behind the \
             school’s name."
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use hallmonitor_core::model::Rule;

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
        let said = telling(&one, false);
        assert_eq!(said.title, "Ada Byron");
        assert_eq!(said.body, "Active sessions: 3, allowed 1 · login refused\nUkraine");
    }

    #[test]
    fn a_name_that_is_to_be_hidden_is_nowhere() {
        let newest = violation("device_limit", None, None);
        for telling in [
            Telling::One(newest.clone()),
            Telling::Several { count: 4, contacts: 1, newest: newest.clone(), held: false },
            Telling::Several { count: 4, contacts: 3, newest, held: true },
        ] {
            let said = super::telling(&telling, true);
            assert!(!format!("{said:?}").contains("Ada"), "{said:?}");
            assert!(format!("{said:?}").contains("student"), "{said:?}");
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
            assert_eq!(why(&violation(code, observed, limit)), words);
        }
        let mut silent = violation("a_later_rule", None, None);
        silent.rule.text.clear();
        assert_eq!(why(&silent), "a_later_rule");
    }

    #[test]
    fn a_place_is_as_exact_as_is_known() {
        let known = |country: Option<&str>, city: Option<&str>, kind: Option<&str>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            place(&Place { country: own(country), city: own(city), network_kind: own(kind) })
        };
        assert_eq!(known(Some("GB"), Some("Leeds"), None).as_deref(), Some("Leeds, United Kingdom"));
        assert_eq!(known(Some("ZZ"), None, None).as_deref(), Some("ZZ"));
        assert_eq!(known(None, None, Some("private")).as_deref(), Some("private network"));
        assert_eq!(known(None, None, None), None);
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(short("Ada", 3), "Ada");
        assert_eq!(short("Ada Byron", 5), "Ada…");
    }
}
