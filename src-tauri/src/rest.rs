//! What WebKitGTK leaves behind when its last webview is gone: a process for the network, which stays for as long as the
//! program runs and takes a fifth of its memory. The next window starts another one.

use std::{fs, process};

use rustix::process::{Pid, Signal, kill_process};

/// The name of that process, as the kernel cuts it (`man 5 proc`, comm).
const NAME: &str = "WebKitNetworkPr";

/// Ends it. To be called only while no window is open or being made.
pub(crate) fn end_network_process() {
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(stat) = fs::read_to_string(process.path().join("stat")) else { continue };
        let Some(pid) = child_of(&stat, process::id()).and_then(Pid::from_raw) else { continue };
        if let Err(error) = kill_process(pid, Signal::TERM) {
            tracing::info!("the network process stays: {error}");
        }
    }
}

/// The id of a network process that is a child of this program, by its line in `/proc`.
fn child_of(stat: &str, parent: u32) -> Option<i32> {
    let (pid, rest) = stat.split_once(" (")?;
    // A name may hold anything, so it ends with the last parenthesis.
    let (name, rest) = rest.rsplit_once(") ")?;
    let of: u32 = rest.split(' ').nth(1)?.parse().ok()?;
    (name == NAME && of == parent).then(|| pid.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_network_process_of_this_very_program_is_ended() {
        for (stat, child) in [
            ("71 (WebKitNetworkPr) S 7 7 7 0", Some(71)),
            ("71 (WebKitNetworkPr) S 8 7 7 0", None),
            ("71 (WebKitWebProces) S 7 7 7 0", None),
            ("71 (a) 7 (WebKitNetworkPr) S 9 7 7 0", None),
            ("71 (WebKitNetworkPr)", None),
            ("", None),
        ] {
            assert_eq!(child_of(stat, 7), child, "{stat}");
        }
    }
}
