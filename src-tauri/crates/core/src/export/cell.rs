//! One value in a table.

use std::borrow::Cow;

use hallmonitor_wire::Time;

/// A value as it goes into a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// Where the entity has none.
    Nothing,
    /// Anything that a person or a program wrote.
    Text(Cow<'a, str>),
    /// Up to 2^53, so that every spreadsheet holds it exactly.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A point in time, which tables of text write out and workbooks keep as a date.
    Time(Time),
}

impl<'a> Cell<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn maybe_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::text)
    }

    pub(super) fn maybe_number(number: Option<i64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }

    pub(super) fn maybe_time(at: Option<Time>) -> Self {
        at.map_or(Self::Nothing, Self::Time)
    }

    /// A value of a field that this version does not know.
    pub(super) fn of_json(value: &'a serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Nothing,
            serde_json::Value::Bool(flag) => Self::Flag(*flag),
            serde_json::Value::String(text) => Self::text(text.as_str()),
            // An integer beyond 2^53 would lose digits as a number.
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) if whole.unsigned_abs() <= 1 << 53 => Self::Number(whole),
                _ => Self::text(number.to_string()),
            },
            nested => Self::text(nested.to_string()),
        }
    }
}

/// The text with a `'` wherever a spreadsheet would begin a cell with a formula: at its beginning, and behind what one that
/// is set to a language with a decimal comma parts cells by, and lines, where it does not heed the quotes.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut written, mut begins) = (0, true);
    for (at, letter) in text.char_indices() {
        let formula = matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
        if begins && (formula || at == 0 && matches!(letter, '\t' | '\r')) {
            out.push_str(&text[written..at]);
            out.push('\'');
            written = at;
        }
        begins = matches!(letter, ';' | '\n') || at > 0 && letter == '\r';
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[written..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_can_begin_like_a_formula_whatever_parts_cells() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+380501112233", "'+380501112233"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("", ""),
            ("Anna = Маша", "Anna = Маша"),
            (" =1", " =1"),
            ("Mozilla/5.0;=1+1|'/C calc'!A0;x", "Mozilla/5.0;'=1+1|'/C calc'!A0;x"),
            ("one\r\n=1\r-x", "one\r\n'=1\r'-x"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1", "'＝1"),
            ("Mozilla/5.0 (X11; Linux; -)", "Mozilla/5.0 (X11; Linux; -)"),
        ] {
            assert_eq!(harmless(text), shown, "{text:?}");
        }
    }

    #[test]
    fn unknown_values_keep_every_digit() {
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("json");
        for (json, cell) in [
            ("null", Cell::Nothing),
            ("true", Cell::Flag(true)),
            ("9007199254740992", Cell::Number(1 << 53)),
            ("9007199254740993", Cell::text("9007199254740993")),
            ("1.5", Cell::text("1.5")),
            ("{\"a\":[1]}", Cell::text("{\"a\":[1]}")),
        ] {
            assert_eq!(Cell::of_json(&value(json)), cell, "{json}");
        }
    }
}
