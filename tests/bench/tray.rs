//! The program without its window, beside a bare Tauri window: memory once the window was closed, and what it does while
//! nothing happens.

use std::{
    fs,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    measure::{cpu_seconds_of, median, wake_ups},
    report::Report,
    school::{Bench, program},
    window::{Running, at_rest, painted},
};

/// How often each is started.
const TIMES: usize = 3;
/// So long nothing happens.
const IDLE: Duration = Duration::from_secs(600);
const PATIENCE: Duration = Duration::from_secs(60);

/// Closes windows, and then waits for ten minutes.
pub(crate) fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title(&format!("Without its window, {} sessions, beside a bare Tauri window", bench.sessions));
    let (mut bare, mut tray) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let (running, _) = painted(&mut program("examples/bare")?, "painted")?;
        bare.push(sum(&at_rest(running.id())?));
        drop(running);
        let running = unseen(bench)?;
        tray.push(sum(&at_rest(running.id())?));
    }
    let name = |what: &str| format!("{what}, {}", bench.name);
    report.figure(&name("bare window: PSS, median"), median(&bare), "MiB", None);
    report.figure(&name("app, window closed: PSS, median"), median(&tray), "MiB", None);
    let ratio = median(&tray) / median(&bare);
    report.figure(&name("PSS, app without window / bare window"), ratio, "x", Some(0.4));

    let running = unseen(bench)?;
    at_rest(running.id())?;
    let (cpu, woken) = (cpu_seconds_of(running.id())?, wake_ups(running.id())?);
    thread::sleep(IDLE);
    let percent = (cpu_seconds_of(running.id())? - cpu) / IDLE.as_secs_f64() * 100.0;
    report.figure(&name("idle: processor, ten minutes"), percent, "%", Some(0.2));
    let per_minute = (wake_ups(running.id())? - woken) / (IDLE.as_secs_f64() / 60.0);
    report.figure(&name("idle: wake-ups of any thread, a minute"), per_minute, "", None);
    Ok(())
}

fn sum(processes: &[(String, f64)]) -> f64 {
    processes.iter().map(|(_, mib)| mib).sum()
}

/// The program, opened and its window closed.
fn unseen(bench: &Bench) -> Result<Running> {
    let mut command = program("hallmonitor")?;
    command.env("XDG_DATA_HOME", bench.data_home()).env("HALLMONITOR_LOG", "hallmonitor_shell=info");
    let (running, _) = painted(&mut command, "painted the first rows")?;
    let since = Instant::now();
    while has_page(running.id()) {
        if since.elapsed() > PATIENCE {
            bail!("the window does not close");
        }
        let find = ["search", "--onlyvisible", "--name", "^Hallmonitor$", "windowactivate", "--sync"];
        if Command::new("xdotool").args(find).status().context("xdotool is not installed")?.success() {
            // Two calls: keys in the same one would go to the window, past the window manager.
            Command::new("xdotool").args(["key", "alt+F4"]).status()?;
        }
        thread::sleep(Duration::from_millis(500));
    }
    Ok(running)
}

fn has_page(id: u32) -> bool {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok()).any(|stat| {
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse().ok());
        stat.contains("(WebKitWeb") && parent == Some(id)
    })
}
