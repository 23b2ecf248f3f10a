//! The desktop program: reads its words and opens the window.

// No second, empty window beside the real one on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::{alloc::System, process::ExitCode};

use zeroizing_alloc::ZeroAlloc;

/// What is given back is wiped: after locking no key is left anywhere, also not where a library had a copy of it.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    hallmonitor_shell::main()
}
