//! A JSON object, and nothing else. What serde derives for fields with names also takes a list of their values in
//! order, and an empty list where every field may be absent: a `[]` would put all settings back.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A value that is read from an object alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        text.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(default)]
    struct Point {
        x: i64,
    }

    impl Default for Point {
        fn default() -> Self {
            Self { x: 7 }
        }
    }

    #[test]
    fn only_an_object_is_read_as_one() {
        let read = |text| serde_json::from_str::<Object<Point>>(text).map(|Object(point)| point.x);
        assert_eq!(read("{}").expect("an object"), 7);
        assert_eq!(read(r#"{"y": 1, "x": 2}"#).expect("an object"), 2);
        for text in ["[]", "[2]", "null", "2", "\"x\"", "true"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
