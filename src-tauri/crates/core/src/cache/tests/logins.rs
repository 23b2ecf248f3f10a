//! Every login of the school: the same rows and the same counts that looking at each one would give.

use chrono::{FixedOffset, TimeZone, Utc};
use hallmonitor_wire::Time;

use super::*;
use crate::{
    cache::{CacheError, bars::tests::kyiv},
    model::{BarSpan, LoginQuery, LoginSummary, PageRequest},
};

const DAY: i64 = 86_400_000;
/// 2026-01-01T00:00:00Z.
const BEGINNING: i64 = 1_767_225_600_000;

const IPS: [&str; 6] = ["91.198.36.14", "91.198.36.99", "8.8.8.8", "192.168.1.7", "2a02:6b8::1", "unknown"];
const AGENTS: [&str; 4] = [
    CHROME,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 \
     Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "curl/8.5.0",
];

fn login(id: i64, at: i64, rev: i64) -> Session {
    let mut login = session(id, id % 7 + 1, Some(id % 11 + 1), IPS[(id % 6) as usize], rev);
    login.user_agent = AGENTS[(id % 4) as usize].to_owned();
    login.started_at = Time(at);
    login.last_activity_at = Time(at + 600_000);
    let ended = ["logout", "expired", "replaced", ""][(id % 13 % 4) as usize];
    login.ended_at = (!ended.is_empty()).then_some(Time(at + 700_000));
    login.end_reason = (!ended.is_empty()).then(|| ended.to_owned());
    if id % 10 == 3 {
        login.outcome = "denied".into();
    }
    login
}

/// 600 logins over 300 days, at every time of the day.
fn logins() -> Vec<Session> {
    (1..=600).map(|id| login(id, BEGINNING + id * DAY / 2 + id * 1_234_567 % DAY, 1000 + id)).collect()
}

async fn school() -> Mirror {
    let names = ["Ann", "Боб", "Eva", "Ірина", "Otto", "Пётр", "Zoë"];
    let mirror = Mirror::loaded(Changes {
        contacts: (1..=7).map(|id| contact(id, names[id as usize - 1], id)).collect(),
        sessions: logins(),
        ..Changes::default()
    })
    .await;
    count(&mirror).await;
    mirror
}

async fn count(mirror: &Mirror) {
    while mirror.cache.count_stale_days().await.expect("counted") {}
}

fn questions() -> Vec<LoginQuery> {
    let with = |change: &dyn Fn(&mut LoginQuery)| {
        let mut query = LoginQuery::default();
        change(&mut query);
        query
    };
    let some = |word: &str| Some(word.to_owned());
    vec![
        with(&|_| {}),
        with(&|query| query.country = some("UA")),
        with(&|query| query.country = some("-")),
        with(&|query| query.country = some("NZ")),
        with(&|query| query.network_kind = some("private")),
        with(&|query| query.network_kind = some("public")),
        with(&|query| query.device_type = some("mobile")),
        with(&|query| query.browser = some("Chrome")),
        with(&|query| query.browser = some("Chrome 131")),
        with(&|query| query.browser = some("Chrom")),
        with(&|query| query.os = some("Windows")),
        with(&|query| query.outcome = some("denied")),
        with(&|query| query.outcome = some("allowed")),
        with(&|query| query.end_reason = some("replaced")),
        with(&|query| query.end_reason = some("logout")),
        with(&|query| query.running = true),
        with(&|query| query.address = "91.198.36.14".into()),
        with(&|query| query.address = "91.198.36.0/24".into()),
        with(&|query| query.address = " 2a02::/16 ".into()),
        with(&|query| query.contact_id = Some(3)),
        with(&|query| query.device_id = Some(4)),
        with(&|query| query.search = "ann".into()),
        with(&|query| query.search = "91.198 боб".into()),
        with(&|query| {
            query.country = some("UA");
            query.device_type = some("mobile");
            query.outcome = some("denied");
        }),
        with(&|query| {
            query.from = Some(Time(BEGINNING + 40 * DAY + 7_000_000));
            query.until = Some(Time(BEGINNING + 260 * DAY + 3));
        }),
        with(&|query| {
            query.from = Some(Time(BEGINNING + 59 * DAY));
            query.until = Some(Time(BEGINNING + 151 * DAY));
            query.country = some("UA");
        }),
        with(&|query| {
            query.from = Some(Time(BEGINNING + 100 * DAY + 5));
            query.until = Some(Time(BEGINNING + 100 * DAY + 20_000_000));
        }),
        with(&|query| query.until = Some(Time(BEGINNING - DAY))),
        with(&|query| {
            query.from = Some(Time(BEGINNING + 200 * DAY));
            query.search = "chrome".into();
            query.outcome = some("allowed");
        }),
    ]
}

