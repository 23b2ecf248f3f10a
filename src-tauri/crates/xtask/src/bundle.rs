//! Packages for people: whatever this system can build of .deb, AppImage, .dmg, .msi and .exe.
//!
//! The programs are packed from a folder of their own under `target`: the bundler writes into the program what kind of
//! package it is in, and the one that was built is what tests start.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    json::quoted,
    notices, setup,
    step::{loud_step, skipped, step, step_with},
    tree::{built, cargo, target, top, ui},
};

/// In the order of their worth: the first has to come about, the others may want tools that are not to be had.
const KINDS: &[&str] = if cfg!(target_os = "linux") {
    &["deb", "appimage"]
} else if cfg!(target_os = "macos") {
    &["app", "dmg"]
} else {
    &["nsis", "msi"]
};

const APP: &str = "hallmonitor";
const COMMAND_LINE: &str = "hallmonitor-cli";
/// What is inside of others, and under which licences.
const NOTICES: &str = "THIRD-PARTY-NOTICES.txt";

/// `bundle`, with its words.
///
/// # Errors
/// Where something does not build, or a word means nothing.
pub(crate) fn bundle(words: &[String]) -> Result<()> {
    let (release, every) = wanted(words)?;
    setup::for_building()?;
    let mut build = cargo(["build", "--package", APP, "--package", COMMAND_LINE, "--locked"]);
    if release {
        build.arg("--release");
    }
    loud_step("the programs (the first time takes some minutes)", &mut build)?;
    let kinds = if release { KINDS } else { &KINDS[..1] };
    for package in packages(release, kinds, every)? {
        println!("  {}", package.display());
    }
    Ok(())
}

/// Whether the release is wanted, and whether every kind has to come about.
fn wanted(words: &[String]) -> Result<(bool, bool)> {
    let known = ["--debug", "--every-kind"];
    if let Some(word) = words.iter().find(|word| !known.contains(&word.as_str())) {
        bail!("bundle takes {}, not {word}", known.join(" and "));
    }
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    Ok((!has("--debug"), has("--every-kind")))
}

/// The packages of these kinds, made of the programs as they are built.
///
/// # Errors
/// Where the first kind does not come about, or, with `every`, any of them.
pub(crate) fn packages(release: bool, kinds: &[&str], every: bool) -> Result<Vec<PathBuf>> {
    let stage = Stage::fill(release)?;
    for (nth, kind) in kinds.iter().enumerate() {
        let done = step(&format!("package: {kind}"), &mut stage.bundler(kind)?);
        if nth == 0 || every {
            done?;
        } else if let Err(error) = done {
            // It fetches the tools of some kinds from their projects' own sites.
            skipped(&format!("package: {kind}"), &format!("not made here ({error})"));
        }
    }
    stage.packages(kinds)
}

/// A target folder with nothing but the two programs.
struct Stage {
    target: PathBuf,
    release: bool,
}

