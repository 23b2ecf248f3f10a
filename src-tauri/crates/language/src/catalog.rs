//! The messages that are in the program, found by key.

use std::{collections::HashMap, sync::OnceLock};

use serde_json::Value;

use crate::Language;

/// The themes that the program itself speaks of; the others are the window's alone.
macro_rules! catalog {
    ($language:literal: $($theme:literal)*) => {
        &[$(($theme, include_str!(concat!("../messages/", $language, "/", $theme, ".json")))),*]
    };
}

type Themes = &'static [(&'static str, &'static str)];

const ENGLISH: Themes = catalog!("en": "evidence" "export" "notice" "place" "problem" "rule" "tray" "update" "warning");
const UKRAINIAN: Themes =
    catalog!("uk": "evidence" "export" "notice" "place" "problem" "rule" "tray" "update" "warning");
const RUSSIAN: Themes = catalog!("ru": "evidence" "export" "notice" "place" "problem" "rule" "tray" "update" "warning");

type Messages = HashMap<String, String>;

/// What stands under a key.
pub(crate) fn message(language: Language, key: &str) -> Option<&'static str> {
    static CATALOGS: [OnceLock<Messages>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let (kept, themes) = match language {
        Language::English => (&CATALOGS[0], ENGLISH),
        Language::Ukrainian => (&CATALOGS[1], UKRAINIAN),
        Language::Russian => (&CATALOGS[2], RUSSIAN),
    };
    kept.get_or_init(|| read(themes)).get(key).map(String::as_str)
}

fn read(themes: Themes) -> Messages {
    let mut messages = Messages::new();
    for (theme, text) in themes {
        // The tests hold that every file is JSON; a broken one says its keys.
        if let Ok(value) = serde_json::from_str(text) {
            flatten(theme.to_string(), &value, &mut messages);
        }
    }
    messages
}

fn flatten(key: String, value: &Value, messages: &mut Messages) {
    match value {
        Value::String(text) => {
            messages.insert(key, text.clone());
        }
        Value::Object(inner) => {
            for (word, value) in inner {
                flatten(format!("{key}.{word}"), value, messages);
            }
        }
        _ => {}
    }
}

/// A country's name. The lists are CLDR's, one line a country: code, space, name.
pub(crate) fn country(language: Language, code: &str) -> Option<&'static str> {
    let countries = match language {
        Language::English => include_str!("../messages/en/countries.txt"),
        Language::Ukrainian => include_str!("../messages/uk/countries.txt"),
        Language::Russian => include_str!("../messages/ru/countries.txt"),
    };
    countries.lines().find_map(|line| line.strip_prefix(code)?.strip_prefix(' '))
}
