//! One line a step: what is being done, and how long it took. What the step itself prints is shown where it failed.

use std::{
    io::{IsTerminal as _, Write},
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
    let mut printed = Vec::new();
    let done = step_with(what, || {
        let output = command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        if output.status.success() {
            return Ok(());
        }
        printed = [output.stdout, output.stderr].concat();
        bail!("failed: {what} ({})", output.status)
    });
    let mut screen = std::io::stdout();
    screen.write_all(&printed)?;
    screen.flush()?;
    done
}

/// Does something within a line of its own, which is ended however that ends.
///
/// # Errors
/// What it did.
pub(crate) fn step_with<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    line(&mut std::io::stdout(), what, act)
}

fn line<T>(screen: &mut impl Write, what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    // A screen that is gone stops no step.
    let _ = write!(screen, "  {what} ... ");
    // Shown while it lasts; a terminal would wait for the line's end.
    let _ = screen.flush();
    let began = Instant::now();
    let done = act();
    let _ = match &done {
        Ok(_) => writeln!(screen, "{}", took(began.elapsed())),
        Err(_) => writeln!(screen, "failed"),
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_ended_before_anything_else_is_said() {
        let mut screen = Vec::new();
        line(&mut screen, "one", || Ok(())).expect("done");
        line(&mut screen, "two", || -> Result<()> { bail!("no") }).expect_err("failed");
        let screen = String::from_utf8_lossy(&screen);
        // How long it took is up to the machine.
        let took = screen.strip_prefix("  one ... ").and_then(|rest| rest.strip_suffix("\n  two ... failed\n"));
        assert!(took.is_some_and(|took| took.ends_with(" s") && took.lines().count() == 1), "{screen}");
    }
}