impl Stage {
    fn fill(release: bool) -> Result<Self> {
        let stage = Self { target: target().join("package"), release };
        let folder = stage.folder();
        // What an earlier version left would be found among the new packages.
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        for name in [APP, COMMAND_LINE] {
            let file = format!("{name}{}", env::consts::EXE_SUFFIX);
            let (from, to) = (built(&file, release), folder.join(&file));
            fs::copy(&from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
            if cfg!(target_os = "linux") {
                step(&format!("{name} without what debuggers need"), Command::new("strip").arg(&to))?;
            }
        }
        step_with("notices of what is inside", || notices::write(&stage.notices(), &[APP, COMMAND_LINE]))?;
        Ok(stage)
    }

    fn folder(&self) -> PathBuf {
        self.target.join(if self.release { "release" } else { "debug" })
    }

    fn notices(&self) -> PathBuf {
        self.target.join(NOTICES)
    }

    /// The command that makes a package of one kind.
    fn bundler(&self, kind: &str) -> Result<Command> {
        let mut node = Command::new("node");
        node.arg(ui().join("node_modules/@tauri-apps/cli/tauri.js")).arg("bundle").current_dir(top());
        node.args(["--bundles", kind, "--ci"]).env("CARGO_TARGET_DIR", &self.target);
        if !self.release {
            node.arg("--debug");
        }
        if kind == "deb" {
            node.args(["--config", &self.for_debian()?]);
        } else {
            let notices = quoted(&self.notices().display().to_string());
            node.args(["--config", &format!(r#"{{"bundle":{{"resources":{{{notices}:"{NOTICES}"}}}}}}"#)]);
        }
        if let Some(updates) = updates() {
            node.args(["--config", &updates]);
        }
        Ok(node)
    }

    /// What the .deb needs and what it has beside the app: the bundler knows neither.
    fn for_debian(&self) -> Result<String> {
        let programs = [APP, COMMAND_LINE].map(|name| self.folder().join(name));
        let depends = step_with("libraries that the programs need", || libraries(&self.target, &programs))?;
        let depends: Vec<String> = depends.iter().map(|name| quoted(name)).collect();
        let [command_line, notices] = [&programs[1], &self.notices()].map(|path| quoted(&path.display().to_string()));
        let files =
            format!(r#"{{"/usr/bin/{COMMAND_LINE}":{command_line},"/usr/share/doc/{APP}/{NOTICES}":{notices}}}"#);
        Ok(format!(r#"{{"bundle":{{"linux":{{"deb":{{"depends":[{}],"files":{files}}}}}}}}}"#, depends.join(",")))
    }

    fn packages(&self, kinds: &[&str]) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for kind in kinds {
            // `.app` goes into the `macos` folder.
            let folder = self.folder().join("bundle").join(if *kind == "app" { "macos" } else { kind });
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry?.path();
                if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
                    found.push(path);
                }
            }
        }
        found.sort();
        match found.is_empty() {
            true => bail!("the bundler left no package in {}", self.folder().display()),
            false => Ok(found),
        }
    }
}

/// Packages, and the signatures that updates are checked by.
const ENDINGS: [&str; 8] = ["deb", "AppImage", "app", "dmg", "msi", "exe", "gz", "sig"];

/// Signed updates are made where the key for them is in the environment (`TAURI_SIGNING_PRIVATE_KEY`) and the program
/// was built with its other half.
fn updates() -> Option<String> {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    set("TAURI_SIGNING_PRIVATE_KEY")?;
    let key = set("HALLMONITOR_UPDATE_KEY")?;
    let config = r#"{"bundle":{"createUpdaterArtifacts":true},"plugins":{"updater":{"pubkey":KEY}}}"#;
    Some(config.replace("KEY", &quoted(&key)))
}

/// The Debian packages with the libraries that the programs are linked with, in the versions that they need at least.
fn libraries(folder: &Path, programs: &[PathBuf]) -> Result<Vec<String>> {
    // It reads the packages' names from where Debian's tools have them.
    fs::create_dir_all(folder.join("debian"))?;
    fs::write(folder.join("debian/control"), "Source: hallmonitor\n\nPackage: hallmonitor\nArchitecture: any\n")?;
    let mut asked = Command::new("dpkg-shlibdeps");
    asked.arg("-O").current_dir(folder).stdin(Stdio::null());
    for program in programs {
        asked.arg("-e").arg(program);
    }
    let told = asked.output().context("dpkg-shlibdeps does not start; it is in the package dpkg-dev")?;
    if !told.status.success() {
        bail!("dpkg-shlibdeps: {}", String::from_utf8_lossy(&told.stderr).trim());
    }
    Ok(needed(&String::from_utf8_lossy(&told.stdout)))
}

/// What `dpkg-shlibdeps` says, one package a text.
fn needed(said: &str) -> Vec<String> {
    let list = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends=")).unwrap_or_default();
    list.split(", ").filter(|package| !package.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_read_from_its_words() {
        let read = |words: &[&str]| wanted(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&[]).expect("words"), (true, false));
        assert_eq!(read(&["--debug"]).expect("words"), (false, false));
        assert_eq!(read(&["--every-kind"]).expect("words"), (true, true));
        let refused = read(&["--every-kind", "--rpm"]).expect_err("no such kind").to_string();
        assert!(refused.contains("--rpm"), "{refused}");
    }

    #[test]
    fn what_a_program_needs_is_read() {
        for (said, packages) in [
            (
                "shlibs:Depends=libc6 (>= 2.34), libgtk-3-0 (>= 3.21.5)\n",
                &["libc6 (>= 2.34)", "libgtk-3-0 (>= 3.21.5)"][..],
            ),
            ("shlibs:Recommends=a\nshlibs:Depends=b\n", &["b"]),
            ("shlibs:Depends=\n", &[]),
            ("", &[]),
        ] {
            assert_eq!(needed(said), packages, "{said}");
        }
    }
}
