use std::{collections::BTreeSet, io, path::PathBuf, time::Duration};

use hallmonitor_language::Argument;
use serde::de::Error as _;
use uuid::Uuid;

use super::*;
use crate::model::EntryState;

fn io_error() -> io::Error {
    io::Error::other("Device not ready.")
}

fn json() -> serde_json::Error {
    serde_json::Error::custom("no JSON")
}

fn http() -> reqwest::Error {
    reqwest::Client::new().get("no address").build().expect_err("not an address")
}

fn keyring() -> ::keyring::Error {
    ::keyring::Error::PlatformFailure("no bus".into())
}

fn path() -> PathBuf {
    PathBuf::from("/data/school.db")
}

fn addresses() -> Vec<BadAddress> {
    vec![
        BadAddress::Empty,
        BadAddress::TooLong,
        BadAddress::NoUrl(url::ParseError::EmptyHost),
        BadAddress::Scheme("ftp".into()),
        BadAddress::PlainHttp("school.example".into()),
        BadAddress::UserInfo,
        BadAddress::Query,
        BadAddress::Fragment,
    ]
}

fn secrets() -> Vec<BadSecret> {
    ["token", "cabinet hash", "passphrase"]
        .into_iter()
        .flat_map(|what| {
            [BadSecret::Empty(what), BadSecret::TooLong { what, longest: 4_000 }, BadSecret::Characters(what)]
        })
        .collect()
}

/// All but [`VaultError::Random`], whose cause nobody else can make.
fn vault() -> Vec<VaultError> {
    vec![
        VaultError::WrongPassphrase,
        VaultError::PassphraseNeeded,
        VaultError::KeyringAbsent { source: keyring() },
        VaultError::KeyringLocked { source: keyring() },
        VaultError::KeyringSilent { seconds: 90 },
        VaultError::KeyLost,
        VaultError::WrongKey,
        VaultError::Keyring { source: keyring() },
        VaultError::BadLock("its lanes are not between 1 and 4"),
        VaultError::Stretching(argon2::Error::MemoryTooLittle),
        VaultError::Thread(io_error()),
    ]
}

fn cache() -> Vec<CacheError> {
    vec![
        CacheError::Damaged { path: path(), reason: "it is empty".into() },
        CacheError::Newer { found: 9, known: 3 },
        CacheError::Locked { seconds: 21 },
        CacheError::Closed,
        CacheError::DiskFull,
        CacheError::Io { path: path(), source: io_error() },
        CacheError::BadPlace,
        CacheError::BadRange("91.198".into()),
        CacheError::Database(sqlx::Error::RowNotFound),
    ]
}

fn pages() -> Vec<BadPage> {
    vec![
        BadPage::Json(json()),
        BadPage::TooManyRows { asked: 250, got: 251 },
        BadPage::LongCursor,
        BadPage::Stuck,
        BadPage::Number { field: "max_actions", value: -1 },
    ]
}

fn school() -> Vec<SchoolError> {
    let host = || "api.school.example".to_owned();
    let mut errors = vec![
        SchoolError::Unsendable("cabinet hash"),
        SchoolError::Setup(http()),
        SchoolError::Connect { host: host(), refused: true, source: http() },
        SchoolError::Connect { host: host(), refused: false, source: http() },
        SchoolError::TimedOut { host: host(), limit: Duration::from_secs(120) },
        SchoolError::Cut { host: host(), source: http() },
        SchoolError::TooLarge { host: host(), limit: 64 << 20 },
        SchoolError::Elsewhere { host: host(), to: "https://new.example".into() },
        SchoolError::Redirects { host: host() },
        SchoolError::NotJson { host: host(), status: 511, content_type: "text/html".into(), retry_after: None },
        SchoolError::Version { host: host(), version: 2 },
        SchoolError::ReadsOnly { host: host(), status: 403, message: String::new() },
        SchoolError::NotTaken { host: host(), status: 410, message: String::new() },
    ];
    errors.extend([400, 401, 403, 404, 410, 418, 429, 503].map(|status| SchoolError::Refused {
        host: host(),
        status,
        message: if status == 429 { "Slow down!".into() } else { String::new() },
        code: None,
        retry_after: None,
    }));
    errors.push(SchoolError::limited(host(), Duration::from_secs(3_600)));
    errors.extend(pages().into_iter().map(|source| SchoolError::Unreadable { host: host(), source }));
    errors
}

