//! What a request asks: numbers of its query, its JSON body, an id of its path.

use std::collections::HashMap;

use axum::{
    body::Bytes,
    extract::{FromRequestParts, Path, RawQuery},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::problem::{Fault, Problem};
use crate::object::Object;

/// The query of a request; of a field given twice the last one counts.
#[derive(Debug, Default)]
pub(crate) struct Query(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let RawQuery(query) = RawQuery::from_request_parts(parts, state).await.unwrap_or(RawQuery(None));
        let pairs = url::form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }
}

impl Query {
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// A whole number of at least 1; above `most` it is `most`, absent it is `default`.
    pub(crate) fn counting(&self, field: &'static str, default: i64, most: i64) -> Result<i64, Problem> {
        let Some(text) = self.text(field) else { return Ok(default) };
        let wrong = || Problem::Impossible(field, Fault::Counting);
        if text.is_empty() || !text.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(wrong());
        }
        // Only digits: what does not fit is too large, not wrong.
        let number: i64 = text.parse().unwrap_or(i64::MAX);
        if number < 1 { Err(wrong()) } else { Ok(number.min(most)) }
    }
}

/// The id in a path such as `/contacts/{id}`. A text that can be no id is that of nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) i64);

/// Reads an id, which is written in one way: digits alone, the first of them no 0.
fn id(text: &str) -> Option<i64> {
    let is_id = !text.starts_with('0') && text.bytes().all(|digit| digit.is_ascii_digit());
    if is_id { text.parse().ok() } else { None }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Problem::NotFound)?;
        id(&text).map(Self).ok_or(Problem::NotFound)
    }
}

/// Reads a JSON object: 400 where the body is no JSON, 422 where it is JSON of another shape.
pub(crate) fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let value: serde_json::Value = serde_json::from_slice(body).map_err(|_| Problem::Malformed)?;
    let Object(read) = serde_json::from_value(value).map_err(|error| misshapen(&error))?;
    Ok(read)
}

/// JSON of another shape than belongs here.
pub(crate) fn misshapen(error: &serde_json::Error) -> Problem {
    Problem::Impossible("body", Fault::Shape(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_too_large_is_the_largest_and_one_below_1_is_wrong() {
        let query = |text: &str| Query(HashMap::from([("limit".to_owned(), text.to_owned())]));
        for (text, read) in [("1", Some(1)), ("250", Some(100)), ("99999999999999999999999", Some(100))] {
            assert_eq!(query(text).counting("limit", 15, 100).ok(), read, "{text}");
        }
        for text in ["0", "-1", "", "ten", "1.5", " 1", "+1", "1e3", "00"] {
            assert!(query(text).counting("limit", 15, 100).is_err(), "{text}");
        }
        assert_eq!(Query::default().counting("limit", 15, 100), Ok(15));
    }

    #[test]
    fn an_id_is_written_in_one_way() {
        for (text, read) in [("1", Some(1)), ("90", Some(90)), ("9007199254740991", Some(9_007_199_254_740_991))] {
            assert_eq!(id(text), read, "{text}");
        }
        for text in ["", "0", "-1", "+5", "007", "1 ", "5x", "٥", "99999999999999999999"] {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
