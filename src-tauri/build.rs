//! Builds the window's permissions from the list of commands, and checks the pages are there to be taken in.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use tauri_build::{AppManifest, Attributes};

/// Every command that the pages may call; the capability in `capabilities/` allows each by name.
const COMMANDS: &[&str] = &[
    "overview",
    "check_server",
    "connect_school",
    "open_demo",
    "open_school",
    "schools",
    "unlock",
    "lock",
    "in_use",
    "set_passphrase",
    "renew_token",
    "sign_out",
    "erase_school",
    "language_in_force",
    "status",
    "sync_state",
    "sync_now",
    "contacts",
    "contact",
    "sessions",
    "session_position",
    "devices",
    "restrictions",
    "logins",
    "login_summary",
    "saved_views",
    "save_view",
    "drop_view",
    "violations",
    "violation_groups",
    "violation_choices",
    "set_verdict",
    "clear_verdict",
    "verdicts",
    "export_view",
    "stop_export",
    "show_written",
    "case_facts",
    "evidence",
    "warning",
    "set_warning",
    "insights",
    "insight",
    "insight_status",
    "insight_settings",
    "set_insight_settings",
    "would_flag",
    "what_if",
    "would_hit",
    "school_devices",
    "name_device",
    "join_devices",
    "part_device",
    "regroup_devices",
    "activity_strip",
    "places_visited",
    "others_at",
    "others_with",
    "kept_months",
    "keep_months",
    "erase_contact",
    "find_everywhere",
    "note_opened",
    "location_databases",
    "choose_location_database",
    "forget_location_databases",
    "placing",
    "access_control",
    "painted",
    "decide",
    "block_effects",
    "unviewed_restrictions",
    "set_check_exception",
    "check_exceptions",
    "check_exception",
    "waiting",
    "resolve",
    "unreadable",
    "settings",
    "settings_problem",
    "set_settings",
    "pause_notifications",
    "test_notification",
    "update_state",
    "update_check",
    "update_install",
    "place_wanted",
    "quit",
];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let pages = root.join("ui/dist");
    assert!(
        pages.join("index.html").is_file(),
        "the window's pages are missing in {}: run `cargo xtask setup`, which builds them",
        pages.display()
    );
    println!("cargo:rerun-if-changed={}", pages.display());
    println!("cargo:rerun-if-changed={}", root.join("icons").display());
    println!("cargo:rerun-if-changed={}", root.join("src-tauri/capabilities").display());

    stand_aside(&root);
    // Where the sources are now, not where this script was built; the pattern has to outlive everything, and a build
    // script ends soon.
    let capabilities = root.join("src-tauri/capabilities/*.json").display().to_string().leak();
    let attributes = Attributes::new()
        .config_path(root.join("tauri.conf.json"))
        .capabilities_path_pattern(capabilities)
        .app_manifest(AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("{error:#}");
    }
}

/// tauri-build writes schemas and permissions into the working folder, beside a `Cargo.toml` that it reads there; done
/// here they would litter the top of the tree.
fn stand_aside(root: &Path) {
    let aside = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("tauri");
    fs::create_dir_all(&aside).expect("OUT_DIR can be written");
    fs::copy(root.join("Cargo.toml"), aside.join("Cargo.toml")).expect("Cargo.toml is there, OUT_DIR can be written");
    env::set_current_dir(&aside).expect("it was just made");
}
