//! The vault on a real keyring: each test starts a session bus and gnome-keyring-daemon of its own, and runs once more
//! inside, in a process whose environment names them.
#![cfg(target_os = "linux")]
#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use hallmonitor_core::vault::{self, Lock, Passphrase, Token, VaultError};
use hallmonitor_language::Language;
use tempfile::TempDir;
use uuid::Uuid;

/// Tells a process that it is the inner one, and which part of its test to play.
const PART: &str = "HALLMONITOR_TEST_PART";

/// Shell: waits until somebody owns the Secret Service's name on the bus, or nobody does.
const WAIT: &str = r#"
owned() { dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets | grep -q "boolean $1"; }
up() { until owned true; do :; done; }
down() { until owned false; do :; done; }
unlocked() { printf 'password of the keyring' | gnome-keyring-daemon --foreground --unlock --components=secrets & daemon=$!; up; }
locked() { gnome-keyring-daemon --foreground --start --components=secrets & daemon=$!; up; }
stop() { kill $daemon; down; }
part() { HALLMONITOR_TEST_PART=$1 "$binary" --exact "$test" --nocapture --test-threads=1 || exit 1; }
"#;

/// Runs `script` on a bus of its own, in which `part NAME` runs this `test` again in the part of that name.
fn on_a_bus(test: &str, script: &str) {
    let home = TempDir::new().unwrap();
    let mut shell = Command::new("dbus-run-session");
    shell
        .args(["--", "sh", "-eu", "-c", &format!("{WAIT}\n{script}")])
        .env("binary", std::env::current_exe().unwrap())
        .env("test", test)
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        // Nobody is there to be asked.
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null());
    run(shell);
}

fn run(mut command: Command) {
    let ended = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; is the package installed?"));
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && out.contains("1 passed"), "{out}\n{err}");
}

/// The part to play, and a profile's id that all parts of a test share.
fn part() -> Option<String> {
    std::env::var(PART).ok()
}

fn wait_for<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

const PROFILE: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);

fn token(text: &str) -> Token {
    Token::new(text).unwrap()
}

#[test]
fn an_open_keyring_keeps_key_and_token() {
    if part().is_none() {
        return on_a_bus("an_open_keyring_keeps_key_and_token", "unlocked; part only; stop");
    }
    wait_for(async {
        let (lock, key) = Lock::with_keyring(PROFILE).await.unwrap();
        assert_eq!((lock.wants_passphrase(), lock.keyring_id()), (false, Some(PROFILE)));
        let text = serde_json::to_string(&lock).unwrap();
        assert!(!text.contains(key.hex().as_str()), "the key is in the profile");
        let lock: Lock = serde_json::from_str(&text).unwrap();
        assert_eq!(lock.open(None).await.unwrap(), key);
        let ignored = Passphrase::new("anything".into()).unwrap();
        assert_eq!(lock.open(Some(ignored)).await.unwrap(), key);

        assert_eq!(vault::token(PROFILE).await.unwrap(), None);
        vault::keep_token(PROFILE, &token("first")).await.unwrap();
        vault::keep_token(PROFILE, &token("second")).await.unwrap();
        assert_eq!(vault::token(PROFILE).await.unwrap(), Some(token("second")));
        assert_eq!(vault::token(Uuid::from_u128(9)).await.unwrap(), None, "another profile's");

        // Made anew under the same id: the profile's own check value no longer fits.
        Lock::with_keyring(PROFILE).await.unwrap();
        assert!(matches!(lock.open(None).await, Err(VaultError::WrongKey)));

        vault::forget(PROFILE).await.unwrap();
        assert_eq!(vault::token(PROFILE).await.unwrap(), None);
        assert!(matches!(lock.open(None).await, Err(VaultError::KeyLost)));
        vault::forget(PROFILE).await.unwrap();
    });
}

#[test]
fn a_key_outlives_the_keyrings_restart() {
    match part().as_deref() {
        None => on_a_bus("a_key_outlives_the_keyrings_restart", "unlocked; part keep; stop; unlocked; part read; stop"),
        Some("keep") => wait_for(async { vault::keep_token(PROFILE, &token("kept")).await.unwrap() }),
        Some(_) => wait_for(async { assert_eq!(vault::token(PROFILE).await.unwrap(), Some(token("kept"))) }),
    }
}

#[test]
fn a_locked_keyring_says_that_it_is_locked() {
    match part().as_deref() {
        None => {
            on_a_bus("a_locked_keyring_says_that_it_is_locked", "unlocked; part keep; stop; locked; part read; stop");
        }
        Some("keep") => wait_for(async { vault::keep_token(PROFILE, &token("kept")).await.unwrap() }),
        Some(_) => wait_for(async {
            for error in [
                vault::token(PROFILE).await.unwrap_err(),
                vault::keep_token(PROFILE, &token("other")).await.unwrap_err(),
                Lock::with_keyring(PROFILE).await.unwrap_err(),
                vault::forget(PROFILE).await.unwrap_err(),
            ] {
                assert!(matches!(error, VaultError::KeyringLocked { .. }), "{error:?}");
                assert_eq!(error.hint().key(), "problem.hint.make_keyring");
            }
        }),
    }
}

#[test]
fn a_bus_without_a_keyring_is_told_at_once() {
    if part().is_none() {
        // No service files: nothing on this bus can be started by asking for it.
        let script = r#"
            cat > "$HOME/bus.conf" <<END
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
END
            bare=$(mktemp -u "$HOME/bus.XXXXXX")
            dbus-daemon --config-file="$HOME/bus.conf" --address="unix:path=$bare" --nofork --nopidfile & bus=$!
            until dbus-send --bus="unix:path=$bare" --print-reply --dest=org.freedesktop.DBus / \
                org.freedesktop.DBus.GetId >/dev/null 2>&1; do :; done
            DBUS_SESSION_BUS_ADDRESS="unix:path=$bare" part only
            kill $bus"#;
        return on_a_bus("a_bus_without_a_keyring_is_told_at_once", script);
    }
    wait_for(absent());
}

#[test]
fn a_machine_without_a_bus_has_no_keyring() {
    match part() {
        None => {
            let nowhere = TempDir::new().unwrap();
            for address in [Some("unix:path=/nonexistent/bus"), None] {
                let mut again = Command::new(std::env::current_exe().unwrap());
                again
                    .args(["--exact", "a_machine_without_a_bus_has_no_keyring", "--nocapture"])
                    .env(PART, "only")
                    .env("XDG_RUNTIME_DIR", nowhere.path())
                    .env_remove("DBUS_SESSION_BUS_ADDRESS")
                    .env_remove("DISPLAY");
                if let Some(address) = address {
                    again.env("DBUS_SESSION_BUS_ADDRESS", address);
                }
                run(again);
            }
        }
        Some(_) => wait_for(absent()),
    }
}

async fn absent() {
    for error in [
        vault::token(PROFILE).await.unwrap_err(),
        vault::keep_token(PROFILE, &token("other")).await.unwrap_err(),
        Lock::with_keyring(PROFILE).await.unwrap_err(),
        vault::forget(PROFILE).await.unwrap_err(),
    ] {
        assert!(matches!(error, VaultError::KeyringAbsent { .. }), "{error:?}");
        assert!(error.hint().said(Language::English).contains("passphrase"), "{error}");
        let _ = writeln!(std::io::stdout(), "{error}");
    }
}
