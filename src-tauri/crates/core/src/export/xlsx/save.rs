//! A workbook on its way into a file: minutes of packing for a million rows, on a thread that may wait, ended where
//! nobody wants the file any more.

use std::{
    io::{self, Write},
    sync::{Arc, Weak},
};

use rust_xlsxwriter::Workbook;

use super::{ExportError, guard::guarded};

/// Packs the workbook into `out`, and gives that back. Dropped, it ends at the next few thousand bytes, and `out` is
/// dropped then.
pub(in crate::export) async fn save<W: Write + Send + 'static>(mut book: Workbook, out: W) -> Result<W, ExportError> {
    let wanted = Arc::new(());
    let mut out = WhileWanted { out, wanted: Arc::downgrade(&wanted), failed: None };
    let packed = tokio::task::spawn_blocking(move || {
        match guarded(|| book.save_to_writer(&mut out).map_err(ExportError::from)) {
            Ok(()) => Ok(out.out),
            // The packer says of a full disk that something of its archive is wrong.
            Err(error) => Err(out.failed.map_or(error, ExportError::Write)),
        }
    })
    .await;
    drop(wanted);
    packed.unwrap_or_else(|ended| Err(ExportError::Write(io::Error::other(ended))))
}

/// A writer that fails once nobody waits for it.
struct WhileWanted<W> {
    out: W,
    wanted: Weak<()>,
    /// Why it failed, if it did.
    failed: Option<io::Error>,
}

impl<W> WhileWanted<W> {
    fn checked<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted {
                self.failed = Some(error);
            }
            kind.into()
        })
    }
}

impl<W: Write> Write for WhileWanted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_some() {
            // The packer tries to end its archive after any failure, and would complain where no one is to hear it.
            return Ok(bytes.len());
        }
        if self.wanted.strong_count() == 0 {
            return self.checked(Err(io::Error::other("given up")));
        }
        let written = self.out.write(bytes);
        self.checked(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.is_some() {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.checked(flushed)
    }
}
