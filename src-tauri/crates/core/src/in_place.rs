//! Files that are written whole or not at all.

#[cfg(unix)]
use std::fs;
use std::{io, path::Path};

use tempfile::NamedTempFile;

/// Puts a finished file in the place of what was there, if anything; from then on a power cut finds it there.
///
/// # Errors
/// Where the disk or the folder refuses; the place is as it was then.
pub fn put_in_place(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // Its new name is a matter of the folder. Not every folder can be opened; the file is in its place all the same.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}