fn outbox() -> Vec<OutboxError> {
    let id = Uuid::nil();
    let mut errors = vec![
        OutboxError::Misfit { kind: "device_access", value: "viewed" },
        OutboxError::NoLoginLog,
        OutboxError::Sealed,
        OutboxError::Unknown(id),
        OutboxError::Newer(id),
        OutboxError::Cache(CacheError::DiskFull),
        OutboxError::School(SchoolError::Redirects { host: "school.example".into() }),
    ];
    for what in ["contact", "device", "restriction"] {
        errors.extend([OutboxError::NoTarget { what, id: 4_711 }, OutboxError::OnlyHere { what, id: 4_711 }]);
    }
    for (state, left) in [
        (EntryState::Queued, false),
        (EntryState::Sending, true),
        (EntryState::Conflict, true),
        (EntryState::Rejected, true),
    ] {
        errors.push(OutboxError::Elsewhere { id, state, left });
    }
    errors
}

fn errors() -> Vec<Error> {
    let known = || vec!["north".to_owned(), "south".to_owned()];
    let host = || "api.school.example".to_owned();
    let mut errors = vec![
        Error::NoProfiles,
        Error::NoProfile { name: "east".into(), known: Vec::new() },
        Error::NoProfile { name: "east".into(), known: known() },
        Error::WhichProfile { known: known() },
        Error::NameTaken { name: "north".into(), server: "https://school.example".into() },
        Error::BadName("a/b".into()),
        Error::BadProfile { path: path(), name: "school".into(), reason: "expected value at line 1 column 1".into() },
        Error::Io { path: path(), source: io_error() },
        Error::NoDataDir,
        Error::NoToken("north".into()),
        Error::NotFound { what: "contact", id: 4_711 },
        Error::LongText { letters: 2_001, most: 2_000 },
        Error::Unsent { count: 3 },
        Error::MoreUnsent { count: 3 },
        Error::BadLocations { path: path(), reason: "no metadata".into() },
        Error::NoLocations { path: path(), kind: "Domains".into() },
        PullError::Endless { host: host(), pages: 21 }.into(),
        PullError::NoBeginning { host: host(), source: SchoolError::Redirects { host: host() } }.into(),
        ExportError::Write(io_error()).into(),
        ExportError::File { path: path(), source: io_error() }.into(),
        ExportError::NoPlainFile(path()).into(),
        ExportError::OwnFolder(path()).into(),
        ExportError::Json(json()).into(),
        ExportError::Csv(csv::Error::from(io_error())).into(),
        ExportError::Xlsx(rust_xlsxwriter::XlsxError::ParameterError("no sheet".into())).into(),
    ];
    errors.extend(addresses().into_iter().map(Error::from));
    errors.extend(secrets().into_iter().map(Error::from));
    errors.extend(vault().into_iter().map(Error::from));
    errors.extend(cache().into_iter().map(Error::from));
    errors.extend(school().into_iter().map(Error::from));
    errors.extend(outbox().into_iter().map(Error::from));
    errors
}

fn troubles() -> Vec<Trouble> {
    let settings = [
        SettingsError::Unwritable { path: path(), source: io_error() },
        SettingsError::Damaged { path: path(), reason: "sync_seconds: 7".into() },
        SettingsError::BadInterval(1),
        SettingsError::BadInterval(100_000),
        SettingsError::BadIdle(2_000),
    ];
    errors().iter().map(Error::trouble).chain(settings.iter().map(SettingsError::trouble)).collect()
}

/// These choose words, and are none themselves.
const CHOOSE: [&str; 3] = ["what", "any", "standing"];

fn arguments(message: &Message, language: Language) -> Vec<String> {
    message
        .arguments()
        .iter()
        .filter(|(name, _)| !CHOOSE.contains(name))
        .map(|(_, argument)| match argument {
            Argument::Number(number) => number.to_string(),
            Argument::Text(text) => text.clone(),
            Argument::Message(message) => message.said(language),
        })
        .collect()
}

/// Figures without what parts their thousands.
fn plain(text: &str) -> String {
    text.replace([',', '\u{a0}', '\u{202f}'], "")
}

fn is_sentence(text: &str) -> bool {
    let first = text.trim_start_matches(['“', '«']).chars().next().unwrap_or(' ');
    let begun = first.is_uppercase() || first.is_numeric() || text.starts_with(['“', '«']);
    // A server may end its own words in other ways.
    begun && text.ends_with(['.', '!'])
}

