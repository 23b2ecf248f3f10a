//! The Debian package, as a person gets it: installed into this very system, opened, and removed.

#![cfg(debian)]

use std::{
    collections::BTreeSet,
    env,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};

use hallmonitor_tests::{DEADLINE, Desktop, program};

const NAME: &str = "hallmonitor";

#[tokio::test]
async fn an_installed_package_opens_its_window_and_leaves_nothing_behind() {
    let before = ours();
    assert!(
        before.is_empty() && !known(),
        "Hallmonitor is installed on this computer ({before:?}). This test would put its own package in the place of \
         that one and remove it afterwards, so it does nothing: remove Hallmonitor, or run the tests elsewhere."
    );
    let installed = Installed::from(&package());

    let said = run(Command::new("/usr/bin/hallmonitor-cli").arg("--version"));
    assert!(said.starts_with("hallmonitor-cli "), "{said}");
    for file in [
        "/usr/share/applications/Hallmonitor.desktop",
        "/usr/share/doc/hallmonitor/copyright",
        "/usr/share/doc/hallmonitor/THIRD-PARTY-NOTICES.txt",
        "/usr/share/icons/hicolor/128x128/apps/hallmonitor.png",
        "/usr/share/icons/hicolor/scalable/apps/hallmonitor.svg",
        "/usr/share/metainfo/app.hallmonitor.desktop.metainfo.xml",
    ] {
        assert!(Path::new(file).is_file(), "{file} is missing");
    }
    let entry = fs::read_to_string("/usr/share/applications/Hallmonitor.desktop").expect("it is there");
    for line in ["Exec=hallmonitor", "Icon=hallmonitor", "Categories=Education;", "Comment[uk]=", "Keywords[ru]="] {
        assert!(entry.lines().any(|known| known.starts_with(line)), "{line}\n{entry}");
    }

    let mut desktop = Desktop::start().await;
    let data = desktop.home().join("elsewhere");
    let words = ["--data-dir", data.to_str().expect("a plain path")];
    let window = desktop.app_at(Path::new("/usr/bin/hallmonitor"), &words).await;
    window.sees("first-start").await;
    window.picture("package").await;
    drop(window);
    drop(desktop);

    installed.removed();
    assert_eq!(ours(), BTreeSet::new(), "left behind");
    assert!(!known());
}

/// The package while it is installed; whatever happens, it is removed.
struct Installed;

impl Installed {
    fn from(package: &Path) -> Self {
        // From here on something may be there.
        let installed = Self;
        let words = [OsStr::new("--install"), package.as_os_str()];
        let Output { status, stderr, .. } = dpkg(&words).expect("dpkg is there");
        assert!(status.success(), "{words:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
        installed
    }

    fn removed(self) {
        drop(self);
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        // What is wrong with it, the files that are left will say.
        let _ = dpkg(&[OsStr::new("--purge"), OsStr::new(NAME)]);
    }
}

/// Everything of Hallmonitor's that is installed.
fn ours() -> BTreeSet<PathBuf> {
    fn search(folder: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_ours = entry.file_name().to_string_lossy().to_lowercase().contains(NAME);
            if is_ours {
                found.insert(entry.path());
            } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                search(&entry.path(), found);
            }
        }
    }
    let mut found = BTreeSet::new();
    for folder in ["/usr/bin", "/usr/lib", "/usr/share", "/etc/xdg"] {
        search(Path::new(folder), &mut found);
    }
    found
}

/// Whether the system's packages have one of this name, be it half installed.
fn known() -> bool {
    let asked = Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", NAME]).output();
    asked.is_ok_and(|told| !["", "not-installed"].contains(&String::from_utf8_lossy(&told.stdout).trim()))
}

/// The package that was made of the programs under test.
fn package() -> PathBuf {
    let built = program(NAME);
    // target/debug/hallmonitor
    let (target, profile) = (built.ancestors().nth(2), built.ancestors().nth(1).and_then(Path::file_name));
    let (target, profile) = (target.expect("under a target folder"), profile.expect("in a profile's folder"));
    let folder = target.join("package").join(profile).join("bundle/deb");
    let packages: Vec<PathBuf> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "deb"))
        .collect();
    assert_eq!(packages.len(), 1, "one package in {}: run `cargo xtask bundle --debug`", folder.display());
    packages[0].clone()
}

/// A command that may install: as it is for root, else with `sudo`, which must not ask.
fn as_root(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout == b"0\n" {
        return Command::new(program);
    }
    let mut command = Command::new("sudo");
    command.args(["--non-interactive", program]);
    command
}

/// Changes what is installed, as soon as nobody else does: a system updates itself whenever it likes.
fn dpkg(words: &[&OsStr]) -> io::Result<Output> {
    let began = Instant::now();
    loop {
        let mut command = as_root("dpkg");
        // Its folders are not on everybody's path.
        command.env("PATH", format!("{}:/usr/local/sbin:/usr/sbin:/sbin", env::var("PATH").unwrap_or_default()));
        let ran = command.env("LC_ALL", "C").args(words).output()?;
        let locked = String::from_utf8_lossy(&ran.stderr).contains("locked by another process");
        if !locked || began.elapsed() > DEADLINE {
            return Ok(ran);
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// Runs to the end; gives what was said.
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}
