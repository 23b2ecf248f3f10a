//! What a person's desktop has beside windows: a panel with a tray, and a daemon that shows notifications.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use super::{Desktop, WINDOW};
use crate::{
    TestSchool,
    processes::{Running, runs_named_in},
    program,
    wait::until,
};

/// Where Debian and others put the panel's settings daemon, which is not on the path.
const SETTINGS_DAEMONS: [&str; 5] = [
    "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd",
    "/usr/lib/aarch64-linux-gnu/xfce4/xfconf/xfconfd",
    "/usr/lib/xfce4/xfconf/xfconfd",
    "/usr/lib64/xfce4/xfconf/xfconfd",
    "/usr/libexec/xfce4/xfconf/xfconfd",
];

const PANEL: &str = include_str!("panel.xml");
const DUNST: &str = include_str!("dunstrc");

impl Desktop {
    /// Starts a panel with a tray, and waits until programs can put icons there.
    ///
    /// # Panics
    /// Where it is not installed, or does not come up.
    pub async fn with_panel(&mut self, dark: bool) {
        let folder = self.home.path().join("config/xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&folder).expect("our own folder");
        let settings = PANEL.replace("DARK", if dark { "true" } else { "false" });
        fs::write(folder.join("xfce4-panel.xml"), settings).expect("our own file");
        let daemon = SETTINGS_DAEMONS.into_iter().find(|path| Path::new(path).is_file());
        let daemon = daemon.expect("xfconfd is installed: run `cargo xtask setup --tests`");
        self.running.push(Running::start(&mut self.command(daemon)));
        until("the panel's settings are there", async || self.has_name("org.xfce.Xfconf").then_some(())).await;
        self.running.push(Running::start(self.command("xfce4-panel").arg("--disable-wm-check")));
        until("the panel shows a tray", async || self.has_name("org.kde.StatusNotifierWatcher").then_some(())).await;
    }

    /// Starts a daemon that shows notifications.
    ///
    /// # Panics
    /// Where it is not installed, or does not come up.
    pub async fn with_notifications(&mut self) {
        let settings = self.home.path().join("dunstrc");
        fs::write(&settings, DUNST).expect("our own file");
        let mut daemon = self.command("dunst");
        daemon.arg("-config").arg(settings).arg("-print");
        let printed = fs::File::create(self.printed()).expect("our own file");
        self.running.push(Running::start_into(&mut daemon, printed));
        until("notifications are shown", async || self.has_name("org.freedesktop.Notifications").then_some(())).await;
    }

    fn printed(&self) -> PathBuf {
        self.home.path().join("notifications")
    }

    /// Every notification that was shown so far: title and text, oldest first.
    pub fn notifications(&self) -> Vec<(String, String)> {
        let printed = fs::read_to_string(self.printed()).unwrap_or_default();
        printed.split("\n}").filter_map(|block| Some((part(block, "summary")?, part(block, "body")?))).collect()
    }

    /// How many notifications stand on the screen.
    ///
    /// # Panics
    /// Where `dunstctl` is not installed.
    pub fn notifications_on_screen(&self) -> usize {
        let told = self.command("dunstctl").args(["count", "displayed"]).output().expect("dunstctl runs");
        String::from_utf8_lossy(&told.stdout).trim().parse().expect("a number")
    }

    /// Waits until so many notifications were shown in all, and gives them.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn has_shown(&self, count: usize) -> Vec<(String, String)> {
        until(&format!("{count} notifications were shown"), async || {
            let shown = self.notifications();
            (shown.len() >= count).then_some(shown)
        })
        .await
    }

    /// Does with the newest notification what a click does, or what its button of this name does.
    ///
    /// # Panics
    /// Where `dunstctl` is not installed.
    pub fn clicks_notification(&self, button: Option<&str>) {
        let mut command = self.command("dunstctl");
        match button {
            // The daemon asks a menu which button is meant; the menu is a file's content.
            Some(name) => {
                fs::write(self.home.path().join("button"), name).expect("our own file");
                command.arg("context")
            }
            None => command.args(["action", "0"]),
        };
        let done = command.stdout(Stdio::null()).status().expect("dunstctl runs");
        assert!(done.success(), "dunstctl: {done}");
    }

    /// Connects the school with the command line, the key in the keyring.
    ///
    /// # Panics
    /// Where it is refused.
    pub async fn connect(&self, school: &TestSchool) {
        self.cli(school, &["connect", "--server", &school.url(), "--cabinet", &school.cabinet]).await;
    }

    /// Runs the command line on this desktop.
    ///
    /// # Panics
    /// Where it fails.
    pub async fn cli(&self, school: &TestSchool, words: &[&str]) -> String {
        let mut command = self.command(program("hallmonitor-cli"));
        command.args(words).env("HALLMONITOR_TOKEN", &school.token);
        // The school answers in this very thread.
        let ran = tokio::process::Command::from(command).output().await.expect("the command line runs");
        assert!(ran.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }

    /// Starts the program as the session does; nobody drives its window.
    ///
    /// # Panics
    /// Where it is not built.
    pub fn starts(&mut self, words: &[&str]) {
        let mut command = self.command(program("hallmonitor"));
        command.args(words).env("HALLMONITOR_LOG", "hallmonitor_shell=info");
        let log = fs::OpenOptions::new().create(true).append(true).open(self.log()).expect("our own file");
        self.running.push(Running::start_with_log(&mut command, log));
    }

    /// Starts the program once more, and waits until that start has ended.
    ///
    /// # Panics
    /// Where it ends badly.
    pub async fn starts_again(&self, words: &[&str]) {
        let mut command = self.command(program("hallmonitor"));
        command.args(words);
        let ended = tokio::process::Command::from(command).output().await.expect("it starts");
        assert!(ended.status.success(), "{ended:?}");
    }

    fn log(&self) -> PathBuf {
        self.home.path().join("log")
    }

    /// Waits until the program that was started has said something in its log.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn logs(&self, part: &str) {
        self.logs_again(part, 0).await;
    }

    /// Waits until the programs that were started have said something in their log more often than so many times.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn logs_again(&self, part: &str, before: usize) {
        until(&format!("the log says “{part}” more than {before} times"), async || {
            (self.logged(part) > before).then_some(())
        })
        .await;
    }

    /// How often the programs that were started have said something in their log so far.
    pub fn logged(&self, part: &str) -> usize {
        fs::read_to_string(self.log()).unwrap_or_default().matches(part).count()
    }

    /// Whether the window can be seen.
    pub fn has_window(&self) -> bool {
        let find = ["search", "--onlyvisible", "--name", WINDOW];
        self.command("xdotool").args(find).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// Whether a page is alive: the engine's process for it runs.
    pub fn has_page(&self) -> bool {
        runs_named_in(self.home.path(), "WebKitWebProcess")
    }

    /// Writes what is on the screen to a file, where `HALLMONITOR_PICTURES` names a folder for them.
    pub fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("HALLMONITOR_PICTURES") {
            let file = Path::new(&folder).join(format!("{name}.png"));
            let _ = self.command("import").args(["-window", "root"]).arg(file).status();
        }
    }

    fn has_name(&self, name: &str) -> bool {
        let argument = format!("string:{name}");
        self.asks("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", &argument).contains("true")
    }
}

/// The value of a line of what `dunst -print` writes; bodies may have several lines.
fn part(block: &str, name: &str) -> Option<String> {
    let (_, rest) = block.split_once(&format!("\t{name}: '"))?;
    let (value, _) = rest.split_once("'\n")?;
    Some(value.to_owned())
}
