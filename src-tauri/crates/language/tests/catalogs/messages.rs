//! The catalogs as they lie on the disk, parsed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use formatjs_icu_messageformat::{IcuMessageFormat, MessageFormatElement as Element};
use hallmonitor_language::Language;
use serde_json::Value;

/// Themes of the program's own files that the window reads, too.
const SHARED: [&str; 2] = ["place", "rule"];

/// One message.
pub(crate) struct Message {
    /// What the runtime reads out of it.
    pub(crate) parsed: Vec<Element>,
    /// Whether the window has it.
    pub(crate) in_window: bool,
}

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It is formatted, or chooses a plural.
    Number,
    /// It stands as it is.
    Text,
}

/// All messages of a language by key.
pub(crate) type Catalog = BTreeMap<String, Message>;

impl Message {
    /// What the message asks for.
    pub(crate) fn arguments(&self) -> BTreeMap<String, Kind> {
        let mut arguments = BTreeMap::new();
        every_element(&self.parsed, &mut |element| match element {
            Element::Argument(argument) => {
                arguments.entry(argument.value.clone()).or_insert(Kind::Text);
            }
            Element::Select(select) => {
                arguments.entry(select.value.clone()).or_insert(Kind::Text);
            }
            Element::Number(number) => {
                arguments.insert(number.value.clone(), Kind::Number);
            }
            Element::Plural(plural) => {
                arguments.insert(plural.value.clone(), Kind::Number);
            }
            Element::Literal(_) | Element::Pound(_) => {}
            Element::Date(_) | Element::Time(_) | Element::Tag(_) => panic!("no message may have {element:?}"),
        });
        arguments
    }
}

/// Calls `found` with every element, those inside of plurals and selections among them.
pub(crate) fn every_element(elements: &[Element], found: &mut impl FnMut(&Element)) {
    for element in elements {
        found(element);
        match element {
            Element::Plural(plural) => plural.options.values().for_each(|option| every_element(&option.value, found)),
            Element::Select(select) => select.options.values().for_each(|option| every_element(&option.value, found)),
            _ => {}
        }
    }
}

fn folder(language: Language) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("messages").join(language.code())
}

/// The files of a language, as paths inside its folder.
pub(crate) fn files(language: Language) -> BTreeSet<PathBuf> {
    let folder = folder(language);
    let mut files = BTreeSet::new();
    for inner in ["", "window"] {
        for entry in fs::read_dir(folder.join(inner)).expect("the catalogs' folder is there") {
            let path = entry.expect("an entry of the folder").path();
            if path.extension().is_some_and(|ending| ending == "json") {
                files.insert(path.strip_prefix(&folder).expect("it lies in the folder").to_owned());
            }
        }
    }
    files
}

/// What the keys of a file begin with.
pub(crate) fn theme(path: &Path) -> String {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name").to_owned()
}

/// Reads everything that a language says.
pub(crate) fn catalog(language: Language) -> Catalog {
    let mut catalog = Catalog::new();
    for path in files(language) {
        let text = fs::read_to_string(folder(language).join(&path)).expect("a catalog is read");
        let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{language}, {path:?}: {error}"));
        let theme = theme(&path);
        let in_window = path.starts_with("window") || SHARED.contains(&theme.as_str());
        take(theme, &value, in_window, &mut catalog);
    }
    catalog
}

fn take(key: String, value: &Value, in_window: bool, catalog: &mut Catalog) {
    match value {
        Value::String(text) => {
            let format = IcuMessageFormat::try_new(text).unwrap_or_else(|error| panic!("{key}: {text}: {error}"));
            let parsed = format.get_ast().to_vec();
            assert!(!text.trim().is_empty(), "{key} says nothing");
            catalog.insert(key, Message { parsed, in_window });
        }
        Value::Object(inner) => {
            for (word, value) in inner {
                take(format!("{key}.{word}"), value, in_window, catalog);
            }
        }
        _ => panic!("{key} is {value}, neither a message nor a group of them"),
    }
}
