//! A desktop of one's own: display, session bus, keyring, window manager, home folder.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

mod panel;
mod system;

use tempfile::TempDir;

use crate::{
    Window,
    processes::{Running, kill_all_in, pids_in, runs_in, tell_to_end},
    program,
    wait::{BETWEEN_LOOKS, DEADLINE, until},
};

pub use self::system::System;

/// Width, height and depth of the display.
const SCREEN: &str = "1440x900x24";

/// How long a key has to do something before it is pressed again.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the keyring is unlocked with.
const KEYRING_PASSWORD: &str = "of the keyring";

/// What the desktop calls the program's window.
const WINDOW: &str = "^Hallmonitor$";

/// What it calls the dialog that asks where to save a file.
const SAVE: &str = "^Save";

/// A session bus that starts nothing by itself: what is on it was put there by the test.
const BUS: &str = include_str!("bus.conf");

/// A running desktop. Dropped, everything on it is killed and its files are removed.
#[derive(Debug)]
pub struct Desktop {
    home: TempDir,
    display: String,
    bus: String,
    /// What programs find in their environment besides.
    set: Vec<(String, String)>,
    running: Vec<Running>,
    keyring: Option<Running>,
}

impl Desktop {
    /// Starts a desktop with an empty home folder and an unlocked, empty keyring.
    ///
    /// # Panics
    /// Where a part is not installed, or does not come up.
    pub async fn start() -> Self {
        let mut desktop = Self::start_without_keyring();
        desktop.with_keyring().await;
        desktop
    }

    async fn with_keyring(&mut self) {
        let mut keyring = self.command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--unlock", "--components=secrets"]);
        // The password ends with the line.
        self.keyring = Some(Running::start_and_write(&mut keyring, &format!("{KEYRING_PASSWORD}\n")));
        until("the keyring has a default collection", async || self.has_keyring().then_some(())).await;
    }

    async fn without_keyring(&mut self) {
        self.keyring = None;
        until("the keyring is gone", async || (!self.has_keyring()).then_some(())).await;
    }

    /// Locks the keyring, as after a login without a password.
    ///
    /// # Panics
    /// Where it does not come up.
    pub async fn locks_keyring(&mut self) {
        self.without_keyring().await;
        let mut keyring = self.command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--start", "--components=secrets"]);
        self.keyring = Some(Running::start(&mut keyring));
        until("the keyring is back", async || self.has_keyring().then_some(())).await;
    }

    /// Unlocks it.
    ///
    /// # Panics
    /// Where it does not come up.
    pub async fn unlocks_keyring(&mut self) {
        self.without_keyring().await;
        self.with_keyring().await;
    }

    /// Puts an empty keyring in the place of the one that there was.
    ///
    /// # Panics
    /// Where it does not come up.
    pub async fn gets_another_keyring(&mut self) {
        self.without_keyring().await;
        let _ = fs::remove_dir_all(self.home.path().join("data/keyrings"));
        self.with_keyring().await;
    }

