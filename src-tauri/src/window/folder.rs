//! Where the webview puts what it keeps: a folder of its own, in memory where the system has such a place, which is gone with
//! the program. What is here of a school lies in its encrypted cache alone.
//!
//! A webview that keeps nothing at all (`incognito`) could be made only once: each has a web context of its own on Linux, and
//! Tauri registers the scheme of the pages with the first alone.

use std::{
    env,
    fs::Permissions,
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// The folder, made when the first window is.
#[derive(Debug, Default)]
pub(crate) struct Folder(Mutex<Option<TempDir>>);

impl Folder {
    /// Which it is: the same for each window that this program opens.
    ///
    /// # Errors
    /// Where it can't be made.
    pub(super) fn path(&self) -> io::Result<PathBuf> {
        let mut folder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = match folder.take() {
            Some(made) => made,
            // A session's folder may be another user's, after `su`.
            None => match in_memory().map(|memory| make(&memory)) {
                Some(Ok(made)) => made,
                _ => make(&env::temp_dir())?,
            },
        };
        Ok(folder.insert(made).path().to_owned())
    }

    /// Removes it, as the program ends.
    pub(crate) fn remove(&self) {
        let folder = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = folder.map(TempDir::close) {
            tracing::warn!("the window's folder stays: {error}");
        }
    }
}

/// The user's own folder of this session, which ends with it.
fn in_memory() -> Option<PathBuf> {
    env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_dir())
}

fn make(place: &Path) -> io::Result<TempDir> {
    let rights = Permissions::from_mode(0o700);
    tempfile::Builder::new().prefix("hallmonitor-window-").permissions(rights).tempdir_in(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_has_the_same_folder_which_nobody_else_reads_and_which_ends_with_the_program() {
        let folder = Folder::default();
        let path = folder.path().expect("a folder");
        assert_eq!(folder.path().expect("the same"), path);
        assert_eq!(path.metadata().expect("it is there").permissions().mode() & 0o777, 0o700);
        folder.remove();
        assert!(!path.exists());
    }
}
