//! Tables for a person: columns aligned by the width of what is shown, cut to the terminal where there is one.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::legible;

/// The widest cell where there is no terminal: one long name would make every line as long.
const LONGEST: usize = 120;

const GAP: &str = "  ";

/// The narrowest that a column is cut to: a time stays whole.
const NARROWEST: usize = 16;

/// What a column gives up where the terminal is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gives {
    /// Nothing: half a time or half a number says nothing.
    Nothing,
    /// The ends of its texts.
    Ends,
    /// Itself, and the ends of its texts before that.
    Itself,
}

/// A column's head, at which side its cells stand, and what it gives up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    head: &'static str,
    right: bool,
    gives: Gives,
}

/// A column of texts, cut where there is no room.
pub(crate) const fn text(head: &'static str) -> Column {
    Column { head, right: false, gives: Gives::Ends }
}

/// A column of texts, left out where there is no room.
pub(crate) const fn spare(head: &'static str) -> Column {
    Column { head, right: false, gives: Gives::Itself }
}

/// A column of times or words, always shown whole.
pub(crate) const fn word(head: &'static str) -> Column {
    Column { head, right: false, gives: Gives::Nothing }
}

/// A column of numbers.
pub(crate) const fn number(head: &'static str) -> Column {
    Column { head, right: true, gives: Gives::Nothing }
}

/// A table that is written as its rows come; the first ones decide on the widths.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    columns: &'a [Column],
    /// Of the terminal, in cells; `None` cuts nothing.
    width: Option<usize>,
    bold: bool,
    /// Of each column; `None` for one that is left out.
    widths: Option<Vec<Option<usize>>>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(columns: &'a [Column], width: Option<usize>, bold: bool) -> Self {
        Self { columns, width, bold, widths: None }
    }

    /// A table as standard output wants it.
    pub(crate) fn for_output(columns: &'a [Column]) -> Self {
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        Self::new(columns, width, width.is_some())
    }

    /// Writes rows, and before the first ones the heads.
    pub(crate) fn write(&mut self, rows: &[Vec<String>], out: &mut impl Write) -> io::Result<()> {
        let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| legible::line(cell)).collect()).collect();
        let widths = match &self.widths {
            Some(widths) => widths.clone(),
            None => {
                let mut widths: Vec<usize> = self.columns.iter().map(|column| column.head.width()).collect();
                for row in &rows {
                    for (width, cell) in widths.iter_mut().zip(row) {
                        *width = (*width).max(cell.width());
                    }
                }
                let widths = match self.width {
                    Some(width) => fit(self.columns, widths, width),
                    None => widths.into_iter().map(|width| Some(width.min(LONGEST))).collect(),
                };
                self.widths = Some(widths.clone());
                let heads: Vec<_> = self.columns.iter().map(|column| column.head).collect();
                let line = self.line(&heads, &widths);
                if self.bold {
                    writeln!(out, "\x1b[1m{line}\x1b[0m")?;
                } else {
                    writeln!(out, "{line}")?;
                }
                widths
            }
        };
        for row in &rows {
            writeln!(out, "{}", self.line(row, &widths))?;
        }
        Ok(())
    }

    fn line(&self, cells: &[impl AsRef<str>], widths: &[Option<usize>]) -> String {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(widths).zip(self.columns) {
            let Some(width) = *width else { continue };
            if !line.is_empty() {
                line.push_str(GAP);
            }
            let cell = if self.width.is_some() { cut(cell.as_ref(), width) } else { cell.as_ref().to_owned() };
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            if column.right {
                line.push_str(&blanks);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&blanks);
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// The widths with which the table fits, or comes as near as it can: texts are cut first, then columns left out from
/// the right.
fn fit(columns: &[Column], natural: Vec<usize>, width: usize) -> Vec<Option<usize>> {
    let mut widths: Vec<Option<usize>> = natural.into_iter().map(Some).collect();
    let total = |widths: &[Option<usize>]| -> usize {
        let shown = widths.iter().flatten();
        shown.clone().sum::<usize>() + GAP.len() * shown.count().saturating_sub(1)
    };
    loop {
        let mut cut = widths.clone();
        while total(&cut) > width {
            let widest = cut
                .iter_mut()
                .zip(columns)
                .filter(|(_, column)| column.gives != Gives::Nothing)
                .filter_map(|(width, _)| width.as_mut())
                .max();
            match widest {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        let spare =
            columns.iter().zip(&widths).rposition(|(column, width)| column.gives == Gives::Itself && width.is_some());
        match spare {
            Some(spare) if total(&cut) > width => widths[spare] = None,
            _ => return cut,
        }
    }
}

/// The text, with `…` at its end where it is wider.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let mut short: String = text
        .chars()
        .take_while(|letter| {
            used += letter.width().unwrap_or(0);
            used <= width
        })
        .collect();
    short.push('…');
    short
}

/// Names and values, one pair a line.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    pairs
        .iter()
        .map(|(name, value)| format!("{name}{}{GAP}{}", " ".repeat(width - name.width()), legible::line(value)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A number with a comma between thousands.
pub(crate) fn grouped(number: impl Into<i128>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [number("Id"), text("Name"), spare("Tags")];

    fn written(width: Option<usize>, pages: &[&[[&str; 3]]]) -> String {
        let mut table = Table::new(&COLUMNS, width, false);
        let mut out = Vec::new();
        for page in pages {
            let rows: Vec<Vec<String>> = page.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect();
            table.write(&rows, &mut out).expect("written");
        }
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn columns_are_aligned_by_what_a_person_sees() {
        assert_eq!(
            written(None, &[&[["1", "李小龙", "a"], ["200", "Zoë", "b"]]]),
            " Id  Name    Tags\n  1  李小龙  a\n200  Zoë     b\n"
        );
    }

    #[test]
    fn a_table_fits_the_terminal_where_there_is_one() {
        let long = "x".repeat(100);
        let text = written(Some(40), &[&[["1", &long, "vip"]]]);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.contains('…'), "{text}");
        assert!(text.contains("vip"), "{text}");
        assert!(written(None, &[&[["1", &long, "vip"]]]).contains(&long));
    }

    #[test]
    fn a_column_that_can_be_spared_goes_before_a_number_is_cut() {
        let long = "x".repeat(100);
        let text = written(Some(26), &[&[["1234567", &long, &long]]]);
        assert!(text.contains("1234567") && !text.contains("Tags"), "{text}");
        assert!(text.lines().all(|line| line.width() <= 26), "{text}");
    }

    #[test]
    fn later_rows_keep_the_widths_of_the_first() {
        let text = written(None, &[&[["1", "Anna", "a"]], &[["2", "Bo", "b"]]]);
        assert_eq!(text, "Id  Name  Tags\n 1  Anna  a\n 2  Bo    b\n");
    }

    #[test]
    fn a_hostile_cell_is_made_harmless() {
        assert!(!written(None, &[&[["1", "\u{1b}[31m", "\u{202e}"]]]).contains(['\u{1b}', '\u{202e}']));
        assert!(!pairs(&[("Name", "a\r\nb".into())]).contains('\r'));
    }

    #[test]
    fn thousands_are_told_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
