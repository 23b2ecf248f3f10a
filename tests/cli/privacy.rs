//! What the commands write is nobody else's.
#![cfg(unix)]

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use hallmonitor_tests::{Cli, Filled, Ran, school};

use crate::ended;

fn everything_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(everything_under(&path)) } else { found.push(path) }
    }
    found
}

/// As an account that opens its files to all by default.
fn openhanded(command: &Command) -> Ran {
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask 000; exec \"$@\"", "sh"]).arg(command.get_program()).args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    ended(shell)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_written_can_be_read_by_others_or_holds_a_secret() {
    let school = school(Filled::With { contacts: 5, sessions: 50 }).await;
    let cli = Cli::new(&school.token);
    let out = cli.data_dir().parent().expect("a parent").join("contacts");
    let mut said = String::new();
    let exports: Vec<_> = ["csv", "json", "xlsx"].map(|format| (format, out.with_extension(format))).into();
    let mut commands = vec![
        vec!["connect", "--server", &school.url(), "--cabinet", &school.cabinet]
            .into_iter()
            .map(str::to_owned)
            .collect(),
        vec!["sync".to_owned()],
    ];
    for (format, path) in &exports {
        let path = path.to_str().expect("a plain path");
        commands.push(["export", "contacts", "--format", format, "--out", path].map(str::to_owned).to_vec());
    }
    for words in &commands {
        let ran = openhanded(&cli.command(&words.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
        said.push_str(&ran.stdout);
        said.push_str(&ran.stderr);
    }

    let mut written = everything_under(&cli.data_dir());
    written.extend(exports.into_iter().map(|(_, path)| path));
    assert!(written.len() > 6, "{written:?}");
    for path in written {
        let found = fs::metadata(&path).expect("there");
        let mode = found.permissions().mode() & 0o777;
        assert_eq!(mode, if found.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if found.is_file() {
            let bytes = fs::read(&path).expect("read");
            for secret in [&school.token, &cli.passphrase] {
                let holds = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!holds, "{} holds a secret", path.display());
            }
        }
    }
    assert!(!said.contains(&school.token) && !said.contains(&cli.passphrase), "a secret was printed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_goes_to_no_other_server_than_the_one_it_was_given_for() {
    let school = school(Filled::With { contacts: 3, sessions: 20 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);

    // The profile's file is not encrypted: somebody writes another address into it.
    let elsewhere = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = format!("http://{}", elsewhere.local_addr().expect("it was just bound"));
    let all = everything_under(&cli.data_dir());
    let file = all.iter().find(|path| path.ends_with("profile.json")).expect("a profile");
    let text = fs::read_to_string(file).expect("read");
    fs::write(file, text.replace(school.url().trim_end_matches('/'), &address)).expect("written");

    let ran = cli.run(&["sync"]);
    assert_eq!(ran.code, 6, "{}", ran.stderr);
    assert!(ran.stderr.contains(&address), "{}", ran.stderr);
    elsewhere.set_nonblocking(true).expect("a socket");
    assert!(elsewhere.accept().is_err(), "the other server was asked");
    // What is here stays readable.
    assert_eq!(cli.run(&["sessions"]).code, 0);
}
