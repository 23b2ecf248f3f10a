use hallmonitor_school::Scope;
use hallmonitor_tests::{Cli, Filled, school};
use serde_json::json;

use crate::{assert_failed, ended, keys};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connecting_says_which_school_it_is() {
    let school = school(Filled::Empty).await;
    school.school.rename("Світло Academy — 2!").await.expect("renamed");
    let cli = Cli::new(&school.token);
    let said = cli.json(&["connect", "--server", &format!("{}/", school.url()), "--cabinet", &school.cabinet]);
    assert_eq!(keys(&said), ["cabinet_name", "login_log", "profile", "server"]);
    assert_eq!(said["profile"], "Світло-Academy-2");
    assert_eq!(said["cabinet_name"], "Світло Academy — 2!");
    assert_eq!(said["login_log"], true);
    assert!(said["server"].as_str().expect("an address").starts_with(&school.url()));

    let status = cli.json(&["status"]);
    assert_eq!(status["last_sync_at"], json!(null), "connecting alone reads nothing");
    assert_eq!(status["profile"], said["profile"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_cabinet_under_another_address_is_said_to_be_here_already() {
    let school = school(Filled::Empty).await;
    let cli = Cli::new(&school.token);
    let connect = |url: &str, name: &str| {
        let ran = cli.run(&["connect", "--server", url, "--cabinet", &school.cabinet, "--name", name]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    };
    let numbers = school.url();
    let name = numbers.replace("127.0.0.1", "localhost");
    assert!(!connect(&numbers, "numbers").contains("already"));
    assert!(!connect(&numbers, "numbers").contains("already"), "another token is what it asks for");
    let said = connect(&name, "name");
    assert!(said.contains("connected as numbers already") && said.contains(&numbers), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_or_cabinet_ends_with_4_and_leaves_nothing_behind() {
    let school = school(Filled::Empty).await;
    let stranger = Cli::new("hm_not_a_token");
    let connect = ["connect", "--server", &school.url(), "--cabinet", &school.cabinet];
    assert_failed(&stranger.run(&connect), 4, "token");
    assert_failed(&stranger.run(&["status"]), 3, "onnect");

    let cli = Cli::new(&school.token);
    assert_failed(&cli.run(&["connect", "--server", &school.url(), "--cabinet", "another"]), 4, "cabinet");
    let website = Cli::new(&school.site_token);
    assert_failed(&website.run(&connect), 4, "token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_server_ends_with_5() {
    let mut school = school(Filled::Empty).await;
    let cli = Cli::new(&school.token);
    school.unplug().await;
    let ran = cli.run(&["--json", "connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    assert_failed(&ran, 5, "could not be reached");
    assert_failed(&cli.run(&["status"]), 3, "onnect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_usage_ends_with_2() {
    let school = school(Filled::Empty).await;
    let cli = Cli::new(&school.token);
    let (url, cabinet) = (school.url(), school.cabinet.as_str());
    for (words, said) in [
        (vec!["connect", "--server", "http://example.com", "--cabinet", cabinet], "https://"),
        (vec!["connect", "--server", "ftp://example.com", "--cabinet", cabinet], "https://"),
        (vec!["connect", "--server", "https://me:pw@example.com", "--cabinet", cabinet], "password"),
        (vec!["connect", "--server", "", "--cabinet", cabinet], "empty"),
        (vec!["connect", "--server", &url, "--cabinet", ""], "cabinet"),
        (vec!["connect", "--server", &url, "--cabinet", cabinet, "--name", "a/b"], "name"),
        (vec!["connect", "--server", &url, "--cabinet", cabinet, "--name", ""], "name"),
        (vec!["connect", "--server", &url, "--cabinet", cabinet, "--token", "x"], "--token"),
        (vec!["connect", "--server", &url], "--cabinet"),
        (vec!["outbox", "cancel"], "cancel"),
        (vec!["device", "block", "one"], "one"),
        (vec!["contacts", "--limit", "many"], "many"),
        (vec![], "Usage"),
    ] {
        assert_failed(&cli.run(&words), 2, said);
    }
    assert_failed(&cli.run(&["status"]), 3, "onnect");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_and_a_terminal_it_is_wrong_usage() {
    let school = school(Filled::Empty).await;
    let cli = Cli::new("");
    let connect = ["connect", "--server", &school.url(), "--cabinet", &school.cabinet];
    assert_failed(&cli.run(&connect), 2, "HALLMONITOR_TOKEN");
    let mut command = cli.command(&connect);
    command.env_remove("HALLMONITOR_TOKEN");
    assert_failed(&ended(command), 2, "HALLMONITOR_TOKEN");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connecting_again_takes_the_new_token_and_keeps_everything_else() {
    let school = school(Filled::With { contacts: 5, sessions: 40 }).await;
    let mut cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let before = cli.json(&["status"]);

    let old = school.school.tokens().await.expect("tokens").into_iter().find(|token| token.name == "Owner");
    school.school.revoke_token(old.expect("the owner's token").id).await.expect("revoked");
    assert_failed(&cli.run(&["sync"]), 4, "token");
    assert_eq!(cli.json(&["status"])["sessions"], 40, "the cache stays readable");

    let new = school.school.create_token(Scope::Admin, Some("Owner again")).await.expect("a token");
    cli.token = new.token.reveal().to_owned();
    assert_failed(&cli.run(&["sync"]), 4, "token");
    let said = cli.json(&["connect", "--server", &school.url(), "--cabinet", &school.cabinet, "--name", "other"]);
    assert_eq!(said["profile"], before["profile"]);
    assert_eq!(cli.json(&["status"]), before);

    cli.token = "hm_matters_to_connect_alone".to_owned();
    cli.json(&["sync"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_of_another_school_is_refused() {
    let (first, second) = (school(Filled::Empty).await, school(Filled::Empty).await);
    let mut cli = Cli::new(&first.token);
    let connect = |school: &hallmonitor_tests::TestSchool| {
        ["connect", "--server", &school.url(), "--cabinet", &school.cabinet, "--name", "mine"].map(str::to_owned)
    };
    let words = connect(&first);
    assert_eq!(cli.run(&words.each_ref().map(String::as_str)).code, 0);
    cli.token.clone_from(&second.token);
    let words = connect(&second);
    assert_failed(&cli.run(&words.each_ref().map(String::as_str)), 1, "mine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_school_is_not_connected_under_another_schools_name() {
    let (first, second) = (school(Filled::Empty).await, school(Filled::Empty).await);
    let mut cli = Cli::new(&second.token);
    cli.json(&["connect", "--server", &second.url(), "--cabinet", &second.cabinet, "--name", "second"]);
    cli.token.clone_from(&first.token);
    let (url, cabinet) = (first.url(), first.cabinet.as_str());
    let connect = ["connect", "--server", &url, "--cabinet", cabinet];
    let named = |name| [&connect[..], &["--name", name]].concat();
    let profiled = |name| [&["--profile", name], &connect[..]].concat();
    cli.json(&named("first"));

    cli.token = "hm_not_a_token".to_owned();
    assert_failed(&cli.run(&named("first")), 4, "token");
    cli.token.clone_from(&first.token);
    for words in [named("second"), profiled("second")] {
        assert_failed(&cli.run(&words), 1, "second");
    }
    for words in [named("first"), profiled("first"), named("free"), connect.to_vec()] {
        assert_eq!(cli.json(&words)["profile"], "first", "{words:?}");
    }
}
