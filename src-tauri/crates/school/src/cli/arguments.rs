//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use hallmonitor_wire::Time;

use crate::Scope;

/// The reference school server: one database is one cabinet.
#[derive(Clone, Debug, Parser)]
#[command(name = "hallmonitor-school", version, max_term_width = 100)]
pub struct Arguments {
    /// Where the cabinet is kept: sqlite:PATH, made on first use
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "HALLMONITOR_SCHOOL_DATABASE",
        default_value = "sqlite:school.db"
    )]
    pub database: String,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve both APIs until SIGTERM or Ctrl-C
    Serve {
        /// Where to listen; port 0 picks a free one
        #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080", value_parser = listen_address)]
        listen: String,
        /// School server API: requests a minute for each token
        #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
        rate_limit: u32,
        /// Site API: requests a minute for each token
        #[arg(long, value_name = "N", default_value_t = 6_000, value_parser = clap::value_parser!(u32).range(1..))]
        site_rate_limit: u32,
    },
    /// Make, list and revoke API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Show or rename the cabinet
    Cabinet {
        /// The school's new name
        #[arg(long)]
        name: Option<String>,
    },
    /// Fill an empty database with an invented school
    Seed(SeedArguments),
    /// Play students against a running server until SIGTERM or Ctrl-C
    Simulate(SimulateArguments),
    /// Show or replace the settings that restrictions come from
    AccessControl {
        /// A JSON file with the new settings; what is absent becomes its default
        #[arg(long, value_name = "FILE.json")]
        set: Option<PathBuf>,
    },
}

/// What can be done with tokens.
#[derive(Clone, Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token, shown this once
    Create {
        /// admin for the desktop app, site for the school's website
        #[arg(long)]
        scope: Scope,
        /// Who it is for: the `by` of what it changes
        #[arg(long)]
        name: Option<String>,
    },
    /// All tokens, revoked ones too
    List,
    /// End a token at once
    Revoke {
        /// As `token list` shows it
        id: i64,
    },
}

/// How large and which school to invent.
#[derive(Clone, Debug, Args)]
pub struct SeedArguments {
    /// Contacts in all
    #[arg(long, value_name = "N")]
    pub contacts: u64,
    /// Sessions in all
    #[arg(long, value_name = "M")]
    pub sessions: u64,
    /// The same seed gives the same school
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// When its history ends, such as 2026-08-20T23:59:59Z; default now
    #[arg(long, value_name = "TIME")]
    pub until: Option<Time>,
}

/// Whom to play, and how fast.
#[derive(Clone, Debug, Args)]
pub struct SimulateArguments {
    /// The running server: an address with https, or with http on this machine alone
    #[arg(long, value_name = "URL")]
    pub server: String,
    /// Logins a second, on average
    #[arg(long, value_name = "R", value_parser = rate)]
    pub logins_per_second: f64,
    /// The seed that the school was made with
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// A token of scope site: from the environment, since command lines can be read by others
    #[arg(long, value_name = "TOKEN", hide = true, env = "HALLMONITOR_SITE_TOKEN", hide_env_values = true)]
    pub token: String,
    /// As `cabinet` shows it
    #[arg(long, value_name = "HASH", hide = true, env = "HALLMONITOR_CABINET_HASH", hide_env_values = true)]
    pub cabinet_hash: String,
}

fn listen_address(text: &str) -> Result<String, String> {
    let fits = text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    if fits { Ok(text.to_owned()) } else { Err("must be ADDR:PORT, for example 127.0.0.1:8080".to_owned()) }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate <= 1_000.0 => Ok(rate),
        _ => Err("must be a number above 0 and at most 1000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_made() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn json_may_stand_before_or_after_the_command() {
        for line in ["hallmonitor-school --json token list", "hallmonitor-school token list --json"] {
            assert!(Arguments::try_parse_from(line.split(' ')).expect(line).json, "{line}");
        }
    }

    #[test]
    fn a_listening_address_has_a_port() {
        for (text, fits) in
            [("127.0.0.1:0", true), ("[::1]:80", true), ("localhost:8080", true), ("8080", false), ("a:99999", false)]
        {
            assert_eq!(listen_address(text).is_ok(), fits, "{text}");
        }
    }
}
