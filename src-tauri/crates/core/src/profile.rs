//! Profiles: one folder for each connected school, with a small file that says which school it is and what holds its
//! key. The file holds no secret; the cabinet's hash stands in it as a digest only.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    error::Error,
    model::ProfileInfo,
    school::ServerUrl,
    vault::{CabinetHash, Lock},
};

const FILE: &str = "profile.json";
const CACHE: &str = "cache.db";
const SYNC_LOCK: &str = "sync.lock";

/// What a profile remembers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Profile {
    /// Of this file's form; 1.
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
        Self { version: 1, name, server, cabinet: digest(cabinet), lock, folder }
    }

    pub(crate) fn is_of(&self, server: &ServerUrl, cabinet: &CabinetHash) -> bool {
        self.server == *server && self.cabinet == digest(cabinet)
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
        self.folder.join(SYNC_LOCK)
    }

    /// That the file does not fit what belongs to it.
    pub(crate) fn damaged(&self, reason: impl Into<String>) -> Error {
        Error::BadProfile { path: self.folder.join(FILE), reason: reason.into() }
    }

    /// Writes the file, whole or not at all.
    pub(crate) fn save(&self) -> Result<(), Error> {
        let path = self.folder.join(FILE);
        let failed = |source| Error::Io { path: path.clone(), source };
        let mut file = tempfile::Builder::new().prefix(".profile").tempfile_in(&self.folder).map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(|error| failed(error.into()))?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// As its file says now: another process, or another clone of the school, may have changed the lock.
    pub(crate) fn reloaded(&self) -> Result<Self, Error> {
        Self::load(self.folder.clone())?.ok_or_else(|| Error::NoProfile { name: self.name.clone(), known: Vec::new() })
    }

    fn load(folder: PathBuf) -> Result<Option<Self>, Error> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            // A folder without the file is a connection that did not come to its end.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Io { path, source }),
        };
        match serde_json::from_str::<Self>(&text) {
            Ok(profile) if profile.version == 1 => Ok(Some(Self { folder, ..profile })),
            Ok(profile) => Err(Error::BadProfile {
                path,
                reason: format!("it has form {}, written by a newer version of Hallmonitor", profile.version),
            }),
            Err(error) => Err(Error::BadProfile { path, reason: error.to_string() }),
        }
    }
}

fn digest(cabinet: &CabinetHash) -> String {
    Sha256::new()
        .chain_update(b"hallmonitor cabinet v1")
        .chain_update(cabinet.expose())
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// All profiles under a data folder, by name.
pub(crate) fn all(data_dir: &Path) -> Result<Vec<Profile>, Error> {
    let (profiles, damaged) = read(data_dir)?;
    damaged.map_or(Ok(profiles), Err)
}

/// The profiles that can be read, by name, and why another one can't.
fn read(data_dir: &Path) -> Result<(Vec<Profile>, Option<Error>), Error> {
    let folder = data_dir.join("profiles");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), None)),
        Err(source) => return Err(Error::Io { path: folder, source }),
    };
    let (mut profiles, mut damaged) = (Vec::new(), None);
    for entry in entries {
        let entry = entry.map_err(|source| Error::Io { path: folder.clone(), source })?;
        if entry.path().is_dir() {
            match Profile::load(entry.path()) {
                Ok(found) => profiles.extend(found),
                Err(error) => damaged = Some(error),
            }
        }
    }
    profiles.sort_by(|left, right| left.name.cmp(&right.name));
    Ok((profiles, damaged))
}

/// The profile of this name; without a name the only one. A damaged one stands in nobody's way who names another.
pub(crate) fn find(data_dir: &Path, name: Option<&str>) -> Result<Profile, Error> {
    let (mut profiles, damaged) = read(data_dir)?;
    let known = || profiles.iter().map(|profile| profile.name.clone()).collect();
    match (name, damaged) {
        (Some(name), damaged) => match profiles.iter().position(|profile| profile.name == name) {
            Some(at) => Ok(profiles.swap_remove(at)),
            None => Err(damaged.unwrap_or_else(|| Error::NoProfile { name: name.to_owned(), known: known() })),
        },
        (None, Some(damaged)) => Err(damaged),
        (None, None) if profiles.is_empty() => Err(Error::NoProfiles),
        (None, None) if profiles.len() > 1 => Err(Error::WhichProfile { known: known() }),
        (None, None) => Ok(profiles.remove(0)),
    }
}

/// Makes the folder of a new profile, which nobody else may enter.
pub(crate) fn make_folder(data_dir: &Path) -> Result<PathBuf, Error> {
    let folder = data_dir.join("profiles").join(Uuid::new_v4().to_string());
    private_folder(&folder)?;
    Ok(folder)
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
        let folder = make_folder(data_dir.path()).expect("folder");
        let server = ServerUrl::parse("https://school.example").expect("address");
        let lock = serde_json::json!({"mode": "keyring", "id": uuid::Uuid::nil(), "canary": ""});
        let lock = serde_json::from_value(lock).expect("lock");
        let cabinet = CabinetHash::new("cab").expect("cabinet");
        Profile::new("whole".into(), server, &cabinet, lock, folder).save().expect("saved");
        let broken = make_folder(data_dir.path()).expect("folder");
        fs::write(broken.join(FILE), "{").expect("written");

        assert_eq!(find(data_dir.path(), Some("whole")).expect("found").name, "whole");
        for name in [None, Some("other")] {
            let error = find(data_dir.path(), name).expect_err("damaged");
            assert!(matches!(&error, Error::BadProfile { path, .. } if path.starts_with(&broken)), "{error}");
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
