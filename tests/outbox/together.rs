//! Two processes on one profile, which decide and sync at once.

use std::thread;

use hallmonitor_tests::{Fault, Place, Spoilt};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::machine::{Decided, Machine, Target, assert_sensible};

/// What each of the two does, one after the other.
const STEPS: u32 = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_profile_decide_and_sync_at_once_and_lose_nothing() {
    let machine = Machine::new(6).await;
    let faults = [Fault::CutBefore, Fault::CutAfter, Fault::CutWithin, Fault::Twice, Fault::Spoilt(Spoilt::Garbage)];
    machine.faults.by_chance(1, 3, faults.map(|fault| (Place::Actions, fault)).to_vec());
    // Each has targets of its own, so that there is a last decision on each; the exchanges carry those of both.
    let (left, right) = machine.targets.split_at(machine.targets.len() / 2);
    let live = |targets: &[Target], seed| {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut decided = Decided::default();
        for _ in 0..STEPS {
            if dice.random_ratio(1, 2) {
                machine.decides(targets, &mut decided, &mut dice);
            } else {
                assert_sensible(&machine.cli.run(&["sync"]));
            }
        }
        decided
    };
    let decided = thread::scope(|scope| {
        let one = scope.spawn(|| live(left, 1));
        let other = live(right, 2);
        one.join().expect("it ran").and(other)
    });
    machine.heals_and_is_judged(&decided).await;
}
