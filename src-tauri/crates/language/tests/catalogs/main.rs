//! What the catalogs promise: every language says everything, in all the forms that it has, and nothing else stands in
//! them. The window's list of messages is held against them, too; `HALLMONITOR_WRITE_TYPES=1` writes it anew.

mod messages;
mod sources;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
};

use formatjs_icu_messageformat::{MessageFormatElement as Element, PluralType};
use hallmonitor_language::Language;
use messages::{Catalog, Kind, catalog, every_element, files};
use sources::sources;

#[test]
fn every_language_says_everything() {
    let english = catalog(Language::English);
    for language in [Language::Ukrainian, Language::Russian] {
        assert_eq!(files(language), files(Language::English), "the files of {language}");
        let other = catalog(language);
        let missing: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
        let more: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && more.is_empty(), "{language} lacks {missing:?} and has {more:?} alone");
        for (key, message) in &english {
            assert_eq!(other[key].arguments(), message.arguments(), "the arguments of {key} in {language}");
        }
    }
}

#[test]
fn no_two_files_have_one_theme() {
    let themes: Vec<_> = files(Language::English).into_iter().map(|path| messages::theme(&path)).collect();
    assert_eq!(themes.len(), themes.iter().collect::<BTreeSet<_>>().len(), "{themes:?}");
}

#[test]
fn plurals_have_every_form_of_their_language() {
    for language in Language::ALL {
        let forms: BTreeSet<&str> = match language {
            Language::English => ["one", "other"].into(),
            Language::Ukrainian | Language::Russian => ["one", "few", "many", "other"].into(),
        };
        for (key, message) in catalog(language) {
            every_element(&message.parsed, &mut |element| {
                let Element::Plural(plural) = element else { return };
                assert_eq!(plural.plural_type, PluralType::Cardinal, "{key} in {language}");
                let by_number = |form: &&str| !form.starts_with('=');
                let said = plural.options.keys().filter_map(|form| Some(form.as_str()).filter(by_number));
                assert_eq!(said.collect::<BTreeSet<_>>(), forms, "the forms of {key} in {language}");
            });
        }
    }
}

#[test]
fn nothing_is_said_in_the_signs_of_another_language() {
    for language in Language::ALL {
        let foreign: &[char] = match language {
            Language::English => &['а', 'е', 'и', 'о', 'і'],
            Language::Ukrainian => &['ы', 'э', 'ё', 'ъ', '“', '”', '"', '\''],
            Language::Russian => &['і', 'ї', 'є', 'ґ', '“', '”', '"', '\''],
        };
        for (key, message) in catalog(language) {
            every_element(&message.parsed, &mut |element| {
                if let Element::Literal(text) = element {
                    assert!(!text.value.contains(foreign), "{key} in {language}: {}", text.value);
                }
            });
        }
    }
}

#[test]
fn no_message_is_missing_or_unused() {
    let known = catalog(Language::English);
    let sources = sources();
    let mut used = BTreeSet::new();
    let mut missing = BTreeSet::new();
    for source in &sources {
        let strange = sources::asked_for(source).filter(|key| !known.contains_key(*key));
        missing.extend(strange.map(|key| format!("{key} in {}", source.path)));
        used.extend(sources::literals(&source.text).filter(|literal| known.contains_key(*literal)));
    }
    assert!(missing.is_empty(), "asked for and not there: {missing:#?}");
    let unused: Vec<_> = known.keys().filter(|key| !used.contains(key.as_str())).collect();
    assert!(unused.is_empty(), "said nowhere: {unused:#?}");
}

#[test]
fn the_windows_list_of_messages_is_that_of_the_catalogs() {
    let path = sources::root().join("ui/src/catalogs/messages.ts");
    let list = windows_list(&catalog(Language::English));
    if env::var_os("HALLMONITOR_WRITE_TYPES").is_some_and(|wanted| wanted == "1") {
        fs::write(&path, &list).expect("the list is written");
    }
    let checked_in = fs::read_to_string(&path).expect("the list is read").replace("\r\n", "\n");
    assert!(
        checked_in == list,
        "ui/src/catalogs/messages.ts differs from the catalogs; write it anew with HALLMONITOR_WRITE_TYPES=1"
    );
}

fn windows_list(known: &Catalog) -> String {
    let mut list = String::from(
        "// What stands in the place holders of every message of the window. The test of the catalogs writes this file.\n\n\
         /** The arguments of a message by its key; null where it has none. */\n\
         export interface Messages {\n",
    );
    for (key, message) in known.iter().filter(|(_, message)| message.in_window) {
        let arguments: BTreeMap<_, _> = message.arguments();
        if arguments.is_empty() {
            list.push_str(&format!("  '{key}': null;\n"));
            continue;
        }
        let named: Vec<_> = arguments
            .iter()
            .map(|(name, kind)| match kind {
                Kind::Number => format!("{name}: number"),
                Kind::Text => format!("{name}: string | number"),
            })
            .collect();
        list.push_str(&format!("  '{key}': {{ {} }};\n", named.join("; ")));
    }
    list.push_str("}\n");
    list
}
