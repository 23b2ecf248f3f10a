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

/// The file. Whoever writes it has the schools' turn.
#[derive(Debug)]
pub(super) struct Marker(PathBuf);

impl Marker {
    pub(super) fn of(data_dir: &Path) -> Self {
        Self(data_dir.join(FILE))
    }

    /// Whether this school was locked and not opened since. Where nobody can say, it was.
    pub(super) fn has(&self, school: &str) -> bool {
        match fs::read_to_string(&self.0) {
            Ok(names) => names.lines().any(|name| name == school),
            Err(error) => error.kind() != ErrorKind::NotFound,
        }
    }

    /// These are locked from now on.
    pub(super) fn add<'a>(&self, schools: impl IntoIterator<Item = &'a str>) {
        let mut names = self.names();
        for school in schools {
            if !names.iter().any(|name| name == school) {
                names.push(school.to_owned());
            }
        }
        self.write(&names);
    }

    /// This one was opened, or is gone.
    pub(super) fn remove(&self, school: &str) {
        let mut names = self.names();
        let before = names.len();
        names.retain(|name| name != school);
        if names.len() != before {
            self.write(&names);
        }
    }

    fn names(&self) -> Vec<String> {
        fs::read_to_string(&self.0).unwrap_or_default().lines().map(str::to_owned).collect()
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

        marker().remove("academy");
        marker().remove("never there");
        assert!(!marker().has("academy") && marker().has("школа 2"));
        marker().remove("школа 2");
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0, "nothing is left behind");
    }

    #[test]
    fn where_nobody_can_say_it_is_locked() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(FILE), [0xff]).expect("written");
        assert!(Marker::of(folder.path()).has("academy"));
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
