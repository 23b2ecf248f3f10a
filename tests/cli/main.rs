//! The command line as scripts and people meet it: the real program, a real server, a real cache.

mod broken;
mod connect;
mod disk;
mod export;
mod keyring;
mod killed;
mod language;
mod lists;
mod outbox;
mod own;
mod privacy;
mod profiles;
mod review;
mod search;
mod site;
mod sync;
mod terminal;
mod wipe;

use std::process::Command;

use hallmonitor_tests::Ran;
use serde_json::Value;

/// Runs a command that a test has changed.
fn ended(mut command: Command) -> Ran {
    let output = command.output().expect("the program was found");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("it writes UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it writes UTF-8"),
    }
}

/// A failure keeps standard output empty and says something for a person.
#[track_caller]
fn assert_failed(ran: &Ran, code: i32, said: &str) {
    assert_eq!(ran.code, code, "{}", ran.stderr);
    assert_eq!(ran.stdout, "", "standard output of a failure");
    assert!(ran.stderr.contains(said), "{said:?} is not in {:?}", ran.stderr);
}

fn rows(list: &Value) -> &Vec<Value> {
    list.as_array().expect("a list is an array")
}

fn ids(list: &Value) -> Vec<i64> {
    rows(list).iter().map(|row| row["id"].as_i64().expect("an id")).collect()
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}
