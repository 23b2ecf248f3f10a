//! What is in memory stays out of files.

/// Lets no core dump be written of this process and those that it starts: keys, tokens and decrypted pages would lie in it,
/// in plain, in a folder of the system's. A system that hands dumps to a program (`systemd-coredump`, `apport`) does not
/// heed the limit (`man 5 core`), but for one: with a limit of a single byte, too little for any file, Linux hands out
/// nothing either (`fs/coredump.c`). Windows writes none unless it is set up to.
pub fn keep_out_of_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};

        // Less is always allowed; where it is not, the program is of more use than not.
        if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(1), maximum: Some(1) }) {
            tracing::warn!("core dumps may be written: {error}");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn no_core_dump_is_written() {
        super::keep_out_of_dumps();
        let limits = std::fs::read_to_string("/proc/self/limits").expect("our own");
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).expect("it has one");
        assert_eq!(line.split_whitespace().filter(|word| *word == "1").count(), 2, "{line}");
    }
}
