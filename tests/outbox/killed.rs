//! The real program, killed with SIGKILL while it pushes, settles and pulls.

use std::{
    collections::HashMap,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use hallmonitor_tests::{Fault, Place};
use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use tokio::time::sleep;

use crate::machine::{Decided, Machine};

/// Programs that a signal has to end, whatever else ends by itself.
const KILLS: u32 = 200;
const STUDENTS: usize = 8;

/// Where in an exchange the signal comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Moment {
    /// At any time from the program's start to twice as long as it needs.
    Any,
    /// A request stands before the server.
    Before(Place),
    /// The server has done it, and its answer stands before the program.
    After(Place),
    /// So many milliseconds after the request with the decisions has come to the server: answering and settling.
    Settling,
}

const MOMENTS: [Moment; 7] = [
    Moment::Any,
    Moment::Any,
    Moment::Before(Place::Actions),
    Moment::After(Place::Actions),
    Moment::Settling,
    Moment::Settling,
    Moment::After(Place::Changes),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_at_any_moment_has_lost_and_doubled_nothing() {
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    let machine = Machine::new(STUDENTS).await;
    let mut decided = Decided::default();
    let begun = Instant::now();
    machine.cli.json(&["sync"]);
    let mut whole = begun.elapsed();

    let mut killed: HashMap<Moment, u32> = HashMap::new();
    let mut rounds = 0;
    while killed.values().sum::<u32>() < KILLS {
        rounds += 1;
        assert!(rounds < 3 * KILLS, "most programs end before they are killed: {killed:?}");
        machine.decides(&machine.targets, &mut decided, &mut dice);
        if dice.random_ratio(1, 3) {
            machine.others_do(&mut dice).await;
        }
        let moment = *MOMENTS.choose(&mut dice).expect("there are some");
        let begun = Instant::now();
        if kill_at(&machine, moment, whole, &mut dice).await {
            *killed.entry(moment).or_default() += 1;
        } else {
            // A program needs as long as the machine has for it, which is not always the same.
            whole = begun.elapsed();
        }
        machine.faults.heal();
        if rounds % 20 == 0 {
            assert_eq!(machine.cli.run(&["status"]).code, 0, "after {rounds} rounds the cache opens");
        }
    }
    for moment in MOMENTS {
        assert!(killed.get(&moment).is_some_and(|&times| times >= 5), "{moment:?} was hardly tried: {killed:?}");
    }
    machine.heals_and_is_judged(&decided).await;
}

/// Starts an exchange and kills it; says whether it was the signal that ended it.
async fn kill_at(machine: &Machine, moment: Moment, whole: Duration, dice: &mut ChaCha8Rng) -> bool {
    let faults = &machine.faults;
    let held = faults.held();
    faults.forget();
    match moment {
        Moment::Before(place) => faults.next(place, Fault::HoldBefore),
        Moment::After(place) => faults.next(place, Fault::HoldAfter),
        Moment::Any | Moment::Settling => {}
    }
    let mut sync: Child = machine
        .cli
        .command(&["sync"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program was found");
    let mut ends = async || {
        while sync.try_wait().expect("a child of ours").is_none() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    // A program that comes to its end before is not waited for any longer.
    tokio::select! {
        () = ends() => {}
        () = async {
            match moment {
                Moment::Any => sleep(whole.mul_f64(dice.random_range(0.0..2.0))).await,
                Moment::Before(_) | Moment::After(_) => faults.until_held(held + 1).await,
                Moment::Settling => {
                    while faults.seen_at(Place::Actions).is_empty() {
                        sleep(Duration::from_millis(1)).await;
                    }
                    sleep(Duration::from_micros(dice.random_range(0..12_000))).await;
                }
            }
        } => {}
    }
    // Fails where it has ended by itself.
    let _ = sync.kill();
    sync.wait().expect("a child of ours").code().is_none()
}
