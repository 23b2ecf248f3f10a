//! System packages: on Debian and Ubuntu those that are missing are installed, elsewhere they are named.

use std::process::Command;

use anyhow::{Result, bail};

use crate::step::{asked, command, quiet};

/// What building the window takes.
pub(crate) const BUILD: &[&str] = &[
    "build-essential",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "perl",
    "pkg-config",
];

/// What a virtual display and pictures of it take, beside [`BUILD`].
pub(crate) const DISPLAY: &[&str] =
    &["dbus", "dbus-x11", "fonts-noto-core", "imagemagick", "openbox", "x11-utils", "xdotool", "xvfb"];

/// What the desktop tests take, beside [`BUILD`] and [`DISPLAY`].
pub(crate) const TEST: &[&str] = &["gnome-keyring", "libsecret-tools", "sqlite3", "webkit2gtk-driver"];

/// Installs those of the packages that are missing; says so before.
pub(crate) fn install(wanted: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        // macOS and Windows bring their webview along; the compiler was looked for before.
        return Ok(());
    }
    if asked("apt-get", &["--version"]).is_none() {
        return named(wanted);
    }
    let missing: Vec<&str> = wanted.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These packages are missing and are installed now: {}", missing.join(" "));
    quiet("apt-get update", &mut as_root(&["apt-get", "update", "-qq"])?)?;
    let words = [&["apt-get", "install", "-y", "-qq", "--no-install-recommends"], missing.as_slice()].concat();
    quiet("apt-get install", as_root(&words)?.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn installed(package: &str) -> bool {
    asked("dpkg-query", &["-W", "-f", "${Status}", package]).is_some_and(|status| status.ends_with(" installed"))
}

fn as_root(words: &[&str]) -> Result<Command> {
    if asked("id", &["-u"]).as_deref() == Some("0") {
        return Ok(command(words[0], &words[1..]));
    }
    if asked("sudo", &["--version"]).is_none() {
        bail!("installing needs root and there is no sudo: run as root: {}", words.join(" "));
    }
    Ok(command("sudo", words))
}

/// Where there is no apt, the libraries that can be looked for are looked for.
fn named(wanted: &[&str]) -> Result<()> {
    if wanted == BUILD && asked("pkg-config", &["--exists", "webkit2gtk-4.1", "librsvg-2.0"]).is_some() {
        return Ok(());
    }
    let tools = [("xvfb", "Xvfb"), ("dbus", "dbus-run-session"), ("webkit2gtk-driver", "WebKitWebDriver")];
    let there = |program: &str| asked("sh", &["-c", &format!("command -v {program}")]).is_some();
    if wanted != BUILD && tools.iter().all(|(package, program)| !wanted.contains(package) || there(program)) {
        return Ok(());
    }
    bail!("install these first (Debian's names; your system's may differ): {}", wanted.join(" "))
}
