//! Every screen in the smallest window, over the demo school, in each language: nothing is cut, nothing stands on anything.

use hallmonitor_tests::{Desktop, Window, until};
use serde_json::Value;
use thirtyfour::{By, Key};

/// What does not fit: what sticks out of the window, and what is cut without an ellipsis that says so.
const CUT: &str = r"
    const told = (what, element) => `${what}: ${element.outerHTML.replace(/\s+/g, ' ').slice(0, 300)}`;
    const seen = [...document.querySelectorAll('h1, h2, p, button, select, input, .badge, .cell, dt, dd, li')].filter(
        (element) => element.getClientRects().length > 0 && !element.closest('.unseen, svg, [aria-hidden=true]'),
    );
    const scrolled = (element) => {
        for (let at = element.parentElement; at; at = at.parentElement)
            if (at.scrollWidth > at.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
        return false;
    };
    const out = seen.filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return (left < -1 || right > innerWidth + 1) && !scrolled(element);
    });
    const cut = seen.filter((element) => {
        const style = getComputedStyle(element);
        const own = element.matches('button, .badge, .cell') && style.overflowX !== 'visible';
        const short = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
        return own && !short && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    });
    const wide = [...document.querySelectorAll('[role=grid]')].filter(
        (grid) => grid.scrollWidth > grid.clientWidth + 1 && !grid.firstElementChild.style.minWidth.match(/[1-9]/),
    );
    const page = document.documentElement;
    return [
        ...(page.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
        ...wide.map((element) => told('scrolls sideways', element)),
        ...out.map((element) => told('out', element)),
        ...cut.map((element) => told('cut', element)),
    ];
";

/// Answers with what `found` gives, once the page is laid out for the size that the window has: one that grows or shrinks
/// has its new size before.
const LAID_OUT: &str = r"
    const done = arguments[arguments.length - 1];
    const size = () => `${innerWidth} ${innerHeight}`;
    const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then)));
    const look = (before) => drawn(() => (size() === before ? done(found()) : look(size())));
    look(size());
";

#[tokio::test]
async fn everything_fits_the_smallest_window_in_english() {
    fits("en", &[("theme", "light")], &[(1440, 900), (1024, 640)]).await;
}

#[tokio::test]
async fn larger_text_takes_a_larger_window_and_everything_fits_it() {
    let settings = [("theme", "light"), ("text-size", "larger")];
    let (_desktop, window) = fits("uk", &settings, &[(1440, 900), (1280, 800)]).await;
    let seen = window.driver().execute("return innerWidth", Vec::new()).await.expect("the page runs scripts");
    assert_eq!(seen.json(), &Value::from(1024), "125 % of what is drawn in 1024 pixels takes 1280");
}

#[tokio::test]
async fn everything_fits_the_smallest_window_in_ukrainian() {
    fits("uk", &[("theme", "dark")], &[(1440, 900), (1024, 640)]).await;
}

#[tokio::test]
async fn everything_fits_the_smallest_window_in_russian() {
    fits("ru", &[("theme", "light")], &[(1440, 900), (1024, 640)]).await;
}

async fn fits(language: &str, settings: &[(&str, &str)], sizes: &[(u32, u32)]) -> (Desktop, Window) {
    let mut desktop = Desktop::start_without_keyring();
    desktop.wants_no_motion();
    let window = desktop.app(&["--demo"]).await;
    window.clicks("nav-settings").await;
    for &(setting, chosen) in settings.iter().chain(&[("language", language)]) {
        window.sees(setting).await;
        let option = format!("[data-testid={setting}] option[value={chosen}]");
        window.sees_by(By::Css(option)).await.click().await.expect("it can be chosen");
    }
    window.sees_by(By::Css(format!("html[lang={language}]"))).await;
    let mut found = Vec::new();
    for &(width, height) in sizes {
        window.resizes(width, height).await;
        clicks(&window, "nav-contacts").await;
        window.sees("contact-row").await;
        let name = format!("{language}-{}-{width}", settings.last().expect("something is set").1);
        every_screen(&window, &name, &mut found).await;
    }
    assert!(found.is_empty(), "{} findings\n{}", found.len(), found.join("\n"));
    (desktop, window)
}

async fn every_screen(window: &Window, name: &str, found: &mut Vec<String>) {
    for screen in ["contacts", "violations", "logins", "devices", "insights", "settings"] {
        clicks(window, &format!("nav-{screen}")).await;
        settled(window).await;
        if screen != "settings" {
            window.presses("jj").await.expect("keys reach the page");
        }
        settled(window).await;
        looks(window, &format!("{name}-{screen}"), found).await;
        if screen == "insights" {
            window.presses("2").await.expect("keys reach the page");
            window.sees("what-if").await;
            looks(window, &format!("{name}-what-if"), found).await;
            window.presses("1").await.expect("keys reach the page");
        }
        if screen == "devices" {
            window.presses("x").await.expect("keys reach the page");
            window.sees("bulk-bar").await;
            looks(window, &format!("{name}-devices-marked"), found).await;
            window.presses_key(Key::Escape).await.expect("keys reach the page");
        }
    }
    clicks(window, "nav-sync").await;
    for tab in ["decisions", "exceptions", "unreadable", "facts"] {
        let at = ["decisions", "exceptions", "unreadable", "facts"].iter().position(|one| *one == tab);
        window.presses((at.unwrap_or_default() + 1).to_string()).await.expect("keys reach the page");
        window.sees_by(By::Id(format!("panel-{tab}"))).await;
        looks(window, &format!("{name}-sync-{tab}"), found).await;
    }
    clicks(window, "nav-violations").await;
    settled(window).await;
    window.presses("j").await.expect("keys reach the page");
    window.presses_key(Key::Enter).await.expect("keys reach the page");
    for (key, tab) in [("1", "history"), ("2", "devices"), ("3", "restrictions")] {
        window.presses(key).await.expect("keys reach the page");
        window.sees_by(By::Id(format!("panel-{tab}"))).await;
        settled(window).await;
        window.presses("j").await.expect("keys reach the page");
        looks(window, &format!("{name}-card-{tab}"), found).await;
    }
    clicks(window, "school-menu").await;
    window.sees("menu-connect").await;
    looks(window, &format!("{name}-school-menu"), found).await;
    window.presses_key(Key::Escape).await.expect("keys reach the page");
}

/// By the page itself: the driver aims beside things where everything is drawn larger.
async fn clicks(window: &Window, what: &str) {
    let element = window.sees(what).await;
    window
        .driver()
        .execute("arguments[0].click()", vec![element.to_json().expect("JSON")])
        .await
        .expect("it is clicked");
}

/// Waits until no list waits for its rows.
async fn settled(window: &Window) {
    until("the rows are here", async || {
        window.driver().find_all(By::Css("main [aria-busy=true]")).await.ok()?.is_empty().then_some(())
    })
    .await;
}

async fn looks(window: &Window, name: &str, found: &mut Vec<String>) {
    window.picture(name).await;
    let script = format!("const found = () => {{{CUT}}}; {LAID_OUT}");
    let told = window.driver().execute_async(script, Vec::new()).await.expect("the page runs scripts");
    let told = told.json().as_array().cloned().unwrap_or_else(|| vec![Value::Null]);
    found.extend(told.iter().map(|finding| format!("{name}: {}", finding.as_str().unwrap_or("no answer"))));
}
