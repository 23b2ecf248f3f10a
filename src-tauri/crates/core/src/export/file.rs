//! A file that appears whole or not at all.

use std::{
    fs,
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::ExportError;
use crate::{profile, put_in_place};

/// A file in the making, beside the place where it will stand; gone where it is not put there. Nobody else may read it.
pub(super) struct NewFile {
    writer: BufWriter<NamedTempFile>,
    target: PathBuf,
}

impl NewFile {
    /// Begins the file that will stand at `path`.
    pub(super) fn beside(path: &Path) -> Result<Self, ExportError> {
        let failed = |source| ExportError::File { path: path.to_owned(), source };
        // What a link points to is replaced, not the link.
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(failed(error)),
        };
        match fs::metadata(&target) {
            Ok(found) if !found.is_file() => return Err(ExportError::NoPlainFile(path.to_owned())),
            _ => {}
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if profile::is_profiles(folder) {
            return Err(ExportError::OwnFolder(path.to_owned()));
        }
        remove_left_behind(folder);
        let file = begin(folder).map_err(failed)?;
        Ok(Self { writer: BufWriter::with_capacity(1 << 16, file), target })
    }

    /// Makes sure that all is on the disk, then takes the place of what was there.
    pub(super) fn put_in_place(self) -> Result<(), ExportError> {
        let Self { writer, target } = self;
        let failed = |source| ExportError::File { path: target.clone(), source };
        let file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
        put_in_place(file, &target).map_err(failed)
    }
}

/// How the names of files in the making begin.
const PREFIX: &str = ".hallmonitor-export-";
/// How they end.
const SUFFIX: &str = ".part";

/// Makes a file and holds it, so that nobody takes it for one that was left behind.
fn begin(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
        // Not every place knows locks. There nothing is taken for left behind, either.
        let _ = file.as_file().try_lock();
        // Somebody may have looked between the two.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes what programs that were killed have left in a folder: students' data, in the clear.
fn remove_left_behind(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if is_ours
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            // Whoever may not remove it may still write beside it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_stays_until_the_new_file_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").expect("written");
        let mut begun = NewFile::beside(&path).expect("begun");
        begun.write_all(b"half").expect("written");
        drop(begun);
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1, "nothing is left behind");

        let mut whole = NewFile::beside(&path).expect("begun");
        whole.write_all(b"new").expect("written");
        whole.put_in_place().expect("put");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
    }

    #[test]
    fn what_a_killed_program_left_behind_goes_with_the_next_file_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let left = folder.path().join(format!("{PREFIX}left{SUFFIX}"));
        fs::write(&left, "students").expect("written");
        fs::write(folder.path().join(".hallmonitor-backup.tar"), "mine").expect("written");
        fs::write(folder.path().join("own.csv"), "mine").expect("written");
        let mut one = NewFile::beside(&folder.path().join("one.csv")).expect("begun");
        assert!(!left.exists(), "it was left behind");
        NewFile::beside(&folder.path().join("two.csv")).expect("begun").put_in_place().expect("put");
        one.write_all(b"whole").expect("written");
        one.put_in_place().expect("still there");
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).expect("listed").flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        assert_eq!(names, [".hallmonitor-backup.tar", "one.csv", "own.csv", "two.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_the_file_even_where_the_old_one_was_open_to_all() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened to all");
        NewFile::beside(&path).expect("begun").put_in_place().expect("put");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_or_a_device_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(NewFile::beside(folder.path()), Err(ExportError::NoPlainFile(_))));
        #[cfg(unix)]
        assert!(matches!(NewFile::beside(Path::new("/dev/null")), Err(ExportError::NoPlainFile(_))));
        // A school's own files are nothing to write over.
        let school = folder.path().join("school");
        fs::create_dir(&school).expect("a folder");
        for file in ["profile.json", "cache.db"] {
            fs::write(school.join(file), "").expect("written");
        }
        for file in ["cache.db", "profile.json", "new.csv"] {
            assert!(matches!(NewFile::beside(&school.join(file)), Err(ExportError::OwnFolder(_))), "{file}");
        }
        let missing = folder.path().join("no/such/out.csv");
        assert!(matches!(NewFile::beside(&missing), Err(ExportError::File { .. })));
    }
}
