//! Finds the data that comes with the app through npm: the country database and the rules that read user agents.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn main() {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let modules = crate_folder.join("../../../ui/node_modules");

    let countries = modules.join("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");
    present(&countries);
    println!("cargo:rustc-env=HALLMONITOR_COUNTRIES={}", countries.display());

    let rules = modules.join("uap-core/regexes.yaml");
    present(&rules);
    let text = fs::read_to_string(&rules).unwrap_or_else(|error| panic!("{}: {error}", rules.display()));
    let rules: Value = yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", rules.display()));
    let wanted = wanted(rules).to_string();
    fs::write(out.join("agents.json"), wanted).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}

/// Makes cargo run this again when the file changes, and ends the build with the remedy where it is missing.
fn present(file: &Path) {
    println!("cargo:rerun-if-changed={}", file.display());
    assert!(file.is_file(), "{} is missing: run `cargo xtask setup`, which fetches it through npm", file.display());
}

/// The rules for browsers and systems, and of those for devices the ones that tell bots: models of telephones are not
/// shown anywhere, and their 600 rules would cost most of the memory.
fn wanted(mut rules: Value) -> Value {
    if let Some(devices) = rules.get_mut("device_parsers").and_then(Value::as_array_mut) {
        devices.retain(|rule| rule.get("device_replacement").and_then(Value::as_str) == Some("Spider"));
        assert!(!devices.is_empty(), "the rules for user agents know no bots any more");
    }
    rules
}
