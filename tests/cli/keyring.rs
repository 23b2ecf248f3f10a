//! A profile in keyring mode, on a bus and a keyring of its own.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use hallmonitor_tests::{Cli, Filled, program, school};

/// Shell: an unlocked and a locked keyring, each waited for; `hm` runs the command line without a passphrase.
const PRELUDE: &str = r#"
owned() { dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets | grep -q "boolean $1"; }
unlocked() { printf 'password' | gnome-keyring-daemon --foreground --unlock --components=secrets >&2 & daemon=$!; until owned true; do :; done; }
locked() { gnome-keyring-daemon --foreground --start --components=secrets >&2 & daemon=$!; until owned true; do :; done; }
stop() { kill $daemon; until owned false; do :; done; }
hm() { "$program" --data-dir "$data" --json "$@"; }
fails() { code=$1; shift; said=0; hm "$@" || said=$?; test $said = $code || { echo "$@: $said, not $code" >&2; exit 1; }; }
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keyring_keeps_key_and_token_and_a_locked_one_ends_with_6() {
    let school = school(Filled::With { contacts: 3, sessions: 25 }).await;
    let cli = Cli::new(&school.token);
    let home = tempfile::tempdir().expect("a folder");
    let script = r#"
        unlocked
        hm connect --server "$server" --cabinet "$cabinet" --name mine
        HALLMONITOR_TOKEN= hm sync
        # The profile remembers its mode: a passphrase changes nothing.
        HALLMONITOR_PASSPHRASE=whatever hm status | grep '"sessions": 25'
        stop
        locked
        fails 6 status
        fails 6 sync
        fails 6 wipe
        stop
        unlocked
        hm wipe
        fails 3 status
        hm connect --server "$server" --cabinet "$cabinet" --name mine
        stop
        locked
        hm wipe --yes
        fails 3 status
        stop
        echo came to its end"#;
    let ended = Command::new("dbus-run-session")
        .args(["--", "sh", "-eu", "-c", &format!("{PRELUDE}\n{script}")])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env("program", program("hallmonitor-cli"))
        .env("data", cli.data_dir())
        .env("server", school.url())
        .env("cabinet", &school.cabinet)
        .env("HALLMONITOR_TOKEN", &school.token)
        .stdin(Stdio::null())
        .output()
        .expect("dbus-run-session is there");
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && out.contains("came to its end"), "{out}\n{err}");
    assert!(err.contains("keyring is locked"), "{err}");
    assert!(err.contains("The token is still in the keyring"), "{err}");
    assert!(!out.contains(&school.token) && !err.contains(&school.token), "the token was shown");
}
