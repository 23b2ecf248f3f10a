//! XLSX, row by row: only the row at hand is in memory, the rest waits in a temporary file that no one else can open.

use std::io::Write;

use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde::Serialize;

use super::{Columns, ExportError, Sink, cell::Cell, fields::Fields};
use crate::{cache::Person, listing::Kind};

/// Rows of a sheet, the header among them
/// (<https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>).
const SHEET_ROWS: u32 = 1_048_576;

/// Longest text in a cell, in UTF-16 units (the same page).
const LONGEST_TEXT: usize = 32_767;

/// Writes a workbook.
pub(super) struct Xlsx<W> {
    out: W,
    book: Workbook,
    title: String,
    columns: Columns,
    /// Of a sheet.
    most_rows: u32,
    sheet: usize,
    /// Where the next row goes.
    row: u32,
    header: Format,
}

impl<W: Write + Send> Xlsx<W> {
    /// Begins the first sheet.
    pub(super) fn new(out: W, kind: Kind, columns: Columns) -> Result<Self, ExportError> {
        Self::with_sheets_of(SHEET_ROWS, out, kind, columns)
    }

    fn with_sheets_of(most_rows: u32, out: W, kind: Kind, columns: Columns) -> Result<Self, ExportError> {
        let title = columns.heads.title(kind);
        let header = Format::new().set_bold();
        let mut xlsx = Self { out, book: Workbook::new(), title, columns, most_rows, sheet: 0, row: 0, header };
        xlsx.begin_sheet()?;
        Ok(xlsx)
    }

    fn begin_sheet(&mut self) -> Result<(), ExportError> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        let name = if self.sheet == 0 { self.title.clone() } else { format!("{} {}", self.title, self.sheet + 1) };
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(self.columns.names()) {
            sheet.set_column_width(column, if name == "id" || name.ends_with("_id") { 10 } else { 22 })?;
            sheet.write_string_with_format(0, column, bounded(&self.columns.heads.head(name)), &self.header)?;
        }
        self.sheet += 1;
        self.row = 1;
        Ok(())
    }
}

impl<W: Write + Send> Sink for Xlsx<W> {
    fn put<R: Fields + Serialize>(&mut self, row: &R, whose: Option<&Person>) -> Result<(), ExportError> {
        if self.row >= self.most_rows {
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheet - 1)?;
        for (column, cell) in (0..).zip(self.columns.cells(row, whose)) {
            write(sheet, self.row, column, &cell)?;
        }
        self.row += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<(), ExportError> {
        self.book.save_to_writer(self.out)?;
        Ok(())
    }
}

/// A text is written as a text, which no spreadsheet reads as a formula, whatever it begins with.
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell<'_>) -> Result<(), ExportError> {
    match cell {
        Cell::Nothing => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, bounded(text))?;
        }
        #[expect(clippy::cast_precision_loss, reason = "cells hold numbers up to 2^53 only")]
        Cell::Number(number) => {
            sheet.write_number(row, column, *number as f64)?;
        }
        Cell::Flag(flag) => {
            sheet.write_boolean(row, column, *flag)?;
        }
    }
    Ok(())
}

/// The text, cut where it is longer than a cell holds.
fn bounded(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST_TEXT
    });
    end.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Heads, example, fields::names};

    #[test]
    fn rows_beyond_a_sheet_go_on_in_the_next() {
        let mut out = Vec::new();
        let columns = Columns { heads: Heads::Fields, own: names(Kind::Contacts), extra: Vec::new() };
        let mut xlsx = Xlsx::with_sheets_of(3, &mut out, Kind::Contacts, columns).expect("begun");
        for _ in 0..5 {
            xlsx.put(&example::contact(), None).expect("put");
        }
        assert_eq!((xlsx.sheet, xlsx.row), (3, 2));
        xlsx.finish().expect("finished");
        assert!(out.starts_with(b"PK"), "a workbook is a ZIP archive");
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_between_letters() {
        let long = "🙂".repeat(LONGEST_TEXT);
        assert_eq!(bounded(&long).encode_utf16().count(), LONGEST_TEXT - 1);
        let short = "я".repeat(LONGEST_TEXT);
        assert_eq!(bounded(&short), short);
    }
}
