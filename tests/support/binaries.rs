//! Where the built programs are.

use std::{env, path::PathBuf};

/// The path of a program of this workspace, built beside the running test.
///
/// # Panics
/// Where it was not built: tests of another package can't have Cargo do that.
pub fn program(name: &str) -> PathBuf {
    let test = env::current_exe().expect("the test's own file is known");
    // target/debug/deps/theme-0123456789abcdef
    let folder = test.ancestors().nth(2).expect("a test lies in target/PROFILE/deps");
    let program = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is not built: run `cargo xtask test`, or `cargo build --workspace --bins` once",
        program.display()
    );
    program
}
