//! How evenly a list of a million rows scrolls in the real window: the time from one frame to the next, as the page's own
//! `requestAnimationFrame` tells it, beside a plain page of a bare Tauri window that is scrolled by as much.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, ensure};
use hallmonitor_tests::{Window, tell_to_end};
use serde_json::json;

use crate::{
    report::{Cell, Report},
    school::Bench,
};

/// Frames of each move: five seconds at 60 a second.
const FRAMES: usize = 300;
/// The longest that a frame may take, milliseconds.
const LONGEST_MS: f64 = 50.0;

/// Moves a scroller at each frame and gives the times between frames: by so many pixels, or by a share of its whole way.
const SCROLL: &str = r"
    const [frames, pixels, share, done] = arguments;
    const list = document.querySelector('[role=grid]') ?? document.scrollingElement;
    const whole = list.scrollHeight - list.clientHeight;
    const times = [];
    let last = 0, left = frames, way = 1;
    list.scrollTop = 0;
    const frame = (now) => {
      if (last > 0) times.push(now - last);
      last = now;
      if (left-- === 0) return done(times);
      const step = pixels + share * whole;
      if (list.scrollTop + way * step > whole || list.scrollTop + way * step < 0) way = -way;
      list.scrollTop += way * step;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
";

/// A page as long as what is scrolled there.
const PLAIN: &str = r"
    document.body.innerHTML = Array.from({ length: 2000 }, (_, at) => `<p>Row ${at}</p>`).join('');
";

/// How it is moved: pixels and share of the whole way a frame.
const MOVES: [(&str, u32, f64); 4] = [
    ("lies still", 0, 0.0),
    ("scrolled by a wheel, 100 pixels a frame", 100, 0.0),
    ("scrolled fast, 400 pixels a frame", 400, 0.0),
    ("dragged by its bar, a hundredth of the list a frame", 0, 0.01),
];

/// Scrolls both, in turns.
pub(crate) async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    report.title(&format!("Frames: the list of {} logins, beside a plain page of a bare Tauri window", bench.sessions));
    report.columns(&["median", "p99", "longest", "over 50", "median", "p99", "longest", "over 50"]);
    let (plain, list) = (program("examples/bare")?, program("hallmonitor")?);
    let mut driver = Command::new("WebKitWebDriver");
    driver.env("XDG_DATA_HOME", bench.data_home());
    let (_bare_driver, bare) = Window::driven(Command::new("WebKitWebDriver"), &plain, &[]).await;
    bare.driver().execute(PLAIN, Vec::new()).await?;
    let (_driver, app) = Window::driven(driver, &list, &[]).await;
    app.clicks("nav-logins").await;
    app.sees("login-row").await;
    for (name, pixels, share) in MOVES {
        let (app, bare) = (scrolled(&app, pixels, share).await?, scrolled(&bare, pixels, share).await?);
        report.row(
            &format!("list {name}"),
            &[
                Cell::of("app: median, ms", app.median),
                Cell::of("app: p99, ms", app.p99),
                Cell::of("app: longest, ms", app.longest).aim(Some(LONGEST_MS)),
                Cell::of("app: frames over 50 ms", app.late),
                Cell::of("bare: median, ms", bare.median),
                Cell::of("bare: p99, ms", bare.p99),
                Cell::of("bare: longest, ms", bare.longest),
                Cell::of("bare: frames over 50 ms", bare.late),
            ],
        );
    }
    let home = PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?);
    for program in [plain, list] {
        tell_to_end(&home, &program);
    }
    Ok(())
}

/// Times between frames, milliseconds.
struct Frames {
    median: f64,
    p99: f64,
    longest: f64,
    /// How many took longer than they may.
    late: f64,
}

async fn scrolled(window: &Window, pixels: u32, share: f64) -> Result<Frames> {
    let words = vec![json!(FRAMES), json!(pixels), json!(share)];
    let mut times: Vec<f64> = window.driver().execute_async(SCROLL, words).await?.convert()?;
    ensure!(times.len() == FRAMES, "{} frames were drawn", times.len());
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get((times.len() - 1) * share / 100).copied().unwrap_or_default();
    let late = times.iter().filter(|time| **time > LONGEST_MS).count();
    Ok(Frames { median: at(50), p99: at(99), longest: at(100), late: late as f64 })
}

fn program(name: &str) -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}
