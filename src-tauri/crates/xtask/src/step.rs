//! Steps: each says what it does in one line, and how long it took. What a program prints is shown where it fails.

use std::{
    fs::File,
    io::{self, Write as _},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

/// Runs `what` as the step `name`.
pub(crate) fn step<T>(name: &str, what: impl FnOnce() -> Result<T>) -> Result<T> {
    let since = Instant::now();
    print!("… {name}");
    let _ = io::stdout().flush();
    let done = what();
    let mark = if done.is_ok() { "✓" } else { "✗" };
    println!("\r{mark} {name}  {}", seconds(since.elapsed()));
    done
}

/// Runs a program as the step `name`, silent unless it fails.
pub(crate) fn quiet(name: &str, command: &mut Command) -> Result<()> {
    step(name, || {
        let path = std::env::temp_dir().join(format!("xtask-{}.log", std::process::id()));
        let log = File::create(&path).with_context(|| format!("{} can't be written", path.display()))?;
        let ended = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).status();
        let said = std::fs::read(&path).unwrap_or_default();
        let _ = std::fs::remove_file(&path);
        let ended = ended.with_context(|| format!("{} can't be started", told(command)))?;
        if !ended.success() {
            println!();
            let _ = io::stdout().write_all(&said);
            bail!("{} failed ({ended})", told(command));
        }
        Ok(())
    })
}

/// Runs a program as the step `name`, with all that it prints.
pub(crate) fn loud(name: &str, command: &mut Command) -> Result<()> {
    println!("… {name}");
    let since = Instant::now();
    let ended = command.stdin(Stdio::null()).status().with_context(|| format!("{} can't be started", told(command)))?;
    let mark = if ended.success() { "✓" } else { "✗" };
    println!("{mark} {name}  {}", seconds(since.elapsed()));
    if !ended.success() {
        bail!("{} failed ({ended})", told(command));
    }
    Ok(())
}

/// A command with its words, for messages.
pub(crate) fn told(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// `program` with these words.
pub(crate) fn command(program: &str, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words);
    command
}

/// What a program prints, where it can be started and does not fail.
pub(crate) fn asked(program: &str, words: &[&str]) -> Option<String> {
    let output = command(program, words).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn seconds(time: Duration) -> String {
    format!("({:.1} s)", time.as_secs_f64())
}
