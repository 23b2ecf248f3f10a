//! Locking, and what opens again.

use std::{
    fs,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use hallmonitor_core::vault::{Lock, Passphrase};
use hallmonitor_tests::{Desktop, Filled, TestSchool, Window, school, until, until_later, until_right};
use thirtyfour::Key;

use crate::{
    schools::two,
    steps::{ask_to_connect, chooses_recovery, connect, opens_settings},
};

pub(crate) const SMALL: Filled = Filled::With { contacts: 30, sessions: 400 };
pub(crate) const PASSPHRASE: &str = "correct horse";

async fn with_passphrase() -> (TestSchool, Desktop, Window) {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start_without_keyring();
    let window = desktop.app(&[]).await;
    ask_to_connect(&window, &school.url(), &school.cabinet, &school.token, Some(PASSPHRASE)).await;
    window.sees("contact-row").await;
    window.reads("data-age", "Synced").await;
    (school, desktop, window)
}

async fn locks(window: &Window) {
    let chain = window.driver().action_chain().key_down(Key::Control).send_keys("l").key_up(Key::Control);
    chain.perform().await.expect("keys reach the page");
    window.sees("unlock").await;
}

async fn is_locked(desktop: &Desktop) {
    until("no cache is open", async || open_caches(desktop).is_empty().then_some(())).await;
}

fn open_caches(desktop: &Desktop) -> Vec<String> {
    let descriptors = fs::read_dir(format!("/proc/{}/fd", desktop.pid())).expect("the program runs");
    let open = descriptors.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    open.map(|path| path.display().to_string()).filter(|path| path.contains("cache.db")).collect()
}

/// The folder of a profile.
pub(crate) fn folder_of(desktop: &Desktop, name: &str) -> PathBuf {
    let folders = fs::read_dir(desktop.data_dir().join("profiles")).expect("the profiles").flatten();
    let named = |folder: &PathBuf| {
        let text = fs::read(folder.join("profile.json")).unwrap_or_default();
        serde_json::from_slice::<serde_json::Value>(&text).is_ok_and(|profile| profile["name"] == name)
    };
    folders.map(|entry| entry.path()).find(named).expect("a profile of this name")
}

/// Takes the lock of whoever syncs the school in this folder; who else wants to waits until it is dropped.
pub(crate) async fn syncing(folder: &Path) -> fs::File {
    let syncing = fs::File::create(folder.join("sync.lock")).expect("the profile is there");
    until("nobody else syncs", async || syncing.try_lock().ok()).await;
    syncing
}

/// The key of the only profile, as whoever has its passphrase finds it.
async fn key(data_dir: &Path) -> Vec<u8> {
    let profile = fs::read_dir(data_dir.join("profiles")).expect("the profiles").flatten();
    let file = profile.map(|entry| entry.path().join("profile.json")).find(|file| file.is_file()).expect("a profile");
    let profile: serde_json::Value = serde_json::from_slice(&fs::read(file).expect("read")).expect("JSON");
    let lock: Lock = serde_json::from_value(profile["lock"].clone()).expect("a lock");
    let passphrase = Passphrase::new(PASSPHRASE.to_owned()).expect("a passphrase");
    lock.open(Some(passphrase)).await.expect("it fits").expose().to_vec()
}

/// Where any of these stands in the memory of a process, with what is around it.
fn found_in_memory(pid: u32, texts: &[Vec<u8>]) -> Vec<String> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("our own process");
    let memory = fs::File::open(format!("/proc/{pid}/mem")).expect("our own process");
    let longest = texts.iter().map(Vec::len).max().unwrap_or_default();
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = line.split_once(' ').expect("a range");
        let (from, to) = range.split_once('-').expect("two addresses");
        let (from, to) = (u64::from_str_radix(from, 16).expect("hex"), u64::from_str_radix(to, 16).expect("hex"));
        // What is larger is reserved, not used.
        if to - from > 1 << 30 {
            continue;
        }
        // Piece by piece: the program runs on, and gives pages back meanwhile.
        let mut piece = vec![0; 64 << 10];
        let mut bytes: Vec<u8> = Vec::new();
        for at in (from..to).step_by(piece.len()) {
            let read = memory.read_at(&mut piece, at).unwrap_or_default();
            // A text may stand across the border of two pieces.
            bytes.drain(..bytes.len().saturating_sub(longest));
            bytes.extend_from_slice(&piece[..read]);
            for text in texts {
                for at in memchr::memmem::find_iter(&bytes, text) {
                    let around = &bytes[at.saturating_sub(24)..bytes.len().min(at + text.len() + 8)];
                    found.push(format!("{line}: {}", String::from_utf8_lossy(around)));
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn locked_no_cache_is_open_and_no_key_is_in_memory_and_the_passphrase_brings_both_back() {
    let (_school, desktop, window) = with_passphrase().await;
    let key = key(&desktop.data_dir()).await;
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let texts = [key, hex.clone().into_bytes(), hex.to_uppercase().into_bytes()];
    assert!(!open_caches(&desktop).is_empty());
    until("the search finds the key where there is one", async || {
        (!found_in_memory(desktop.pid(), &texts).is_empty()).then_some(())
    })
    .await;

    locks(&window).await;

    is_locked(&desktop).await;
    desktop.picture("locked");
    assert!(!window.text().await.contains('@'), "{}", window.text().await);
    until_right("the key is gone from memory", async || {
        let found = found_in_memory(desktop.pid(), &texts);
        if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
    })
    .await;

    window.types("unlock-passphrase", "wrong").await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.reads("problem", "passphrase").await;
    assert!(open_caches(&desktop).is_empty());
    window.types("unlock-passphrase", PASSPHRASE).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;
}

#[tokio::test]
async fn a_locked_school_is_called_as_it_calls_itself_and_not_by_its_profile() {
    let (_first, _second, mut desktop) = two().await;
    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;

    locks(&window).await;

    window.reads("unlock", "School is locked").await;
}

#[tokio::test]
async fn it_locks_with_the_screen_where_that_is_wanted() {
    let (_school, desktop, window) = with_passphrase().await;
    opens_settings(&window).await;
    let screen_locks = || {
        let mut signal = desktop.command("dbus-send");
        signal.args(["--session", "--type=signal", "/org/freedesktop/ScreenSaver"]);
        signal.args(["org.freedesktop.ScreenSaver.ActiveChanged", "boolean:true"]);
        assert!(signal.status().expect("dbus-send runs").success());
    };
    screen_locks();
    window.clicks("with-screen").await;
    until("it is kept", async || {
        let kept = fs::read_to_string(desktop.data_dir().join("settings.json")).unwrap_or_default();
        kept.contains("\"with_screen\": true").then_some(())
    })
    .await;
    assert!(!open_caches(&desktop).is_empty(), "nobody has asked for it yet");

    // Told until it is heard: the program begins to listen when it has shown something.
    until("it locks with the screen", async || {
        screen_locks();
        (!window.all("unlock").await.is_empty()).then_some(())
    })
    .await;
    window.sees("unlock").await;
    is_locked(&desktop).await;
}

#[tokio::test]
async fn it_locks_when_nobody_does_anything_for_as_long_as_was_set() {
    let (_school, desktop, window) = with_passphrase().await;
    let mut desktop = desktop;
    desktop.close(window).await;
    desktop.sets_in_file("locking", &serde_json::json!({ "idle_minutes": 1, "with_screen": false }));
    let window = desktop.app(&[]).await;
    window.types("unlock-passphrase", PASSPHRASE).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;

    until_later("it locks itself", async || {
        let locked = !window.all("unlock").await.is_empty();
        locked.then_some(())
    })
    .await;
    is_locked(&desktop).await;
}

#[tokio::test]
async fn a_save_dialog_that_is_open_keeps_no_key_and_answered_afterwards_it_writes_nothing() {
    let (_school, desktop, window) = with_passphrase().await;
    let asks_where_and_locks = async || {
        window.clicks("export").await;
        window.clicks("export-begin").await;
        desktop.asks_where_to_save().await;
        // The dialog has the keys; the lock comes as from the tray.
        let lock = "setTimeout(() => window.__TAURI_INTERNALS__.invoke('lock'))";
        window.driver().execute(lock, Vec::new()).await.expect("the page runs scripts");
        window.sees("unlock").await;
    };
    asks_where_and_locks().await;
    is_locked(&desktop).await;
    let late = desktop.home().join("late.xlsx");
    desktop.saves_as(&late).await;
    assert!(!late.exists(), "nothing is written after a lock");

    window.types("unlock-passphrase", PASSPHRASE).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;
    asks_where_and_locks().await;
    // The dialog is the main thread's, which waits for the end now.
    desktop.ends().await;
}

#[tokio::test]
async fn locked_and_started_anew_it_wants_the_recovery_passphrase_although_the_keyring_has_the_key() {
    let school = school(SMALL).await;
    let mut desktop = Desktop::start().await;
    let window = desktop.app(&[]).await;
    connect(&window, &school).await;
    chooses_recovery(&window, PASSPHRASE).await;
    locks(&window).await;
    is_locked(&desktop).await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;
    window.sees("unlock-passphrase").await;
    assert!(open_caches(&desktop).is_empty(), "a new start is no way around the passphrase");
    window.types("unlock-passphrase", PASSPHRASE).await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("contact-row").await;
    desktop.close(window).await;

    let window = desktop.app(&[]).await;
    window.sees("contact-row").await;
}
