//! Profiles: one folder for each connected school, with a small file that says which school it is and what holds its
//! key. The file holds no secret; the cabinet's hash stands in it as a digest only.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    cache::CacheError,
    error::Error,
    hex::hex,
    model::ProfileInfo,
    put_in_place,
    school::ServerUrl,
    vault::{CabinetHash, Lock},
};

/// The form of the file.
const VERSION: u32 = 1;
const FILE: &str = "profile.json";
const CACHE: &str = "cache.db";
const SYNC_LOCK: &str = "sync.lock";
const CHANGED: &str = "changed";

/// What a profile remembers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Profile {
    /// Of this file's form; [`VERSION`].
    version: u32,
    pub(crate) name: String,
    pub(crate) server: ServerUrl,
    cabinet: String,
    pub(crate) lock: Lock,
    #[serde(skip)]
    folder: PathBuf,
}

impl Profile {
    pub(crate) fn new(name: String, server: ServerUrl, cabinet: &CabinetHash, lock: Lock, folder: PathBuf) -> Self {
        Self { version: VERSION, name, server, cabinet: digest(cabinet), lock, folder }
    }

    pub(crate) fn is_of(&self, server: &ServerUrl, cabinet: &CabinetHash) -> bool {
        self.server == *server && self.is_of_cabinet(cabinet)
    }

    pub(crate) fn is_of_cabinet(&self, cabinet: &CabinetHash) -> bool {
        self.cabinet == digest(cabinet)
    }

    pub(crate) fn info(&self) -> ProfileInfo {
        ProfileInfo {
            name: self.name.clone(),
            server: self.server.to_string(),
            passphrase: self.lock.wants_passphrase(),
            recovery: self.lock.has_recovery(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn cache_path(&self) -> PathBuf {
        self.folder.join(CACHE)
    }

    /// Of several processes one at a time pulls and pushes: whoever holds this file's lock.
    pub(crate) fn sync_lock_path(&self) -> PathBuf {
        sync_lock_path(&self.folder)
    }

    /// Whoever has written in the cache marks this file.
    pub(crate) fn changed_path(&self) -> PathBuf {
        self.folder.join(CHANGED)
    }

    /// That the file does not fit what belongs to it.
    pub(crate) fn damaged(&self, reason: impl Into<String>) -> Error {
        Error::BadProfile { path: self.folder.join(FILE), name: self.name.clone(), reason: reason.into() }
    }

    /// Writes the file, whole or not at all.
    pub(crate) fn save(&self) -> Result<(), Error> {
        let path = self.folder.join(FILE);
        let failed = |source| Error::Io { path: path.clone(), source };
        let mut file = tempfile::Builder::new().prefix(".profile").tempfile_in(&self.folder).map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(|error| failed(error.into()))?;
        put_in_place(file, &path).map_err(failed)
    }

    /// As its file says now: another process, or another clone of the school, may have changed the lock.
    pub(crate) fn reloaded(&self) -> Result<Self, Error> {
        let read = Self::load(self.folder.clone()).map_err(|damaged| damaged.why)?;
        read.ok_or_else(|| Error::NoProfile { name: self.name.clone(), known: Vec::new() })
    }

    fn load(folder: PathBuf) -> Result<Option<Self>, Box<Damaged>> {
        let path = folder.join(FILE);
        let text = match fs::read(&path) {
            Ok(text) => text,
            // A folder without the file is a connection that did not come to its end.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Damaged::new(folder, &[], |_| Error::Io { path, source })),
        };
        let read = serde_json::from_slice::<Self>(&text);
        let version = told(&String::from_utf8_lossy(&text), "version").unwrap_or(VERSION);
        let reason = match read {
            Ok(profile) if profile.version == VERSION => return Ok(Some(Self { folder, ..profile })),
            // It is not damaged, and nobody should be told to erase it.
            _ if version > VERSION => {
                let newer = CacheError::Newer { found: version.into(), known: VERSION.into() };
                return Err(Damaged::new(folder, &text, |_| newer.into()));
            }
            Ok(profile) => format!("there is no form {}", profile.version),
            Err(error) => error.to_string(),
        };
        Err(Damaged::new(folder, &text, |name| Error::BadProfile { path, name, reason }))
    }
}

/// A profile whose file is there and can't be read.
#[derive(Debug)]
pub(crate) struct Damaged {
    /// Its name, as far as the file still says it.
    told: Option<String>,
    in_keyring: InKeyring,
    folder: PathBuf,
    /// What is wrong.
    pub(crate) why: Error,
}

impl Damaged {
    fn new(folder: PathBuf, text: &[u8], why: impl FnOnce(String) -> Error) -> Box<Self> {
        let text = String::from_utf8_lossy(text);
        let in_keyring = match (told::<String>(&text, "mode").as_deref(), told(&text, "id")) {
            (Some("passphrase"), _) => InKeyring::Nothing,
            (_, Some(id)) => InKeyring::Under(id),
            (_, None) => InKeyring::Untold,
        };
        let name = told(&text, "name").filter(|name: &String| check_name(name).is_ok());
        let mut damaged = Self { told: name, in_keyring, folder, why: Error::NoProfiles };
        damaged.why = why(damaged.name());
        Box::new(damaged)
    }

    /// What it is called by: the folder's name where the file does not say its own any more.
    pub(crate) fn name(&self) -> String {
        let folder = || self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.told.clone().unwrap_or_else(folder)
    }
}

/// A field's value in a text that need not be whole JSON.
fn told<T: DeserializeOwned>(text: &str, field: &str) -> Option<T> {
    let (_, behind) = text.split_once(&format!("\"{field}\""))?;
    let value = behind.trim_start().strip_prefix(':')?;
    serde_json::Deserializer::from_str(value).into_iter().next()?.ok()
}

/// What a profile has in the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InKeyring {
    /// Nothing: its key follows from a passphrase.
    Nothing,
    /// Key and token, under this id.
    Under(Uuid),
    /// Its file does not say any more.
    Untold,
}

/// What there is of a profile on this machine, whether its file can be read or not.
#[derive(Debug)]
pub(crate) struct Belongings {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) in_keyring: InKeyring,
}

impl Belongings {
    pub(crate) fn sync_lock_path(&self) -> PathBuf {
        sync_lock_path(&self.folder)
    }

