//! A file that appears whole or not at all.

use std::{
    fs,
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::ExportError;
use crate::put_in_place;

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
        let file = tempfile::Builder::new().prefix(".hallmonitor-").tempfile_in(folder).map_err(failed)?;
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
        let missing = folder.path().join("no/such/out.csv");
        assert!(matches!(NewFile::beside(&missing), Err(ExportError::File { .. })));
    }
}