/// Whether a login is meant, as a person would say it.
fn is_meant(query: &LoginQuery, login: &crate::model::Session, names: &[(i64, &str)]) -> bool {
    let is = |wanted: &Option<String>, value: Option<&str>| wanted.as_deref().is_none_or(|word| value == Some(word));
    let family = |wanted: &Option<String>, value: Option<&str>| {
        wanted.as_deref().is_none_or(|word| {
            value.is_some_and(|value| {
                value == word || value.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '))
            })
        })
    };
    let name = names.iter().find(|(id, _)| *id == login.contact_id).map_or("", |(_, name)| name);
    let text = format!("{name} c{}@mail.example {} {}", login.contact_id, login.ip, login.user_agent).to_lowercase();
    let in_range = match query.address.trim() {
        "" => true,
        "91.198.36.14" => login.ip == "91.198.36.14",
        "91.198.36.0/24" => login.ip.starts_with("91.198.36."),
        _ => login.ip.starts_with("2a02:"),
    };
    in_range
        && query.contact_id.is_none_or(|id| id == login.contact_id)
        && query.device_id.is_none_or(|id| Some(id) == login.device_id)
        && query.search.split_whitespace().all(|word| text.contains(word))
        && query.country.as_deref().is_none_or(|code| login.place.country.as_deref().unwrap_or("-") == code)
        && query.network_kind.as_deref().is_none_or(|kind| match kind {
            "public" => login.place.network_kind.is_none() && login.ip != "unknown",
            kind => login.place.network_kind.as_deref() == Some(kind),
        })
        && is(&query.device_type, Some(&login.agent.device_type))
        && family(&query.browser, login.agent.browser.as_deref())
        && family(&query.os, login.agent.os.as_deref())
        && is(&query.outcome, Some(&login.outcome))
        && is(&query.end_reason, login.end_reason.as_deref())
        && (!query.running || login.ended_at.is_none())
        && query.from.is_none_or(|from| login.started_at >= from)
        && query.until.is_none_or(|until| login.started_at < until)
}

async fn meant(mirror: &Mirror, query: &LoginQuery) -> Vec<crate::model::Session> {
    let names = [(1, "ann"), (2, "боб"), (3, "eva"), (4, "ірина"), (5, "otto"), (6, "петр"), (7, "zoe")];
    let mut all = mirror.cache.logins(&LoginQuery::default()).await.expect("all").rows;
    all.retain(|login| is_meant(query, login, &names));
    all
}

#[tokio::test]
async fn every_filter_gives_the_logins_that_it_says_newest_first_and_page_by_page() {
    let mirror = school().await;
    for query in questions() {
        let expected = meant(&mirror, &query).await;
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page = PageRequest { after, limit: 17, ..PageRequest::default() };
            let page = mirror.cache.logins(&LoginQuery { page, ..query.clone() }).await.expect("page");
            paged.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, expected, "{query:?}");
    }
}

/// How many logins the status says there are.
async fn counted(mirror: &Mirror) -> i64 {
    mirror.cache.counts().await.expect("counts").sessions
}

async fn holds(mirror: &Mirror) {
    holds_in(mirror, &Utc).await;
    holds_in(mirror, &FixedOffset::east_opt(9 * 3600 + 1800).expect("an offset")).await;
    holds_in(mirror, &FixedOffset::west_opt(5 * 3600).expect("an offset")).await;
    holds_in(mirror, &kyiv()).await;
}

