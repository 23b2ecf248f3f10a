//! `hallmonitor-cli`: a school's login log on the command line, for scripts, scheduled exports and machines without a
//! screen. Thin over core: a command asks the door once and writes the answer as a table or as JSON.

#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod day;
mod failure;
mod output;
mod progress;
mod secrets;
mod table;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use hallmonitor_core::legible;

use arguments::Arguments;
use failure::Failure;

fn main() -> ExitCode {
    hallmonitor_core::vault::keep_out_of_dumps();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            // Nobody is left to tell where this fails.
            let _ = told.print();
            return ExitCode::from(if told.use_stderr() { failure::WRONG_USAGE } else { 0 });
        }
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output wants no more of it.
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{}", legible::lines(&failure.message()));
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    runtime.block_on(commands::run(arguments))
}
