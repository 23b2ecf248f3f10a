//! A disk that is full.

use std::process::Command;

use hallmonitor_tests::{Cli, Filled, program, school};

/// In a mount namespace of its own: a disk of 3 MiB under the data folder, too small for the school, later a larger one.
const SCRIPT: &str = r#"
set -u
cli=$1 data=$2
shift 2
mkdir -p "$data" && mount -t tmpfs -o size=3m,mode=700 tmpfs "$data" || exit 99
"$cli" --data-dir "$data" "$@" || exit 98
"$cli" --data-dir "$data" sync; echo "sync on the full disk: $?"
"$cli" --data-dir "$data" status > /dev/null; echo "status on the full disk: $?"
mount -o remount,size=200m "$data" || exit 97
"$cli" --data-dir "$data" sync > /dev/null; echo "sync with room: $?"
"$cli" --data-dir "$data" --json status
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_sync_with_a_sentence_and_nothing_is_lost() {
    let school = school(Filled::With { contacts: 300, sessions: 20_000 }).await;
    let cli = Cli::new(&school.token);
    // The environment of the command line, in front of another program.
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh"]);
    command.arg(program("hallmonitor-cli")).arg(cli.data_dir());
    command.args(["connect", "--server", &school.url(), "--cabinet", &school.cabinet]);
    for (name, value) in cli.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let ran = tokio::task::spawn_blocking(move || super::ended(command)).await.expect("it ran");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    for line in ["sync on the full disk: 1", "status on the full disk: 0", "sync with room: 0", "\"sessions\":20000"] {
        let said = ran.stdout.replace("\": ", "\":");
        assert!(said.contains(line), "{line}: {}{}", ran.stdout, ran.stderr);
    }
    assert!(ran.stderr.contains("disk is full"), "{}", ran.stderr);
}

/// The same with the folder for temporary files, full already.
const TEMPORARY: &str = r#"
set -u
cli=$1 folder=$2
shift 2
mkdir "$folder/tmp" && mount -t tmpfs -o size=64k tmpfs "$folder/tmp" || exit 99
head -c 100000 /dev/zero > "$folder/tmp/filled" 2> /dev/null
TMPDIR="$folder/tmp" "$cli" "$@"; echo "export: $?"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_without_room_for_temporary_files_ends_with_a_sentence() {
    let school = school(Filled::With { contacts: 30, sessions: 3_000 }).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("logins.xlsx");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", TEMPORARY, "sh"]);
    command.arg(program("hallmonitor-cli")).arg(folder.path());
    let export = cli.command(&["export", "sessions", "--format", "xlsx", "--out", out.to_str().expect("plain")]);
    command.args(export.get_args());
    for (name, value) in export.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let ran = tokio::task::spawn_blocking(move || super::ended(command)).await.expect("it ran");
    assert!(ran.stdout.contains("export: 1"), "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stderr.contains("panicked") && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    assert!(!out.exists(), "no half file");
}
