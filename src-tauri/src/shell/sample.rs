//! What the tests of this room begin with: a shell over a folder, and schools in it that nobody has to connect.

use std::fs;

use clap::Parser as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Shell;
use crate::words::Words;

/// One that keeps everything in this folder.
pub(super) fn shell(folder: &TempDir) -> Shell {
    let words = Words::parse_from(["hallmonitor".as_ref(), "--data-dir".as_ref(), folder.path().as_os_str()]);
    Shell::new(words).expect("a shell")
}

/// A school whose key would be in the keyring.
pub(super) fn school(folder: &TempDir, name: &str) {
    with(folder, name, "", &json!({"mode": "keyring", "id": uuid::Uuid::nil(), "canary": ""}));
}

/// The same with a recovery passphrase, of the cabinet whose digest this is.
pub(super) fn recoverable(folder: &TempDir, name: &str, cabinet: &str) {
    let stretching = json!({"memory_kib": 65536, "passes": 3, "lanes": 1, "salt": ""});
    let recovery = json!({"stretching": stretching, "nonce": "", "text": ""});
    let lock = json!({"mode": "keyring", "id": uuid::Uuid::nil(), "canary": "", "recovery": recovery});
    with(folder, name, cabinet, &lock);
}

/// A school whose file was cut off behind its name.
pub(super) fn damaged(folder: &TempDir, name: &str) {
    write(folder, name, &format!(r#"{{"version": 1, "name": "{name}", "ser"#));
}

fn with(folder: &TempDir, name: &str, cabinet: &str, lock: &Value) {
    let server = "https://school.example";
    let text = json!({"version": 1, "name": name, "server": server, "cabinet": cabinet, "lock": lock});
    write(folder, name, &text.to_string());
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let profile = folder.path().join("profiles").join(name);
    fs::create_dir_all(&profile).expect("a folder");
    fs::write(profile.join("profile.json"), text).expect("a file");
}
