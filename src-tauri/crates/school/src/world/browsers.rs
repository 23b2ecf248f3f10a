//! What people study on: browsers, the systems under them, and the user agent that each sends at a given time.
//!
//! Versions move with the calendar: a browser's newest version follows from the time, and each installation lags
//! behind by as much as its owner does. Anchors are real releases: Chrome 131 on 12 November 2024 and one version in
//! 31 days since (154 in November 2026), Firefox 132 on 29 October 2024 likewise, Safari 17.6 to 27.0 by their dates.

use std::fmt::Write as _;

use super::{
    chance::{Chance, mix},
    places::DAY_MS,
};

/// What a browser runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Stands on a desk and never leaves it.
    Desktop,
    /// Goes along.
    Laptop,
    /// In the pocket, and on a carrier's network half of the time.
    Phone,
    /// On the sofa.
    Tablet,
    /// No person at all.
    Program,
}

/// Which browser on which system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    ChromeWindows,
    ChromeMac,
    ChromeLinux,
    ChromeOs,
    EdgeWindows,
    EdgeMac,
    FirefoxWindows,
    FirefoxMac,
    FirefoxLinux,
    OperaWindows,
    YandexWindows,
    SafariMac,
    ChromeAndroid,
    SamsungInternet,
    FirefoxAndroid,
    YandexAndroid,
    OperaAndroid,
    WebViewAndroid,
    SafariIphone,
    ChromeIphone,
    WebViewIphone,
    SafariIpad,
    ChromeIpad,
    ChromeAndroidTablet,
    SamsungTablet,
    Script,
    HeadlessChrome,
    Crawler,
}

/// One browser on one machine, as one cookie jar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browser {
    /// Names it; what it draws, its cookies first, follows from this.
    pub key: u64,
    /// Which.
    pub kind: Kind,
    /// For how many days it keeps a cookie: Safari forgets after a week, somebody clears it now and then.
    pub cookie_days: Option<u16>,
    /// Whether its owner no longer studies on it.
    pub retired: bool,
}

/// Windows, macOS and the rest as desks have them in a school of designers and languages.
pub const DESKTOPS: [(Kind, u64); 11] = [
    (Kind::ChromeWindows, 430),
    (Kind::ChromeMac, 120),
    (Kind::SafariMac, 110),
    (Kind::EdgeWindows, 110),
    (Kind::FirefoxWindows, 60),
    (Kind::OperaWindows, 60),
    (Kind::YandexWindows, 25),
    (Kind::ChromeLinux, 25),
    (Kind::FirefoxLinux, 20),
    (Kind::EdgeMac, 15),
    (Kind::FirefoxMac, 25),
];
/// Phones, in-app browsers among them.
pub const PHONES: [(Kind, u64); 9] = [
    (Kind::ChromeAndroid, 390),
    (Kind::SafariIphone, 300),
    (Kind::SamsungInternet, 80),
    (Kind::WebViewAndroid, 70),
    (Kind::WebViewIphone, 50),
    (Kind::ChromeIphone, 60),
    (Kind::OperaAndroid, 20),
    (Kind::FirefoxAndroid, 15),
    (Kind::YandexAndroid, 15),
];
/// Tablets and what passes for one.
pub const TABLETS: [(Kind, u64); 5] = [
    (Kind::SafariIpad, 500),
    (Kind::ChromeIpad, 90),
    (Kind::SamsungTablet, 170),
    (Kind::ChromeAndroidTablet, 200),
    (Kind::ChromeOs, 40),
];
/// What logs in without a person.
pub const PROGRAMS: [(Kind, u64); 3] = [(Kind::Script, 500), (Kind::HeadlessChrome, 400), (Kind::Crawler, 100)];

/// Android phones that are sold where the students live, with the build their WebView names.
const ANDROIDS: [(&str, &str); 24] = [
    ("SM-A546B", "UP1A.231005.007"),
    ("SM-A556E", "AP3A.240905.015.A2"),
    ("SM-S911B", "AP3A.240905.015.A2"),
    ("SM-S928B", "BP2A.250605.031.A3"),
    ("SM-S938B", "BP2A.250605.031.A3"),
    ("SM-A155F", "UP1A.231005.007"),
    ("SM-G780G", "TP1A.220624.014"),
    ("SM-A336B", "UP1A.231005.007"),
    ("SM-M346B", "UP1A.231005.007"),
    ("Pixel 7a", "AP4A.250205.002"),
    ("Pixel 8", "BP3A.250905.014"),
    ("Pixel 9 Pro", "BP3A.250905.014"),
    ("2201117TG", "TKQ1.221114.001"),
    ("23021RAA2Y", "UKQ1.230917.001"),
    ("23117RA68G", "UP1A.230905.011"),
    ("24069PC21G", "AP3A.240905.015.A2"),
    ("M2101K6G", "TKQ1.221013.002"),
    ("2312DRA50G", "UP1A.230905.011"),
    ("CPH2481", "UKQ1.230924.001"),
    ("CPH2669", "AP3A.240617.008"),
    ("RMX3890", "UKQ1.230924.001"),
    ("V2322", "UP1A.231005.007"),
    ("moto g54 5G", "U1TDS34.94-12-9-10"),
    ("XQ-DC54", "67.2.A.2.118"),
];

