//! Students who are played on a real server.

use std::time::Duration;

use hallmonitor_school::{
    Limits, Running, School, Scope,
    seed::{Seeded, seed},
    simulate::{self, Config, SimulateError, Tally},
    world::Plan,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

struct Stage {
    school: School,
    running: Running,
    config: Config,
    _dir: TempDir,
}

async fn stage() -> Stage {
    let dir = TempDir::new().expect("a folder");
    let school = School::open(&format!("sqlite:{}", dir.path().join("school.db").display())).await.expect("a school");
    let site = school.create_token(Scope::Site, None).await.expect("a token");
    let running = school.serve("127.0.0.1:0", Limits::default()).await.expect("a server");
    let config = Config {
        server: format!("{}/", running.url()),
        token: site.token,
        cabinet_hash: site.cabinet_hash,
        logins_per_second: 500.0,
        seed: 1,
        violation_every: Some(Duration::from_millis(100)),
        clock: school.clock().clone(),
    };
    Stage { school, running, config, _dir: dir }
}

impl Stage {
    async fn seed(&self) -> Seeded {
        let until = self.school.clock().now().ms();
        seed(&self.school, Plan { contacts: 40, sessions: 1500, seed: 1, until }).await.expect("seeded")
    }

    /// Plays until `enough` says so.
    async fn play(&self, enough: impl Fn(&Tally) -> bool) -> Tally {
        let stop = CancellationToken::new();
        let watch = |tally: &Tally| {
            if enough(tally) {
                stop.cancel();
            }
        };
        let play = simulate::run(self.config.clone(), stop.clone(), watch);
        tokio::time::timeout(Duration::from_secs(60), play).await.expect("it comes to that").expect("a play")
    }

    async fn count(&self, query: &'static str) -> u64 {
        let count: i64 = sqlx::query_scalar(query).fetch_one(self.school.pool()).await.expect("a number");
        count as u64
    }
}

#[tokio::test]
async fn students_log_in_and_break_rules() {
    let stage = stage().await;
    let seeded = stage.seed().await;
    let tally = stage.play(|tally| tally.logins >= 60 && tally.violations >= 3).await;
    assert_eq!((tally.added, tally.failed), (0, 0));
    assert_eq!(stage.count("SELECT COUNT(*) FROM session").await, seeded.sessions + tally.logins);
    assert_eq!(stage.count("SELECT COUNT(*) FROM restriction").await, seeded.restrictions + tally.violations);
    stage.running.shutdown().await.expect("quiet");
}

#[tokio::test]
async fn students_come_from_the_browsers_that_they_had() {
    let stage = stage().await;
    let seeded = stage.seed().await;
    let tally = stage.play(|tally| tally.logins >= 60).await;
    let known =
        format!("SELECT COUNT(*) FROM session WHERE id > {} AND device_id <= {}", seeded.sessions, seeded.devices);
    let known: i64 =
        sqlx::query_scalar(sqlx::AssertSqlSafe(known)).fetch_one(stage.school.pool()).await.expect("a number");
    assert!(known as u64 * 2 > tally.logins, "{known} of {}", tally.logins);
}

#[tokio::test]
async fn an_empty_school_gets_its_first_students() {
    let stage = stage().await;
    let tally = stage.play(|tally| tally.logins >= 20).await;
    assert!((1..=20).contains(&tally.added), "{tally:?}");
    assert_eq!(stage.count("SELECT COUNT(*) FROM contact").await, tally.added);
}

#[tokio::test]
async fn a_wrong_token_or_no_server_is_told_in_a_sentence() {
    let stage = stage().await;
    let run = |config| simulate::run(config, CancellationToken::new(), |_| {});
    let wrong = Config { token: "wrong".to_owned().into(), ..stage.config.clone() };
    assert!(matches!(run(wrong).await, Err(SimulateError::Refused(_))));
    let bad = Config { server: "school.example".to_owned(), ..stage.config.clone() };
    assert!(matches!(run(bad).await, Err(SimulateError::BadServer(_))));
    let Stage { running, config, .. } = stage;
    running.shutdown().await.expect("quiet");
    assert!(matches!(run(config).await, Err(SimulateError::Unreachable(_))));
}

#[tokio::test]
async fn no_token_is_sent_to_another_machine_unencrypted() {
    let stage = stage().await;
    let plain = Config { server: "http://school.example".to_owned(), ..stage.config.clone() };
    let refused = simulate::run(plain, CancellationToken::new(), |_| {}).await.expect_err("refused before it is sent");
    assert!(matches!(refused, SimulateError::PlainHttp(_)), "{refused}");
    assert!(refused.to_string().contains("https://"), "it says what to do: {refused}");
}

#[tokio::test]
async fn told_to_stop_it_stops_at_once_whatever_it_waits_for() {
    let mut stage = stage().await;
    stage.seed().await;
    stage.config.logins_per_second = 0.001;
    let tally = stage.play(|tally| tally.logins == 1).await;
    assert_eq!(tally.logins, 1);
}
