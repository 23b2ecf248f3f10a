//! System packages: what is missing is installed on Debian and Ubuntu, and named elsewhere.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step::{loud_step, skipped, step};

/// What the app is built with and runs on.
pub(crate) const BUILD: &[&str] = &[
    "build-essential",
    "libdbus-1-dev",
    // For AppImages: the bundler packs it.
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    // OpenSSL, which the cache's encryption is compiled with, is configured by it.
    "perl",
    "pkg-config",
];

/// What shows a window where there is no screen, and takes a picture of it.
pub(crate) const PICTURE: &[&str] =
    &["dbus", "dbus-x11", "fonts-noto-core", "imagemagick", "openbox", "xdotool", "xvfb"];

/// What the desktop tests add to that.
pub(crate) const TESTS: &[&str] =
    &["dunst", "gnome-keyring", "poppler-utils", "sqlite3", "webkit2gtk-driver", "xfce4-panel"];

/// Installs what is missing of these lists.
///
/// # Errors
/// Where a package can't be installed, or this is another Linux: then the packages are named. Elsewhere nothing is
/// needed for building; a picture needs Linux.
pub(crate) fn install(lists: &[&[&'static str]]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let wanted: Vec<&str> = lists.concat();
    if !runs("dpkg-query") || !runs("apt-get") {
        return elsewhere(&wanted);
    }
    let known = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"])
        .args(&wanted)
        .stderr(Stdio::null())
        .output()?;
    let missing = missing(&wanted, &String::from_utf8_lossy(&known.stdout));
    if missing.is_empty() {
        skipped("system packages", "all here");
        return Ok(());
    }
    let root = is_root();
    println!("  missing system packages: {}", missing.join(" "));
    if !root && !runs("sudo") {
        bail!(
            "they can only be installed by root: run `apt-get install {}` as root, then this again",
            missing.join(" ")
        );
    }
    if !root {
        println!("  they are installed with sudo, which may ask for your password");
    }
    step("apt-get update", &mut apt(root, &["update", "-qq"]))?;
    let mut words = vec!["install", "--yes", "-qq"];
    words.extend(&missing);
    if root {
        step("apt-get install", &mut apt(root, &words))
    } else {
        loud_step("apt-get install", &mut apt(root, &words))
    }
}

/// Those of `wanted` that `dpkg-query` does not call installed.
fn missing<'a>(wanted: &[&'a str], known: &str) -> Vec<&'a str> {
    let installed: Vec<&str> = known.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    wanted.iter().copied().filter(|name| !installed.contains(name)).collect()
}

fn apt(root: bool, words: &[&str]) -> Command {
    let mut command = Command::new(if root { "apt-get" } else { "sudo" });
    if !root {
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    }
    command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// On another Linux: the libraries are asked of `pkg-config`, the programs looked for.
fn elsewhere(wanted: &[&str]) -> Result<()> {
    let libraries = ["webkit2gtk-4.1", "dbus-1", "librsvg-2.0"];
    let mut missing: Vec<&str> = libraries.into_iter().filter(|name| !library(name)).collect();
    if wanted.contains(&"xvfb") {
        missing.extend(
            ["Xvfb", "dbus-run-session", "openbox", "import", "xdotool"].into_iter().filter(|name| !there(name)),
        );
    }
    if wanted.contains(&"webkit2gtk-driver") {
        missing.extend(
            ["WebKitWebDriver", "dunst", "gnome-keyring-daemon", "sqlite3", "xfce4-panel"]
                .into_iter()
                .filter(|name| !there(name)),
        );
    }
    if missing.is_empty() {
        skipped("system packages", "all here");
        return Ok(());
    }
    bail!(
        "missing here: {}\nThis installs packages on Debian and Ubuntu only. Install what your system calls these, then \
         run it again:\n{}",
        missing.join(" "),
        wanted.join(" ")
    )
}

fn library(name: &str) -> bool {
    Command::new("pkg-config").args(["--exists", name]).status().is_ok_and(|status| status.success())
}

/// Whether this system's packages are Debian's: where its package manager keeps what is installed.
pub(crate) fn are_debians() -> bool {
    std::path::Path::new("/var/lib/dpkg/status").is_file()
}

/// Whether a program starts and knows its own version.
fn runs(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether there is such a program to start.
pub(crate) fn there(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_installed_is_missing() {
        let known = "xvfb installed\ndbus config-files\nopenbox installed\n";
        assert_eq!(missing(&["xvfb", "dbus", "openbox", "perl"], known), ["dbus", "perl"]);
    }
}
