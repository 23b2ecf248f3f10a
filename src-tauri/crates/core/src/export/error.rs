//! Why an export did not reach its end.

use std::{
    io,
    path::{Path, PathBuf},
};

use hallmonitor_language::Message;
use rust_xlsxwriter::XlsxError;
use thiserror::Error;

use crate::{
    cache::CacheError,
    trouble::{clause, why},
};

/// What can go wrong while rows are written out.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The rows could not be read.
    Cache(#[from] CacheError),
    /// The output takes no more.
    Write(#[source] io::Error),
    /// The file can't be made or written.
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder, a device, a pipe.
    NoPlainFile(PathBuf),
    /// Among the files that a school here is made of.
    OwnFolder(PathBuf),
    /// A row can't be written as JSON.
    Json(#[source] serde_json::Error),
    /// A row can't be written as CSV.
    Csv(#[source] csv::Error),
    /// A row can't be written into a sheet.
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

    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::Cache(error) => error.message(),
            Self::Write(error) => Message::new("problem.export.write").with("reason", why(error)),
            Self::File { path, source } => {
                Message::new("problem.export.file").with("path", path.display().to_string()).with("reason", why(source))
            }
            Self::NoPlainFile(path) => {
                Message::new("problem.export.no_plain_file").with("path", path.display().to_string())
            }
            Self::OwnFolder(path) => Message::new("problem.export.own_folder").with("path", path.display().to_string()),
            Self::Json(error) => Message::new("problem.export.json").with("reason", clause(error)),
            Self::Csv(error) => Message::new("problem.export.csv").with("reason", clause(error)),
            Self::Xlsx(error) => Message::new("problem.export.xlsx").with("reason", clause(error)),
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        Message::new(match self {
            Self::Cache(error) => return error.hint(),
            Self::Write(_) => "problem.hint.room",
            Self::File { .. } => "problem.hint.target_folder",
            Self::NoPlainFile(_) | Self::OwnFolder(_) => "problem.hint.other_file",
            Self::Json(_) | Self::Csv(_) | Self::Xlsx(_) => "problem.hint.other_format",
        })
    }
}
