//! What can be typed.

mod own;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hallmonitor_core::model::Sign;
use hallmonitor_wire::Time;
use uuid::Uuid;

pub(crate) use self::own::{DeviceNote, Exceptions, Judged, Location, Verdict};
use crate::day;

/// A school's login log, encrypted on this machine and readable without a network.
#[derive(Debug, Parser)]
#[command(name = "hallmonitor-cli", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Where profiles are kept; the folder that the window uses where not given
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Which school; may be left out where there is one
    #[arg(long, global = true, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) profile: Option<String>,
    /// Print one JSON document instead of a table
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connect a school, or give a connected one a new token
    ///
    /// The token comes from HALLMONITOR_TOKEN or is asked for. Where HALLMONITOR_PASSPHRASE is set, the cache is locked
    /// with that passphrase instead of a key in the keyring.
    Connect(Connect),
    /// Send what was decided, then read what has changed until everything is up to date
    Sync,
    /// Show what is here and how old it is
    Status,
    /// List contacts, last active first
    Contacts(ContactList),
    /// Show one contact
    Contact {
        /// The contact's id
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        id: i64,
    },
    /// List logins, newest first
    Sessions(SessionList),
    /// List devices, last seen first
    Devices(LogList),
    /// List restrictions, newest first
    Restrictions(RestrictionList),
    /// Rank contacts by what the log suggests of a shared account: hints, never proof
    Insights(InsightList),
    /// Note what you think of a contact, on this machine alone
    Verdict(Verdict),
    /// Write a report on one contact and the table of all its logins beside it
    ///
    /// The report is one HTML file that prints; the table has the same name with the ending csv. Both are in the
    /// language that the window shows. Without --from they begin when the contact was added.
    Evidence(Evidence),
    /// Show the school's access control settings as last read
    AccessControl,
    /// Block devices, or let them in again; the next sync sends it. Or call them by your own names, on this machine alone
    #[command(subcommand)]
    Device(Device),
    /// Mark restrictions as viewed or not viewed; the next sync sends it
    #[command(subcommand)]
    Restriction(LogStatus),
    /// Switch contacts' checks on or off; the next sync sends it
    #[command(subcommand)]
    Checks(Checks),
    /// List the decisions that were not confirmed, or settle some of them
    Outbox {
        #[command(subcommand)]
        settle: Option<Settle>,
    },
    /// Write all rows that match to a file
    Export(Export),
    /// Show or choose where addresses are looked up, for all schools
    Location(Location),
    /// Show or set how long rows stay here that the server has dropped as too old
    Keep {
        /// Months, 0 to 120
        #[arg(value_parser = clap::value_parser!(u32).range(0..=120))]
        months: Option<u32>,
    },
    /// Erase one student on this machine; the server is told nothing
    ///
    /// The contact, devices, logins, restrictions and what was noted of them. What the server says of them later is not
    /// written here any more. Refused while a decision about them is not confirmed.
    Erase {
        /// Whom
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        contact: i64,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Remove a school's cache and secrets from this machine
    Wipe {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// The server's address, such as https://api.example.com
    #[arg(long, value_name = "URL")]
    pub(crate) server: String,
    /// The cabinet's hash, from the school platform's settings
    #[arg(long, value_name = "HASH", allow_hyphen_values = true)]
    pub(crate) cabinet: String,
    /// The profile's name; the school's where not given
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words that must all be found, in any part of a field
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, default_value = "", hide_default_value = true)]
    pub(crate) search: String,
}

#[derive(Debug, Args)]
pub(crate) struct Limit {
    /// At most so many rows; 0 is all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: u64,
}

