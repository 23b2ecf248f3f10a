//! One line a step: what is being done, and how long it took. What the step itself prints is shown where it failed.

use std::{
    io::{IsTerminal as _, Write as _},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::clock::took;

/// Runs a command quietly.
///
/// # Errors
/// Where it does not start or fails; what it printed has been shown then.
pub(crate) fn step(what: &str, command: &mut Command) -> Result<()> {
    step_with(what, || {
        let output = command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        if output.status.success() {
            return Ok(());
        }
        end_line("failed");
        let mut screen = std::io::stdout();
        screen.write_all(&output.stdout)?;
        screen.write_all(&output.stderr)?;
        screen.flush()?;
        bail!("failed: {what} ({})", output.status)
    })
}

/// Does something within a line of its own.
///
/// # Errors
/// What it did.
pub(crate) fn step_with<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("  {what} ... ");
    // Shown while it lasts; a terminal would wait for the line's end.
    let _ = std::io::stdout().flush();
    let began = Instant::now();
    let done = act();
    if done.is_ok() {
        println!("{}", took(began.elapsed()));
    }
    done
}

/// Runs a command whose own output is what the person wants to see.
///
/// # Errors
/// Where it does not start or fails.
pub(crate) fn loud_step(what: &str, command: &mut Command) -> Result<()> {
    println!("  {what}:");
    let began = Instant::now();
    if !std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_PROGRESS_WHEN", "never");
    }
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("{} does not start", command.get_program().display()))?;
    if !status.success() {
        bail!("failed: {what} ({status})");
    }
    println!("  {what} ... {}", took(began.elapsed()));
    Ok(())
}

/// Says that a step has nothing to do.
pub(crate) fn skipped(what: &str, why: &str) {
    println!("  {what} ... {why}");
}

fn end_line(word: &str) {
    println!("{word}");
}