#[test]
fn every_problem_is_said_whole_in_every_language() {
    for trouble in troubles() {
        let english = trouble.said(Language::English);
        for language in Language::ALL {
            let said = trouble.said(language);
            assert!(is_sentence(&said.message), "{language}: {}", said.message);
            assert!(is_sentence(&said.hint), "{language}: {}", said.hint);
            assert!(!format!("{} {}", said.message, said.hint).contains(".."), "{said:?}");
            for argument in arguments(&trouble.message, language) {
                // The list of known profiles is empty where there is none.
                assert!(
                    plain(&said.message).contains(&plain(&argument)),
                    "{language}: {argument:?} in {}",
                    said.message
                );
            }
            if language != Language::English {
                assert_ne!(said.message, english.message, "{language}");
                assert_ne!(said.hint, english.hint, "{language}");
            }
        }
    }
}

#[test]
fn what_to_do_is_said_in_words_that_the_window_shows() {
    for trouble in troubles() {
        for language in Language::ALL {
            let hint = trouble.said(language).hint;
            for word in ["--", "hallmonitor-cli", "keep-mine", "take-theirs", "retry", "dismiss", "`"] {
                assert!(!hint.contains(word), "{language}: {hint}");
            }
        }
    }
}

#[test]
fn every_message_of_the_catalog_is_a_problems() {
    fn keys(prefix: &str, value: &serde_json::Value, found: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(inner) => {
                inner.iter().for_each(|(word, value)| keys(&format!("{prefix}.{word}"), value, found));
            }
            _ => drop(found.insert(prefix.to_owned())),
        }
    }
    fn said(message: &Message, found: &mut BTreeSet<String>) {
        found.insert(message.key().to_owned());
        for (_, argument) in message.arguments() {
            if let Argument::Message(message) = argument {
                said(message, found);
            }
        }
    }
    let catalog = serde_json::from_str(include_str!("../../../language/messages/en/problem.json")).expect("a catalog");
    let mut known = BTreeSet::new();
    keys("problem", &catalog, &mut known);
    let mut found = BTreeSet::from(["problem.vault.random".to_owned()]);
    for trouble in troubles() {
        said(&trouble.message, &mut found);
        said(&trouble.hint, &mut found);
    }
    for (_, reason) in reasons() {
        said(&Message::new("problem.io").with("reason", reason), &mut found);
    }
    let missing: Vec<_> = known
        .difference(&found)
        // The shell's own.
        .filter(|key| !key.starts_with("problem.shell."))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_others_said_stands_before_our_full_stop() {
    for (said, fit) in [
        ("Permission denied (os error 13)", "Permission denied (os error 13)"),
        ("Slow down!", "Slow down"),
        ("No. ", "No"),
    ] {
        assert_eq!(clause(said), fit);
    }
}

#[test]
fn a_kept_failure_is_said_anew_in_another_language() {
    let trouble = Error::NotFound { what: "device", id: 4_711 }.trouble();
    for (language, message) in [
        (Language::English, "There is no device 4711 here."),
        (Language::Ukrainian, "Пристрою 4711 тут немає."),
        (Language::Russian, "Устройства 4711 здесь нет."),
    ] {
        assert_eq!(trouble.said(language).message, message);
    }
}

/// The usual reasons of the system, by how they are said in Ukrainian.
fn reasons() -> Vec<(&'static str, Argument)> {
    #[derive(Debug, thiserror::Error)]
    #[error("dns error")]
    struct Dns;
    #[derive(Debug, thiserror::Error)]
    #[error("no connection")]
    struct Wrapped(#[source] io::Error);

    let wrapped = Wrapped(io::ErrorKind::ConnectionRefused.into());
    let by_kind = |kind: io::ErrorKind| why(&kind.into());
    vec![
        ("у з’єднанні відмовлено", why_wrapped(&wrapped, || unreachable!("it is known"))),
        ("такого імені ніхто не знає", why_wrapped(&Dns, || unreachable!("it is known"))),
        ("з’єднання обірвалося", by_kind(io::ErrorKind::ConnectionReset)),
        ("мережа туди не веде", by_kind(io::ErrorKind::NetworkUnreachable)),
        ("диск заповнено", by_kind(io::ErrorKind::StorageFull)),
        ("на це немає дозволу", by_kind(io::ErrorKind::PermissionDenied)),
        ("звідти можна лише читати", by_kind(io::ErrorKind::ReadOnlyFilesystem)),
        ("такого файлу чи папки немає", by_kind(io::ErrorKind::NotFound)),
        ("as the system says", why(&io::Error::other("as the system says."))),
    ]
}

#[test]
fn the_usual_reasons_of_the_system_are_said_in_the_language() {
    for (said, reason) in reasons() {
        let message = Message::new("problem.io").with("path", "/data").with("reason", reason);
        assert_eq!(message.said(Language::Ukrainian), format!("Не вдається використати /data: {said}."));
    }
}
