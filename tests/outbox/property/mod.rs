//! Random owners, administrators, students and faults; then the network heals. Whatever happened: the mirror equals the
//! server, each decision had exactly one effect or stands in the outbox, the last decision on each target wins, and
//! nothing is done twice.
//!
//! A run follows from its number alone, so a failure comes again, and shrinks to the fewest deeds that bring it about.

mod deeds;
mod life;
mod mirror;
mod oracle;

use std::{cell::RefCell, env, thread};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tokio::runtime;

use self::{deeds::life, life::World};

/// Runs where nothing else is asked for.
const RUNS: u32 = 2_000;

/// How many runs there shall be.
const RUNS_VARIABLE: &str = "HALLMONITOR_PROPERTY_RUNS";

/// Another seed brings other runs.
const SEED_VARIABLE: &str = "HALLMONITOR_PROPERTY_SEED";

/// Worlds beside each other.
const WORLDS: u32 = 4;

/// Runs in one world: a school that grows too old makes each run slower.
const RUNS_OF_A_WORLD: u32 = 200;

fn number<T: std::str::FromStr>(variable: &str, otherwise: T) -> T {
    env::var(variable)
        .ok()
        .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

#[test]
fn whatever_happens_each_decision_has_exactly_one_effect_or_stands_in_the_outbox() {
    let (runs, seed) = (number(RUNS_VARIABLE, RUNS), number(SEED_VARIABLE, 1_u64));
    let failed: Vec<String> = thread::scope(|scope| {
        let worlds: Vec<_> =
            (0..WORLDS).map(|world| scope.spawn(move || live(runs.div_ceil(WORLDS), seed, world))).collect();
        worlds.into_iter().filter_map(|world| world.join().expect("a world does not panic").err()).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// So many runs, one after the other.
fn live(runs: u32, seed: u64, nth: u32) -> Result<(), String> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..12].copy_from_slice(&nth.to_le_bytes());
    let config = Config { cases: runs, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let world: RefCell<Option<(World, u32)>> = RefCell::default();
    let ended = runner.run(&life(), |deeds| {
        runtime.block_on(async {
            // What went wrong leaves a world that no other run may begin in.
            let (mut here, runs) = match world.take() {
                Some((here, runs)) if runs < RUNS_OF_A_WORLD => (here, runs),
                _ => (World::new().await, 0),
            };
            here.live(&deeds).await.map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
            world.replace(Some((here, runs + 1)));
            Ok(())
        })
    });
    ended.map_err(|error| match error {
        TestError::Fail(why, deeds) => {
            let steps: Vec<String> = deeds.iter().map(|deed| format!("    {deed:?}")).collect();
            format!("{SEED_VARIABLE}={seed}, world {nth}: {why}\n{}", steps.join("\n"))
        }
        TestError::Abort(why) => why.to_string(),
    })
}
