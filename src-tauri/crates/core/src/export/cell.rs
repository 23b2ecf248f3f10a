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

/// The text with a `'` before it where a spreadsheet would take it for a formula.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_like_a_formula_gets_an_apostrophe() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+380501112233", "'+380501112233"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("", ""),
            ("Anna = Маша", "Anna = Маша"),
            (" =1", " =1"),
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
