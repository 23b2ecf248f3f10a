//! What other processes write in an open school: the command line beside the window.
//!
//! SQLite lets processes share a file, and tells none of them what another has written. So whoever has written marks a
//! file beside the cache when they close it, and whoever keeps the school open watches that file. A mark that is missed
//! (its process was killed, or the system can watch nothing) is found with the next turn.

use std::{
    io::{self, Write as _},
    path::Path,
    sync::Arc,
    time::Duration,
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::{sync::Notify, time::sleep};

use crate::profile::side_file;

/// One mark is several events of the system, within less than this.
const SETTLED: Duration = Duration::from_millis(50);

/// Says that something was written.
///
/// # Errors
/// Where the file can't be made or written.
pub(crate) fn mark(path: &Path) -> io::Result<()> {
    // Whatever is written: that it is written is what counts.
    side_file(path)?.write_all(b"\n")
}

/// Hears what other processes have written, until it is dropped.
#[derive(Debug)]
pub(crate) struct Ear {
    marked: Arc<Notify>,
    /// Ends with it.
    _watcher: RecommendedWatcher,
}

impl Ear {
    /// Begins to listen.
    ///
    /// # Errors
    /// Where the file can't be made, or the system watches no more files.
    pub(crate) fn new(path: &Path) -> notify::Result<Self> {
        side_file(path)?;
        let marked = Arc::new(Notify::new());
        let heard = Arc::clone(&marked);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| matches!(event.kind, EventKind::Modify(_))) {
                heard.notify_one();
            }
        })?;
        watcher.watch(path, RecursiveMode::NonRecursive)?;
        Ok(Self { marked, _watcher: watcher })
    }

    /// Waits until somebody has written.
    pub(crate) async fn heard(&self) {
        self.marked.notified().await;
        sleep(SETTLED).await;
    }
}
