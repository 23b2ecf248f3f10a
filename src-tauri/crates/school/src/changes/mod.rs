//! What changed after a cursor, in the order of revisions, each entity once in its newest state.

mod cursor;
mod page;

pub(crate) use cursor::{Cursor, CursorKey};
pub(crate) use page::{ChangesError, page};