    /// Starts a desktop on which nothing keeps secrets.
    ///
    /// # Panics
    /// Where a part is not installed, or does not come up.
    pub fn start_without_keyring() -> Self {
        let home = tempfile::Builder::new().prefix("hallmonitor-desktop-").tempdir().expect("a temporary folder");
        for folder in ["runtime", "config", "data", "cache", "state"] {
            let folder = home.path().join(folder);
            fs::create_dir(&folder).expect("a new folder");
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("our own folder");
        }
        let mut desktop = Self {
            home,
            display: String::new(),
            bus: String::new(),
            set: Vec::new(),
            running: Vec::new(),
            keyring: None,
        };

        let mut screen = desktop.command("Xvfb");
        screen.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let (screen, number) = Running::start_and_read(&mut screen);
        desktop.running.push(screen);
        desktop.display = format!(":{number}");

        let mut bus = desktop.command("dbus-daemon");
        let settings = desktop.home.path().join("bus.conf");
        fs::write(&settings, BUS).expect("a new file");
        bus.arg("--config-file").arg(settings).args(["--nofork", "--nopidfile", "--print-address=1"]);
        let (bus, address) = Running::start_and_read(&mut bus);
        desktop.running.push(bus);
        desktop.bus = address;

        let windows = Running::start(&mut desktop.command("openbox"));
        desktop.running.push(windows);
        // It would put a window that is there before it where it likes.
        let began = Instant::now();
        while !desktop.has_window_manager() {
            assert!(began.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: openbox manages windows");
            thread::sleep(BETWEEN_LOOKS);
        }
        desktop
    }

    /// Whether somebody has said how many desktops there are: none without a window manager.
    fn has_window_manager(&self) -> bool {
        let told = self.command("xdotool").arg("get_num_desktops").stderr(Stdio::null()).output();
        let told = told.expect("xdotool runs").stdout;
        str::from_utf8(&told).ok().and_then(|count| count.trim().parse::<u32>().ok()).is_some_and(|count| count > 0)
    }

    /// A command that runs on this desktop and sees nothing of the real one.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8")
            .env("HOME", self.home.path())
            .env("TMPDIR", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path().join("runtime"))
            .env("XDG_CONFIG_HOME", self.home.path().join("config"))
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_CACHE_HOME", self.home.path().join("cache"))
            .env("XDG_STATE_HOME", self.home.path().join("state"))
            // GTK would start an accessibility bus that nothing here listens to.
            .env("NO_AT_BRIDGE", "1")
            .env("GTK_A11Y", "none")
            .env("GSETTINGS_BACKEND", "memory");
        if !self.display.is_empty() {
            command.env("DISPLAY", &self.display);
        }
        command.envs(self.set.iter().cloned());
        if !self.bus.is_empty() {
            // Who speaks for the system here is the test.
            command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus).env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus);
        }
        command
    }

    /// Where the window and the command line keep everything on this desktop.
    pub fn data_dir(&self) -> PathBuf {
        self.home.path().join("data").join("hallmonitor")
    }

    /// The address of the session bus.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// Programs that are started from now on find no session bus; gives its address.
    pub fn loses_its_bus(&mut self) -> String {
        std::mem::replace(&mut self.bus, "unix:path=/nonexistent".to_owned())
    }

    /// Programs that are started from now on find the session bus there.
    pub fn finds_its_bus(&mut self, address: String) {
        self.bus = address;
    }

    /// Programs that are started from now on come in the desktop's dark theme.
    pub fn turns_dark(&mut self) {
        self.sets("GTK_THEME", "Adwaita:dark");
    }

    /// Programs that are started from now on find this in their environment.
    pub fn sets(&mut self, name: &str, value: &str) {
        self.set.push((name.to_owned(), value.to_owned()));
    }

    /// Programs that are started from now on are asked to keep still.
    ///
    /// # Panics
    /// Where the settings can't be written.
    pub fn wants_no_motion(&self) {
        let folder = self.home.path().join("config/gtk-3.0");
        fs::create_dir_all(&folder).expect("our own folder");
        fs::write(folder.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").expect("our own file");
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Opens the real window, driven by `WebKitWebDriver`.
    ///
    /// # Panics
    /// Where it does not open.
    pub async fn app(&mut self, words: &[&str]) -> Window {
        self.app_at(&program("hallmonitor"), words).await
    }

    /// The same of a program that lies elsewhere.
    ///
    /// # Panics
    /// Where it does not open.
    pub async fn app_at(&mut self, app: &Path, words: &[&str]) -> Window {
        let (driver, window) = Window::driven(self.command("WebKitWebDriver"), app, words).await;
        self.running.push(driver);
        window
    }

    /// Closes the window, as a person would; the program goes on.
    ///
    /// # Panics
    /// Where there is none, or it does not close.
    pub async fn closes_window(&self) {
        let find = ["search", "--onlyvisible", "--name", WINDOW, "windowactivate", "--sync"];
        // A window that was made just now is not the window manager's yet.
        until("the window comes to the front", async || self.does(&find).then_some(())).await;
        let mut pressed: Option<Instant> = None;
        until("the window closes", async || {
            if self.is_gone(WINDOW) {
                return Some(());
            }
            // A busy window manager may not have heard the keys.
            if pressed.is_none_or(|at| at.elapsed() > PATIENCE) {
                pressed = Some(Instant::now());
                // Two calls: keys in the same one would go to the window, past the window manager.
                let _ = self.does(&find);
                self.presses(&["key", "alt+F4"]);
            }
            None
        })
        .await;
    }

    /// Puts the window away, as a person would who wants to see what lies behind it.
    ///
    /// # Panics
    /// Where it does not go.
    pub async fn minimizes_window(&self) {
        // A window that was made just now is not the window manager's yet.
        until("the window is put away", async || {
            self.does(&["search", "--onlyvisible", "--name", WINDOW, "windowminimize"]);
            self.is_gone(WINDOW).then_some(())
        })
        .await;
    }

    /// Whether the window stands before all others and has the keys.
    ///
    /// # Panics
    /// Where xdotool does not start.
    pub fn has_window_in_front(&self) -> bool {
        let told = self.command("xdotool").args(["getactivewindow", "getwindowname"]).output().expect("xdotool runs");
        told.status.success() && told.stdout.trim_ascii() == b"Hallmonitor"
    }

    /// Writes a path into the dialog that asks where to save a file, and agrees.
    ///
    /// # Panics
    /// Where no such dialog comes, or it does not go.
    pub async fn saves_as(&self, path: &Path) {
        self.in_save_dialog().await;
        self.presses(&["key", "--clearmodifiers", "ctrl+a"]);
        let path = path.display().to_string();
        self.presses(&["type", "--delay", "1", &path]);
        self.save_dialog_goes("Return").await;
    }

    /// Waits for the dialog that asks where to save a file.
    ///
    /// # Panics
    /// Where no such dialog comes.
    pub async fn asks_where_to_save(&self) {
        let find = ["search", "--onlyvisible", "--name", SAVE];
        until("a dialog asks where to save", async || self.does(&find).then_some(())).await;
    }

    /// Closes the dialog that asks where to save a file.
    ///
    /// # Panics
    /// As [`Self::saves_as`].
    pub async fn saves_nothing(&self) {
        self.in_save_dialog().await;
        self.save_dialog_goes("Escape").await;
    }

    /// Chooses a file in the dialog of this title, by its path.
    ///
    /// # Panics
    /// Where no such dialog comes, or it does not go.
    pub async fn opens_file(&self, title: &str, path: &Path) {
        let find = ["search", "--onlyvisible", "--name", title, "windowactivate", "--sync"];
        until("a dialog asks which file", async || self.does(&find).then_some(())).await;
        // The dialog shows files until it is told that a path is meant.
        self.presses(&["key", "--clearmodifiers", "ctrl+l"]);
        self.presses(&["type", "--delay", "1", &path.display().to_string()]);
        // *Open*, by its letter; it is deaf while the dialog still reads a folder.
        until("the dialog is gone", async || {
            self.presses(&["key", "--clearmodifiers", "alt+o"]);
            self.is_gone(title).then_some(())
        })
        .await;
    }

    async fn in_save_dialog(&self) {
        let find = ["search", "--onlyvisible", "--name", SAVE, "windowactivate", "--sync"];
        until("a dialog asks where to save", async || self.does(&find).then_some(())).await;
    }

    /// Presses a key that ends the dialog, and waits for that.
    async fn save_dialog_goes(&self, key: &str) {
        let mut pressed: Option<Instant> = None;
        until("the dialog is gone", async || {
            if self.is_gone(SAVE) {
                return Some(());
            }
            // It is deaf while it still reads a folder.
            if pressed.is_none_or(|at| at.elapsed() > PATIENCE) {
                pressed = Some(Instant::now());
                self.presses(&["key", key]);
            }
            None
        })
        .await;
    }

    /// Whether no window of this name is to be seen. Where one goes while it looks through them, xdotool complains, and
    /// has found out nothing.
    fn is_gone(&self, name: &str) -> bool {
        let looked = self.command("xdotool").args(["search", "--onlyvisible", "--name", name]).output();
        let looked = looked.expect("xdotool runs");
        !looked.status.success() && looked.stderr.is_empty()
    }

    fn does(&self, words: &[&str]) -> bool {
        let status = self.command("xdotool").args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.expect("xdotool runs").success()
    }

    fn presses(&self, words: &[&str]) {
        assert!(self.does(words), "xdotool presses no keys");
    }

    /// Place and size of the window, without its frame: left, top, width, height; `None` where none is to be seen.
    ///
    /// # Panics
    /// Where xdotool does not start.
    pub fn window_rect(&self) -> Option<(i32, i32, i32, i32)> {
        let find = ["search", "--onlyvisible", "--name", WINDOW, "getwindowgeometry", "--shell"];
        let told = self.command("xdotool").args(find).stderr(Stdio::null()).output().expect("xdotool runs");
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let number = |name: &str| -> Option<i32> {
            told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?.parse().ok()
        };
        Some((number("X")?, number("Y")?, number("WIDTH")?, number("HEIGHT")?))
    }

    /// The number of the program's process.
    ///
    /// # Panics
    /// Where it does not run.
    pub fn pid(&self) -> u32 {
        pids_in(self.home.path(), &program("hallmonitor")).into_iter().next().expect("the program runs")
    }

    /// Writes a setting into the program's file, as it will find it at its next start.
    ///
    /// # Panics
    /// Where the file can't be read or written.
    pub fn sets_in_file(&self, name: &str, value: &serde_json::Value) {
        let file = self.data_dir().join("settings.json");
        let text = fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
        let mut settings: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        settings[name] = value.clone();
        fs::write(file, settings.to_string()).expect("our own file");
    }

    /// Whether the program runs.
    pub fn runs(&self) -> bool {
        runs_in(self.home.path(), &program("hallmonitor"))
    }

    /// Closes the window, as a person would, and ends the program, as the session does at its end.
    ///
    /// # Panics
    /// Where it does not end.
    pub async fn close(&self, window: Window) {
        drop(window);
        self.closes_window().await;
        self.ends().await;
    }

    /// Ends the program, as the session does at its end.
    ///
    /// # Panics
    /// Where it does not end.
    pub async fn ends(&self) {
        let app = program("hallmonitor");
        tell_to_end(self.home.path(), &app);
        until("the program has ended", async || (!runs_in(self.home.path(), &app)).then_some(())).await;
    }

    fn has_keyring(&self) -> bool {
        self.asks("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets")
            .contains("true")
            && self
                .asks(
                    "org.freedesktop.secrets",
                    "/org/freedesktop/secrets",
                    "org.freedesktop.Secret.Service.ReadAlias",
                    "string:default",
                )
                .contains("/collection/")
    }

    fn asks(&self, name: &str, object: &str, method: &str, argument: &str) -> String {
        let answer = self
            .command("dbus-send")
            .args(["--session", "--print-reply", &format!("--dest={name}"), object, method, argument])
            .stderr(Stdio::null())
            .output()
            .expect("dbus-send runs");
        String::from_utf8_lossy(&answer.stdout).into_owned()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        kill_all_in(self.home.path());
        self.running.clear();
    }
}
