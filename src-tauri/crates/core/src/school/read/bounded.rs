//! Arrays that are read no further than anybody needs: a body of some MiB may hold millions of elements, and each of them
//! would become an entity, or one that is set aside.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// Most elements of an array that is read at once: those of the largest page that is asked for.
const MOST: usize = 10_000;

/// An array that is read at once; more than [`MOST`] elements are an error, found at the first that is too many.
#[derive(Debug)]
pub(super) struct Few<T>(pub(super) Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = from.deserialize_seq(UpTo { most: MOST, counts_on: false, of: PhantomData })?;
        Ok(Self(read.first))
    }
}

/// The first elements of an array, and how many it has.
#[derive(Debug)]
pub(super) struct Elements<T> {
    pub(super) first: Vec<T>,
    pub(super) count: usize,
}

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Self { first: Vec::new(), count: 0 }
    }
}

/// The first `most` elements of an array, as they came; the others are counted and no more.
pub(super) fn elements(array: &RawValue, most: usize) -> Result<Elements<&RawValue>, serde_json::Error> {
    let mut from = serde_json::Deserializer::from_str(array.get());
    from.deserialize_seq(UpTo { most, counts_on: true, of: PhantomData })
}

struct UpTo<T> {
    most: usize,
    /// Whether what is too much is counted, or an error.
    counts_on: bool,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for UpTo<T> {
    type Value = Elements<T>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Elements<T>, A::Error> {
        let mut read = Elements::default();
        while read.count < self.most {
            let Some(element) = from.next_element()? else { return Ok(read) };
            read.first.push(element);
            read.count += 1;
        }
        while from.next_element::<IgnoredAny>()?.is_some() {
            if !self.counts_on {
                return Err(A::Error::custom("more elements than any page has"));
            }
            read.count += 1;
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static MADE: Cell<usize> = const { Cell::new(0) };
    }

    /// Counts how many of it are made.
    #[derive(Debug)]
    struct Counted;

    impl<'de> Deserialize<'de> for Counted {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            MADE.set(MADE.get() + 1);
            IgnoredAny::deserialize(from).map(|_| Self)
        }
    }

    fn zeros(count: usize) -> String {
        format!("[{}]", vec!["0"; count].join(","))
    }

    #[test]
    fn an_array_without_end_is_left_where_it_is_too_long() {
        for (count, made) in [(0, 0), (MOST, MOST), (MOST + 1, MOST), (1_000_000, MOST)] {
            MADE.set(0);
            let read = serde_json::from_str::<Few<Counted>>(&zeros(count));
            assert_eq!((read.is_ok(), MADE.get()), (count <= MOST, made), "{count}");
        }
    }

    #[test]
    fn what_is_too_much_is_counted_and_not_kept() {
        let array = RawValue::from_string(zeros(1_000_000)).expect("JSON");
        let read = elements(&array, 3).expect("an array");
        assert_eq!((read.first.len(), read.first.capacity() < 100, read.count), (3, true, 1_000_000));
        let no_array = RawValue::from_string("{}".to_owned()).expect("JSON");
        assert!(elements(&no_array, 3).is_err());
    }
}
