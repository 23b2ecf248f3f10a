//! The window beside a bare Tauri window on the same display: how long until there is something to see, and how much
//! memory it takes then.

use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    measure::{median, pss},
    report::Report,
    school::{Bench, program},
};

/// How often each is started, in turns.
const TIMES: usize = 9;
/// The longest that a start, or coming to rest, may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Two looks so far apart that differ by less than a hundredth say that memory is at rest.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What one start took.
#[derive(Debug, Default)]
struct Started {
    painted_ms: Vec<f64>,
    all_mib: Vec<f64>,
    main_mib: Vec<f64>,
    network_mib: Vec<f64>,
    web_mib: Vec<f64>,
}

/// Starts both in turns.
pub(crate) fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title(&format!("The window with {} sessions, beside a bare Tauri window", bench.sessions));
    let (mut bare, mut app) = (Started::default(), Started::default());
    // The first start of each reads its files from the disk, which nobody measures here.
    for time in 0..=TIMES {
        let mut discarded = Started::default();
        let mut command = program("examples/bare")?;
        start(&mut command, "painted", if time == 0 { &mut discarded } else { &mut bare })?;
        let mut command = program("hallmonitor")?;
        command.env("XDG_DATA_HOME", bench.data_home()).env("HALLMONITOR_LOG", "hallmonitor_shell=info");
        start(&mut command, "painted the first rows", if time == 0 { &mut discarded } else { &mut app })?;
    }
    let name = |what: &str| format!("{what}, {}", bench.name);
    for (who, started) in [("bare window", &bare), ("app", &app)] {
        report.figure(&name(&format!("{who}: start to painted, median")), median(&started.painted_ms), "ms", None);
    }
    let ratio = median(&app.painted_ms) / median(&bare.painted_ms);
    report.figure(&name("start to first contact row / start to bare page"), ratio, "x", Some(1.5));
    for (who, started) in [("bare window", &bare), ("app", &app)] {
        for (process, figures) in [
            ("all processes", &started.all_mib),
            ("main process", &started.main_mib),
            ("network process", &started.network_mib),
            ("web process", &started.web_mib),
        ] {
            report.figure(&name(&format!("{who}: PSS, {process}, median")), median(figures), "MiB", None);
        }
    }
    let ratio = median(&app.all_mib) / median(&bare.all_mib);
    report.figure(&name("PSS, app / bare window"), ratio, "x", Some(1.3));
    Ok(())
}

/// Starts a program, waits until it says that it has painted and then until its memory is at rest, and ends it.
fn start(command: &mut Command, word: &str, started: &mut Started) -> Result<()> {
    let (running, painted_ms) = painted(command, word)?;
    let at_rest = at_rest(running.id())?;
    let of = |wanted: fn(&str) -> bool| at_rest.iter().filter(|(name, _)| wanted(name)).map(|(_, mib)| mib).sum();
    started.painted_ms.push(painted_ms);
    started.all_mib.push(of(|_| true));
    started.network_mib.push(of(|name| name.starts_with("WebKitNetwork")));
    started.web_mib.push(of(|name| name.starts_with("WebKitWeb")));
    started.main_mib.push(of(|name| !name.starts_with("WebKit")));
    Ok(())
}

/// Starts a program and waits until it says that it has painted; gives the milliseconds that took.
pub(crate) fn painted(command: &mut Command, word: &str) -> Result<(Running, f64)> {
    let since = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{:?} does not start", command.get_program()))?;
    let mut running = Running(child);
    let (said, lines) = mpsc::channel();
    listen(running.0.stdout.take().context("no output")?, said.clone());
    listen(running.0.stderr.take().context("no errors")?, said);
    let mut all = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE.saturating_sub(since.elapsed())) {
            Ok((at, line)) if line.contains(word) => {
                return Ok((running, at.duration_since(since).as_secs_f64() * 1000.0));
            }
            Ok((_, line)) => all.push(line),
            Err(_) => bail!("{:?} painted nothing\n{}", command.get_program(), all.join("\n")),
        }
    }
}

/// Sends every line with the moment at which it came.
fn listen(output: impl Read + Send + 'static, said: mpsc::Sender<(Instant, String)>) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Whoever waited has heard enough.
            let _ = said.send((Instant::now(), line));
        }
    });
}

/// The memory of a program and all that it has started, by process name, once it no longer changes.
pub(crate) fn at_rest(id: u32) -> Result<Vec<(String, f64)>> {
    let since = Instant::now();
    let mut before = pss(id)?;
    while since.elapsed() < PATIENCE {
        thread::sleep(BETWEEN_LOOKS);
        let now = pss(id)?;
        let sum = |all: &[(String, f64)]| all.iter().map(|(_, mib)| mib).sum::<f64>();
        if (sum(&now) - sum(&before)).abs() < sum(&now) / 100.0 {
            return Ok(now);
        }
        before = now;
    }
    bail!("the memory of process {id} does not come to rest")
}

/// A started program. Dropped, it is asked to end, and killed where it does not.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        let since = Instant::now();
        while asked.as_ref().is_ok_and(std::process::ExitStatus::success)
            && since.elapsed() < Duration::from_secs(5)
            && matches!(self.0.try_wait(), Ok(None))
        {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
