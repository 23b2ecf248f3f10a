//! What the field's own words are called in a language: rules, places, states. A word that this version does not know
//! stays as it is.

use hallmonitor_language::Language;

use crate::model::{Place, Rule};

/// Why access control acted: `Active sessions: 3, allowed 1`. The server's text serves rules that are not known.
pub fn why(rule: &Rule, language: Language) -> String {
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

/// What access control did: `login refused`.
pub fn action(word: &str, language: Language) -> String {
    language.say(match word {
        "login_denied" => "rule.action.login_denied",
        "session_ended" => "rule.action.session_ended",
        "reported" => "rule.action.reported",
        other => return other.to_owned(),
    })
}

/// `Kyiv, Ukraine`, `Ukraine`, `private network`; `None` where unknown.
pub fn place(place: &Place, language: Language) -> Option<String> {
    if let Some(kind) = place.network_kind.as_deref() {
        return Some(network(kind, language));
    }
    let country = place.country.as_deref().map(|code| country(code, language));
    let parts: Vec<&str> = [place.city.as_deref(), country.as_deref()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A country by its code of ISO 3166-1.
pub fn country(code: &str, language: Language) -> String {
    language.country(code).unwrap_or(code).to_owned()
}

/// Why an address has no country: `private network`.
pub fn network(kind: &str, language: Language) -> String {
    language.say(match kind {
        "private" => "place.private",
        "loopback" => "place.loopback",
        "link_local" => "place.link_local",
        "reserved" => "place.reserved",
        other => return other.to_owned(),
    })
}

/// What a device is: `phone`.
pub(crate) fn device_type(word: &str, language: Language) -> String {
    language.say(match word {
        "desktop" => "export.device_type.desktop",
        "mobile" => "export.device_type.mobile",
        "tablet" => "export.device_type.tablet",
        "bot" => "export.device_type.bot",
        "unknown" => "export.device_type.unknown",
        other => return other.to_owned(),
    })
}

/// A device's access to the platform: `blocked`.
pub(crate) fn access(word: &str, language: Language) -> String {
    language.say(match word {
        "allowed" => "export.access.allowed",
        "blocked" => "export.access.blocked",
        other => return other.to_owned(),
    })
}

/// Log status: `not viewed`.
pub(crate) fn status(word: &str, language: Language) -> String {
    language.say(match word {
        "viewed" => "export.status.viewed",
        "not_viewed" => "export.status.not_viewed",
        other => return other.to_owned(),
    })
}

/// What came of a login: `refused`.
pub(crate) fn outcome(word: &str, language: Language) -> String {
    language.say(match word {
        "allowed" => "export.outcome.allowed",
        "denied" => "export.outcome.denied",
        other => return other.to_owned(),
    })
}

/// Why a session ended: `logged out`.
pub(crate) fn end_reason(word: &str, language: Language) -> String {
    language.say(match word {
        "logout" => "export.end_reason.logout",
        "expired" => "export.end_reason.expired",
        "replaced" => "export.end_reason.replaced",
        "device_blocked" => "export.end_reason.device_blocked",
        "denied" => "export.end_reason.denied",
        other => return other.to_owned(),
    })
}

/// What the owner thinks of a contact: `sharing`.
pub fn verdict(word: &str, language: Language) -> String {
    language.say(match word {
        "sharing" => "export.verdict.sharing",
        "harmless" => "export.verdict.harmless",
        "watch" => "export.verdict.watch",
        other => return other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str, observed: Option<i64>, limit: Option<i64>) -> Rule {
        Rule { code: code.to_owned(), text: " The server’s words ".to_owned(), limit, observed }
    }

    #[test]
    fn every_rule_has_words() {
        for (code, observed, limit, words) in [
            ("device_limit", Some(6), Some(5), "Devices: 6, allowed 5"),
            ("device_limit", None, Some(5), "More devices than the allowed 5"),
            ("device_limit", Some(6), None, "Too many devices"),
            ("ip_blocked", None, None, "Address is blocked by the school"),
            ("a_later_rule", None, None, "The server’s words"),
        ] {
            assert_eq!(why(&rule(code, observed, limit), Language::English), words);
        }
        let mut silent = rule("a_later_rule", None, None);
        silent.text.clear();
        assert_eq!(why(&silent, Language::Russian), "a_later_rule");
        assert_eq!(why(&rule("device_limit", Some(6), Some(5)), Language::Ukrainian), "Пристроїв: 6, дозволено 5");
    }

    #[test]
    fn a_place_is_as_exact_as_is_known() {
        let known = |country: Option<&str>, city: Option<&str>, kind: Option<&str>, language| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            place(&Place { country: own(country), city: own(city), network_kind: own(kind), network: None }, language)
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
    fn a_later_versions_word_stays_as_it_is() {
        for say in [action, network, device_type, access, status, outcome, end_reason, verdict, country] {
            assert_eq!(say("later", Language::Russian), "later");
        }
    }
}
