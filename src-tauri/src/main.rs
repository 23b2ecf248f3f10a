//! The desktop program: reads its words and opens the window.

// No second, empty window beside the real one on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    hallmonitor_shell::main()
}
