//! Lists written out whole: CSV for spreadsheets and scripts, JSON as the command line prints it, XLSX.
//!
//! Rows stream from one state of the cache in bounded memory. No text of a student can become a formula, and what was
//! there before stays until the new file is whole.

mod cell;
mod csv;
mod error;
mod evidence;
#[cfg(test)]
mod example;
mod fields;
mod file;
mod heads;
mod json;
mod xlsx;

use std::{io::Write, path::Path};

use serde::Serialize;

pub use error::ExportError;
pub(crate) use evidence::{About, write as write_evidence};
pub use heads::Heads;

use crate::listing::{Kind, Listing, Rows};
use cell::Cell;
use fields::Fields;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180: comma, CRLF, UTF-8 with byte order mark, a header row.
    Csv,
    /// An array of objects.
    Json,
    /// Office Open XML; a sheet holds 1,048,575 rows, more go on in further sheets.
    Xlsx,
}

/// Takes rows in their order.
trait Sink {
    fn put<R: Fields + Serialize>(&mut self, row: &R) -> Result<(), ExportError>;

    /// Writes what is left; without it the output is not whole.
    fn finish(self) -> Result<(), ExportError>;
}

/// Writes the list to a file with nobody else's rights; one that is there is replaced at the end.
pub(crate) async fn to_file(
    listing: Listing,
    format: Format,
    heads: Heads,
    path: &Path,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<u64, ExportError> {
    let mut file = file::NewFile::beside(path)?;
    let written = to_writer(listing, format, heads, file.writer(), tell).await;
    let rows = written.map_err(|error| error.of_file(path))?;
    file.put_in_place()?;
    Ok(rows)
}

/// Writes the list; gives the number of rows.
pub(crate) async fn to_writer(
    mut listing: Listing,
    format: Format,
    heads: Heads,
    out: impl Write + Send,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<u64, ExportError> {
    let kind = listing.selection().kind;
    match format {
        Format::Json => pour(&mut listing, json::Json::new(out), tell).await,
        Format::Csv => {
            let columns = columns(&mut listing, kind, heads).await?;
            pour(&mut listing, csv::Csv::new(out, columns)?, tell).await
        }
        Format::Xlsx => {
            let columns = columns(&mut listing, kind, heads).await?;
            pour(&mut listing, xlsx::Xlsx::new(out, kind, columns)?, tell).await
        }
    }
}

/// The entity's own fields, and those of a later version of the API that its rows have.
async fn columns(listing: &mut Listing, kind: Kind, heads: Heads) -> Result<Columns, ExportError> {
    let own = fields::names(kind);
    let extra = listing.extra_fields().await?;
    Ok(Columns { heads, own, extra: extra.into_iter().filter(|name| !own.contains(&name.as_str())).collect() })
}

/// A table's columns.
struct Columns {
    heads: Heads,
    own: &'static [&'static str],
    extra: Vec<String>,
}

impl Columns {
    /// The names of the fields.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.own.iter().copied().chain(self.extra.iter().map(String::as_str))
    }

    /// What stands in a row.
    fn cells<'a, R: Fields>(&self, row: &'a R) -> impl Iterator<Item = Cell<'a>> {
        let own = self.own.iter().zip(row.cells()).map(|(field, cell)| self.heads.cell(field, cell, row));
        own.chain(self.extra.iter().map(|name| row.extra().get(name).map_or(Cell::Nothing, Cell::of_json)))
    }
}

async fn pour<S: Sink>(
    listing: &mut Listing,
    mut sink: S,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<u64, ExportError> {
    let mut written = 0;
    while let Some(rows) = listing.next().await? {
        match &rows {
            Rows::Contacts(rows) => rows.iter().try_for_each(|row| sink.put(row))?,
            Rows::Devices(rows) => rows.iter().try_for_each(|row| sink.put(row))?,
            Rows::Sessions(rows) => rows.iter().try_for_each(|row| sink.put(row))?,
            Rows::Restrictions(rows) => rows.iter().try_for_each(|row| sink.put(row))?,
        }
        written += rows.len() as u64;
        tell(written);
    }
    sink.finish()?;
    Ok(written)
}