    /// The file that makes the folder a profile.
    pub(crate) fn profile_path(&self) -> PathBuf {
        self.folder.join(FILE)
    }
}

impl From<Profile> for Belongings {
    fn from(profile: Profile) -> Self {
        let in_keyring = profile.lock.keyring_id().map_or(InKeyring::Nothing, InKeyring::Under);
        Self { name: profile.name, folder: profile.folder, in_keyring }
    }
}

impl From<Damaged> for Belongings {
    fn from(damaged: Damaged) -> Self {
        Self { name: damaged.name(), in_keyring: damaged.in_keyring, folder: damaged.folder }
    }
}

fn sync_lock_path(folder: &Path) -> PathBuf {
    folder.join(SYNC_LOCK)
}

/// Opens a file beside a cache, which is made where it is missing and which nobody else may read.
pub(crate) fn side_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn digest(cabinet: &CabinetHash) -> String {
    hex(&Sha256::new().chain_update(b"hallmonitor cabinet v1").chain_update(cabinet.expose()).finalize())
}

/// The profiles that can be read and those that can't, both by name.
pub(crate) fn read(data_dir: &Path) -> Result<(Vec<Profile>, Vec<Damaged>), Error> {
    let folder = data_dir.join("profiles");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
        Err(source) => return Err(Error::Io { path: folder, source }),
    };
    let (mut profiles, mut damaged) = (Vec::new(), Vec::new());
    for entry in entries {
        let entry = entry.map_err(|source| Error::Io { path: folder.clone(), source })?;
        if entry.path().is_dir() {
            match Profile::load(entry.path()) {
                Ok(found) => profiles.extend(found),
                Err(found) => damaged.push(*found),
            }
        }
    }
    profiles.sort_by(|left, right| left.name.cmp(&right.name));
    damaged.sort_by_key(Damaged::name);
    Ok((profiles, damaged))
}

