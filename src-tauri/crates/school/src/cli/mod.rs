//! The command line: results on standard output, messages on standard error; exit code 0 done, 1 failed with a
//! sentence, 2 wrong usage.

mod arguments;
mod fill;
mod print;
mod serve;

use std::{error::Error, process::ExitCode};

pub use arguments::{Arguments, Command, TokenCommand};
use print::Printer;

use crate::{School, SettingsDraft, object::Object};

/// Why a command failed; its text is the sentence that the person reads.
type Failure = Box<dyn Error + Send + Sync>;

/// Carries out a command.
pub fn run(arguments: Arguments) -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(carry_out(arguments)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("hallmonitor-school: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(arguments: Arguments) -> Result<(), Failure> {
    let printer = Printer { json: arguments.json };
    if let Command::Simulate(plan) = &arguments.command {
        return fill::simulate(plan).await;
    }
    let school = School::open(&arguments.database).await?;
    match arguments.command {
        Command::Serve { listen, rate_limit, site_rate_limit } => {
            serve::serve(&school, &listen, rate_limit, site_rate_limit).await?;
        }
        Command::Token(TokenCommand::Create { scope, name }) => {
            printer.new_token(&school.create_token(scope, name.as_deref()).await?)?;
        }
        Command::Token(TokenCommand::List) => printer.tokens(&school.tokens().await?)?,
        Command::Token(TokenCommand::Revoke { id }) => {
            school.revoke_token(id).await?;
            printer.revoked(id)?;
        }
        Command::Cabinet { name } => {
            if let Some(name) = name {
                school.rename(&name).await?;
            }
            printer.cabinet(&school.cabinet().await?)?;
        }
        Command::Seed(plan) => fill::seed(&school, &plan, printer).await?,
        Command::AccessControl { set } => {
            let settings = match set {
                None => school.access_control().await?,
                Some(file) => {
                    let text = std::fs::read_to_string(&file)
                        .map_err(|error| format!("{} can't be read: {error}", file.display()))?;
                    let Object::<SettingsDraft>(draft) = serde_json::from_str(&text)
                        .map_err(|error| format!("{} does not hold settings: {error}", file.display()))?;
                    school.set_access_control(draft).await?
                }
            };
            printer.settings(&settings)?;
        }
        // Played before a database is opened.
        Command::Simulate(_) => {}
    }
    school.close().await;
    Ok(())
}