#[derive(Debug, Args)]
pub(crate) struct OfContact {
    /// Only this contact's
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) contact: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct ContactList {
    #[command(flatten)]
    pub(crate) search: Search,
    /// Only those with restrictions that nobody has viewed
    #[arg(long)]
    pub(crate) unviewed: bool,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct LogList {
    #[command(flatten)]
    pub(crate) of: OfContact,
    #[command(flatten)]
    pub(crate) search: Search,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

/// From when until when.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Range {
    /// From this day on, or from this time on
    #[arg(long, value_name = "DATE", value_parser = day::begin)]
    pub(crate) from: Option<Time>,
    /// Until this day is over, or until this time
    #[arg(long, value_name = "DATE", value_parser = day::end)]
    pub(crate) until: Option<Time>,
}

/// Of where.
#[derive(Debug, Args)]
pub(crate) struct FromCountry {
    /// Only from this country, such as UA
    #[arg(long, value_name = "CODE", value_parser = country)]
    pub(crate) country: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SessionList {
    #[command(flatten)]
    pub(crate) list: LogList,
    /// Only from this address, or from this range of addresses
    #[arg(long, value_name = "CIDR")]
    pub(crate) ip: Option<String>,
    #[command(flatten)]
    pub(crate) place: FromCountry,
    /// Only those that were let in, or refused
    #[arg(long, value_enum)]
    pub(crate) outcome: Option<Outcome>,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, Args)]
pub(crate) struct RestrictionList {
    #[command(flatten)]
    pub(crate) list: LogList,
    /// Only those that nobody has viewed
    #[arg(long)]
    pub(crate) unviewed: bool,
    /// Only those of this rule, such as device_limit
    #[arg(long, value_name = "CODE")]
    pub(crate) rule: Option<String>,
    #[command(flatten)]
    pub(crate) place: FromCountry,
    /// Only those that somebody has viewed, or nobody
    #[arg(long, value_enum, conflicts_with = "unviewed")]
    pub(crate) status: Option<Status>,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Outcome {
    Allowed,
    Denied,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Status {
    Viewed,
    NotViewed,
}

#[derive(Debug, Args)]
pub(crate) struct InsightList {
    #[command(flatten)]
    pub(crate) search: Search,
    /// Only those with this sign
    #[arg(long, value_name = "SIGN", value_parser = sign)]
    pub(crate) sign: Option<Sign>,
    /// Only those with so many points that they stand out
    #[arg(long)]
    pub(crate) flagged: bool,
    #[command(flatten)]
    pub(crate) limit: Limit,
}

#[derive(Debug, Args)]
pub(crate) struct Evidence {
    /// On whom
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) contact: i64,
    /// Where the report goes
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) range: Range,
}

/// A sign's word.
fn sign(text: &str) -> Result<Sign, String> {
    let known = || Sign::ALL.map(Sign::as_str).join(", ");
    Sign::ALL.into_iter().find(|sign| sign.as_str() == text).ok_or_else(|| format!("the signs are {}", known()))
}

/// Two letters, in whatever case.
fn country(text: &str) -> Result<String, String> {
    if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err("a country is two letters, such as UA".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Targets {
    /// Which ones; all are recorded, or none
    #[arg(value_name = "ID", required = true, value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) ids: Vec<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct Entries {
    /// Which decisions, as the outbox lists them; all are settled, or none
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<Uuid>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Device {
    /// Refuse logins from these devices, and end the sessions that run on them
    Block(Targets),
    /// Let these devices in again
    Allow(Targets),
    #[command(flatten)]
    Own(DeviceNote),
}

#[derive(Debug, Subcommand)]
pub(crate) enum LogStatus {
    /// Mark as viewed: changes nothing but the owner's own notifications
    Viewed(Targets),
    /// Mark as not viewed
    NotViewed(Targets),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Checks {
    /// Let access control look at these contacts again
    On(Targets),
    /// Make exceptions of these contacts; a blocked device stays blocked
    Off(Exceptions),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Settle {
    /// A conflict: send mine all the same, as a new decision
    KeepMine(Entries),
    /// A conflict: let mine go
    TakeTheirs(Entries),
    /// A refused decision: send it again, as a new one
    Retry(Entries),
    /// A refused decision: let it go
    Dismiss(Entries),
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What
    #[arg(value_enum)]
    pub(crate) kind: Kind,
    /// How
    #[arg(long, value_enum)]
    pub(crate) format: Format,
    /// Where to; - is standard output (not xlsx)
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) of: OfContact,
    #[command(flatten)]
    pub(crate) search: Search,
}

impl Export {
    /// Whether the rows go to standard output.
    pub(crate) fn to_standard_output(&self) -> bool {
        self.out.as_os_str() == "-"
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Contacts,
    Sessions,
    Devices,
    Restrictions,
    Insights,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Json,
    Xlsx,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn read(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_grammar_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_after_the_command() {
        for line in [
            "hallmonitor-cli --json --profile a --data-dir d contacts --limit 5",
            "hallmonitor-cli contacts --limit 5 --json --profile a --data-dir d",
            "hallmonitor-cli --profile a contacts --json --limit 5 --data-dir d",
        ] {
            let read = read(line).expect(line);
            assert!(read.json, "{line}");
            assert_eq!(read.profile.as_deref(), Some("a"), "{line}");
            assert_eq!(read.data_dir, Some(PathBuf::from("d")), "{line}");
            assert!(matches!(read.command, Command::Contacts(ContactList { limit: Limit { limit: 5 }, .. })), "{line}");
        }
    }

    #[test]
    fn a_list_has_100_rows_where_nothing_is_said() {
        let read = read("hallmonitor-cli sessions").expect("read");
        assert!(matches!(
            read.command,
            Command::Sessions(SessionList { list: LogList { limit: Limit { limit: 100 }, .. }, .. })
        ));
    }

    #[test]
    fn a_search_may_begin_with_a_hyphen() {
        let read = read("hallmonitor-cli contacts --search -vip").expect("read");
        assert!(
            matches!(read.command, Command::Contacts(ContactList { search: Search { search }, .. }) if search == "-vip")
        );
    }

    #[test]
    fn wrong_usage_is_told_apart() {
        for line in [
            "hallmonitor-cli",
            "hallmonitor-cli outbox keep-mine",
            "hallmonitor-cli outbox keep-mine 7",
            "hallmonitor-cli outbox cancel 0197a0f0-0000-7000-8000-000000000000",
            "hallmonitor-cli device",
            "hallmonitor-cli device block",
            "hallmonitor-cli device block x",
            "hallmonitor-cli device block 0",
            "hallmonitor-cli device lock 1",
            "hallmonitor-cli restriction seen 1",
            "hallmonitor-cli checks off",
            "hallmonitor-cli contact",
            "hallmonitor-cli contact x",
            "hallmonitor-cli contact 0",
            "hallmonitor-cli contacts --limit -1",
            "hallmonitor-cli contacts --limit many",
            "hallmonitor-cli sessions --unviewed",
            "hallmonitor-cli sessions --outcome maybe",
            "hallmonitor-cli sessions --country Ukraine",
            "hallmonitor-cli sessions --from yesterday",
            "hallmonitor-cli restrictions --unviewed --status viewed",
            "hallmonitor-cli insights --sign rain",
            "hallmonitor-cli verdict 7",
            "hallmonitor-cli verdict 7 guilty",
            "hallmonitor-cli verdict 7 watch --until 2026-02-30",
            "hallmonitor-cli evidence 7",
            "hallmonitor-cli connect --server https://a",
            "hallmonitor-cli connect --server https://a --cabinet c --token t",
            "hallmonitor-cli export contacts --format csv",
            "hallmonitor-cli export contacts --out x --format pdf",
            "hallmonitor-cli export people --out x --format csv",
        ] {
            let told = read(line).expect_err(line);
            assert!(told.use_stderr(), "{line}");
        }
    }
}
