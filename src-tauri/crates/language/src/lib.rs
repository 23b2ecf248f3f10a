//! What Hallmonitor says to people: one catalog of messages a language, in ICU MessageFormat, for window, tray,
//! notifications, problems and exports alike.
//!
//! The messages lie in `messages/<language>/<theme>.json`; a message's key is its theme and its way through the file,
//! `tray.unviewed`. The window reads the same files. `tests/catalogs/` holds that every language says everything,
//! that plurals have all the forms their language has, and that every message is used.

#![forbid(unsafe_code)]

mod catalog;
mod message;

use std::fmt;

use formatjs_icu_messageformat::{IcuMessageFormat, Value, Values};
pub use message::{Argument, Message};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A language that everything is said in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Ukrainian.
    #[serde(rename = "uk")]
    Ukrainian,
    /// Russian.
    #[serde(rename = "ru")]
    Russian,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::Ukrainian, Self::Russian];

    /// Its code of ISO 639, as in `X-Language`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Ukrainian => "uk",
            Self::Russian => "ru",
        }
    }

    /// The language of a tag as systems write it: `uk-UA`, `ru_RU.UTF-8`. `None` where it is none of these.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let code = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    /// The first language of the person's system that there are messages in; English where there is none.
    pub fn of_system() -> Self {
        sys_locale::get_locales().find_map(|tag| Self::of_tag(&tag)).unwrap_or_default()
    }

    /// A message without arguments.
    pub fn say(self, key: &str) -> String {
        self.say_with(key, [])
    }

    /// A message with its arguments. A key that no catalog knows is said as it stands: the tests hold that there is none.
    pub fn say_with<'a>(self, key: &str, arguments: impl IntoIterator<Item = (&'a str, Argument)>) -> String {
        let values: Values =
            arguments.into_iter().map(|(name, argument)| (name.to_owned(), self.value(argument))).collect();
        let said = catalog::message(self, key).and_then(|message| {
            IcuMessageFormat::try_new(message).and_then(|format| format.format_to_string(self.code(), &values)).ok()
        });
        debug_assert!(said.is_some(), "“{key}” can't be said in {self}");
        said.unwrap_or_else(|| key.to_owned())
    }

    fn value(self, argument: Argument) -> Value {
        match argument {
            Argument::Number(number) => Value::from(number),
            Argument::Text(text) => Value::from(text),
            Argument::Message(message) => Value::from(message.said(self)),
        }
    }

    /// The country of a code of ISO 3166-1 (two capital letters) by its CLDR name; `None` where there is no such one.
    pub fn country(self, code: &str) -> Option<&'static str> {
        catalog::country(self, code)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_systems_tag_names_a_language() {
        for (tag, language) in [
            ("uk-UA", Some(Language::Ukrainian)),
            ("ru_RU.UTF-8", Some(Language::Russian)),
            ("EN", Some(Language::English)),
            ("de-AT", None),
            ("ukx", None),
            ("C", None),
            ("", None),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn ukrainian_and_russian_have_three_forms_of_a_number() {
        for (language, said) in [
            (Language::English, ["One student", "3 students", "5 students", "21 students"]),
            (Language::Ukrainian, ["Один учень", "3 учні", "5 учнів", "21 учень"]),
            (Language::Russian, ["Один ученик", "3 ученика", "5 учеников", "21 ученик"]),
        ] {
            let counts =
                [1, 3, 5, 21].map(|count: i64| language.say_with("notice.students", [("count", count.into())]));
            assert_eq!(counts, said);
        }
    }

    #[test]
    fn a_large_number_is_written_the_languages_way() {
        let said = |language: Language| language.say_with("notice.students", [("count", 12_345_i64.into())]);
        assert_eq!(said(Language::English), "12,345 students");
        assert_eq!(said(Language::Ukrainian), "12\u{a0}345 учнів");
    }

    #[test]
    fn a_text_with_braces_stays_as_it_is() {
        let arguments = [("students", "{who}".into()), ("who", "{count} <b>".into()), ("why", "#".into())];
        let said = Language::English.say_with("notice.summary", arguments);
        assert_eq!(said, "{who}. The newest: {count} <b>, #");
    }

    #[test]
    fn a_message_in_a_message_is_said_in_the_same_language() {
        let students = Message::new("notice.students").with("count", 5);
        let summary = Message::new("notice.summary").with("students", students).with("who", "A").with("why", "b");
        assert_eq!(summary.said(Language::Ukrainian), "5 учнів. Останнє: A, b");
        assert_eq!(summary.said(Language::Russian), "5 учеников. Последнее: A, b");
    }

    #[test]
    fn countries_have_names_in_every_language() {
        let names = Language::ALL.map(|language| language.country("UA"));
        assert_eq!(names, [Some("Ukraine"), Some("Україна"), Some("Украина")]);
        assert_eq!(Language::English.country("ZZ"), None);
    }
}
