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
    let folder = sources::root().join("ui/src/catalogs/messages");
    let lists = windows_lists(&catalog(Language::English));
    if env::var_os("HALLMONITOR_WRITE_TYPES").is_some_and(|wanted| wanted == "1") {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the lists");
        for (file, list) in &lists {
            fs::write(folder.join(file), list).expect("a list is written");
        }
    }
    let checked_in: BTreeMap<String, String> = fs::read_dir(&folder)
        .expect("the folder of the lists")
        .map(|entry| {
            let entry = entry.expect("an entry of the folder");
            let text = fs::read_to_string(entry.path()).expect("a list is read").replace("\r\n", "\n");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    assert!(
        checked_in == lists,
        "ui/src/catalogs/messages differs from the catalogs; write it anew with HALLMONITOR_WRITE_TYPES=1"
    );
}

/// One file a theme, and one of them all.
fn windows_lists(known: &Catalog) -> BTreeMap<String, String> {
    let mut themes: BTreeMap<&str, String> = BTreeMap::new();
    for (key, message) in known.iter().filter(|(_, message)| message.in_window) {
        let (theme, _) = key.split_once('.').expect("a key begins with its theme");
        let list = themes.entry(theme).or_default();
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
    let mut files: BTreeMap<String, String> = themes
        .iter()
        .map(|(theme, list)| {
            let text = format!("{WRITTEN}export interface Messages {{\n{list}}}\n");
            (format!("{theme}.ts"), text)
        })
        .collect();
    let imports: String = themes
        .keys()
        .map(|theme| format!("import type {{ Messages as {} }} from './{theme}';\n", named(theme)))
        .collect();
    let all: Vec<String> = themes.keys().map(|theme| named(theme)).collect();
    files.insert(
        "index.ts".to_owned(),
        format!("{WRITTEN}{imports}\n/** All of them. */\nexport type Messages = {};\n", all.join(" & ")),
    );
    files
}

const WRITTEN: &str = "// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.\n\n";

/// `choose_passphrase` as a type: `ChoosePassphrase`.
fn named(theme: &str) -> String {
    theme
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        })
        .collect()
}
