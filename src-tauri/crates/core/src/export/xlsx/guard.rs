//! The library that makes workbooks panics where the disk of temporary files takes no more. Here that is an error like
//! any other.

use std::{
    cell::Cell,
    io,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use super::ExportError;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does a piece of work with a workbook. After a panic the workbook is only to be dropped.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, ExportError>) -> Result<T, ExportError> {
    static SILENT: Once = Once::new();
    SILENT.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic);
            }
        }));
    });
    GUARDED.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    done.unwrap_or_else(|panic| Err(ExportError::Write(why(panic.downcast_ref::<String>()))))
}

/// The error that the library had in its hands, as far as it says.
fn why(said: Option<&String>) -> io::Error {
    let said = said.map_or("the temporary file of the workbook can't be written", String::as_str);
    if said.contains("StorageFull") || said.contains("FileTooLarge") {
        return io::ErrorKind::StorageFull.into();
    }
    io::Error::other(said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_library_is_an_error_that_says_why() {
        let full = guarded(|| -> Result<(), ExportError> {
            let kind = io::ErrorKind::StorageFull;
            panic!("called `Result::unwrap()` on an `Err` value: Os {{ code: 28, kind: {kind:?} }}");
        });
        assert!(matches!(full, Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
        assert_eq!(guarded(|| Ok(7)).expect("done"), 7);
    }
}
