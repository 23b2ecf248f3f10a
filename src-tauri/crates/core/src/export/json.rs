//! JSON: one array, one line an object.

use std::io::{BufWriter, Write};

use serde::Serialize;

use super::{ExportError, Sink, fields::Fields};
use crate::cache::Person;

/// Writes the array as it goes.
pub(super) struct Json<W: Write> {
    out: BufWriter<W>,
    begun: bool,
}

impl<W: Write> Json<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, out), begun: false }
    }
}

impl<W: Write> Sink for Json<W> {
    type Out = W;

    fn put<R: Fields + Serialize>(&mut self, row: &R, _: Option<&Person>) -> Result<(), ExportError> {
        let before: &[u8] = if self.begun { b",\n" } else { b"[\n" };
        self.begun = true;
        self.out.write_all(before).map_err(ExportError::Write)?;
        serde_json::to_writer(&mut self.out, row)?;
        Ok(())
    }

    fn finish(mut self) -> Result<W, ExportError> {
        let end: &[u8] = if self.begun { b"\n]\n" } else { b"[]\n" };
        self.out.write_all(end).and_then(|()| self.out.flush()).map_err(ExportError::Write)?;
        self.out.into_inner().map_err(|error| ExportError::Write(error.into_error()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::export::example;

    #[test]
    fn any_number_of_rows_is_one_array() {
        for count in 0..3 {
            let mut out = Vec::new();
            let mut sink = Json::new(&mut out);
            for _ in 0..count {
                sink.put(&example::session(), None).expect("put");
            }
            sink.finish().expect("finished");
            let read: Value = serde_json::from_slice(&out).expect("one document");
            let session = serde_json::to_value(example::session()).expect("json");
            assert_eq!(read, json!(vec![session; count]));
        }
    }
}