/// The profile of this name; without a name the only one. A damaged one stands in nobody's way who names another.
pub(crate) fn find(data_dir: &Path, name: Option<&str>) -> Result<Profile, Error> {
    find_either(data_dir, name)?.map_err(|damaged| damaged.why)
}

/// The same, also where its file can't be read.
pub(crate) fn find_belongings(data_dir: &Path, name: Option<&str>) -> Result<Belongings, Error> {
    Ok(find_either(data_dir, name)?.map_or_else(|damaged| (*damaged).into(), Into::into))
}

/// The profile of this name, or the damaged one that is called so; without a name the only one there is. Where a
/// damaged one may be what is meant and nobody can say so, the failure is its own.
fn find_either(data_dir: &Path, name: Option<&str>) -> Result<Result<Profile, Box<Damaged>>, Error> {
    let (mut profiles, mut damaged) = read(data_dir)?;
    let known = || profiles.iter().map(|profile| profile.name.clone()).collect();
    let Some(name) = name else {
        return match (profiles.len(), damaged.len()) {
            (0, 0) => Err(Error::NoProfiles),
            (1, 0) => Ok(Ok(profiles.remove(0))),
            (_, 0) => Err(Error::WhichProfile { known: known() }),
            (0, 1) => Ok(Err(Box::new(damaged.remove(0)))),
            _ => Err(damaged.remove(0).why),
        };
    };
    if let Some(at) = profiles.iter().position(|profile| profile.name == name) {
        return Ok(Ok(profiles.swap_remove(at)));
    }
    if let Some(at) = damaged.iter().position(|damaged| damaged.name() == name) {
        return Ok(Err(Box::new(damaged.swap_remove(at))));
    }
    match damaged.iter().position(|damaged| damaged.told.is_none()) {
        Some(at) => Err(damaged.swap_remove(at).why),
        None => Err(Error::NoProfile { name: name.to_owned(), known: known() }),
    }
}

/// Makes the folder of a new profile, which nobody else may enter; it is called by the id that the keyring knows it under.
pub(crate) fn make_folder(data_dir: &Path, id: Uuid) -> Result<PathBuf, Error> {
    let folder = data_dir.join("profiles").join(id.to_string());
    private_folder(&folder)?;
    Ok(folder)
}

/// Whether a folder is a profile's.
pub(crate) fn is_profiles(folder: &Path) -> bool {
    folder.join(FILE).exists() && folder.join(CACHE).exists()
}

/// Removes what connecting has left that was killed before it made a profile: it may hold a token. Says under which ids
/// the keyring may know them. To be called by whoever holds the lock of connecting.
pub(crate) fn sweep(data_dir: &Path) -> Vec<Uuid> {
    let folders = fs::read_dir(data_dir.join("profiles")).into_iter().flatten().flatten();
    let left = folders.map(|entry| entry.path()).filter(|folder| is_left_behind(folder));
    left.filter(|folder| fs::remove_dir_all(folder).is_ok()).filter_map(|folder| id_of(&folder)).collect()
}

/// A folder that was never a school: nobody has opened it, which makes its lock, and it has no profile's file. One that
/// has lost that file may hold decisions.
fn is_left_behind(folder: &Path) -> bool {
    id_of(folder).is_some() && folder.is_dir() && !folder.join(FILE).exists() && !sync_lock_path(folder).exists()
}

fn id_of(folder: &Path) -> Option<Uuid> {
    folder.file_name()?.to_str()?.parse().ok()
}

/// Makes a folder and those above it, for nobody else.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|source| Error::Io { path: folder.to_owned(), source })
}

