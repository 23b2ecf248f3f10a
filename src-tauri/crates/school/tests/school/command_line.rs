//! `hallmonitor-school`: the command line, as somebody else's script would use it.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

struct Shell {
    dir: TempDir,
}

impl Shell {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hallmonitor-school"));
        command
            .current_dir(self.dir.path())
            .env_remove("HALLMONITOR_SCHOOL_DATABASE")
            .env_remove("HALLMONITOR_SITE_TOKEN")
            .env_remove("HALLMONITOR_CABINET_HASH")
            .args(line.split_whitespace());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// What a command that must work prints as JSON.
    fn json(&self, line: &str) -> Value {
        let output = self.run(line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{line}: {said}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// A process that goes on until it is told to stop, such as a server; ended with the test whatever happens.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn start(shell: &Shell, line: &str) -> Self {
        let mut child = shell.command(line).stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let url = first.trim_end().strip_prefix("listening on ").unwrap_or_else(|| panic!("{first}")).to_owned();
        Self { child, url }
    }

    /// SIGTERM, and the exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Already ended where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn the_database_is_school_db_unless_named_otherwise() {
    let shell = Shell::new();
    shell.json("cabinet --json");
    assert!(shell.path("school.db").exists());
    shell.json("--database sqlite:named.db cabinet --json");
    assert!(shell.path("named.db").exists());
    let output = shell.command("cabinet").env("HALLMONITOR_SCHOOL_DATABASE", "sqlite:variable.db").output().unwrap();
    assert!(output.status.success() && shell.path("variable.db").exists());
}

#[test]
fn a_cabinet_is_shown_and_renamed() {
    let shell = Shell::new();
    let first = shell.json("cabinet --json");
    assert_eq!(keys(&first), ["cabinet_hash", "epoch", "name"]);
    let renamed = shell.json("--json cabinet --name Школа");
    assert_eq!(renamed["name"], "Школа");
    assert_eq!((&renamed["cabinet_hash"], &renamed["epoch"]), (&first["cabinet_hash"], &first["epoch"]));
    assert_eq!(shell.json("cabinet --json"), renamed);
    assert_ne!(Shell::new().json("cabinet --json")["cabinet_hash"], first["cabinet_hash"]);
}

#[test]
fn tokens_are_made_listed_and_revoked() {
    let shell = Shell::new();
    let made = shell.json("token create --scope admin --name Olena --json");
    assert_eq!(keys(&made), ["cabinet_hash", "id", "name", "scope", "token"]);
    assert_eq!((&made["scope"], &made["name"]), (&json!("admin"), &json!("Olena")));
    assert_eq!(shell.json("--json token create --scope site")["scope"], "site");
    let listed = shell.json("token list --json");
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    assert_eq!(listed[0]["revoked_at"], json!(null));
    assert!(!listed.to_string().contains(made["token"].as_str().unwrap()), "shown once");
    assert_eq!(shell.json("token revoke 1 --json"), json!({ "revoked": 1 }));
    assert!(shell.json("token list --json")[0]["revoked_at"].is_string());
    assert_eq!(shell.run("token revoke 77").status.code(), Some(1));
}

#[test]
fn settings_are_shown_and_replaced_from_a_file() {
    let shell = Shell::new();
    assert_eq!(shell.json("access-control --json")["session_timeout_minutes"], 30);
    std::fs::write(shell.path("new.json"), r#"{"max_devices": 3, "ip_ranges": ["10.1.2.3/8"]}"#).unwrap();
    let set = shell.json("access-control --set new.json --json");
    assert_eq!((&set["max_devices"], &set["ip_ranges"]), (&json!(3), &json!(["10.0.0.0/8"])));
    assert_eq!(shell.json("access-control --json"), set);
    for wrong in [r#"{"max_devices": 0}"#, "[]", "nonsense", r#"{"ip_mode": "allow_only_listed"}"#] {
        std::fs::write(shell.path("wrong.json"), wrong).unwrap();
        let output = shell.run("access-control --set wrong.json");
        assert_eq!(output.status.code(), Some(1), "{wrong}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty());
    }
    assert_eq!(shell.run("access-control --set nowhere.json").status.code(), Some(1));
    assert_eq!(shell.json("access-control --json"), set);
}

#[test]
fn wrong_usage_is_exit_code_2_and_failure_a_sentence_and_1() {
    let shell = Shell::new();
    for line in [
        "",
        "dance",
        "token",
        "token create",
        "token create --scope owner",
        "serve --listen nowhere",
        "serve --rate-limit 0",
        "seed",
        "seed --contacts ten --sessions 10",
        "token revoke x",
    ] {
        let output = shell.run(line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{line}");
    }
    std::fs::write(shell.path("broken.db"), "this is no database, whatever its name says".repeat(99)).unwrap();
    for line in [
        "--database postgres://localhost/school cabinet",
        "--database sqlite:no/such/folder/x.db cabinet",
        "--database sqlite:broken.db cabinet",
        "token create --scope admin --name=",
    ] {
        let output = shell.run(line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end().lines().count(), 1, "{line}: one sentence");
    }
}

#[test]
fn a_server_says_where_it_listens_takes_tokens_made_beside_it_and_ends_with_0() {
    let shell = Shell::new();
    let serving = Serving::start(&shell, "serve --listen 127.0.0.1:0 --rate-limit 7 --json");
    let token = shell.json("token create --scope admin --json");
    let ask = || {
        let request = reqwest::Client::new()
            .get(format!("{}/login-log", serving.url))
            .header("Token", token["token"].as_str().unwrap())
            .header("Cabinet-Hash", token["cabinet_hash"].as_str().unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(request.send()).unwrap()
    };
    let response = ask();
    assert_eq!((response.status().as_u16(), &response.headers()["x-ratelimit-limit"]), (200, &"7".parse().unwrap()));
    shell.json("token revoke 1 --json");
    assert_eq!(ask().status(), 401);
    let taken = serving.url.strip_prefix("http://").unwrap();
    assert_eq!(shell.run(&format!("serve --listen {taken}")).status.code(), Some(1), "the port is taken");
    assert_eq!(serving.stop(), Some(0));
}

#[test]
fn students_are_played_on_this_machine_past_every_proxy() {
    let shell = Shell::new();
    let serving = Serving::start(&shell, "serve --listen 127.0.0.1:0 --rate-limit 1000000");
    let (site, admin) =
        (shell.json("token create --scope site --json"), shell.json("token create --scope admin --json"));
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let through = format!("http://{}", proxy.local_addr().unwrap());
    let mut command = shell.command(&format!("simulate --server {} --logins-per-second 50", serving.url));
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, &through);
    }
    command
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .env("HALLMONITOR_SITE_TOKEN", site["token"].as_str().unwrap())
        .env("HALLMONITOR_CABINET_HASH", site["cabinet_hash"].as_str().unwrap());
    let mut playing = Serving { child: command.spawn().unwrap(), url: serving.url.clone() };

    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let students = || {
        let request = client
            .get(format!("{}/contacts", serving.url))
            .header("Token", admin["token"].as_str().unwrap())
            .header("Cabinet-Hash", admin["cabinet_hash"].as_str().unwrap());
        let page: Value = runtime.block_on(async { request.send().await.unwrap().json().await.unwrap() });
        page["meta"]["total"].as_u64().unwrap()
    };
    while students() == 0 {
        assert!(proxy.accept().is_err(), "the token went to the proxy");
        assert!(playing.child.try_wait().unwrap().is_none(), "it plays until it is told to stop");
        thread::sleep(Duration::from_millis(20));
    }
    assert!(proxy.accept().is_err(), "something went to the proxy");
    assert_eq!(playing.stop(), Some(0));
    assert_eq!(serving.stop(), Some(0));
}

#[test]
fn a_seeded_school_has_as_many_rows_as_asked_for_and_is_seeded_once() {
    let shell = Shell::new();
    let line = "seed --contacts 20 --sessions 400 --until 2026-05-04T10:00:00Z --json";
    let seeded = shell.json(line);
    assert_eq!(keys(&seeded), ["contacts", "devices", "restrictions", "sessions"]);
    assert_eq!((&seeded["contacts"], &seeded["sessions"]), (&json!(20), &json!(400)));
    let settings = shell.json("access-control --json");
    assert_eq!((&settings["max_devices"], &settings["max_concurrent_sessions"]), (&json!(5), &json!(2)));
    assert_eq!(settings["concurrent_policy"], "end_oldest");
    assert_eq!(shell.run(line).status.code(), Some(1), "it is not empty any more");
}

#[cfg(unix)]
#[test]
fn a_new_database_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::new();
    shell.json("cabinet --json");
    let rights = shell.path("school.db").metadata().unwrap().permissions().mode();
    assert_eq!(rights & 0o077, 0, "{rights:o}");
}

#[test]
fn many_who_use_a_new_database_at_once_get_the_same_cabinet() {
    let shell = Shell::new();
    let running: Vec<Child> = (0..6)
        .map(|_| shell.command("cabinet --json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let printed: Vec<Output> = running.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    for output in &printed {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, printed[0].stdout);
    }
}
