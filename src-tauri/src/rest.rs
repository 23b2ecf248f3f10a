//! What a window leaves behind when it is gone, and nothing here needs.
//!
//! WebKitGTK leaves a process for the network, which stays for as long as the program runs and takes a fifth of its memory;
//! the next window starts another one. The heap keeps free pages between those that are in use. And code that only a
//! window runs stays mapped, most of it from the loading of libraries, where each was looked through once.

use std::{env, fs, ops::Range, process};

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

/// Gives the heap's free pages to the system, wherever they lie. Other C libraries than GNU's decide that by themselves.
pub(crate) fn give_back_heap() {
    #[cfg(target_env = "gnu")]
    #[expect(unsafe_code, reason = "the C library has no other way")]
    // SAFETY: it touches only what nobody holds, under the library's own lock.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Libraries that are linked with the program, so that they stay where they are until it ends.
const LINKED: [&str; 4] = ["libwebkit2gtk-", "libjavascriptcoregtk-", "libgtk-3.", "libflite"];

/// Lets go of code and constants, the program's own and those of the largest libraries. They stay among the files that the
/// system keeps while it has room, as pages that nobody uses; what is needed again is there again at the first touch.
pub(crate) fn let_go_of_code() {
    let Ok(program) = env::current_exe() else { return };
    let program = program.to_string_lossy().into_owned();
    let is_linked = |path: &str| {
        path == program
            || path.rsplit('/').next().is_some_and(|name| LINKED.iter().any(|known| name.starts_with(known)))
    };
    let mapped = fs::read_to_string("/proc/self/smaps").unwrap_or_default();
    for range in unchanged(&mapped, is_linked) {
        #[expect(unsafe_code, reason = "nobody else can tell the system")]
        // SAFETY: each range shows a file, may not be written to, and has no page that differs from the file, nor will it
        // have one: the loader has done its work, and these files stay mapped until the process ends. So whatever is
        // touched there again is what was there before.
        let told = unsafe { libc::madvise(range.start as *mut libc::c_void, range.len(), libc::MADV_DONTNEED) };
        if told != 0 {
            tracing::info!("code stays mapped: {}", std::io::Error::last_os_error());
        }
    }
}

/// The ranges, in the words of `/proc/self/smaps` (`man 5 proc_pid_smaps`), that are only read and are as in their files.
fn unchanged(mapped: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut last = None;
    for line in mapped.lines() {
        if let Some((range, access, path)) = mapping(line) {
            last = (access.starts_with('r') && access.ends_with('p') && !access.contains('w') && is_wanted(path))
                .then_some(range);
        } else if let Some(changed) = line.strip_prefix("Anonymous:") {
            found.extend(last.take().filter(|_| changed.trim() == "0 kB"));
        }
    }
    found
}

/// The first line of a mapping: its range, access and file.
fn mapping(line: &str) -> Option<(Range<usize>, &str, &str)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let range = usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?;
    let (access, rest) = rest.split_once(' ')?;
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    Some((range, access, path))
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

    #[cfg(target_env = "gnu")]
    #[test]
    fn what_is_free_below_something_that_is_held_goes_back() {
        // Small enough to come out of the heap.
        const PIECE: usize = 64 << 10;
        let before = held();
        let mut pieces: Vec<Vec<u8>> = (0..512).map(|_| vec![1; PIECE]).collect();
        let last = pieces.pop();
        drop(pieces);
        assert!(held() > before + (16 << 20), "freed memory stays below what is held");
        give_back_heap();
        assert!(held() < before + (8 << 20), "{} after {before}", held());
        assert_eq!(last.map(|piece| piece.len()), Some(PIECE));
    }

    /// Bytes of memory that are this process's alone (`man 5 proc_pid_statm`).
    #[cfg(target_env = "gnu")]
    fn held() -> usize {
        let statm = fs::read_to_string("/proc/self/statm").expect("statm");
        let pages = |at: usize| statm.split(' ').nth(at).and_then(|text| text.parse::<usize>().ok()).expect("pages");
        (pages(1) - pages(2)) * 4_096
    }

    #[test]
    fn only_what_is_as_in_its_file_is_let_go_of() {
        let of = |access: &str, path: &str, anonymous: &str| {
            format!(
                "7f00-7f90 {access} 00026000 fe:00 1203   {path}\nSize: 576 kB\nAnonymous: {anonymous}\nVmFlags: rd\n"
            )
        };
        let library = "/usr/lib/libgtk-3.so.0";
        for (mapped, found) in [
            (of("r-xp", library, "0 kB"), true),
            (of("r--p", library, "0 kB"), true),
            (of("r--p", library, "4 kB"), false),
            (of("rw-p", library, "0 kB"), false),
            (of("r--s", library, "0 kB"), false),
            (of("---p", library, "0 kB"), false),
            (of("r-xp", "/usr/lib/libother.so", "0 kB"), false),
            (of("r--p", "[vvar]", "0 kB"), false),
        ] {
            let expected = Vec::from_iter(found.then_some(0x7f00..0x7f90));
            assert_eq!(unchanged(&mapped, |path| path == library), expected, "{mapped}");
        }
        let both = of("rw-p", library, "0 kB") + &of("r-xp", library, "0 kB");
        assert_eq!(unchanged(&both, |path| path == library).len(), 1);
    }

    /// Constants of the program, more than it touches by chance.
    static CONSTANTS: [u8; 4 << 20] = [7; 4 << 20];

    #[test]
    fn what_was_let_go_of_is_there_at_the_next_touch() {
        let sum = || std::hint::black_box(&CONSTANTS).iter().map(|&byte| u64::from(byte)).sum::<u64>();
        assert_eq!(sum(), 7 << 22);
        let before = constants_in_memory();
        let_go_of_code();
        let after = constants_in_memory();
        assert!(after + (3 << 10) < before, "{after} of {before} KiB");
        assert_eq!(sum(), 7 << 22);
    }

    /// How much of the program's own constants is mapped, KiB.
    fn constants_in_memory() -> u64 {
        let program = env::current_exe().expect("a program").to_string_lossy().into_owned();
        let smaps = fs::read_to_string("/proc/self/smaps").expect("smaps");
        let (mut own, mut kib) = (false, 0);
        for line in smaps.lines() {
            if let Some((_, access, path)) = mapping(line) {
                own = path == program && access == "r--p";
            } else if let Some(resident) = line.strip_prefix("Rss:").filter(|_| own) {
                kib += resident.trim().trim_end_matches(" kB").parse::<u64>().expect("a number");
            }
        }
        kib
    }

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