/// Safari's version, the iOS of that day as other browsers tell it, and the first day of both (days since 1970).
const SAFARI: [(&str, &str, u64); 19] = [
    ("17.5", "17_5_1", 19_855),
    ("17.6", "17_6_1", 19_934),
    ("18.0", "18_0_1", 19_982),
    ("18.1", "18_1", 20_024),
    ("18.1.1", "18_1_1", 20_046),
    ("18.2", "18_2_1", 20_068),
    ("18.3", "18_3_2", 20_115),
    ("18.4", "18_4_1", 20_178),
    ("18.5", "18_5", 20_220),
    ("18.6", "18_6_2", 20_298),
    ("26.0", "26_0", 20_346),
    ("26.0.1", "26_0_1", 20_360),
    ("26.1", "26_1", 20_395),
    ("26.2", "26_2", 20_434),
    ("26.3", "26_3", 20_496),
    ("26.4", "26_4", 20_540),
    ("26.5", "26_5_2", 20_590),
    ("26.6", "26_6_2", 20_650),
    ("27.0", "27_0", 20_710),
];

impl Kind {
    /// What it runs on.
    pub fn form(self, key: u64) -> Form {
        match self {
            Self::Script | Self::HeadlessChrome | Self::Crawler => Form::Program,
            Self::SafariIpad | Self::ChromeIpad | Self::ChromeAndroidTablet | Self::SamsungTablet => Form::Tablet,
            Self::ChromeAndroid
            | Self::SamsungInternet
            | Self::FirefoxAndroid
            | Self::YandexAndroid
            | Self::OperaAndroid
            | Self::WebViewAndroid
            | Self::SafariIphone
            | Self::ChromeIphone
            | Self::WebViewIphone => Form::Phone,
            Self::ChromeMac | Self::SafariMac | Self::EdgeMac | Self::FirefoxMac | Self::ChromeOs => Form::Laptop,
            _ => {
                if mix(&[key, 30]) % 100 < 55 {
                    Form::Laptop
                } else {
                    Form::Desktop
                }
            }
        }
    }
}

impl Browser {
    /// A browser of one of `kinds`, with nothing special about its cookies.
    pub fn new(kinds: &[(Kind, u64)], chance: &mut Chance) -> Self {
        Self { kind: chance.weighted(kinds), key: chance.word(), cookie_days: None, retired: false }
    }

    /// What it runs on.
    pub fn form(&self) -> Form {
        self.kind.form(self.key)
    }

    /// Which cookie it holds at a time, counted from 0; a lower number is one that it has forgotten.
    pub fn cookie(&self, at: i64) -> u64 {
        self.cookie_days.map_or(0, |days| {
            let days = u64::from(days.max(1));
            (at.div_euclid(DAY_MS) as u64 + mix(&[self.key, 31]) % days) / days
        })
    }

