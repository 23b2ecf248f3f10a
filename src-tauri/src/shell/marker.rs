//! Which schools are locked, kept for the next start: whoever ends a locked program and starts it again must not find
//! open what only a passphrase unlocks.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::write_privately;

/// Their names stand in this file of the data folder, one a line; no name holds a line's end.
const FILE: &str = "locked";

/// The file. Whoever writes it holds the schools' standing.
#[derive(Debug)]
pub(super) struct Marker(PathBuf);

impl Marker {
    pub(super) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join(FILE))
    }

    /// Whether this school was locked and not opened since. Where nobody can say, it was.
    pub(super) fn has(&self, school: &str) -> bool {
        self.names().is_none_or(|names| names.iter().any(|name| name == school))
    }

    /// These are locked from now on.
    pub(super) fn add<'a>(&self, schools: impl IntoIterator<Item = &'a str>) {
        // Where nobody can say which are, all are: that must not be forgotten.
        let Some(mut names) = self.names() else { return };
        for school in schools {
            if !names.iter().any(|name| name == school) {
                names.push(school.to_owned());
            }
        }
        self.write(&names);
    }

    /// This one was opened, or is gone. Where nobody can say which are locked, all the others of `all` are.
    pub(super) fn remove(&self, school: &str, all: impl FnOnce() -> Vec<String>) {
        let (mut names, told) = match self.names() {
            Some(names) => (names, true),
            None => (all(), false),
        };
        let before = names.len();
        names.retain(|name| name != school);
        if names.len() != before || !told {
            self.write(&names);
        }
    }

    /// What stands in the file; `None` where nobody can say: it can't be read, or no name is in it, which is what a power
    /// cut leaves.
    fn names(&self) -> Option<Vec<String>> {
        match fs::read_to_string(&self.0) {
            Ok(text) => {
                let names = text.lines().filter(|name| !name.trim_matches('\0').is_empty());
                Some(names.map(str::to_owned).collect()).filter(|names: &Vec<String>| !names.is_empty())
            }
            Err(error) => (error.kind() == ErrorKind::NotFound).then(Vec::new),
        }
    }

    fn write(&self, names: &[String]) {
        let written = match names {
            [] => match fs::remove_file(&self.0) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                removed => removed,
            },
            names => write_privately(&self.0, &names.join("\n")),
        };
        if let Err(error) = written {
            // The keys leave memory all the same.
            tracing::warn!("the next start may not know what is locked: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_locked_is_so_at_the_next_start_until_it_is_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        let marker = || Marker::of(folder.path());
        assert!(!marker().has("academy"));

        marker().add(["academy", "школа 2"]);
        marker().add(["academy"]);
        assert!(marker().has("academy") && marker().has("школа 2") && !marker().has("школа"));

        marker().remove("academy", Vec::new);
        marker().remove("never there", Vec::new);
        assert!(!marker().has("academy") && marker().has("школа 2"));
        marker().remove("школа 2", Vec::new);
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0, "nothing is left behind");
    }

    #[test]
    fn where_nobody_can_say_it_is_locked() {
        let folder = tempfile::tempdir().expect("a folder");
        for left in [&[0xff][..], b"", b"\0\0\0\0\0\0\0"] {
            fs::write(folder.path().join(FILE), left).expect("written");
            let marker = Marker::of(folder.path());
            assert!(marker.has("academy"), "{left:?}");
            marker.add(["academy"]);
            assert!(marker.has("another"), "{left:?}");

            // The first that is opened leaves the others locked, each by its name.
            marker.remove("academy", || vec!["academy".into(), "another".into()]);
            assert!(!marker.has("academy") && marker.has("another") && !marker.has("a third"), "{left:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_this_account_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        Marker::of(folder.path()).add(["academy"]);
        let file = fs::metadata(folder.path().join(FILE)).expect("it is there");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
