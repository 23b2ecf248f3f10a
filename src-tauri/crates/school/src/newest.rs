//! The newest revision, noted once more beside the database.
//!
//! A database that was put back from a backup looks like any other, and its history would go on under the name that
//! readers know, handing out the revisions and ids of the lost one a second time. The note is ahead of it then, and the
//! history gets a new name before anybody is served. Where the note is put back with it, or is gone, readers whose
//! revisions are ahead still tell ([`crate::changes`], [`crate::actions`]).

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// The note of one database; without a file (its folder can't be written) there is none.
#[derive(Clone, Debug)]
pub(crate) struct Note(Option<Arc<Mutex<File>>>);

impl Note {
    /// Opens the note at `path`; made where it is not there.
    pub(crate) fn open(path: &Path) -> Self {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path);
        let file = file.inspect_err(|error| tracing::warn!("the newest revision is not noted: {error}"));
        Self(file.ok().map(|file| Arc::new(Mutex::new(file))))
    }

    /// What was noted; 0 where nothing was, or nothing that can be read.
    pub(crate) fn read(&self) -> i64 {
        let Some(file) = &self.0 else { return 0 };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut text));
        read.ok().and_then(|_| text.trim().parse().ok()).unwrap_or(0)
    }

    /// Notes a revision that was committed. After a power cut an older one may stand there, which tells nothing.
    pub(crate) fn write(&self, rev: i64) {
        let Some(file) = &self.0 else { return };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = put(&mut file, rev) {
            tracing::warn!("the newest revision is not noted: {error}");
        }
    }
}

/// Always as many bytes, so that nothing of what was there stays.
fn put(file: &mut File, rev: i64) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(format!("{rev:019}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_last_is_read_and_anything_else_is_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("note");
        let note = Note::open(&path);
        assert_eq!(note.read(), 0);
        for rev in [7, i64::MAX, 12] {
            note.write(rev);
            assert_eq!((note.read(), Note::open(&path).read()), (rev, rev));
        }
        std::fs::write(&path, "half a").expect("written");
        assert_eq!(note.read(), 0);
        let nowhere = Note::open(&folder.path().join("no/such/folder"));
        nowhere.write(1);
        assert_eq!(nowhere.read(), 0);
    }
}
