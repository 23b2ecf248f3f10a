//! A sync that is killed.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use hallmonitor_tests::{Cli, Filled, school};

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_killed_at_any_moment_goes_on_where_it_was() {
    let school = school(Filled::With { contacts: 200, sessions: 20_000 }).await;
    let cli = Cli::connected(&school);
    let begun = Instant::now();
    // How long a whole sync takes here: the kills are spread over twice of it.
    let yardstick = Cli::connected(&school);
    let connected = begun.elapsed();
    let begun = Instant::now();
    yardstick.json(&["sync"]);
    let whole = begun.elapsed().max(connected);
    for part in 1..=12 {
        let mut sync = cli.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        tokio::time::sleep(whole.mul_f64(f64::from(part) / 8.0).max(Duration::from_millis(1))).await;
        sync.kill().expect("killed");
        sync.wait().expect("ended");
        assert_eq!(cli.run(&["status"]).code, 0, "after kill {part} the cache opens");
    }
    cli.json(&["sync"]);
    for list in ["contacts", "devices", "sessions", "restrictions"] {
        let words = [list, "--limit", "0"];
        assert_eq!(cli.json(&words), yardstick.json(&words), "{list}");
    }
}
