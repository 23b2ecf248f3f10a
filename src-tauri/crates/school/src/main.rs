//! `hallmonitor-school`: the command line of the reference school server.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    hallmonitor_school::cli::run(hallmonitor_school::cli::Arguments::parse())
}
