//! The report as a page, in the words of a language.

use std::path::Path;

use hallmonitor_language::Language;
use hallmonitor_wire::Time;

use super::{About, Facts, html::Html};
use crate::{
    model::{Agent, Place},
    words,
};

const STYLE: &str = include_str!("print.css");

pub(super) fn page(facts: &Facts, about: &About, table: &Path, language: Language) -> String {
    let title = language.say_with("evidence.title", [("name", facts.contact.name.as_str().into())]);
    let mut page = Html::default();
    page.raw("<!DOCTYPE html>\n<html lang=\"").raw(language.code()).raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Nothing is run, nothing is fetched.
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.raw("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
        .plain(&title)
        .raw("</title>\n<style>\n");
    page.raw(STYLE).raw("</style>\n</head>\n<body>\n");
    page.element("h1", &title);
    head(&mut page, facts, about, language);
    summary(&mut page, facts, language);
    devices(&mut page, facts, language);
    restrictions(&mut page, facts, language);
    logins(&mut page, facts, table, language);
    how(&mut page, about, language);
    page.raw("</body>\n</html>\n");
    page.finish()
}

/// `2026-01-02 03:04:05`, UTC.
fn utc(time: Time) -> String {
    let text = time.to_string();
    text.get(..19).map_or_else(|| text.clone(), |shown| shown.replace('T', " "))
}

fn maybe(time: Option<Time>) -> String {
    time.map(utc).unwrap_or_default()
}

fn agent(agent: &Agent, language: Language) -> String {
    let known: Vec<&str> = [agent.browser.as_deref(), agent.os.as_deref()].into_iter().flatten().collect();
    if known.is_empty() { words::device_type(&agent.device_type, language) } else { known.join(", ") }
}

/// Where an address is, and whose its network is where that is known.
fn place(place: &Place, language: Language) -> String {
    let whereabouts = words::place(place, language).unwrap_or_else(|| language.say("evidence.unknown"));
    match &place.network {
        Some(owner) => format!("{whereabouts} ({owner})"),
        None => whereabouts,
    }
}

fn fact(page: &mut Html, name: &str, value: &str) {
    page.element("dt", name).element("dd", value);
}

fn head(page: &mut Html, facts: &Facts, about: &About, language: Language) {
    let period = [("from", utc(facts.from).into()), ("until", utc(facts.until).into())];
    page.element("p", &language.say_with("evidence.period", period));
    page.raw("<dl>\n");
    let school = if about.school.is_empty() { about.server.as_str() } else { about.school.as_str() };
    fact(page, &language.say("evidence.school"), school);
    fact(page, &language.say("evidence.student"), &facts.contact.name);
    fact(page, &language.say("evidence.email"), &facts.contact.email);
    fact(page, &language.say("evidence.number"), &facts.contact.id.to_string());
    fact(page, &language.say("evidence.since"), &utc(facts.contact.created_at));
    fact(page, &language.say("evidence.made"), &utc(about.made_at));
    if let Some(read_at) = about.read_at {
        fact(page, &language.say("evidence.read"), &utc(read_at));
    }
    page.raw("</dl>\n");
}

fn summary(page: &mut Html, facts: &Facts, language: Language) {
    page.element("h2", &language.say("evidence.summary"));
    let counts = &facts.counts;
    let number = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    page.raw("<ul>\n");
    for (key, count) in [
        ("evidence.counts.logins", counts.logins),
        ("evidence.counts.denied", counts.denied),
        ("evidence.counts.devices", number(counts.devices.len())),
        ("evidence.counts.addresses", number(counts.addresses.len())),
        ("evidence.counts.restrictions", number(facts.restrictions.len())),
    ] {
        page.element("li", &language.say_with(key, [("count", count.into())]));
    }
    if !counts.countries.is_empty() {
        let countries: Vec<String> = counts.countries.iter().map(|code| words::country(code, language)).collect();
        page.element("li", &language.say_with("evidence.counts.countries", [("list", countries.join(", ").into())]));
    }
    page.raw("</ul>\n");
}

fn heads(keys: &[&str], language: Language) -> Vec<String> {
    keys.iter().map(|key| language.say(key)).collect()
}

fn section(page: &mut Html, title: &str, is_empty: bool, language: Language) -> bool {
    page.element("h2", &language.say(title));
    if is_empty {
        page.element("p", &language.say("evidence.none"));
    }
    !is_empty
}

fn devices(page: &mut Html, facts: &Facts, language: Language) {
    if !section(page, "evidence.devices", facts.devices.is_empty(), language) {
        return;
    }
    let heads = heads(
        &[
            "export.head.device_id",
            "evidence.browser",
            "export.head.first_seen_at",
            "export.head.last_seen_at",
            "export.head.access",
        ],
        language,
    );
    let rows = facts.devices.iter().map(|device| {
        vec![
            device.id.to_string(),
            agent(&device.agent, language),
            utc(device.first_seen_at),
            utc(device.last_seen_at),
            words::access(&device.access, language),
        ]
    });
    page.table(&heads, rows);
}

fn restrictions(page: &mut Html, facts: &Facts, language: Language) {
    if !section(page, "evidence.restrictions", facts.restrictions.is_empty(), language) {
        return;
    }
    let heads = heads(
        &[
            "export.head.occurred_at",
            "export.head.rule_text",
            "export.head.action",
            "export.head.ip",
            "evidence.place",
            "export.head.device_id",
            "export.head.session_id",
        ],
        language,
    );
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    let rows = facts.restrictions.iter().map(|row| {
        vec![
            utc(row.occurred_at),
            words::why(&row.rule, language),
            words::action(&row.action, language),
            row.ip.clone().unwrap_or_default(),
            if row.ip.is_some() { place(&row.place, language) } else { String::new() },
            id(row.device_id),
            id(row.session_id),
        ]
    });
    page.table(&heads, rows);
}

fn logins(page: &mut Html, facts: &Facts, table: &Path, language: Language) {
    // Ten columns: printed across the page.
    page.raw("<section class=\"wide\">\n");
    if section(page, "evidence.logins", facts.logins.is_empty(), language) {
        login_table(page, facts, table, language);
    }
    page.raw("</section>\n");
}

/// A table as its report calls it.
pub(super) fn name_of(table: &Path) -> String {
    table.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn login_table(page: &mut Html, facts: &Facts, table: &Path, language: Language) {
    let shown = i64::try_from(facts.logins.len()).unwrap_or(i64::MAX);
    let name = name_of(table);
    let said = if shown < facts.counts.logins {
        let numbers = [("shown", shown.into()), ("total", facts.counts.logins.into()), ("table", name.into())];
        language.say_with("evidence.cut", numbers)
    } else {
        language.say_with("evidence.table", [("table", name.into())])
    };
    page.element("p", &said);
    let heads = heads(
        &[
            "export.head.session_id",
            "export.head.started_at",
            "export.head.last_activity_at",
            "export.head.ended_at",
            "export.head.end_reason",
            "export.head.outcome",
            "export.head.ip",
            "evidence.place",
            "evidence.browser",
            "export.head.device_id",
        ],
        language,
    );
    let rows = facts.logins.iter().map(|row| {
        vec![
            row.id.to_string(),
            utc(row.started_at),
            utc(row.last_activity_at),
            maybe(row.ended_at),
            row.end_reason.as_deref().map(|word| words::end_reason(word, language)).unwrap_or_default(),
            words::outcome(&row.outcome, language),
            row.ip.clone(),
            place(&row.place, language),
            agent(&row.agent, language),
            row.device_id.map(|id| id.to_string()).unwrap_or_default(),
        ]
    });
    page.table(&heads, rows);
}

fn how(page: &mut Html, about: &About, language: Language) {
    page.element("h2", &language.say("evidence.how.title"));
    page.raw("<ul>\n");
    for key in ["evidence.how.server", "evidence.how.times", "evidence.how.activity", "evidence.how.device"] {
        page.element("li", &language.say(key));
    }
    let places = if about.cities { "evidence.how.cities" } else { "evidence.how.countries" };
    page.element("li", &language.say(places));
    page.raw("</ul>\n");
    page.element("h2", &language.say("evidence.limits.title"));
    page.raw("<ul>\n");
    for key in ["evidence.limits.person", "evidence.limits.device", "evidence.limits.place", "evidence.limits.kept"] {
        page.element("li", &language.say(key));
    }
    page.raw("</ul>\n");
    for attribution in &about.attributions {
        page.raw("<p class=\"quiet\">").text(attribution).raw("</p>\n");
    }
}
