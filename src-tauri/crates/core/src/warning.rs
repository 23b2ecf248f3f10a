//! Ready-made texts to a contact, as a school begins with them, and how facts get into them.
//!
//! The owner may write them anew. A place holder is a known word in braces; anything else in braces stays as it is, so
//! that no text is lost over a slip.

use chrono::{DateTime, FixedOffset};
use hallmonitor_language::Language;
use hallmonitor_wire::Time;

use crate::model::{CaseFacts, WarningKind};

/// Letters that a text may have.
pub(crate) const LONGEST: usize = 10_000;

/// What may stand in a text, in braces.
pub const PLACE_HOLDERS: [&str; 7] = ["name", "school", "devices", "violations", "first", "last", "today"];

/// The text that a school begins with.
pub(crate) fn original(kind: WarningKind, language: Language) -> String {
    let key = match kind {
        WarningKind::FirstWord => "warning.first_word",
        WarningKind::SecondWarning => "warning.second_warning",
        WarningKind::Blocked => "warning.blocked",
    };
    let itself = PLACE_HOLDERS.map(|word| (word, format!("{{{word}}}").into()));
    language.say_with(key, itself)
}

/// What stands in the place holders' places.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) case: &'a CaseFacts,
    /// What the school calls itself.
    pub(crate) school: &'a str,
    /// The person's local time.
    pub(crate) at: DateTime<FixedOffset>,
    pub(crate) language: Language,
}

impl Facts<'_> {
    fn of(&self, word: &str) -> Option<String> {
        Some(match word {
            "name" => self.case.name.clone(),
            "school" => self.school.to_owned(),
            "devices" => self.case.devices.to_string(),
            "violations" => self.case.violations.to_string(),
            "first" => self.day(self.case.first_violation_at),
            "last" => self.day(self.case.newest_violation_at),
            "today" => self.written(self.at),
            _ => return None,
        })
    }

    /// The local day of a time; a dash where there is none.
    fn day(&self, time: Option<Time>) -> String {
        let at = time.and_then(|time| DateTime::from_timestamp_millis(time.ms()));
        at.map_or_else(|| "–".to_owned(), |at| self.written(at.with_timezone(self.at.offset())))
    }

    fn written(&self, at: DateTime<FixedOffset>) -> String {
        let form = match self.language {
            Language::English => "%-d %B %Y",
            Language::Ukrainian | Language::Russian => "%d.%m.%Y",
        };
        at.format(form).to_string()
    }
}

/// The text with the facts in their places, and the words in braces that nothing is known for.
pub(crate) fn fill(template: &str, facts: &Facts<'_>) -> (String, Vec<String>) {
    let (mut text, mut unknown, mut rest) = (String::with_capacity(template.len()), Vec::new(), template);
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        match behind.split_once('}').filter(|(word, _)| is_word(word)) {
            Some((word, after)) => {
                match facts.of(word) {
                    Some(fact) => text.push_str(&fact),
                    None => {
                        text.push_str(&format!("{{{word}}}"));
                        if !unknown.iter().any(|known| known == word) {
                            unknown.push(word.to_owned());
                        }
                    }
                }
                rest = after;
            }
            None => {
                text.push('{');
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    (text, unknown)
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> CaseFacts {
        CaseFacts {
            contact_id: 1,
            name: "Ada {devices} Byron".to_owned(),
            violations: 12,
            first_violation_at: Some(Time(1_767_225_600_000)),
            newest_violation_at: None,
            devices: 5,
        }
    }

    fn filled(template: &str, language: Language) -> (String, Vec<String>) {
        let at = DateTime::parse_from_rfc3339("2026-11-20T23:30:00-05:00").expect("a time");
        fill(template, &Facts { case: &case(), school: "Oak", at, language })
    }

    #[test]
    fn facts_stand_in_their_places_and_all_else_stays() {
        let english = |template: &str| filled(template, Language::English);
        for (template, text, unknown) in [
            ("", "", vec![]),
            ("{name} of {school}", "Ada {devices} Byron of Oak", vec![]),
            ("{devices}/{violations}", "5/12", vec![]),
            // Midnight of New Year in Greenwich is still the old year here.
            ("{first}, {last}, {today}", "31 December 2025, –, 20 November 2026", vec![]),
            ("{nome} {nome} {ім’я}", "{nome} {nome} {ім’я}", vec!["nome"]),
            ("{имя}", "{имя}", vec!["имя"]),
            ("a { b } {} {name", "a { b } {} {name", vec![]),
            ("{{name}}", "{Ada {devices} Byron}", vec![]),
        ] {
            assert_eq!(
                english(template),
                (text.to_owned(), unknown.into_iter().map(str::to_owned).collect()),
                "{template}"
            );
        }
        assert_eq!(filled("{today}", Language::Russian).0, "20.11.2026");
    }

    #[test]
    fn every_original_is_complete_and_speaks_of_the_contact() {
        for language in Language::ALL {
            for kind in WarningKind::ALL {
                let template = original(kind, language);
                for word in ["{name}", "{school}", "{violations}"] {
                    assert!(template.contains(word), "{word} in {kind:?} in {language}");
                }
                // The number is of all that are known: beside 30 days of devices it says since when it counts.
                let counted = template.lines().find(|line| line.contains("{violations}")).unwrap_or_default();
                assert!(counted.contains("{first}"), "{counted}");
                let (text, unknown) = filled(&template, language);
                assert!(unknown.is_empty(), "{unknown:?}");
                assert!(text.contains("Oak") && text.contains("12"), "{text}");
                assert!(template.chars().count() < LONGEST);
            }
        }
    }
}
