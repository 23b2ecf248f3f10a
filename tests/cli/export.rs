use std::{fs, io::Read as _, process::Stdio};

use hallmonitor_tests::{Cli, Filled, school, until};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::{assert_failed, ids, rows, site};

/// RFC 4180, strictly: fields of a text whose lines end with CRLF.
fn read_csv(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut lines = vec![vec![]];
    let mut letters = text.chars().peekable();
    while letters.peek().is_some() {
        let mut field = String::new();
        if letters.next_if_eq(&'"').is_some() {
            loop {
                match letters.next().expect("a closing quote") {
                    '"' if letters.next_if_eq(&'"').is_some() => field.push('"'),
                    '"' => break,
                    other => field.push(other),
                }
            }
        } else {
            while let Some(letter) = letters.next_if(|letter| !matches!(letter, ',' | '\r' | '\n' | '"')) {
                field.push(letter);
            }
        }
        lines.last_mut().expect("a line").push(field);
        match letters.next() {
            Some(',') => {}
            Some('\r') => {
                assert_eq!(letters.next(), Some('\n'), "a line ends with CRLF");
                lines.push(vec![]);
            }
            other => panic!("{other:?} behind a field"),
        }
    }
    assert_eq!(lines.pop(), Some(vec![]), "the last line ends with CRLF");
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_has_every_row_and_every_field_in_the_lists_order() {
    let school = school(Filled::With { contacts: 60, sessions: 6_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let folder = tempfile::tempdir().expect("a folder");
    for kind in ["contacts", "sessions", "devices", "restrictions"] {
        let list = cli.json(&[kind, "--limit", "0"]);
        let path = folder.path().join(format!("{kind}.json"));
        let file = path.to_str().expect("a plain path");
        let said = cli.json(&["export", kind, "--format", "json", "--out", file]);
        assert_eq!(said, json!({ "rows": rows(&list).len(), "file": file }));
        let exported: Value = serde_json::from_str(&fs::read_to_string(&path).expect("read")).expect("JSON");
        assert_eq!(exported, list, "{kind}");

        let ran = cli.run(&["export", kind, "--format", "csv", "--out", "-"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let mut lines = read_csv(&ran.stdout);
        let header = lines.remove(0);
        assert_eq!(lines.len(), rows(&list).len(), "{kind}");
        for (line, row) in lines.iter().zip(rows(&list)) {
            assert_eq!(line.len(), header.len());
            for (name, cell) in header.iter().zip(line) {
                assert_eq!(*cell, expected(row, name), "{kind}.{name}");
            }
        }
        for field in rows(&list)[0].as_object().expect("an object").keys() {
            assert!(
                header.iter().any(|name| name == field || name.starts_with(&format!("{field}_"))),
                "{kind}.{field}"
            );
        }
    }
}

/// What stands in the column of that name, read from the JSON form.
fn expected(row: &Value, name: &str) -> String {
    let nested = ["rule", "checks_changed", "access_changed", "status_changed"]
        .iter()
        .find_map(|parent| name.strip_prefix(&format!("{parent}_")).map(|field| &row[parent][field]));
    let text = match nested.unwrap_or(&row[name]) {
        Value::Null => return String::new(),
        Value::Array(tags) => {
            tags.iter().map(|tag| tag["name"].as_str().expect("a tag")).collect::<Vec<_>>().join("; ")
        }
        Value::String(text) => text.clone(),
        other => return other.to_string(),
    };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_text_of_a_student_becomes_a_formula() {
    let school = school(Filled::Empty).await;
    let names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a,b", "say \"hi\"", "two\r\nlines", "'=1", "x=1"];
    for (at, name) in names.iter().enumerate() {
        // With something before it, so that a server that trims names keeps them.
        site::contact(&school, json!({ "email": format!("c{at}@example.com"), "phone": name })).await;
    }
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let list = cli.json(&["contacts", "--limit", "0"]);
    let mut lines = read_csv(&cli.run(&["export", "contacts", "--format", "csv", "--out", "-"]).stdout);
    let header = lines.remove(0);
    let phone = header.iter().position(|name| name == "phone").expect("a column");
    for (line, row) in lines.iter().zip(rows(&list)) {
        assert_eq!(line[phone], expected(row, "phone"));
        assert!(!line[phone].starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", line[phone]);
    }

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("contacts.xlsx");
    let said = cli.json(&["export", "contacts", "--format", "xlsx", "--out", path.to_str().expect("a plain path")]);
    assert_eq!(said["rows"], names.len());
    let mut book = zip::ZipArchive::new(fs::File::open(&path).expect("a file")).expect("a ZIP archive");
    let mut sheet = String::new();
    book.by_name("xl/worksheets/sheet1.xml").expect("a sheet").read_to_string(&mut sheet).expect("text");
    assert_eq!(sheet.matches("<row ").count(), names.len() + 1, "a header and every row");
    assert!(!sheet.contains("<f>"), "a formula");
    assert!(sheet.contains("checks_changed_by") && sheet.contains("=1+1"), "texts as they are");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_only_what_is_asked_for() {
    let school = school(Filled::With { contacts: 10, sessions: 300 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let exported = |words: &[&str]| -> Value {
        let ran = cli.run(&[words, &["--format", "json", "--out", "-"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).expect("one document")
    };
    let contact = cli.json(&["contacts", "--limit", "1"])[0].clone();
    let (id, email) = (contact["id"].to_string(), contact["email"].as_str().expect("an e-mail"));
    assert_eq!(exported(&["export", "contacts", "--contact", &id]), json!([contact]));
    assert_eq!(exported(&["export", "contacts", "--search", email]), json!([contact]));
    assert_eq!(exported(&["export", "contacts", "--contact", &id, "--search", "no such word"]), json!([]));
    for kind in ["sessions", "devices", "restrictions"] {
        let listed = cli.json(&[kind, "--contact", &id, "--limit", "0"]);
        assert_eq!(exported(&["export", kind, "--contact", &id]), listed, "{kind}");
        let listed = cli.json(&[kind, "--search", email, "--limit", "0"]);
        assert_eq!(ids(&exported(&["export", kind, "--search", email])), ids(&listed), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_documents_do_not_fit_into_one_output() {
    let school = school(Filled::Empty).await;
    let cli = Cli::connected(&school);
    let json = cli.run(&["export", "contacts", "--format", "csv", "--out", "-", "--json"]);
    assert_failed(&json, 2, "--json");
    assert_failed(&cli.run(&["export", "contacts", "--format", "xlsx", "--out", "-"]), 2, "file");
    assert_failed(&cli.run(&["export", "contacts", "--format", "pdf", "--out", "x"]), 2, "pdf");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_written_is_named_and_the_old_one_stays() {
    let school = school(Filled::With { contacts: 5, sessions: 20 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("no/such/folder.csv");
    let missing = missing.to_str().expect("a plain path");
    assert_failed(&cli.run(&["export", "contacts", "--format", "csv", "--out", missing]), 1, missing);
    let place = folder.path().to_str().expect("a plain path");
    assert_failed(&cli.run(&["export", "contacts", "--format", "csv", "--out", place]), 1, place);

    let old = folder.path().join("old.csv");
    fs::write(&old, "old").expect("written");
    let file = old.to_str().expect("a plain path");
    let mut command = cli.command(&["export", "sessions", "--format", "csv", "--out", file]);
    command.env("HALLMONITOR_PASSPHRASE", "wrong");
    assert_failed(&crate::ended(command), 6, "passphrase");
    assert_eq!(fs::read_to_string(&old).expect("read"), "old");

    let ran = cli.run(&["export", "sessions", "--format", "csv", "--out", file]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(fs::read_to_string(&old).expect("read").starts_with("\u{feff}id,"));
    assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1, "nothing else is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_who_leaves_early_is_no_failure() {
    let school = school(Filled::With { contacts: 50, sessions: 5_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    for words in [&["sessions", "--limit", "0"][..], &["export", "sessions", "--format", "csv", "--out", "-"]] {
        let mut running = cli.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(running.stdout.take());
        let ended = running.wait_with_output().expect("ended");
        assert_eq!(ended.status.code(), Some(0), "{words:?}");
        assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{words:?}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_is_told_to_end_leaves_nothing_readable_behind() {
    let school = school(Filled::With { contacts: 40, sessions: 12_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sessions.xlsx");
    let mut command =
        cli.command(&["export", "sessions", "--format", "xlsx", "--out", file.to_str().expect("a plain path")]);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let begun = || fs::read_dir(folder.path()).expect("listed").next().is_some();
    until("the export to begin", async || begun().then_some(())).await;
    let told = std::process::Command::new("kill").arg(running.id().to_string()).status().expect("kill is there");
    assert!(told.success());
    assert_eq!(running.wait().expect("ended").code(), Some(1));
    assert!(!begun(), "something is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_of_a_later_version_are_exported_and_never_stand_twice() {
    let server = MockServer::start().await;
    let contact = json!({
        "id": 1, "email": "anna@example.com", "first_name": "Anna", "created_at": "2026-08-20T23:59:59Z",
        "level": 3, "notes": { "a": "b" }, "name": "somebody else", "unviewed": 99,
    });
    let contacts = json!({
        "data": [contact],
        "meta": { "current_page": 1, "last_page": 1, "per_page": 250, "total": 1 },
    });
    for (place, status, body) in [("/login-log", 404, json!({ "message": "Not found." })), ("/contacts", 200, contacts)]
    {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(method("GET")).and(path(place)).respond_with(answer).mount(&server).await;
    }
    let cli = Cli::new("token");
    cli.json(&["connect", "--server", &server.uri(), "--cabinet", "c"]);
    cli.json(&["sync"]);
    let json = cli.run(&["contact", "1", "--json"]).stdout;
    assert_eq!((json.matches("\"name\":").count(), json.matches("\"unviewed\":").count()), (1, 1), "{json}");
    let read: Value = serde_json::from_str(&json).expect("one document");
    assert_eq!((&read["name"], &read["level"]), (&json!("Anna"), &json!(3)));

    let lines = read_csv(&cli.run(&["export", "contacts", "--format", "csv", "--out", "-"]).stdout);
    let of = |name: &str| {
        let at = lines[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"));
        lines[1][at].clone()
    };
    assert_eq!((of("level"), of("notes"), of("name")), ("3".into(), "{\"a\":\"b\"}".into(), "Anna".into()));
}
