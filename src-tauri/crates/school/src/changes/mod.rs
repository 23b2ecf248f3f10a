//! What changed after a cursor, in the order of revisions, each entity once in its newest state.

mod cursor;
mod page;
mod starts;

pub(crate) use cursor::{Cursor, CursorKey};
pub(crate) use page::{ChangesError, page};
pub(crate) use starts::begin as note_start;
