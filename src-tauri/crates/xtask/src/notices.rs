//! What the packages contain of others, and under which licences: every crate that is compiled in, every npm package
//! whose code or data is, and each licence's text that lies beside them, once.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::tree::{cargo, npm, ui};

/// Brought by a build script, and compiled in all the same.
const BUILT_IN: [&str; 1] = ["openssl-src"];

/// What npm calls a tool, and is in the program all the same: what the pages run on, and what the core is built with.
const OF_TOOLS: [&str; 5] = ["@ip-location-db/geo-whois-asn-country-mmdb", "clsx", "esm-env", "svelte", "uap-core"];

/// Not compiled in: copies for other systems, and what tests and generators are made with.
const LEFT_OUT: [&str; 5] = ["external", "node_modules", "target", "tests", "vendor"];

/// Something of others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
    /// Where its source is.
    home: String,
    folder: PathBuf,
}

/// Writes the notices for what these packages of the workspace are built of.
///
/// # Errors
/// Where Cargo or npm does not say it, or a file can't be read or written.
pub(crate) fn write(file: &Path, programs: &[&str]) -> Result<()> {
    let mut parts = crates(programs)?;
    parts.extend(packages()?);
    let parts = parts.into_iter().map(|part| Ok((texts(&part.folder)?, part))).collect::<Result<Vec<_>>>()?;
    fs::write(file, notices(&parts)).with_context(|| format!("{} cannot be written", file.display()))
}

fn crates(programs: &[&str]) -> Result<BTreeSet<Part>> {
    let rustc = said(Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV"))?;
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let told = said(&mut cargo(["metadata", "--format-version", "1", "--locked", "--filter-platform", host]))?;
    compiled_in(&serde_json::from_str(&told)?, programs).context("this is not what `cargo metadata` says")
}

/// The crates of others that the programs are built of; `None` where this is no metadata.
fn compiled_in(metadata: &Value, programs: &[&str]) -> Option<BTreeSet<Part>> {
    let id = |of: &Value, field: &str| of[field].as_str().map(str::to_owned);
    let packages: BTreeMap<String, &Value> = metadata["packages"]
        .as_array()?
        .iter()
        .map(|package| Some((id(package, "id")?, package)))
        .collect::<Option<_>>()?;
    let nodes: BTreeMap<String, &Value> = metadata["resolve"]["nodes"]
        .as_array()?
        .iter()
        .map(|node| Some((id(node, "id")?, node)))
        .collect::<Option<_>>()?;
    let is_named = |package: &Value, names: &[&str]| package["name"].as_str().is_some_and(|name| names.contains(&name));
    let ours = |package: &&Value| package["source"].is_null();
    let mut found = BTreeSet::new();
    let mut open: Vec<&String> = packages
        .iter()
        .filter_map(|(id, package)| (ours(package) && is_named(package, programs)).then_some(id))
        .collect();
    while let Some(next) = open.pop() {
        if !found.insert(next) {
            continue;
        }
        for dependency in nodes.get(next)?["deps"].as_array()? {
            let (id, package) = packages.get_key_value(dependency["pkg"].as_str()?)?;
            let runs = dependency["dep_kinds"].as_array()?.iter().any(|kind| kind["kind"].is_null());
            if runs || is_named(package, &BUILT_IN) {
                open.push(id);
            }
        }
    }
    let others = found.into_iter().filter_map(|id| packages.get(id)).filter(|package| !ours(package));
    others.map(|package| part(package, Path::new(package["manifest_path"].as_str()?).parent()?)).collect()
}

/// The npm packages that are in the pages or in the core.
fn packages() -> Result<BTreeSet<Part>> {
    let listed = said(&mut npm(["ls", "--omit=dev", "--all", "--parseable"]))?;
    // The first one is the pages themselves.
    let folders = listed.lines().skip(1).map(PathBuf::from);
    let folders = folders.chain(OF_TOOLS.map(|name| ui().join("node_modules").join(name)));
    folders
        .map(|folder| {
            let file = folder.join("package.json");
            let text = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            part(&serde_json::from_slice(&text)?, &folder).with_context(|| format!("{} names nothing", file.display()))
        })
        .collect()
}

/// What Cargo and npm call by nearly the same names.
fn part(package: &Value, folder: &Path) -> Option<Part> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let home = &package["repository"];
    let home = text(home).or_else(|| text(&home["url"])).or_else(|| text(&package["homepage"])).unwrap_or_default();
    Some(Part {
        name: text(&package["name"])?,
        version: text(&package["version"])?,
        licence: text(&package["license"]).unwrap_or_else(|| "see its text".to_owned()),
        home,
        folder: folder.to_owned(),
    })
}

/// The licences, copyrights and notices in a folder and those below it.
fn texts(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let of_licences = folder.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().starts_with("licen"));
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_lowercase());
        if path.is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) {
                found.extend(texts(&path)?);
            }
        } else if of_licences || is_licence(&name) {
            found.push(String::from_utf8_lossy(&fs::read(&path)?).trim_end().replace('\r', ""));
        }
    }
    Ok(found)
}