    /// What it sends as `User-Agent` at a time, in milliseconds since 1970.
    pub fn user_agent(&self, at: i64) -> String {
        let day = at.div_euclid(DAY_MS) as u64;
        let word = |what: u64| mix(&[self.key, what]);
        // Most update within days; one in twelve has stood still for half a year or more.
        let lag = match word(32) % 12 {
            0 => 180 + word(33) % 300,
            1 | 2 => 30 + word(33) % 40,
            _ => word(33) % 14,
        };
        let day = day.saturating_sub(lag);
        let chrome = (131 + (day as i64 - 20_039).div_euclid(31)).max(80);
        let firefox = (132 + (day as i64 - 20_025).div_euclid(31)).max(80);
        let safari = SAFARI.iter().rev().find(|(_, _, since)| *since <= day).unwrap_or(&SAFARI[0]);
        let (model, build) = ANDROIDS[(word(34) % ANDROIDS.len() as u64) as usize];
        // Google's builds begin with the letter of their Android. A version has one build that most have.
        let android = match build.as_bytes()[0] {
            b'T' => 13,
            b'A' => 15,
            b'B' => 16,
            _ => 14,
        };
        let patch = |of: i64| mix(&[of as u64, 35]) % 190 + 30;
        let mut text = String::with_capacity(180);
        let result = match self.kind {
            Kind::ChromeWindows => blink(&mut text, "Windows NT 10.0; Win64; x64", chrome, ""),
            Kind::ChromeMac => blink(&mut text, "Macintosh; Intel Mac OS X 10_15_7", chrome, ""),
            Kind::ChromeLinux => blink(&mut text, "X11; Linux x86_64", chrome, ""),
            Kind::ChromeOs => blink(&mut text, "X11; CrOS x86_64 14541.0.0", chrome, ""),
            Kind::EdgeWindows => {
                blink(&mut text, "Windows NT 10.0; Win64; x64", chrome, &format!(" Edg/{chrome}.0.0.0"))
            }
            Kind::EdgeMac => {
                blink(&mut text, "Macintosh; Intel Mac OS X 10_15_7", chrome, &format!(" Edg/{chrome}.0.0.0"))
            }
            Kind::OperaWindows => {
                let opera = format!(" OPR/{}.0.0.0", chrome - 18);
                blink(&mut text, "Windows NT 10.0; Win64; x64", chrome - 2, &opera)
            }
            Kind::YandexWindows => {
                let yandex = format!(" YaBrowser/{}.0 Safari/537.36", yandex(day));
                write!(
                    text,
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/{}.0.0.0{yandex}",
                    chrome - 2
                )
            }
            Kind::FirefoxWindows => gecko(&mut text, "Windows NT 10.0; Win64; x64", firefox),
            Kind::FirefoxMac => gecko(&mut text, "Macintosh; Intel Mac OS X 10.15", firefox),
            Kind::FirefoxLinux => gecko(&mut text, "X11; Ubuntu; Linux x86_64", firefox),
            Kind::FirefoxAndroid => write!(
                text,
                "Mozilla/5.0 (Android {android}; Mobile; rv:{firefox}.0) Gecko/{firefox}.0 Firefox/{firefox}.0"
            ),
            Kind::SafariMac => write!(
                text,
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/{} Safari/605.1.15",
                safari.0
            ),
            Kind::SafariIphone => write!(
                text,
                "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/{} Mobile/15E148 Safari/604.1",
                frozen_ios(safari),
                safari.0
            ),
            // An iPad asks for the desktop's pages unless its owner says otherwise.
            Kind::SafariIpad => write!(
                text,
                "Mozilla/5.0 (iPad; CPU OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{} \
                 Mobile/15E148 Safari/604.1",
                frozen_ios(safari),
                safari.0
            ),
            Kind::ChromeIphone => write!(
                text,
                "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 CriOS/{chrome}.0.{}.{} Mobile/15E148 Safari/604.1",
                safari.1,
                chrome_build(chrome),
                patch(chrome)
            ),
            Kind::ChromeIpad => write!(
                text,
                "Mozilla/5.0 (iPad; CPU OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 CriOS/{chrome}.0.{}.{} Mobile/15E148 Safari/604.1",
                safari.1,
                chrome_build(chrome),
                patch(chrome)
            ),
            Kind::WebViewIphone => write!(
                text,
                "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Mobile/15E148{}",
                safari.1,
                ["", " Instagram 390.0.0.28.85", " [FBAN/FBIOS;FBAV/528.0.0.34.77]"][(word(37) % 3) as usize]
            ),
            Kind::ChromeAndroid => blink(&mut text, "Linux; Android 10; K", chrome, "mobile"),
            Kind::ChromeAndroidTablet => blink(&mut text, "Linux; Android 10; K", chrome, ""),
            Kind::SamsungInternet => samsung(&mut text, day, "Mobile "),
            Kind::SamsungTablet => samsung(&mut text, day, ""),
            Kind::OperaAndroid => write!(
                text,
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile \
                 Safari/537.36 OPR/{}.0.0.0",
                chrome - 1,
                chrome - 46
            ),
            Kind::YandexAndroid => write!(
                text,
                "Mozilla/5.0 (Linux; arm_64; Android {android}; {model}) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/{}.0.0.0 YaBrowser/{}.{}.00 SA/3 Mobile Safari/537.36",
                chrome - 2,
                yandex(day),
                patch(chrome)
            ),
            Kind::WebViewAndroid => write!(
                text,
                "Mozilla/5.0 (Linux; Android {android}; {model} Build/{build}; wv) AppleWebKit/537.36 (KHTML, like \
                 Gecko) Version/4.0 Chrome/{chrome}.0.{}.{} Mobile Safari/537.36",
                chrome_build(chrome),
                patch(chrome)
            ),
            Kind::Script => text.write_str(
                ["python-requests/2.32.3", "curl/8.10.1", "Go-http-client/2.0", "okhttp/4.12.0", "aiohttp/3.11.11"]
                    [(word(38) % 5) as usize],
            ),
            Kind::HeadlessChrome => write!(
                text,
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/{chrome}.0.0.0 \
                 Safari/537.36"
            ),
            Kind::Crawler => {
                text.write_str("Mozilla/5.0 (compatible; CourseGrabberBot/1.4; +https://grabber.example/bot)")
            }
        };
        // Writing into a `String` fails only where a `Display` does, and those of numbers and texts never do.
        debug_assert!(result.is_ok());
        text
    }
}

