//! Opens the window, on the person's display or on one made for a picture.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    display::{Display, Size},
    setup,
    step::{loud_step, step_with},
    tree::{built, cargo, top},
};

const APP: &str = "hallmonitor";
const COMMAND_LINE: &str = "hallmonitor-cli";

/// A first picture needs a school, a first sync and a painted list, perhaps on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// So many pictures are taken at most until one will do.
const PICTURES: usize = 20;

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    empty: bool,
    release: bool,
    screenshot: Option<PathBuf>,
    dark: bool,
    size: Size,
}

impl Wanted {
    /// # Errors
    /// Where a word means nothing.
    pub(crate) fn read(words: Vec<String>) -> Result<Self> {
        let mut wanted = Self { empty: false, release: false, screenshot: None, dark: false, size: Size::USUAL };
        let mut of_the_picture = None;
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value"));
            match word.as_str() {
                "--empty" => wanted.empty = true,
                "--release" => wanted.release = true,
                "--screenshot" => wanted.screenshot = Some(value()?.into()),
                "--theme" => {
                    wanted.dark = match value()?.as_str() {
                        "light" => false,
                        "dark" => true,
                        other => bail!("--theme is light or dark, not {other}"),
                    };
                    of_the_picture = Some(word);
                }
                "--size" => {
                    wanted.size = Size::read(&value()?)?;
                    of_the_picture = Some(word);
                }
                other => bail!("run does not know {other}"),
            }
        }
        match (&wanted.screenshot, of_the_picture) {
            (None, Some(word)) => bail!("{word} is for --screenshot"),
            (Some(_), _) if wanted.empty => bail!("--screenshot shows the contact list, which --empty has not"),
            _ => Ok(wanted),
        }
    }
}

/// # Errors
/// Where there is no display, something does not build, or the window does not open.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    if wanted.screenshot.is_none() && !has_display() {
        bail!("There is no display to open a window on; `cargo xtask run --screenshot FILE` writes a picture instead.");
    }
    match &wanted.screenshot {
        None => setup::for_building()?,
        Some(_) if cfg!(target_os = "linux") => setup::for_a_picture()?,
        Some(_) => bail!("--screenshot works on Linux; here, run without it"),
    }
    let mut words = vec!["build", "--package", APP, "--locked"];
    if wanted.empty {
        words.extend(["--package", COMMAND_LINE]);
    }
    if wanted.release {
        words.push("--release");
    }
    loud_step("the app (the first time takes some minutes)", &mut cargo(words))?;
    let program = |name| built(&format!("{name}{}", env::consts::EXE_SUFFIX), wanted.release);
    let app = program(APP);
    match &wanted.screenshot {
        Some(file) => take_picture(&app, file, wanted),
        None if wanted.empty => open_empty(&app, &program(COMMAND_LINE)),
        None => {
            println!(
                "  the window opens with the demo school; closed, it goes on in the tray where there is one, and Quit is in its menu"
            );
            ended(Command::new(&app).arg("--demo").current_dir(top()).status())
        }
    }
}

fn open_empty(app: &Path, command_line: &Path) -> Result<()> {
    let folder = env::temp_dir().join(format!("hallmonitor-empty-{}", std::process::id()));
    println!(
        "  the window opens with the first start; closed, it goes on in the tray where there is one, and Quit is in its menu"
    );
    println!("  what is connected there is forgotten, its key and token too, when the program ends by Quit");
    let status = Command::new(app).arg("--data-dir").arg(&folder).current_dir(top()).status();
    if folder.exists() {
        step_with("what was connected is forgotten", || forget(&folder, command_line))?;
    }
    ended(status)
}

/// Removes a data folder, and before it what its profiles have in the keyring.
///
/// # Errors
/// Where a profile can't be wiped; then the folder stays, for it names what is in the keyring.
fn forget(folder: &Path, command_line: &Path) -> Result<()> {
    for alone in one_by_one(folder)? {
        let told = Command::new(command_line)
            .args(["wipe", "--yes", "--data-dir"])
            .arg(&alone)
            .stdin(Stdio::null())
            .output()
            .context("hallmonitor-cli does not start")?;
        // It removes the data of a school also where the keyring keeps its secrets, and says so there.
        let said = String::from_utf8_lossy(&told.stderr);
        if !told.status.success() || !said.trim().is_empty() {
            bail!("{} is not forgotten: {}", alone.display(), said.trim());
        }
    }
    fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))
}

/// Gives each profile of a data folder a data folder of its own, in which it needs no name to be found.
fn one_by_one(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut alone = Vec::new();
    let Ok(profiles) = fs::read_dir(folder.join("profiles")) else { return Ok(alone) };
    for (nth, profile) in profiles.enumerate() {
        let profile = profile?;
        if !profile.path().join("profile.json").exists() {
            continue;
        }
        let own = folder.join(format!("alone-{nth}"));
        let moved = fs::create_dir_all(own.join("profiles"))
            .and_then(|()| fs::rename(profile.path(), own.join("profiles").join(profile.file_name())));
        moved.with_context(|| format!("{} cannot be moved", profile.path().display()))?;
        alone.push(own);
    }
    Ok(alone)
}

