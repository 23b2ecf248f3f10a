//! What a user agent says of the browser that sent it: browser, system, kind of device.
//!
//! Browser and system come from the rules of the uap-core project, the kind of device from a few rules here, in the order
//! in which they stand. A user agent is a claim, no proof: an iPad that asks for desktop pages says it is a Mac.

use std::sync::LazyLock;

use ua_parser::{Extractor, Regexes};

use crate::model::Agent;

/// Longest part of a user agent that is read, in bytes. Real ones have up to 500; the rest is somebody's joke.
const LONGEST: usize = 2_000;

/// The rules, read and compiled at first use: that takes a good part of a second, and not every run needs them.
static RULES: LazyLock<Option<Extractor<'static>>> = LazyLock::new(|| {
    let rules: Regexes<'static> = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/agents.json")))
        .inspect_err(|error| tracing::error!(%error, "the rules for user agents cannot be read"))
        .ok()?;
    Extractor::try_from(rules)
        .inspect_err(|error| tracing::error!(%error, "the rules for user agents cannot be compiled"))
        .ok()
});

/// Reads a user agent; only its first 2,000 bytes count.
pub fn agent(user_agent: &str) -> Agent {
    let user_agent = user_agent[..user_agent.floor_char_boundary(LONGEST)].trim();
    if user_agent.is_empty() {
        return Agent { device_type: "unknown".to_owned(), ..Agent::default() };
    }
    let (browser, os, spider) = match RULES.as_ref() {
        Some(rules) => rules.extract(user_agent),
        None => (None, None, None),
    };
    let browser = browser.and_then(|found| browser_name(&found.family, found.major));
    let os = os.and_then(|found| os_name(&found.os, found.major.as_deref(), found.minor.as_deref()));
    Agent { browser, os, device_type: device_type(user_agent, spider.is_some()).to_owned() }
}

/// Family and major version. The kind of device stands in a field of its own, so `Chrome Mobile iOS` is Chrome here.
fn browser_name(family: &str, major: Option<&str>) -> Option<String> {
    let family = match family {
        "" | "Other" => return None,
        "Chrome Mobile" | "Chrome Mobile iOS" | "Chrome Mobile WebView" => "Chrome",
        "Mobile Safari" | "Mobile Safari UI/WKWebView" => "Safari",
        "Firefox Mobile" | "Firefox iOS" => "Firefox",
        "Edge Mobile" => "Edge",
        "Opera Mobile" => "Opera",
        "Yandex Browser" => "Yandex",
        "IE Mobile" => "IE",
        other => other,
    };
    Some(versioned(family, major))
}

/// Family and version, as far as it means something: Safari, Chrome and Firefox say `10_15_7` on every newer Mac.
fn os_name(family: &str, major: Option<&str>, minor: Option<&str>) -> Option<String> {
    Some(match (family, major, minor) {
        ("" | "Other", ..) => return None,
        ("Mac OS X" | "macOS", Some("10"), Some("15")) | ("Mac OS X" | "macOS", None, _) => "macOS".to_owned(),
        ("Mac OS X" | "macOS", Some("10"), Some(minor)) => format!("macOS 10.{minor}"),
        ("Mac OS X" | "macOS", major, _) => versioned("macOS", major),
        ("Windows", Some("8"), Some("1")) => "Windows 8.1".to_owned(),
        (family, major, _) => versioned(family, major),
    })
}

fn versioned(family: &str, version: Option<&str>) -> String {
    match version {
        Some(version) if !version.is_empty() => format!("{family} {version}"),
        _ => family.to_owned(),
    }
}

/// Programs that fetch pages and no person sits before, which the rules for spiders do not name.
const PROGRAMS: [&str; 14] = [
    "headlesschrome",
    "phantomjs",
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "aiohttp/",
    "go-http-client",
    "okhttp/",
    "java/",
    "libwww-perl",
    "axios/",
    "node-fetch",
    "postmanruntime",
];

/// `desktop`, `mobile`, `tablet`, `bot` or `unknown`.
fn device_type(user_agent: &str, spider: bool) -> &'static str {
    let text = user_agent.to_ascii_lowercase();
    let has = |word: &str| text.contains(word);
    let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // The general rule for spiders also finds Amazon's browser Silk and the telephones of the maker Cubot.
    if (spider && !any(&["silk/", "cubot"])) || any(&PROGRAMS) {
        "bot"
    } else if any(&[
        "smart-tv",
        "smarttv",
        "googletv",
        "google tv",
        "android tv",
        "appletv",
        "apple tv",
        "hbbtv",
        "bravia",
        "; aft",
    ]) || any(&["playstation", "nintendo", "xbox", "crkey"])
    {
        // A screen across the room or a console: neither word would be true.
        "unknown"
    } else if any(&["ipad", "kindle", "silk/", "playbook"])
        || (has("tablet") && !has("tablet pc"))
        || (has("android") && !any(&["mobile", "opera mini"]))
    {
        "tablet"
    } else if any(&["iphone", "ipod", "windows phone", "iemobile", "blackberry", "bb10", "opera mini", "kaios"])
        || any(&["android", "mobile", "symbian"])
    {
        "mobile"
    } else if any(&["windows nt", "windows 9", "macintosh", "mac os x", "x11", "cros ", "linux"]) {
        "desktop"
    } else {
        "unknown"
    }
}

#[cfg(test)]
mod tests;