fn blink(text: &mut String, system: &str, chrome: i64, tail: &str) -> std::fmt::Result {
    let (mobile, tail) = if tail == "mobile" { ("Mobile ", "") } else { ("", tail) };
    write!(
        text,
        "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 {mobile}Safari/537.36{tail}"
    )
}

fn gecko(text: &mut String, system: &str, firefox: i64) -> std::fmt::Result {
    write!(text, "Mozilla/5.0 ({system}; rv:{firefox}.0) Gecko/20100101 Firefox/{firefox}.0")
}

fn samsung(text: &mut String, day: u64, mobile: &str) -> std::fmt::Result {
    let (version, chrome) = match day {
        ..20_020 => ("26.0", 122),
        20_020..20_190 => ("27.0", 125),
        20_190..20_345 => ("28.0", 130),
        20_345..20_500 => ("29.0", 136),
        _ => ("30.0", 143),
    };
    write!(
        text,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{version} \
         Chrome/{chrome}.0.0.0 {mobile}Safari/537.36"
    )
}

/// Since version 26 Safari tells iOS 18.6 or 18.7, whatever iOS it is.
fn frozen_ios(safari: &(&'static str, &'static str, u64)) -> &'static str {
    match safari.0 {
        "26.0" | "26.0.1" => "18_6",
        version if version.starts_with("26.") || version.starts_with("27.") => "18_7",
        _ => safari.1,
    }
}

/// 131 is 6778, 142 is 7444, and so on, near enough.
fn chrome_build(chrome: i64) -> i64 {
    6778 + (chrome - 131) * 60
}

/// Two digits of the year and an even month, as Yandex numbers its browser.
fn yandex(day: u64) -> String {
    let months = day.saturating_sub(19_723) * 12 / 365;
    format!("{}.{}.0", 24 + months / 12, (months % 12 / 2 * 2).max(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOVEMBER_2024: i64 = 20_045 * DAY_MS;
    const NOVEMBER_2026: i64 = 20_780 * DAY_MS;

    #[test]
    fn versions_are_those_of_their_time() {
        let newest = |at| {
            (0..40)
                .map(|key| Browser { key, kind: Kind::ChromeWindows, cookie_days: None, retired: false }.user_agent(at))
                .max()
                .expect("forty")
        };
        assert!(newest(NOVEMBER_2024).contains("Chrome/131."), "{}", newest(NOVEMBER_2024));
        assert!(newest(NOVEMBER_2026).contains("Chrome/154."), "{}", newest(NOVEMBER_2026));
    }

    #[test]
    fn a_version_never_goes_back() {
        for key in 0..50 {
            let browser = Browser { key, kind: Kind::FirefoxLinux, cookie_days: None, retired: false };
            let version = |at: i64| {
                let agent = browser.user_agent(at);
                agent.rsplit('/').next().and_then(|tail| tail.parse::<f64>().ok()).expect("a version")
            };
            let versions: Vec<f64> = (0..24).map(|month| version(NOVEMBER_2024 + month * 30 * DAY_MS)).collect();
            assert!(versions.is_sorted(), "{versions:?}");
        }
    }

    #[test]
    fn a_cookie_that_safari_forgets_is_followed_by_the_next_a_week_later() {
        let browser = Browser { key: 5, kind: Kind::SafariIphone, cookie_days: Some(7), retired: false };
        let cookies: Vec<u64> = (0..28).map(|day| browser.cookie(NOVEMBER_2024 + day * DAY_MS)).collect();
        let mut distinct = cookies.clone();
        distinct.dedup();
        assert!(distinct.is_sorted() && (4..=5).contains(&distinct.len()), "{cookies:?}");
        assert_eq!(Browser { cookie_days: None, ..browser }.cookie(NOVEMBER_2024), 0);
    }
}
