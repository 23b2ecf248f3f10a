//! XLSX, row by row: only the row at hand is in memory, the rest waits in a temporary file that no one else can open.
//!
//! Numbers, yes and no, and times are values of their own kinds, so that a spreadsheet sorts, filters and reckons with
//! them; every sheet has its head fixed and a filter over all of its rows.

mod guard;
mod save;
#[cfg(test)]
mod tests;
mod widths;

use std::borrow::Cow;

use hallmonitor_wire::Time;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde::Serialize;

pub(super) use save::save;

use self::guard::guarded;
use super::{Columns, ExportError, Heads, Sink, cell::Cell, fields::Fields};
use crate::{cache::Person, listing::Kind};

/// Rows of a sheet, the header among them
/// (<https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>).
const SHEET_ROWS: u32 = 1_048_576;

/// Longest text in a cell, in UTF-16 units (the same page).
const LONGEST_TEXT: usize = 32_767;

/// Where a cell ends before its text does.
const MORE: &str = " [\u{2026}]";

/// Midnight of 1900-03-01 in UTC: before it, spreadsheets count a 29th of February that never was
/// (<https://learn.microsoft.com/en-us/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year>).
const FIRST_DATE_MS: i64 = -2_203_891_200_000;

/// Midnight after the last day that a spreadsheet knows, 9999-12-31.
const AFTER_LAST_DATE_MS: i64 = 253_402_300_800_000;

/// The day on which milliseconds begin, as spreadsheets count days.
const DAY_OF_1970: f64 = 25_569.0;

const DAY_MS: f64 = 86_400_000.0;

/// Makes a workbook.
pub(super) struct Xlsx {
    book: Workbook,
    title: String,
    columns: Columns,
    /// Of a sheet.
    most_rows: u32,
    sheet: usize,
    /// Where the next row goes.
    row: u32,
    header: Format,
    time: Format,
}

impl Xlsx {
    /// Begins the first sheet.
    pub(super) fn new(kind: Kind, columns: Columns) -> Result<Self, ExportError> {
        Self::with_sheets_of(SHEET_ROWS, kind, columns)
    }

    fn with_sheets_of(most_rows: u32, kind: Kind, columns: Columns) -> Result<Self, ExportError> {
        let title = columns.heads.title(kind);
        // Times are UTC: the heads for people say so, and where heads are names of fields, each time does.
        let time = Format::new().set_num_format(match columns.heads {
            Heads::Fields => "yyyy\\-mm\\-dd\\Thh:mm:ss.000\\Z",
            Heads::Words(_) => "yyyy\\-mm\\-dd hh:mm:ss.000",
        });
        let header = Format::new().set_bold();
        let mut xlsx = Self { book: Workbook::new(), title, columns, most_rows, sheet: 0, row: 0, header, time };
        guarded(|| xlsx.begin_sheet())?;
        Ok(xlsx)
    }

    fn begin_sheet(&mut self) -> Result<(), ExportError> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        let name = if self.sheet == 0 { self.title.clone() } else { format!("{} {}", self.title, self.sheet + 1) };
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(self.columns.names()) {
            let head = self.columns.heads.head(name);
            sheet.set_column_width(column, widths::width(name, &head))?;
            sheet.write_string_with_format(0, column, bounded(&head), &self.header)?;
        }
        self.sheet += 1;
        self.row = 1;
        Ok(())
    }

    /// Lets a person filter by any column of the sheet that has all its rows.
    fn end_sheet(&mut self) -> Result<(), ExportError> {
        let last_column = self.columns.names().count().saturating_sub(1);
        let sheet = self.book.worksheet_from_index(self.sheet - 1)?;
        sheet.autofilter(0, 0, self.row - 1, u16::try_from(last_column).unwrap_or(u16::MAX))?;
        Ok(())
    }
}

impl Sink for Xlsx {
    /// The workbook is still to be saved.
    type Out = Workbook;

    fn put<R: Fields + Serialize>(&mut self, row: &R, whose: Option<&Person>) -> Result<(), ExportError> {
        guarded(|| {
            if self.row >= self.most_rows {
                self.end_sheet()?;
                self.begin_sheet()?;
            }
            let sheet = self.book.worksheet_from_index(self.sheet - 1)?;
            for (column, cell) in (0..).zip(self.columns.cells(row, whose)) {
                write(sheet, (self.row, column), &cell, &self.time)?;
            }
            self.row += 1;
            Ok(())
        })
    }

    fn finish(mut self) -> Result<Workbook, ExportError> {
        guarded(|| self.end_sheet())?;
        Ok(self.book)
    }
}

/// A text is written as a text, which no spreadsheet reads as a formula, whatever it begins with.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell<'_>,
    time_format: &Format,
) -> Result<(), ExportError> {
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
        Cell::Time(time) => match day(*time) {
            Some(day) => {
                sheet.write_number_with_format(row, column, day, time_format)?;
            }
            None => {
                sheet.write_string(row, column, time.to_string())?;
            }
        },
    }
    Ok(())
}

/// A time as spreadsheets count: days since the end of 1899, to the millisecond. `None` where they can't.
#[expect(clippy::cast_precision_loss, reason = "milliseconds up to the year 9999 are exact")]
fn day(time: Time) -> Option<f64> {
    let ms = time.ms();
    (FIRST_DATE_MS..AFTER_LAST_DATE_MS).contains(&ms).then(|| DAY_OF_1970 + ms as f64 / DAY_MS)
}

/// The text; where it is longer than a cell holds, its beginning and a sign that there is more.
fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return text.into();
    }
    let mut units = MORE.encode_utf16().count();
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST_TEXT
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    format!("{}{MORE}", &text[..end]).into()
}