/// Whether a name can be a profile's: 1 to 64 characters without control characters and slashes.
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let count = name.chars().count();
    let bad = |letter: char| letter.is_control() || letter == '/' || letter == '\\';
    if (1..=64).contains(&count) && !name.chars().any(bad) { Ok(()) } else { Err(Error::BadName(name.to_owned())) }
}

/// A cabinet's name made plain: letters, digits and `-`, at most 64 characters.
pub(crate) fn plain_name(cabinet: &str) -> String {
    let mut plain = String::new();
    for letter in cabinet.chars() {
        if letter.is_alphanumeric() {
            plain.push(letter);
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
    }
    let plain: String = plain.chars().take(64).collect();
    let plain = plain.trim_end_matches('-');
    if plain.is_empty() { "school".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cabinets_name_becomes_a_plain_one() {
        assert_eq!(plain_name("Світло Academy — 2!"), "Світло-Academy-2");
        assert_eq!(plain_name(" ../.. "), "school");
        assert_eq!(plain_name(&"я".repeat(100)).chars().count(), 64);
    }

    #[test]
    fn a_damaged_profile_stands_in_nobodys_way_who_names_another() {
        let data_dir = tempfile::tempdir().expect("folder");
        let folder = make_folder(data_dir.path(), Uuid::new_v4()).expect("folder");
        let server = ServerUrl::parse("https://school.example").expect("address");
        let lock = serde_json::json!({"mode": "keyring", "id": uuid::Uuid::nil(), "canary": ""});
        let lock = serde_json::from_value(lock).expect("lock");
        let cabinet = CabinetHash::new("cab").expect("cabinet");
        Profile::new("whole".into(), server, &cabinet, lock, folder).save().expect("saved");
        let broken = make_folder(data_dir.path(), Uuid::new_v4()).expect("folder");
        fs::write(broken.join(FILE), "{").expect("written");

        assert_eq!(find(data_dir.path(), Some("whole")).expect("found").name, "whole");
        for name in [None, Some("other")] {
            let error = find(data_dir.path(), name).expect_err("damaged");
            assert!(matches!(&error, Error::BadProfile { path, .. } if path.starts_with(&broken)), "{error}");
            assert!(find_belongings(data_dir.path(), name).is_err(), "it was not named: nothing of it may be removed");
        }
    }

    #[test]
    fn damaged_profiles_are_listed_beside_the_whole_ones_and_take_none_away() {
        let data_dir = tempfile::tempdir().expect("folder");
        let folder = |id| make_folder(data_dir.path(), Uuid::from_u128(id)).expect("folder");
        let server = ServerUrl::parse("https://school.example").expect("address");
        let lock = serde_json::json!({"mode": "keyring", "id": uuid::Uuid::nil(), "canary": ""});
        let lock = serde_json::from_value(lock).expect("lock");
        let cabinet = CabinetHash::new("cab").expect("cabinet");
        Profile::new("whole".into(), server, &cabinet, lock, folder(1)).save().expect("saved");
        let unnamed = folder(2).file_name().expect("a name").to_string_lossy().into_owned();
        for (id, text) in [
            (2, "{"),
            (3, r#"{"name": "cut", "ser"#),
            (4, r#"{"name": "cut", "ser"#),
            (5, r#"{"name": "whole", "ser"#),
            // No profile is called so: it would be taken for something else.
            (6, r#"{"name": "/demo", "ser"#),
        ] {
            fs::write(folder(id).join(FILE), text).expect("written");
        }
        let misnamed = folder(6).file_name().expect("a name").to_string_lossy().into_owned();

        let crate::Profiles { whole: known, damaged } =
            crate::App::new(data_dir.path()).profiles().expect("both are listed");
        assert_eq!(known.iter().map(|known| known.name.as_str()).collect::<Vec<_>>(), ["whole"]);
        let names: Vec<&str> = damaged.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, [unnamed.as_str(), &misnamed, "cut"]);
        for (name, why) in &damaged {
            assert!(matches!(why, Error::BadProfile { name: said, .. } if said == name), "{name}: {why}");
            assert_eq!(find_belongings(data_dir.path(), Some(name.as_str())).expect("found").name, *name);
        }
    }

    #[test]
    fn what_was_left_of_a_killed_connection_goes_and_what_may_hold_decisions_stays() {
        let data_dir = tempfile::tempdir().expect("folder");
        let folder = |name: &str, files: &[&str]| {
            let folder = data_dir.path().join("profiles").join(name);
            fs::create_dir_all(&folder).expect("a folder");
            files.iter().for_each(|file| fs::write(folder.join(file), "x").expect("written"));
            folder
        };
        let [left, empty, school, lost] = [1, 2, 3, 4].map(|id| Uuid::from_u128(id).to_string());
        let gone = [folder(&left, &[CACHE, ".profileAbC123"]), folder(&empty, &[])];
        let kept =
            [folder(&school, &[CACHE, FILE]), folder(&lost, &[CACHE, SYNC_LOCK]), folder("somebody's own", &[CACHE])];
        let mut ids = sweep(data_dir.path());
        ids.sort();
        assert_eq!(ids, [Uuid::from_u128(1), Uuid::from_u128(2)]);
        assert_eq!((gone.map(|folder| folder.exists()), kept.map(|folder| folder.exists())), ([false; 2], [true; 3]));
        assert!(sweep(&data_dir.path().join("nothing here")).is_empty());
    }

    #[test]
    fn a_profile_of_a_newer_version_is_not_called_damaged() {
        let data_dir = tempfile::tempdir().expect("folder");
        let folder = make_folder(data_dir.path(), Uuid::new_v4()).expect("folder");
        for text in [r#"{"version": 99, "name": "s", "what": "is new"}"#, r#"{"name": "s", "version": 2, "lock": 7}"#] {
            fs::write(folder.join(FILE), text).expect("written");
            let error = find(data_dir.path(), None).expect_err("newer");
            assert!(matches!(error, Error::Cache(CacheError::Newer { known: 1, .. })), "{error}");
        }
    }

    #[test]
    fn a_damaged_profile_is_found_by_the_name_that_can_still_be_told() {
        let data_dir = tempfile::tempdir().expect("folder");
        let folder = make_folder(data_dir.path(), Uuid::new_v4()).expect("folder");
        let called = folder.file_name().and_then(|name| name.to_str()).expect("a name");
        let id = uuid::Uuid::from_u128(7);
        let whole = format!(
            r#"{{"version": 0, "name": "Моя \"школа\"", "server": "https://s.example/", "cabinet": "",
                "lock": {{"mode": "keyring", "id": "{id}", "canary": ""}}}}"#
        );
        let cut = |until: &str| whole.split_once(until).expect("in it").0.to_owned();
        let name = "Моя \"школа\"";
        for (text, name, in_keyring) in [
            (whole.clone(), name, InKeyring::Under(id)),
            (cut(", \"canary\""), name, InKeyring::Under(id)),
            (cut("https"), name, InKeyring::Untold),
            (cut("школа"), called, InKeyring::Untold),
            (String::new(), called, InKeyring::Untold),
            (whole.replace("keyring", "passphrase").replace("\"id\"", "\"x\""), name, InKeyring::Nothing),
        ] {
            fs::write(folder.join(FILE), &text).expect("written");
            let found = find_belongings(data_dir.path(), Some(name)).expect("found");
            assert_eq!((found.name.as_str(), found.in_keyring), (name, in_keyring), "{text}");
            assert_eq!(found.folder, folder);
            let only = find_belongings(data_dir.path(), None).expect("the only one");
            assert_eq!(only.name, name, "{text}");
            let error = find(data_dir.path(), Some(name)).expect_err("damaged");
            assert!(matches!(&error, Error::BadProfile { name: said, .. } if said == name), "{error}");
        }
    }

    #[test]
    fn a_name_is_1_to_64_characters_without_slashes_and_control_characters() {
        for good in ["a", "Моя школа", &"я".repeat(64)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "a/b", "a\\b", "a\nb", &"я".repeat(65)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
