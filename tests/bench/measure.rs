//! What the system says of a process: processor seconds, memory, bytes written.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};

/// Ticks of a processor second: `USER_HZ`, 100 on every Linux (`man 5 proc`).
const TICKS: f64 = 100.0;

/// Processor seconds of this process so far, its own and the kernel's for it.
pub(crate) fn cpu_seconds() -> Result<f64> {
    cpu_seconds_of(std::process::id())
}

/// Processor seconds of a process so far, its own and the kernel's for it.
pub(crate) fn cpu_seconds_of(id: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name in parentheses may hold blanks; fields are counted from behind it.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| -> Result<f64> { Ok(fields.get(at).context("/proc/PID/stat is short")?.parse()?) };
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// How often any thread of a process has waited and was woken.
pub(crate) fn wake_ups(id: u32) -> Result<f64> {
    let mut all = 0.0;
    for thread in fs::read_dir(format!("/proc/{id}/task"))?.flatten() {
        // One that has ended since is left out.
        let Ok(status) = fs::read_to_string(thread.path().join("status")) else { continue };
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        all += line.context("no voluntary_ctxt_switches")?.trim().parse::<f64>()?;
    }
    Ok(all)
}

/// The most memory that this process ever held, MiB.
pub(crate) fn peak_mib() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}

/// Bytes that this process has handed to the disk.
pub(crate) fn bytes_written() -> Result<f64> {
    let io = fs::read_to_string("/proc/self/io")?;
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes:")).context("no write_bytes")?;
    Ok(line.trim().parse()?)
}

/// Median and 99th percentile, milliseconds.
pub(crate) fn median_and_p99(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |part: f64| {
        let place = ((times.len().saturating_sub(1)) as f64 * part).round() as usize;
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    (at(0.5), at(0.99))
}

/// Processor time of this process, fine enough for a single question.
pub(crate) fn cpu_time() -> cpu_time::ProcessTime {
    cpu_time::ProcessTime::now()
}

/// The middle one; 0 of none.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// Name and memory (proportional set size, MiB: what is shared counts for each sharer in part) of a process and of all
/// that descend from it.
pub(crate) fn pss(root: u32) -> Result<Vec<(String, f64)>> {
    // Id, parent, name: `man 5 proc`, /proc/PID/stat.
    let mut all: Vec<(u32, u32, String)> = Vec::new();
    for process in fs::read_dir("/proc")?.flatten() {
        // Those that have ended since are left out.
        let Ok(stat) = fs::read_to_string(process.path().join("stat")) else { continue };
        let (Some(open), Some(close)) = (stat.find('('), stat.rfind(')')) else { continue };
        let parent = stat[close + 1..].split_whitespace().nth(1).and_then(|parent| parent.parse().ok());
        if let (Ok(id), Some(parent)) = (stat[..open].trim().parse(), parent) {
            all.push((id, parent, stat[open + 1..close].to_owned()));
        }
    }
    let mut family = vec![root];
    let mut found = Vec::new();
    while let Some(id) = family.pop() {
        family.extend(all.iter().filter(|(_, parent, _)| *parent == id).map(|(id, ..)| *id));
        let name = all.iter().find(|(known, ..)| *known == id).map(|(.., name)| name.clone());
        let Ok(rollup) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else { continue };
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
        found.push((name.unwrap_or_default(), line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0));
    }
    Ok(found)
}
