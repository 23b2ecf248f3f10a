//! The school tells of a change as it happens: the real core's engine, a real school server, a fault layer between them.
//! The interval is an hour, so whatever comes earlier came because of a nudge.

use std::{
    future::{pending, ready},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use hallmonitor_core::{
    App, Connection, Engine, School,
    school::Limits,
    vault::{CabinetHash, Passphrase, Token},
};
use hallmonitor_school::{Limits as Offer, SettingsDraft};
use hallmonitor_tests::{Answer, Fault, Faults, Filled, Place, TestSchool, school_in, until};
use hallmonitor_wire::IpMode;
use serde_json::json;
use tempfile::TempDir;

const HOUR: Duration = Duration::from_secs(3_600);

/// What the engine keeps between two turns that nudges ask for.
const GAP: Duration = Duration::from_secs(2);

/// An address that the school refuses.
const REFUSED: &str = "10.9.9.9";

/// A server that tests may ask as often as they like.
fn offer() -> Offer {
    Offer { admin_per_minute: u32::MAX, site_per_minute: u32::MAX, ..Offer::default() }
}

/// A school with one student, and its owner's engine, which has not begun.
struct Owner {
    school: TestSchool,
    faults: Faults,
    core: School,
    student: i64,
    _folder: TempDir,
}

impl Owner {
    async fn of(offer: Offer, limits: Limits) -> Self {
        let school = school_in(tempfile::tempdir().expect("a folder"), Filled::Empty, offer).await;
        let settings =
            SettingsDraft { ip_mode: IpMode::BlockListed, ip_ranges: vec![REFUSED.to_owned()], ..Default::default() };
        school.school.set_access_control(settings).await.expect("settings are taken");
        let student = school.tells("contacts", &json!({ "email": "ada@school.example" })).await;
        let faults = Faults::before(&school).await;
        let folder = tempfile::tempdir().expect("a folder");
        let app = || App::new(folder.path().join("data"));
        let passphrase = || Passphrase::new("correct horse battery staple".to_owned()).expect("a passphrase");
        let connection = Connection {
            server: faults.url(),
            cabinet: CabinetHash::new(&school.cabinet).expect("a hash"),
            token: Token::new(&school.token).expect("a token"),
            name: None,
            passphrase: Some(passphrase()),
        };
        app().connect(connection).await.expect("connected");
        let core = app().with_limits(limits).open(None, Some(passphrase())).await.expect("opened");
        let student = student["data"]["id"].as_i64().expect("an id");
        Self { school, faults, core, student, _folder: folder }
    }

    async fn new() -> Self {
        Self::of(offer(), Limits::default()).await
    }

    fn engine(&self) -> Engine {
        Engine::start(self.core.clone(), HOUR, ready(()))
    }

    async fn violates(&self) {
        let login = json!({ "contact_id": self.student, "ip": REFUSED, "user_agent": "Browser" });
        let login = self.school.tells("logins", &login).await;
        assert_eq!(login["data"]["outcome"], "denied", "{login}");
    }

    async fn has_unviewed(&self, count: i64) {
        until(&format!("{count} violations are here"), async || {
            (self.core.status().await.expect("the cache is there").unviewed == count).then_some(())
        })
        .await;
    }

    /// Waits until the stream was asked for so often.
    async fn listens(&self, times: usize) {
        let asked = async || (self.faults.seen_at(Place::Events).len() >= times).then_some(());
        until(&format!("the stream was asked for {times} times"), asked).await;
    }

    /// Asks for a turn, and waits until one has ended.
    async fn has_another_turn(engine: &Engine) {
        let mut news = engine.news();
        news.mark_unchanged();
        engine.sync_now();
        news.changed().await.expect("the engine runs");
    }

    /// Ends it all: an engine that still reads or writes while its process takes itself down may crash there.
    async fn ends(self, engine: Engine) {
        engine.stop().await;
        self.core.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nudge_brings_a_violation_before_the_interval() {
    let owner = Owner::new().await;
    let engine = owner.engine();
    owner.listens(1).await;

    owner.violates().await;
    owner.has_unviewed(1).await;
    owner.violates().await;
    owner.has_unviewed(2).await;
    assert_eq!(owner.faults.seen_at(Place::Events).len(), 1, "one stream is enough");
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_before_the_stream_stood_is_not_missed() {
    let owner = Owner::new().await;
    // What happens until the server hears of the stream it tells nobody.
    owner.faults.next(Place::Events, Fault::Late(Duration::from_millis(300)));
    let engine = owner.engine();
    owner.listens(1).await;
    owner.violates().await;
    owner.has_unviewed(1).await;
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_offers_no_nudges_is_not_asked_for_them() {
    let owner = Owner::of(Offer { nudges: false, ..offer() }, Limits::default()).await;
    let engine = owner.engine();
    for _ in 0..3 {
        Owner::has_another_turn(&engine).await;
    }
    assert_eq!(owner.faults.seen_at(Place::Events), []);
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_much_happens_the_turns_keep_their_distance() {
    let owner = Owner::new().await;
    let engine = owner.engine();
    owner.listens(1).await;
    owner.has_unviewed(0).await;
    owner.faults.forget();

    let began = Instant::now();
    let turns = async || {
        owner.violates().await;
        (owner.faults.seen_at(Place::Changes).len() >= 4).then_some(())
    };
    until("four turns have come", turns).await;
    // One of them may have begun before.
    assert!(began.elapsed() >= GAP * 2, "{:?}", began.elapsed());
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_nudged_for_while_turns_kept_their_distance_is_one_turn_and_no_row_of_them() {
    let owner = Owner::new().await;
    let engine = owner.engine();
    owner.listens(1).await;
    owner.has_unviewed(0).await;
    for _ in 0..12 {
        owner.violates().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    owner.has_unviewed(12).await;

    let turns = owner.faults.seen_at(Place::Changes).len();
    tokio::time::sleep(GAP * 3).await;
    let later = owner.faults.seen_at(Place::Changes).len() - turns;
    assert!(later <= 2, "{later} turns after everything was here");
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_or_never_stands_harms_no_exchange_and_is_tried_again() {
    let endless = "x".repeat(1 << 20);
    let faults = [
        ("cut at once", Fault::CutBefore),
        ("unknown", Fault::Instead(Answer::refusal(404))),
        ("refused", Fault::Instead(Answer::refusal(401))),
        ("a web page", Fault::Instead(Answer::html(200))),
        ("too busy", Fault::Instead(Answer::busy(1))),
        ("never answered", Fault::HoldBefore),
        ("silence", Fault::Streams(": connected\n\n".to_owned())),
        ("garbage, then silence", Fault::Streams("garbage\n\u{0}\n\nevent\n\n:::\n\n".to_owned())),
        ("a line without an end", Fault::Streams(endless)),
    ];
    let tried = faults.map(async |(what, fault)| {
        // Short for who waits until a stream is given up, and long for an exchange on a busy machine.
        let short = Duration::from_secs(3);
        let limits = Limits { connect: short, idle: short, silence: short, ..Limits::default() };
        let owner = Owner::of(offer(), limits).await;
        owner.faults.next(Place::Events, fault);
        let engine = owner.engine();
        owner.listens(1).await;

        owner.violates().await;
        Owner::has_another_turn(&engine).await;
        owner.has_unviewed(1).await;
        let state = engine.state().borrow().clone();
        assert!(state.problem.is_none(), "{what}: {state:?}");
        until(&format!("{what}: it is tried again, after a turn"), async || {
            Owner::has_another_turn(&engine).await;
            (owner.faults.seen_at(Place::Events).len() >= 2).then_some(())
        })
        .await;
        owner.ends(engine).await;
    });
    join_all(tried).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_cut_goes_on_after_a_later_turn() {
    let owner = Owner::new().await;
    let engine = owner.engine();
    owner.listens(1).await;
    owner.violates().await;
    owner.has_unviewed(1).await;

    owner.faults.heal();
    until("the stream stands again", async || {
        Owner::has_another_turn(&engine).await;
        (owner.faults.seen_at(Place::Events).len() >= 2).then_some(())
    })
    .await;
    owner.violates().await;
    owner.has_unviewed(2).await;
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_school_is_not_asked_for_a_stream() {
    let owner = Owner::new().await;
    owner.faults.always(Place::Changes, Fault::Instead(Answer::refusal(422)));
    let engine = owner.engine();
    for _ in 0..2 {
        Owner::has_another_turn(&engine).await;
    }
    assert_eq!(owner.faults.seen_at(Place::Events), []);
    owner.ends(engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_stops_lets_go_of_its_stream_and_its_school() {
    let owner = Owner::new().await;
    let engine = Engine::start(owner.core.clone(), HOUR, pending());
    engine.sync_now();
    owner.listens(1).await;
    engine.stop().await;

    // A server that stops waits for the streams that are open.
    let Owner { mut school, core, .. } = owner;
    core.close().await;
    school.unplug().await;
}
