use hallmonitor_tests::{Cli, Filled, school};

use crate::assert_failed;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_several_schools_one_has_to_be_named() {
    let first = school(Filled::With { contacts: 3, sessions: 10 }).await;
    let second = school(Filled::With { contacts: 5, sessions: 20 }).await;
    let mut cli = Cli::new(&first.token);
    assert_failed(&cli.run(&["status"]), 3, "Connect a school first");
    assert_failed(&cli.run(&["--profile", "first", "status"]), 3, "first");

    cli.json(&["connect", "--server", &first.url(), "--cabinet", &first.cabinet, "--name", "first"]);
    cli.token.clone_from(&second.token);
    cli.json(&["connect", "--server", &second.url(), "--cabinet", &second.cabinet, "--name", "Друга школа"]);

    for words in [&["status"][..], &["sync"], &["contacts"], &["wipe", "--yes"]] {
        let ran = cli.run(words);
        assert_failed(&ran, 2, "first");
        assert!(ran.stderr.contains("Друга школа"), "{}", ran.stderr);
    }
    let ran = cli.run(&["status", "--profile", "third"]);
    assert_failed(&ran, 3, "third");
    assert!(ran.stderr.contains("Друга школа"), "{}", ran.stderr);

    for (name, sessions) in [("first", 10), ("Друга школа", 20)] {
        cli.json(&["sync", "--profile", name]);
        let status = cli.json(&["--profile", name, "status"]);
        assert_eq!((&status["profile"], &status["sessions"]), (&name.into(), &sessions.into()));
    }

    let wiped = cli.json(&["wipe", "--profile", "first"]);
    assert_eq!(wiped, serde_json::json!({ "removed": ["first"] }));
    assert_eq!(cli.json(&["status"])["sessions"], 20, "with one school left it need not be named");
}
