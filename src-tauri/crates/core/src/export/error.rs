//! Why an export did not reach its end.

use std::{
    io,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::XlsxError;
use thiserror::Error;

use crate::cache::CacheError;

/// What can go wrong while rows are written out.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The rows could not be read.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The output takes no more.
    #[error("the output can't be written: {0}")]
    Write(#[source] io::Error),
    /// The file can't be made or written.
    #[error("{} can't be written: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder, a device, a pipe.
    #[error("{} is there and is no plain file", .0.display())]
    NoPlainFile(PathBuf),
    /// A row can't be written as JSON.
    #[error("a row can't be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// A row can't be written as CSV.
    #[error("a row can't be written as CSV: {0}")]
    Csv(#[source] csv::Error),
    /// A row can't be written into a sheet.
    #[error("a row can't be written into a sheet: {0}")]
    Xlsx(#[source] XlsxError),
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        if !error.is_io_error() {
            return Self::Csv(error);
        }
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Write(error),
            other => Self::Write(io::Error::other(format!("{other:?}"))),
        }
    }
}

impl From<serde_json::Error> for ExportError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Write(error.into()) } else { Self::Json(error) }
    }
}

impl From<XlsxError> for ExportError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(error) => Self::Write(error),
            other => Self::Xlsx(other),
        }
    }
}

impl ExportError {
    /// Names the file that an error of the output is about.
    pub(super) fn of_file(self, path: &Path) -> Self {
        match self {
            Self::Write(source) => Self::File { path: path.to_owned(), source },
            other => other,
        }
    }

    /// Whether whoever read the output has gone.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Cache(error) => error.hint(),
            Self::Write(_) => "Check the room on the disk.",
            Self::File { .. } => "Check that the folder is there, its permissions, and the room on the disk.",
            Self::NoPlainFile(_) => "Name another file, or - for standard output.",
            Self::Json(_) | Self::Csv(_) | Self::Xlsx(_) => "Try another format.",
        }
    }
}
