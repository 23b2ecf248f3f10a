//! A decision on a disk that is full.

use std::process::{Command, Output};

use hallmonitor_tests::{Cli, Filled, program, school};
use serde_json::Value;

/// Students: their checks are decided at once, which needs more room than there is.
const STUDENTS: i64 = 400;

/// In a mount namespace of its own: a disk of 6 MiB under the data folder, filled up to a little room for SQLite's own
/// files, later a larger one.
const SCRIPT: &str = r#"
set -u
cli=$1 data=$2 server=$3 cabinet=$4
mkdir -p "$data" && mount -t tmpfs -o size=6m,mode=700 tmpfs "$data" || exit 99
"$cli" --data-dir "$data" connect --server "$server" --cabinet "$cabinet" >&2 || exit 98
"$cli" --data-dir "$data" sync >&2 || exit 97
free=$(df --output=avail -k "$data" | tail -n 1)
head -c $(((free - 96) * 1024)) /dev/zero > "$data/filler" || exit 96
"$cli" --data-dir "$data" checks off $(seq 1 400) 2> "$data.said"; echo "{\"on the full disk\": $?}"
"$cli" --data-dir "$data" --json outbox || exit 95
"$cli" --data-dir "$data" --json contacts --limit 0 || exit 94
rm "$data/filler"
"$cli" --data-dir "$data" --json checks off $(seq 1 400) || exit 93
"$cli" --data-dir "$data" --json sync || exit 92
"#;

fn on_a_small_disk(cli: &Cli, server: &str, cabinet: &str) -> Output {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh"]);
    command.arg(program("hallmonitor-cli")).arg(cli.data_dir()).args([server, cabinet]);
    // The environment of the command line, in front of another program.
    for (name, value) in cli.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.output().expect("it ran")
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_a_decision_is_refused_with_a_sentence_and_never_half_kept() {
    let sessions = 2 * STUDENTS.unsigned_abs();
    let school = school(Filled::With { contacts: STUDENTS.unsigned_abs(), sessions }).await;
    let cli = Cli::new(&school.token);
    let (server, cabinet) = (school.url(), school.cabinet.clone());
    let (ran, said) = tokio::task::spawn_blocking(move || {
        let ran = on_a_small_disk(&cli, &server, &cabinet);
        let said = std::fs::read_to_string(cli.data_dir().with_extension("said")).unwrap_or_default();
        (ran, said)
    })
    .await
    .expect("it ran");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{:?}: {told}{said}", ran.status);
    let documents: Vec<Value> = serde_json::Deserializer::from_slice(&ran.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&ran.stdout)));
    let [refused, outbox, contacts, made, synced] = &documents[..] else { panic!("{documents:?}") };
    assert_eq!(refused["on the full disk"], 1, "{said}");
    assert!(said.contains("disk is full"), "{said}");
    assert_eq!(outbox, &Value::Array(Vec::new()), "nothing is kept by halves");
    let undecided = |contact: &Value| contact["checks_enabled"] == true && contact["pending"] == false;
    assert!(contacts.as_array().expect("contacts").iter().all(undecided));
    let made = made.as_array().expect("entries").len();
    assert_eq!(made, usize::try_from(STUDENTS).expect("positive"), "with room again all are taken");
    assert_eq!(synced["pushed"]["applied"], STUDENTS);
}
