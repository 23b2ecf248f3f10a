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
#[cfg(test)]
mod view_tests;
mod xlsx;

use std::{collections::HashMap, io::Write, path::Path};

use serde::Serialize;

pub use error::ExportError;
pub(crate) use evidence::{About, write as write_evidence};
pub use heads::Heads;

use crate::{
    cache::Person,
    listing::{Kind, Listing, Rows},
};
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
    /// What is left at the end.
    type Out;

    /// Takes a row, and whose it is where that is to be said.
    fn put<R: Fields + Serialize>(&mut self, row: &R, whose: Option<&Person>) -> Result<(), ExportError>;

    /// Writes what is left; without it the output is not whole.
    fn finish(self) -> Result<Self::Out, ExportError>;
}

/// Writes the list to a file with nobody else's rights; one that is there is replaced at the end.
pub(crate) async fn to_file(
    listing: Listing,
    format: Format,
    heads: Heads,
    path: &Path,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<u64, ExportError> {
    let file = file::NewFile::beside(path)?;
    let written = to_writer(listing, format, heads, file, tell).await;
    let (rows, file) = written.map_err(|error| error.of_file(path))?;
    file.put_in_place()?;
    Ok(rows)
}

/// Writes the list; gives the number of rows, and the output back.
pub(crate) async fn to_writer<W: Write + Send + 'static>(
    mut listing: Listing,
    format: Format,
    heads: Heads,
    out: W,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<(u64, W), ExportError> {
    let kind = listing.selection().kind;
    match format {
        // Its objects are those of the API.
        Format::Json => pour(&mut listing, json::Json::new(out), false, tell).await,
        Format::Csv => {
            let columns = columns(&mut listing, kind, heads).await?;
            let named = columns.are_named();
            pour(&mut listing, csv::Csv::new(out, columns)?, named, tell).await
        }
        Format::Xlsx => {
            let columns = columns(&mut listing, kind, heads).await?;
            let named = columns.are_named();
            let (rows, book) = pour(&mut listing, xlsx::Xlsx::new(kind, columns)?, named, tell).await?;
            Ok((rows, xlsx::save(book, out).await?))
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

/// What a table for people has beside the number of a contact: whose the row is.
const WHOSE: [&str; 2] = ["contact_name", "contact_email"];

impl Columns {
    /// Whether the rows say whose they are.
    fn are_named(&self) -> bool {
        let say_it_themselves = self.own.contains(&"name");
        matches!(self.heads, Heads::Words(_)) && self.own.contains(&"contact_id") && !say_it_themselves
    }

    /// The names of the fields.
    fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.own.iter().flat_map(|field| {
            let whose = if self.says_whose_at(field) { WHOSE.as_slice() } else { &[] };
            std::iter::once(*field).chain(whose.iter().copied())
        });
        own.chain(self.extra.iter().map(String::as_str))
    }

    /// What stands in a row.
    fn cells<'a, R: Fields>(&self, row: &'a R, whose: Option<&'a Person>) -> impl Iterator<Item = Cell<'a>> {
        let own = self.own.iter().zip(row.cells()).flat_map(move |(field, cell)| {
            let person = self.says_whose_at(field).then(|| whose.map_or([Cell::Nothing, Cell::Nothing], Person::cells));
            std::iter::once(self.heads.cell(field, cell, row)).chain(person.into_iter().flatten())
        });
        own.chain(
            self.extra
                .iter()
                .map(|name| row.extra().and_then(|extra| extra.get(name)).map_or(Cell::Nothing, Cell::of_json)),
        )
    }

    fn says_whose_at(&self, field: &str) -> bool {
        field == "contact_id" && self.are_named()
    }
}

impl Person {
    fn cells(&self) -> [Cell<'_>; 2] {
        [Cell::text(self.name.as_str()), Cell::text(self.email.as_str())]
    }
}

async fn pour<S: Sink>(
    listing: &mut Listing,
    mut sink: S,
    named: bool,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<(u64, S::Out), ExportError> {
    let mut written = 0;
    while let Some(rows) = listing.next().await? {
        let people = if named { listing.people(&rows).await? } else { HashMap::new() };
        let whose = |contact_id: i64| people.get(&contact_id);
        match &rows {
            Rows::Contacts(rows) => rows.iter().try_for_each(|row| sink.put(row, None))?,
            Rows::Devices(rows) => rows.iter().try_for_each(|row| sink.put(row, whose(row.contact_id)))?,
            Rows::Sessions(rows) => rows.iter().try_for_each(|row| sink.put(row, whose(row.contact_id)))?,
            Rows::Restrictions(rows) => rows.iter().try_for_each(|row| sink.put(row, whose(row.contact_id)))?,
            Rows::Insights(rows) => rows.iter().try_for_each(|row| sink.put(row, None))?,
        }
        written += rows.len() as u64;
        tell(written);
    }
    Ok((written, sink.finish()?))
}
