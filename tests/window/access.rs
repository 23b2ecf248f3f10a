//! Whoever sees little, hears the window or leaves the mouse alone can use every screen: axe-core looks at each, in the
//! smallest window, with the real fonts and colours.

use std::fs;

use hallmonitor_tests::{Desktop, Filled, TestSchool, Window, project, school, until};
use serde_json::Value;
use thirtyfour::{By, Key};

use crate::{
    server::{login, someone_else_sets, student},
    steps::{connect, opens_contact, opens_settings},
};

/// Findings that keep somebody from using a screen; the page has to stand still for colours to be judged.
const LOOK: &str = r"
    const done = arguments[arguments.length - 1];
    const moving = () => document.getAnimations().filter((motion) => motion.playState === 'running');
    const look = () => axe.run(document, { resultTypes: ['violations'] }).then((found) => done(
        found.violations.filter((rule) => rule.impact === 'serious' || rule.impact === 'critical').flatMap((rule) =>
            rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}\n${node.html}`),
        ),
    ));
    Promise.allSettled(moving().map((motion) => motion.finished)).then(look).catch((error) => done(['axe: ' + error]));
";

/// What the sidebar leads to, in its order.
const SCREENS: [&str; 8] = ["violations", "contacts", "logins", "devices", "insights", "school", "sync", "settings"];

/// Everything that was found so far.
struct Eyes {
    axe: String,
    found: Vec<String>,
}

impl Eyes {
    fn new() -> Self {
        let axe = project().join("ui/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(axe).expect("axe-core is fetched: run `cargo xtask setup --tests`");
        Self { axe, found: Vec::new() }
    }

    async fn look(&mut self, window: &Window, screen: &str) {
        let driver = window.driver();
        let known = driver.execute("return typeof axe === 'object'", Vec::new()).await.expect("the page runs scripts");
        if known.json() == &Value::Bool(false) {
            driver.execute(self.axe.as_str(), Vec::new()).await.expect("axe starts");
        }
        let found = driver.execute_async(LOOK, Vec::new()).await.expect("axe answers");
        let found = found.json().as_array().expect("a list").clone();
        self.found.extend(found.iter().map(|finding| format!("{screen}: {}", finding.as_str().unwrap_or_default())));
    }
}

#[tokio::test]
async fn no_screen_has_a_serious_accessibility_finding_in_light() {
    finds_nothing(false).await;
}

#[tokio::test]
async fn no_screen_has_a_serious_accessibility_finding_in_dark() {
    finds_nothing(true).await;
}

async fn finds_nothing(dark: bool) {
    let mut school = school_with_a_past().await;
    let mut desktop = Desktop::start().await;
    if dark {
        desktop.turns_dark();
    }
    desktop.wants_no_motion();
    let window = desktop.app(&[]).await;
    window.sees("first-start").await;
    window.resizes(1024, 640).await;
    assert_eq!(is_dark(&window).await, dark, "the desktop's theme is the window's");
    window.sees_by(By::Css("html[data-calm]")).await;
    let mut eyes = Eyes::new();

    eyes.look(&window, "first start").await;
    window.clicks("connect-submit").await;
    eyes.look(&window, "first start, nothing filled in").await;
    connect(&window, &school).await;
    eyes.look(&window, "contacts").await;
    window.presses("jx").await.expect("keys reach the page");
    eyes.look(&window, "contacts, one marked").await;
    window.presses("?").await.expect("keys reach the page");
    eyes.look(&window, "keys").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
    window.clicks("find-everywhere").await;
    window.presses("a").await.expect("keys reach the page");
    window.sees_by(By::Css("[data-testid=palette-entry] mark")).await;
    eyes.look(&window, "search everywhere").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");

    card(&window, &mut eyes).await;
    decisions(&window, &mut eyes, &mut school).await;

    whatever_the_sidebar_leads_to(&window, &mut eyes).await;
    questions_of_the_review(&window, &mut eyes).await;
    settings_and_lock(&window, &mut eyes).await;
    assert!(eyes.found.is_empty(), "{} findings:\n{}", eyes.found.len(), eyes.found.join("\n\n"));
}

/// A student with a restriction, a blocked device and a running session comes first in the list.
async fn school_with_a_past() -> TestSchool {
    let school = school(Filled::With { contacts: 30, sessions: 900 }).await;
    let student = student(&school, "olha@school.example", "Olha").await;
    for _ in 0..8 {
        login(&school, student, None).await;
    }
    school
}

async fn card(window: &Window, eyes: &mut Eyes) {
    opens_contact(window).await;
    window.sees("session-row").await;
    eyes.look(window, "login history").await;
    window.clicks("checks-switch").await;
    window.sees("exception-dialog").await;
    eyes.look(window, "why the checks are off").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
    window.presses("2").await.expect("keys reach the page");
    window.sees("device-row").await;
    eyes.look(window, "devices").await;
    window.presses("jb").await.expect("keys reach the page");
    window.sees("block-dialog").await;
    eyes.look(window, "what a block does").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
    window.presses("3").await.expect("keys reach the page");
    window.sees("restriction-row").await;
    eyes.look(window, "restriction history").await;
    window.presses("jv").await.expect("keys reach the page");
    window.sees("toast").await;
    eyes.look(window, "restriction history, one viewed").await;
}

/// A conflict, and everything that the Sync screen has beside it.
async fn decisions(window: &Window, eyes: &mut Eyes, school: &mut TestSchool) {
    school.unplug().await;
    window.clicks("sync-now").await;
    window.reads("data-age", "Offline").await;
    window.presses("2").await.expect("keys reach the page");
    window.sees("device-row").await;
    window.presses("j").await.expect("keys reach the page");
    let row = window.sees_by(By::Css("[data-testid=device-row][aria-selected=true]")).await;
    let device = row.attr("data-id").await.expect("the page answers").expect("an id");
    let device: i64 = device.parse().expect("a number");
    window.presses("b").await.expect("keys reach the page");
    window.sees("block-dialog").await;
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    window.sees("standing").await;
    eyes.look(window, "devices, blocks not sent").await;
    someone_else_sets(school, "Olena Kovalenko", &device.into(), &["blocked", "allowed"]).await;
    window.presses("g").await.expect("keys reach the page");
    window.sees("waiting-row").await;
    eyes.look(window, "decisions, offline").await;

    school.plug_in().await;
    window.clicks("sync-now").await;
    window.reads("unsent", "1 conflict").await;
    window.presses("j").await.expect("keys reach the page");
    window.sees("waiting-detail").await;
    eyes.look(window, "a conflict").await;
    for (key, tab) in [("2", "exceptions"), ("3", "unreadable"), ("4", "facts")] {
        window.presses(key).await.expect("keys reach the page");
        window.sees_by(By::Id(format!("panel-{tab}"))).await;
        eyes.look(window, tab).await;
    }
}

/// Every screen once more, those among them that nothing above names.
async fn whatever_the_sidebar_leads_to(window: &Window, eyes: &mut Eyes) {
    let places = window.driver().find_all(By::Css("nav [data-testid^='nav-']")).await.expect("the sidebar");
    let mut ids = Vec::new();
    for place in places {
        ids.extend(place.attr("data-testid").await.expect("the page answers"));
    }
    assert_eq!(ids, SCREENS.map(|screen| format!("nav-{screen}")), "a screen came or went: look at it, too");
    for id in ids {
        window.clicks(&id).await;
        window.sees_by(By::Css(format!("[data-testid='{id}'][aria-current=page]"))).await;
        until(&format!("{id} has its rows"), async || {
            window.driver().find_all(By::Css("main [aria-busy=true]")).await.ok()?.is_empty().then_some(())
        })
        .await;
        eyes.look(window, &id).await;
    }
}

/// What the screens of the whole school ask, each asked by keyboard or by its button, and left by Escape.
async fn questions_of_the_review(window: &Window, eyes: &mut Eyes) {
    let asked = [
        ("violations", "violation-row", "export", "export-dialog"),
        ("logins", "login-row", "export", "export-dialog"),
        ("devices", "school-device-row", "n", "name-dialog"),
        ("devices", "school-device-row", "b", "block-dialog"),
    ];
    for (screen, row, way, dialog) in asked {
        window.clicks(&format!("nav-{screen}")).await;
        window.sees(row).await;
        if way == "export" {
            window.clicks(way).await;
        } else {
            window.presses(format!("j{way}")).await.expect("keys reach the page");
        }
        window.sees_by(By::Css(format!("[data-testid={dialog}][open]"))).await;
        eyes.look(window, &format!("{screen}: {dialog}")).await;
        window.presses_key(Key::Escape).await.expect("keys reach the page");
    }
    window.clicks("nav-insights").await;
    window.presses("2").await.expect("keys reach the page");
    window.sees("what-if").await;
    eyes.look(window, "what if").await;
}

async fn settings_and_lock(window: &Window, eyes: &mut Eyes) {
    opens_settings(window).await;
    for (button, dialog) in [("passphrase", "passphrase-dialog"), ("erase", "erase-dialog")] {
        window.clicks(button).await;
        window.sees(dialog).await;
        eyes.look(window, dialog).await;
        window.presses_key(Key::Escape).await.expect("keys reach the page");
    }
    window.clicks("school-menu").await;
    window.sees("menu-connect").await;
    eyes.look(window, "the school's menu").await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
    let lock = window.driver().action_chain().key_down(Key::Control).send_keys("l").key_up(Key::Control);
    lock.perform().await.expect("keys reach the page");
    window.sees("unlock").await;
    eyes.look(window, "locked").await;
}

async fn is_dark(window: &Window) -> bool {
    // What the desktop says, and what is drawn.
    let asked = "const said = matchMedia('(prefers-color-scheme: dark)').matches; \
        const drawn = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).every((part) => part < 64); \
        return said === drawn ? said : null";
    let told = window.driver().execute(asked, Vec::new()).await.expect("the page runs scripts");
    told.json().as_bool().expect("yes or no")
}
