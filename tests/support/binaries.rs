//! Where the built programs and the sources are.

use std::{
    env,
    path::{Path, PathBuf},
};

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

/// The top of the project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
