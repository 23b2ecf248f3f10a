//! Newer versions of the program, from a real server, with real signatures: what is put in place, and what is not.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use hallmonitor_tests::{Desktop, Window, until};
use minisign::{KeyPair, PublicKey};
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::steps::in_settings;

const NEWER: &str = "9.9.9";

/// Where newer versions are told of, and an AppImage that this program runs out of.
struct Site {
    server: MockServer,
    key: KeyPair,
    image: PathBuf,
}

/// What is offered as the newer version.
struct Offer {
    file: Vec<u8>,
    signature: String,
}

impl Site {
    /// On this desktop the program believes to be an AppImage that was built to look here.
    async fn known_to(desktop: &mut Desktop) -> Self {
        let (server, key) = (MockServer::start().await, new_key());
        let image = desktop.home().join("Hallmonitor.AppImage");
        fs::write(&image, "the version that is here").expect("our own file");
        fs::set_permissions(&image, fs::Permissions::from_mode(0o755)).expect("our own file");
        desktop.sets("APPIMAGE", &image.display().to_string());
        desktop.sets("HALLMONITOR_UPDATE_URL", &format!("{}/latest.json", server.uri()));
        desktop.sets("HALLMONITOR_UPDATE_KEY", &base64(&key.pk.to_box().expect("a key").to_string()));
        Self { server, key, image }
    }

    async fn offers(&self, offer: Offer) {
        self.server.reset().await;
        let told = json!({
            "version": NEWER,
            "url": format!("{}/Hallmonitor.AppImage", self.server.uri()),
            "signature": base64(&offer.signature),
        });
        for (at, answer) in [
            ("/latest.json", ResponseTemplate::new(200).set_body_json(told)),
            ("/Hallmonitor.AppImage", ResponseTemplate::new(200).set_body_bytes(offer.file)),
        ] {
            Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(&self.server).await;
        }
    }

    /// `None` while one takes the place of another.
    fn image(&self) -> Option<Vec<u8>> {
        fs::read(&self.image).ok()
    }
}

#[tokio::test]
async fn a_newer_version_is_shown_and_put_in_place_when_asked() {
    let mut desktop = Desktop::start().await;
    let site = Site::known_to(&mut desktop).await;
    let (window, _school) = in_settings(&mut desktop).await;
    let file = newer_file();
    site.offers(Offer { signature: signed(&site.key, &file, Some(NEWER)), file: file.clone() }).await;

    window.clicks("update-check").await;
    window.sees("update-install").await;
    assert!(window.text().await.contains(&format!("Version {NEWER} is available")), "{}", window.text().await);
    let button = window.sees("update-install").await;
    button.scroll_into_view().await.expect("it is there");
    window.picture("update").await;
    assert!(site.image().is_some_and(|image| image != file), "nothing is installed before the person says so");

    window.clicks("update-install").await;
    until("the newer version is in place", async || (site.image()? == file).then_some(())).await;
    // The newer version ends at once.
    until("this version has ended", async || (!desktop.runs()).then_some(())).await;

    // One that does not shows the window again, whoever had started the one before.
    desktop.starts(&["--hidden"]);
    until("the window is open", async || desktop.has_window().then_some(())).await;
    desktop.ends().await;
    let turns = desktop.logged("a turn has ended");
    desktop.starts(&["--hidden"]);
    desktop.logs_again("a turn has ended", turns).await;
    assert!(!desktop.has_window(), "once");
}

#[tokio::test]
async fn what_is_not_signed_as_it_should_be_is_refused() {
    let mut desktop = Desktop::start().await;
    let site = Site::known_to(&mut desktop).await;
    let (window, _school) = in_settings(&mut desktop).await;
    let here = site.image();
    assert!(here.is_some(), "it is there");
    let file = newer_file();
    let altered = [file.as_slice(), b"!"].concat();
    let ours = signed(&site.key, &file, Some(NEWER));
    for (what, file, signature) in [
        ("another's key", file.clone(), signed(&new_key(), &file, Some(NEWER))),
        ("another file", altered, ours.clone()),
        ("an older version under a newer name", file.clone(), signed(&site.key, &file, Some("0.0.9"))),
        ("no version", file.clone(), signed(&site.key, &file, None)),
        ("no signature", file.clone(), String::new()),
        ("half a signature", file.clone(), ours[..ours.len() / 2].to_owned()),
    ] {
        site.offers(Offer { file, signature }).await;
        window.clicks("update-check").await;
        until(&format!("{what}: what was said before is gone"), async || {
            window.all("problem").await.is_empty().then_some(())
        })
        .await;
        window.clicks("update-install").await;
        window.reads("problem", "not signed").await;
        assert_eq!(site.image(), here, "{what}");
    }
    assert!(desktop.runs());
}

#[tokio::test]
async fn a_site_that_does_not_answer_is_told_and_harms_nothing() {
    let mut desktop = Desktop::start().await;
    let site = Site::known_to(&mut desktop).await;
    let (window, _school) = in_settings(&mut desktop).await;

    window.clicks("update-check").await;
    window.reads("problem", "could not be asked for").await;

    let file = newer_file();
    site.offers(Offer { signature: signed(&site.key, &file, Some(NEWER)), file }).await;
    window.clicks("update-check").await;
    window.sees("update-install").await;
    assert!(window.all("problem").await.is_empty());
}

#[tokio::test]
async fn whether_it_looks_by_itself_is_the_persons_to_set() {
    let mut desktop = Desktop::start().await;
    let site = Site::known_to(&mut desktop).await;
    let (window, _school) = in_settings(&mut desktop).await;
    let kept = || {
        let text = fs::read_to_string(desktop.data_dir().join("settings.json")).ok()?;
        serde_json::from_str::<serde_json::Value>(&text).ok()?["look_for_updates"].as_bool()
    };
    assert!(window.sees("look-for-updates").await.is_selected().await.expect("a switch"), "it does unless told");

    for wanted in [false, true] {
        window.clicks("look-for-updates").await;
        until("it is kept", async || (kept() == Some(wanted)).then_some(())).await;
    }
    window.clicks("look-for-updates").await;

    // Whoever looks by hand is answered all the same.
    let file = newer_file();
    site.offers(Offer { signature: signed(&site.key, &file, Some(NEWER)), file }).await;
    window.clicks("update-check").await;
    window.sees("update-install").await;
}

#[tokio::test]
async fn a_program_that_was_built_without_a_key_asks_nobody() {
    let mut desktop = Desktop::start().await;
    let (window, _school) = in_settings(&mut desktop).await;
    until("the settings say where updates come from", async || says_elsewhere(&window).await.then_some(())).await;
    assert!(window.all("update-check").await.is_empty());
}

async fn says_elsewhere(window: &Window) -> bool {
    window.text().await.contains("come from where this one was installed from")
}

/// A program that ends at once, which the newer version stands for.
fn newer_file() -> Vec<u8> {
    fs::read(Path::new("/bin/true")).expect("every system has it")
}

fn new_key() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().expect("a key is made")
}

/// A signature as the bundler makes it; the version stands in the comment that is signed along.
fn signed(key: &KeyPair, file: &[u8], version: Option<&str>) -> String {
    let version = version.map(|version| format!("\tversion:{version}")).unwrap_or_default();
    let comment = format!("timestamp:1760000000\tfile:Hallmonitor.AppImage{version}");
    let public: &PublicKey = &key.pk;
    let made = minisign::sign(Some(public), &key.sk, file, Some(&comment), Some("signature from a test"));
    made.expect("it is signed").to_string()
}

/// How keys and signatures travel.
fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
