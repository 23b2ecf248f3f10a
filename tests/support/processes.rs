//! Child processes that end with the test, with all that they started themselves.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A running program, killed when dropped. It stays in the test's own process group, so that whoever ends the test
/// from outside ends it, too.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts a program that says nothing of interest.
    ///
    /// # Panics
    /// Where it is not installed.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::spawn(command.stdin(Stdio::null()).stdout(Stdio::null()))
    }

    /// Starts a program and reads the first line that it writes.
    ///
    /// # Panics
    /// Where it is not installed, or ends without a line.
    pub(crate) fn start_and_read(command: &mut Command) -> (Self, String) {
        let name = name(command);
        let mut running = Self::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()));
        let output = running.child.stdout.take().expect("piped above");
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("a child's output can be read");
        assert!(!line.trim().is_empty(), "{name} ended at once: is it installed, and can it run here?");
        (running, line.trim().to_owned())
    }

    /// Starts a program that reads something and says nothing of interest.
    ///
    /// # Panics
    /// Where it is not installed.
    pub(crate) fn start_and_write(command: &mut Command, text: &str) -> Self {
        let mut running = Self::spawn(command.stdin(Stdio::piped()).stdout(Stdio::null()));
        let mut input = running.child.stdin.take().expect("piped above");
        input.write_all(text.as_bytes()).expect("the child reads");
        running
    }

    /// Starts a program that says something worth keeping.
    ///
    /// # Panics
    /// Where it is not installed.
    pub(crate) fn start_into(command: &mut Command, output: fs::File) -> Self {
        Self::spawn(command.stdin(Stdio::null()).stdout(output))
    }

    /// Starts a program that complains into a file.
    ///
    /// # Panics
    /// Where it is not installed.
    pub(crate) fn start_with_log(command: &mut Command, log: fs::File) -> Self {
        let name = name(command);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{name} does not start: {error}")) }
    }

    fn spawn(command: &mut Command) -> Self {
        let name = name(command);
        let child = command
            .stderr(if std::env::var_os("HALLMONITOR_TEST_LOUD").is_some() { Stdio::inherit() } else { Stdio::null() })
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start ({error}): run `cargo xtask setup --tests`"));
        Self { child }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kills what still runs with this folder in its environment: what the programs have started themselves.
pub(crate) fn kill_all_in(folder: &Path) {
    for process in all_in(folder) {
        let _ = Command::new("kill").args(["-KILL", &process]).stderr(Stdio::null()).status();
    }
}

/// Whether a program runs with this folder in its environment.
pub(crate) fn runs_in(folder: &Path, program: &Path) -> bool {
    !pids_in(folder, program).is_empty()
}

/// The numbers of a program's processes that run with this folder in their environment.
pub(crate) fn pids_in(folder: &Path, program: &Path) -> Vec<u32> {
    let is_it =
        |process: &String| fs::read_link(Path::new("/proc").join(process).join("exe")).is_ok_and(|exe| exe == program);
    all_in(folder).iter().filter(|process| is_it(process)).filter_map(|process| process.parse().ok()).collect()
}

/// Whether a program of this name runs with this folder in its environment.
pub(crate) fn runs_named_in(folder: &Path, name: &str) -> bool {
    let is_it = |process: &String| {
        fs::read_link(Path::new("/proc").join(process).join("exe")).is_ok_and(|exe| exe.ends_with(name))
    };
    all_in(folder).iter().any(is_it)
}

/// Asks a program that runs with this folder in its environment to end.
pub fn tell_to_end(folder: &Path, program: &Path) {
    for process in all_in(folder) {
        if fs::read_link(Path::new("/proc").join(&process).join("exe")).is_ok_and(|exe| exe == program) {
            let _ = Command::new("kill").args(["-TERM", &process]).stderr(Stdio::null()).status();
        }
    }
}

/// The ids of all processes with this folder in their environment, but this one.
fn all_in(folder: &Path) -> Vec<String> {
    let mark = folder.as_os_str().as_encoded_bytes();
    let processes = fs::read_dir("/proc").expect("Linux lists its processes");
    processes
        .flatten()
        .filter_map(|process| {
            let id =
                process.file_name().into_string().ok().filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))?;
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            let inside = environment.windows(mark.len()).any(|part| part == mark);
            (inside && id != std::process::id().to_string()).then_some(id)
        })
        .collect()
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