async fn holds_in<Z: TimeZone + Sync>(mirror: &Mirror, zone: &Z) {
    assert_eq!(counted(mirror).await, mirror.count("session").await);
    for query in questions() {
        let expected = meant(mirror, &query).await;
        let LoginSummary { total, bars, countries, counting, counted_from, from, until, .. } =
            mirror.cache.login_summary(&query, zone).await.expect("summary");
        for bar in &bars {
            let within = expected.iter().filter(|login| bar.at <= login.started_at && login.started_at < bar.end);
            assert_eq!(bar.logins, within.count() as i64, "{bar:?} {query:?}");
        }
        assert!(bars.windows(2).all(|pair| pair[0].end == pair[1].at), "{query:?}");
        assert_eq!((total, counting, counted_from), (expected.len() as i64, false, None), "{query:?}");
        assert_eq!(bars.iter().map(|bar| bar.logins).sum::<i64>(), total, "{query:?}");
        assert!(bars.is_sorted_by_key(|bar| bar.at) && bars.len() <= 210, "{query:?}");
        assert!(expected.iter().all(|login| Some(login.started_at) >= from && Some(login.started_at) < until));
        for (code, logins) in countries.iter().map(|row| (row.country.clone(), row.logins)) {
            let there = expected.iter().filter(|login| login.place.country == code).count();
            assert_eq!(logins, there as i64, "{code:?} {query:?}");
        }
        assert_eq!(countries.iter().map(|row| row.logins).sum::<i64>(), total, "{query:?}");
    }
}

#[tokio::test]
async fn a_summary_counts_what_the_list_shows() {
    let mirror = school().await;
    holds(&mirror).await;
    let summary = mirror.cache.login_summary(&LoginQuery::default(), &Utc).await.expect("summary");
    assert_eq!(summary.span, BarSpan::Week);
}

#[tokio::test]
async fn a_sync_keeps_the_summary_true_without_a_pass() {
    let mut mirror = school().await;
    let mut moved = login(5, BEGINNING + 70 * DAY, 5000);
    moved.ip = "8.8.8.8".into();
    moved.outcome = "denied".into();
    // An older copy that changes nothing, a new one, one that a later change overtakes in the same page.
    let stale = login(6, BEGINNING, 1);
    let fresh = login(700, BEGINNING + 310 * DAY, 5001);
    let twice = [login(701, BEGINNING + 3 * DAY, 5002), login(701, BEGINNING + 90 * DAY, 5003)];
    let [first, second] = twice;
    let changes = Changes {
        sessions: vec![moved, stale, fresh, first, second],
        deleted: vec![
            grave("session", 10, 6000, "erased"),
            grave("session", 11, 6001, "retention"),
            grave("session", 700, 6002, "erased"),
            grave("contact", 2, 6003, "erased"),
        ],
        ..Changes::default()
    };
    mirror.apply(changes.clone()).await;
    assert_eq!(mirror.count("stale_day").await, 0);
    holds(&mirror).await;
    mirror.apply(changes).await;
    holds(&mirror).await;
}

#[tokio::test]
async fn counting_a_day_anew_changes_nothing_and_repairs_what_was_lost() {
    let mirror = school().await;
    let mut writer = mirror.cache.writer().await;
    crate::cache::stale::all_days(&mut writer).await.expect("marked");
    sqlx::query("DELETE FROM login_day WHERE day % 3 = 0").execute(&mut *writer).await.expect("lost");
    sqlx::query("DELETE FROM login_tally").execute(&mut *writer).await.expect("lost");
    sqlx::query("DELETE FROM login_day").execute(&mut *writer).await.expect("lost");
    drop(writer);
    let summary = mirror.cache.login_summary(&LoginQuery::default(), &Utc).await.expect("summary");
    assert!(summary.counting && summary.total == 0);
    assert_eq!(counted(&mirror).await, mirror.count("session").await, "not by a tally that is not whole");
    count(&mirror).await;
    holds(&mirror).await;
    let mut writer = mirror.cache.writer().await;
    crate::cache::stale::all_days(&mut writer).await.expect("marked");
    drop(writer);
    count(&mirror).await;
    holds(&mirror).await;
}

#[tokio::test]
async fn logins_are_counted_while_they_are_loaded_for_the_first_time() {
    let mut mirror = Mirror::new().await;
    mirror.apply(Changes { sessions: logins(), ..Changes::default() }).await;
    assert_eq!((mirror.count("stale_day").await, counted(&mirror).await), (0, 600), "no day is marked yet");
}

#[tokio::test]
async fn an_empty_school_has_an_empty_summary() {
    let mirror = Mirror::loaded(Changes::default()).await;
    let summary = mirror.cache.login_summary(&LoginQuery::default(), &Utc).await.expect("summary");
    assert_eq!((summary.total, summary.bars.len(), summary.from), (0, 0, None));
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    let mirror = school().await;
    let query = LoginQuery { address: "91.198.36".into(), ..LoginQuery::default() };
    assert!(matches!(mirror.cache.logins(&query).await, Err(CacheError::BadRange(text)) if text == "91.198.36"));
    assert!(matches!(mirror.cache.login_summary(&query, &Utc).await, Err(CacheError::BadRange(_))));
}