/// Whether a file of this name (in lower case) is read by lawyers.
fn is_licence(name: &str) -> bool {
    let code = [".rs", ".pm", ".js", ".ts", ".c", ".h", ".py"].iter().any(|ending| name.ends_with(ending));
    !code && (name.contains("licen") || ["copying", "copyright", "notice"].iter().any(|word| name.starts_with(word)))
}

fn notices(parts: &[(Vec<String>, Part)]) -> String {
    let mut written = String::from(
        "Hallmonitor contains the work of others. Each part is named here with its version, its licence and the place of \
         its source;\nthe texts of the licences follow, each once. The Rust standard library is in it, too: Apache-2.0 OR MIT.\n\n",
    );
    // Texts differ in where their lines break.
    let mut once: BTreeMap<Vec<&str>, (&str, BTreeSet<String>)> = BTreeMap::new();
    for (texts, Part { name, version, licence, home, .. }) in parts {
        written.push_str(format!("{name} {version} ({licence}) {home}").trim_end());
        written.push('\n');
        for text in texts {
            let (_, whose) = once.entry(text.split_whitespace().collect()).or_insert((text, BTreeSet::new()));
            whose.insert(format!("{name} {version}"));
        }
    }
    for (text, whose) in once.into_values() {
        let whose: Vec<String> = whose.into_iter().collect();
        written.push_str(&format!("\n{}\nOf {}:\n\n{text}\n", "=".repeat(80), whose.join(", ")));
    }
    written
}

fn said(command: &mut Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let told = command.output().with_context(|| format!("{program} does not start"))?;
    if !told.status.success() {
        bail!("{program}: {}", String::from_utf8_lossy(&told.stderr).trim());
    }
    Ok(String::from_utf8(told.stdout)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_compiled_in_is_named_and_nothing_else() {
        let package = |name: &str, source: Option<&str>| {
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
                    "manifest_path": format!("/crates/{name}/Cargo.toml"), "repository": null })
        };
        let needs = |name: &str, kind: Option<&str>| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let others =
            ["used", "deep", "cc", "tested", "openssl-src", "of-another"].map(|name| package(name, Some("web")));
        let mut packages = vec![package("app", None), package("core", None), package("tool", None)];
        packages.extend(others);
        let metadata = json!({ "packages": packages, "resolve": { "nodes": [
            { "id": "app", "deps": [needs("core", None), needs("tested", Some("dev")), needs("cc", Some("build"))] },
            { "id": "core", "deps": [needs("used", None)] },
            { "id": "used", "deps": [needs("deep", None), needs("openssl-src", Some("build"))] },
            { "id": "deep", "deps": [needs("used", None)] },
            { "id": "openssl-src", "deps": [needs("cc", Some("build"))] },
            { "id": "tool", "deps": [needs("of-another", None)] },
        ] } });
        let found = compiled_in(&metadata, &["app"]).expect("metadata");
        let names: Vec<&str> = found.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["deep", "openssl-src", "used"]);
        assert_eq!(found.first().expect("one").folder, Path::new("/crates/deep"));
        assert_eq!(compiled_in(&json!({}), &["app"]), None);
    }

    #[test]
    fn a_text_that_several_have_stands_once_with_all_their_names() {
        let part = |name: &str, home: &str| Part {
            name: name.into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            home: home.into(),
            folder: PathBuf::new(),
        };
        let written = notices(&[
            (vec!["Copyright A\n\nDo as\nyou like.".into()], part("a", "https://a.example")),
            (vec!["Copyright A\nDo as you like.".into(), "Copyright B".into()], part("b", "")),
        ]);
        assert!(written.contains("\na 1.0.0 (MIT) https://a.example\nb 1.0.0 (MIT)\n"), "{written}");
        assert_eq!(written.matches("Copyright A").count(), 1, "{written}");
        assert!(written.contains("\nOf a 1.0.0, b 1.0.0:\n\nCopyright A\n\nDo as\nyou like.\n"), "{written}");
        assert!(written.contains("\nOf b 1.0.0:\n\nCopyright B\n"), "{written}");
    }

    #[test]
    fn what_must_travel_with_the_programs_is_in_the_notices() {
        let file = env::temp_dir().join(format!("hallmonitor-notices-{}", std::process::id()));
        write(&file, &["hallmonitor", "hallmonitor-cli"]).expect("written");
        let written = fs::read_to_string(&file).expect("it is there");
        fs::remove_file(&file).expect("our own file");
        for part in [
            "libsqlite3-sys ",
            "openssl-src ",
            "tauri ",
            "svelte ",
            "world-atlas ",
            "uap-core ",
            "Copyright (c) 2008-2020 Zetetic LLC",
        ] {
            assert!(written.lines().any(|line| line.trim_start().starts_with(part)), "{part}");
        }
        assert!(!written.lines().any(|line| line.starts_with("wiremock ")), "tests are in no package");
    }
}
