//! What happens where a person sits before it: a terminal of util-linux's `script`.
#![cfg(target_os = "linux")]

use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use hallmonitor_tests::{Cli, DEADLINE, Filled, school};

/// What is typed once its question is on the screen.
enum Typed<'a> {
    /// Anything.
    Seen(&'a str, &'a str),
    /// A secret: the terminal has to have stopped showing what is typed first.
    Unseen(&'a str, &'a str),
    /// Anything, after something else has happened.
    After(&'a str, &'a dyn Fn(), &'a str),
}

/// Whether the terminal that the process's child sits at shows what is typed.
fn shows_typing(script: u32) -> bool {
    let children = fs::read_to_string(format!("/proc/{script}/task/{script}/children")).expect("script runs");
    let Some(child) = children.split_whitespace().next() else { return true };
    let Ok(terminal) = fs::read_link(format!("/proc/{child}/fd/0")) else { return true };
    let settings = Command::new("stty").arg("-F").arg(terminal).arg("-a").output().expect("stty is there");
    !String::from_utf8_lossy(&settings.stdout).split_whitespace().any(|flag| flag == "-echo")
}

/// Runs a command on a terminal and types the answers. Gives exit code and screen.
fn on_terminal(command: &Command, answers: &[Typed<'_>]) -> (Option<i32>, String) {
    let quoted = |text: &std::ffi::OsStr| format!("'{}'", text.to_str().expect("UTF-8").replace('\'', r"'\''"));
    let line: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).map(quoted).collect();
    let mut script = Command::new("script");
    script.args(["-qefc", &line.join(" "), "/dev/null"]).env_clear().env("TERM", "xterm").env("SHELL", "/bin/sh");
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            script.env(name, value);
        }
    }
    let mut running = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script is there");
    let mut keyboard = running.stdin.take().expect("a pipe");
    let mut screen = running.stdout.take().expect("a pipe");
    let mut shown = Vec::new();
    let mut piece = [0; 1024];
    let mut answers = answers.iter().peekable();
    loop {
        let read = screen.read(&mut piece).expect("read");
        if read == 0 {
            break;
        }
        shown.extend_from_slice(&piece[..read]);
        let screen = String::from_utf8_lossy(&shown);
        let asked = answers.next_if(|answer| {
            let (Typed::Seen(question, _) | Typed::Unseen(question, _) | Typed::After(question, ..)) = answer;
            screen.contains(question)
        });
        if let Some(Typed::Unseen(..)) = asked {
            let began = Instant::now();
            while shows_typing(running.id()) {
                assert!(began.elapsed() < DEADLINE, "the terminal shows what is typed");
                thread::sleep(Duration::from_millis(10));
            }
        }
        if let Some(Typed::After(_, happens, _)) = asked {
            happens();
        }
        if let Some(Typed::Seen(_, answer) | Typed::Unseen(_, answer) | Typed::After(.., answer)) = asked {
            keyboard.write_all(answer.as_bytes()).expect("typed");
        }
    }
    assert!(answers.next().is_none(), "a question that never came; {}", String::from_utf8_lossy(&shown));
    (running.wait().expect("ended").code(), String::from_utf8(shown).expect("UTF-8"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_asked_for_and_never_shown() {
    let school = school(Filled::With { contacts: 3, sessions: 10 }).await;
    let cli = Cli::new("");
    let connect = cli.command(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    let (code, screen) = on_terminal(&connect, &[Typed::Unseen("Token: ", &format!("{}\n", school.token))]);
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains(&school.token), "the token was shown");

    let mut sync = cli.command(&["sync"]);
    sync.env_remove("HALLMONITOR_PASSPHRASE");
    let (code, screen) = on_terminal(&sync, &[Typed::Unseen("Passphrase: ", &format!("{}\n", cli.passphrase))]);
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains(&cli.passphrase), "the passphrase was shown");
    assert!(screen.contains("Read 1"), "progress is shown: {screen}");
    let (code, screen) = on_terminal(&sync, &[Typed::Unseen("Passphrase: ", "wrong\n")]);
    assert_eq!(code, Some(6), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wipe_asks_whoever_is_there() {
    let school = school(Filled::Empty).await;
    let cli = Cli::connected(&school);
    for answer in ["n\n", "\n", "maybe\n"] {
        let (code, screen) = on_terminal(&cli.command(&["wipe"]), &[Typed::Seen("[y/N]", answer)]);
        assert_eq!(code, Some(1), "{screen}");
        assert!(screen.contains("Nothing was removed"), "{screen}");
        assert_eq!(cli.run(&["status"]).code, 0);
    }
    let (code, screen) = on_terminal(&cli.command(&["wipe"]), &[Typed::Seen("[y/N]", "y\n")]);
    assert_eq!(code, Some(0), "{screen}");
    assert_eq!(cli.run(&["status"]).code, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_made_while_a_wipe_asks_is_not_lost() {
    let school = school(Filled::With { contacts: 3, sessions: 10 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let device = cli.json(&["devices"])[0]["id"].to_string();
    let decide = || assert_eq!(cli.json(&["device", "block", &device]).as_array().map(Vec::len), Some(1));
    let (code, screen) = on_terminal(&cli.command(&["wipe"]), &[Typed::After("[y/N]", &decide, "y\n")]);
    assert_eq!(code, Some(1), "{screen}");
    assert!(screen.contains("would be lost: 1") && screen.contains("Nothing was removed"), "{screen}");
    assert_eq!(cli.json(&["status"])["outbox"]["queued"], 1);
}
