//! `seed` and `simulate`: an invented school, and students who go on living in it.

use tokio_util::sync::CancellationToken;

use super::{
    Failure,
    arguments::{SeedArguments, SimulateArguments},
    print::Printer,
    serve::told_to_stop,
};
use crate::{Clock, School, TokenText, seed, simulate, world::Plan};

pub(super) async fn seed(school: &School, asked: &SeedArguments, printer: Printer) -> Result<(), Failure> {
    let plan = Plan {
        contacts: asked.contacts,
        sessions: asked.sessions,
        seed: asked.seed,
        until: asked.until.unwrap_or_else(|| school.clock().now()).ms(),
    };
    let seeded = seed::seed(school, plan).await?;
    printer.print(
        &seeded,
        &[
            format!("contacts:     {}", seeded.contacts),
            format!("devices:      {}", seeded.devices),
            format!("sessions:     {}", seeded.sessions),
            format!("restrictions: {}", seeded.restrictions),
        ],
    )?;
    Ok(())
}

pub(super) async fn simulate(asked: &SimulateArguments) -> Result<(), Failure> {
    let told = told_to_stop()?;
    let config = simulate::Config {
        server: asked.server.clone(),
        token: TokenText::from(asked.token.clone()),
        cabinet_hash: asked.cabinet_hash.clone(),
        logins_per_second: asked.logins_per_second,
        seed: asked.seed,
        violation_every: None,
        clock: Clock::system(),
    };
    let stop = CancellationToken::new();
    let stopper = stop.clone();
    tokio::spawn(async move {
        told.await;
        stopper.cancel();
    });
    let played = simulate::run(config, stop, |_| {}).await?;
    eprintln!(
        "{} logins, {} refused; a rule acted on {}; {} students added; {} calls failed",
        played.logins, played.denied, played.violations, played.added, played.failed
    );
    Ok(())
}