/// The plans of every statement that a question asks.
async fn plans<T>(mirror: &Mirror, question: impl Future<Output = T>) -> Vec<String> {
    let (_, statements) = crate::cache::asked::asked(question).await;
    let mut reader = mirror.cache.reader().await.expect("reader");
    let mut steps = Vec::new();
    for statement in statements {
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")))
                .fetch_all(&mut *reader)
                .await
                .expect("a plan");
        steps.extend(rows.into_iter().map(|(.., step)| step));
    }
    steps
}

#[tokio::test]
async fn no_page_of_logins_sorts_the_school_or_reads_it_from_end_to_end() {
    let mirror = school().await;
    for query in questions() {
        let query = LoginQuery { page: PageRequest { limit: 50, ..PageRequest::default() }, ..query };
        for step in plans(&mirror, mirror.cache.logins(&query)).await {
            assert!(step != "SCAN session", "{step}: {query:?}");
        }
    }
    for (query, index) in [
        (LoginQuery { running: true, ..LoginQuery::default() }, "session_running"),
        (LoginQuery { outcome: Some("denied".into()), ..LoginQuery::default() }, "session_special"),
        (LoginQuery { end_reason: Some("replaced".into()), ..LoginQuery::default() }, "session_special"),
        (LoginQuery { network_kind: Some("private".into()), ..LoginQuery::default() }, "ip_by_kind"),
        (LoginQuery { network_kind: Some("hosting".into()), ..LoginQuery::default() }, "ip_hosting"),
    ] {
        let steps = plans(&mirror, mirror.cache.logins(&query)).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{query:?}: {steps:?}");
    }
}

#[tokio::test]
async fn the_days_of_the_clock_on_the_wall_are_right_where_many_logins_are_meant() {
    // More than are gathered by an index, through both changes of Kyiv's clocks.
    let at = |id: i64| BEGINNING + id * DAY / 16 + 7;
    let sessions = (1..=5_400).map(|id| Session { ip: IPS[0].to_owned(), ..login(id, at(id), id) }).collect();
    let mirror = Mirror::loaded(Changes { sessions, ..Changes::default() }).await;
    count(&mirror).await;
    let rows = mirror.cache.logins(&LoginQuery::default()).await.expect("all").rows;
    let country = rows[0].place.country.clone();
    let (from, until) = (Time(BEGINNING + 30 * DAY + 5), Time(BEGINNING + 220 * DAY + 5));
    for query in [
        LoginQuery::default(),
        LoginQuery { country: country.clone(), ..LoginQuery::default() },
        LoginQuery { from: Some(from), until: Some(until), country, ..LoginQuery::default() },
    ] {
        let summary = mirror.cache.login_summary(&query, &kyiv()).await.expect("summary");
        let is_meant = |login: &&crate::model::Session| {
            query.country.as_ref().is_none_or(|country| login.place.country.as_ref() == Some(country))
                && query.from.is_none_or(|from| login.started_at >= from)
                && query.until.is_none_or(|until| login.started_at < until)
        };
        assert!(!summary.counting && summary.bars.len() > 40);
        for bar in &summary.bars {
            let within = rows.iter().filter(is_meant);
            let within = within.filter(|login| bar.at <= login.started_at && login.started_at < bar.end).count();
            assert_eq!(bar.logins, within as i64, "{bar:?} {query:?}");
        }
    }
}

#[tokio::test]
async fn a_histogram_of_everything_reads_no_login() {
    let mirror = school().await;
    for query in [
        LoginQuery::default(),
        LoginQuery { country: Some("UA".into()), device_type: Some("mobile".into()), ..LoginQuery::default() },
    ] {
        let steps = plans(&mirror, mirror.cache.login_summary(&query, &Utc)).await;
        for step in steps.iter().chain(&plans(&mirror, mirror.cache.login_summary(&query, &kyiv())).await) {
            assert!(!step.starts_with("SCAN session"), "{step}");
            assert!(!step.starts_with("SCAN tally") && !step.starts_with("SCAN known"), "{step}");
        }
    }
}