fn ended(status: std::io::Result<std::process::ExitStatus>) -> Result<()> {
    let status = status.context("the app does not start")?;
    if !status.success() {
        bail!("the app ended with {status}");
    }
    Ok(())
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .into_iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn take_picture(app: &Path, file: &Path, wanted: &Wanted) -> Result<()> {
    let file = std::path::absolute(file)?;
    let display = Display::start(wanted.size)?;
    let painted = display.home().join("painted");
    let mut command = display.command(app);
    command.arg("--demo").arg("--screenshot-ready").arg(&painted);
    if wanted.dark {
        command.env("GTK_THEME", "Adwaita:dark");
    }
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("the app does not start")?;
    let mut app = Running(child);
    let before = step_with("the demo school fills, and the contact list is painted", || app.until(&painted, &display))?;
    step_with(&format!("picture: {}", file.display()), || {
        let picture = settled(&display, &before)?;
        fs::write(&file, picture).with_context(|| format!("{} cannot be written", file.display()))
    })
}

/// The app while its picture is taken. Dropped, it is killed.
struct Running(Child);

impl Running {
    /// Waits until the file is there; returns what the screen showed shortly before.
    fn until(&mut self, painted: &Path, display: &Display) -> Result<Vec<u8>> {
        let began = Instant::now();
        let mut before = Vec::new();
        while !painted.exists() {
            if let Some(status) = self.0.try_wait()? {
                let mut said = String::new();
                if let Some(mut errors) = self.0.stderr.take() {
                    std::io::Read::read_to_string(&mut errors, &mut said)?;
                }
                bail!("the app ended with {status}\n{said}");
            }
            if began.elapsed() > PATIENCE {
                bail!("the contact list was not painted within {PATIENCE:?}");
            }
            before = picture(display)?;
            thread::sleep(BETWEEN_LOOKS);
        }
        Ok(before)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first: it removes the demo school's files.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        let began = Instant::now();
        while asked.as_ref().is_ok_and(std::process::ExitStatus::success)
            && began.elapsed() < Duration::from_secs(5)
            && matches!(self.0.try_wait(), Ok(None))
        {
            thread::sleep(BETWEEN_LOOKS);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the screen shows once it has changed since `before` and two looks see the same: the page says that it has
/// painted a moment before the screen has it.
fn settled(display: &Display, before: &[u8]) -> Result<Vec<u8>> {
    let mut last = Vec::new();
    for _ in 0..PICTURES {
        let taken = picture(display)?;
        if taken == last && taken != before {
            return Ok(last);
        }
        last = taken;
    }
    // It showed the same before already, or something goes on moving: the last look is as good as any.
    Ok(last)
}

fn picture(display: &Display) -> Result<Vec<u8>> {
    let taken = display
        .command("import")
        // Without dates, so that equal pictures are equal files.
        .args(["-window", "root", "-strip", "-define", "png:exclude-chunks=date,time", "png:-"])
        .output()
        .context("imagemagick's import does not start")?;
    if !taken.status.success() {
        std::io::stderr().write_all(&taken.stderr)?;
        bail!("imagemagick's import failed");
    }
    Ok(taken.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Wanted> {
        Wanted::read(words.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn words_are_read_or_refused() {
        let usual = Wanted { empty: false, release: false, screenshot: None, dark: false, size: Size::USUAL };
        assert_eq!(read("").expect("no words"), usual);
        assert_eq!(read("--empty").expect("a word"), Wanted { empty: true, ..usual });
        let picture = read("--screenshot a.png --theme dark --size 1024x640 --release").expect("all words");
        assert_eq!(
            picture,
            Wanted {
                empty: false,
                release: true,
                screenshot: Some("a.png".into()),
                dark: true,
                size: Size { width: 1024, height: 640 }
            }
        );
        for wrong in
            ["--screenshot", "--theme dark", "--size 1440x900", "--empty --screenshot a.png", "--fast", "a.png"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_profile_is_forgotten_in_a_folder_of_its_own() {
        let folder = env::temp_dir().join(format!("hallmonitor-forget-{}", std::process::id()));
        // What another process of that number has left when it was ended.
        let _ = fs::remove_dir_all(&folder);
        for profile in ["a", "b"] {
            let profile = folder.join("profiles").join(profile);
            fs::create_dir_all(&profile).and_then(|()| fs::write(profile.join("profile.json"), "{}")).expect("written");
        }
        fs::create_dir_all(folder.join("profiles/begun")).expect("made");
        let alone = one_by_one(&folder).expect("moved");
        assert_eq!(alone.len(), 2, "one that was only begun has no secrets: {alone:?}");
        for own in &alone {
            let profiles: Vec<_> = fs::read_dir(own.join("profiles")).expect("a data folder").collect();
            assert_eq!(profiles.len(), 1, "{}", own.display());
        }
        assert!(one_by_one(&folder.join("nothing")).expect("nothing is there").is_empty());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
