//! `latest.json`: what programs that are out there read to know the newest version, and where it is for them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};

use crate::json::quoted;

/// How the names of files end that update a program, and what their kind is called. The first of a platform is for
/// programs that do not know their own kind.
const KINDS: [(&str, &str); 6] = [
    (".AppImage", "appimage"),
    (".app.tar.gz", "app"),
    ("-setup.exe", "nsis"),
    (".msi", "msi"),
    (".deb", "deb"),
    (".rpm", "rpm"),
];

/// `latest FOLDER URL`: writes it for the packages in the folder's folders, each named after a platform, which can be had
/// under the address.
///
/// # Errors
/// Where words are missing, or the folder can't be read.
pub(crate) fn latest(words: &[String]) -> Result<()> {
    let [folder, url] = words else { bail!("latest takes a folder and an address") };
    let mut updates = Vec::new();
    for platform in fs::read_dir(folder).with_context(|| format!("{folder} cannot be read"))? {
        let platform = platform?;
        let name = platform.file_name().to_string_lossy().into_owned();
        updates.extend(signed_in(&platform.path(), &name)?);
    }
    print!("{}", document(env!("CARGO_PKG_VERSION"), url.trim_end_matches('/'), &mut updates));
    Ok(())
}

/// A file that updates a program, and its signature.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Signed {
    platform: String,
    file: String,
    signature: String,
}

/// What has a signature; without one no program would take it.
fn signed_in(folder: &Path, platform: &str) -> Result<Vec<Signed>> {
    let mut signed = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(file) = name.strip_suffix(".sig") {
            let signature = fs::read_to_string(&path)?.trim().to_owned();
            signed.push(Signed { platform: platform.to_owned(), file: file.to_owned(), signature });
        }
    }
    Ok(signed)
}

fn document(version: &str, url: &str, signed: &mut [Signed]) -> String {
    signed.sort();
    let mut platforms = Vec::new();
    for (ending, kind) in KINDS {
        for Signed { platform, file, signature } in signed.iter().filter(|signed| signed.file.ends_with(ending)) {
            let told =
                format!(r#"{{ "url": {}, "signature": {} }}"#, quoted(&format!("{url}/{file}")), quoted(signature));
            platforms.push((format!("{platform}-{kind}"), told.clone()));
            if ["appimage", "app", "nsis"].contains(&kind) {
                platforms.push((platform.clone(), told));
            }
        }
    }
    platforms.sort();
    let lines: Vec<String> = platforms.iter().map(|(name, told)| format!("    {}: {told}", quoted(name))).collect();
    format!("{{\n  \"version\": {},\n  \"platforms\": {{\n{}\n  }}\n}}\n", quoted(version), lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_each_platform_finds_its_own_file() {
        let one = |platform: &str, file: &str| Signed {
            platform: platform.into(),
            file: file.into(),
            signature: format!("signed {file}"),
        };
        let written = document(
            "1.2.3",
            "https://e.com/v1.2.3",
            &mut [
                one("windows-x86_64", "H_x64_en-US.msi"),
                one("windows-x86_64", "H_x64-setup.exe"),
                one("linux-x86_64", "H.deb"),
                one("linux-x86_64", "H.AppImage"),
                one("linux-x86_64", "H.txt"),
                one("darwin-aarch64", "H_darwin-aarch64.app.tar.gz"),
            ],
        );
        let platforms: Vec<_> = written.lines().filter_map(|line| line.trim().split_once(": {")).collect();
        let files: Vec<_> = platforms
            .iter()
            .filter(|(name, _)| *name != "\"platforms\"")
            .map(|(name, told)| {
                let file = told.split("v1.2.3/").nth(1).and_then(|rest| rest.split('"').next());
                (name.trim_matches('"'), file.unwrap_or_default())
            })
            .collect();
        assert_eq!(
            files,
            [
                ("darwin-aarch64", "H_darwin-aarch64.app.tar.gz"),
                ("darwin-aarch64-app", "H_darwin-aarch64.app.tar.gz"),
                ("linux-x86_64", "H.AppImage"),
                ("linux-x86_64-appimage", "H.AppImage"),
                ("linux-x86_64-deb", "H.deb"),
                ("windows-x86_64", "H_x64-setup.exe"),
                ("windows-x86_64-msi", "H_x64_en-US.msi"),
                ("windows-x86_64-nsis", "H_x64-setup.exe"),
            ]
        );
        assert!(written.starts_with("{\n  \"version\": \"1.2.3\","), "{written}");
        assert!(written.contains(r#""signature": "signed H.AppImage""#), "{written}");
    }

    #[test]
    fn without_a_signature_nothing_is_offered() {
        assert_eq!(
            document("1.2.3", "https://e.com", &mut []),
            "{\n  \"version\": \"1.2.3\",\n  \"platforms\": {\n\n  }\n}\n"
        );
    }
}
