//! What is noted on this machine alone.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use hallmonitor_wire::Time;

use super::Targets;
use crate::day;

#[derive(Debug, Args)]
pub(crate) struct Verdict {
    /// Of whom
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) contact: i64,
    /// What you think; none takes back what was noted
    #[arg(value_enum)]
    pub(crate) verdict: Judged,
    /// Why, in your own words; what was noted before stays where this is left out
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) note: Option<String>,
    /// When to look again; what was noted before stays where this is left out and the verdict is the same
    #[arg(long, value_name = "DATE", value_parser = day::ahead)]
    pub(crate) until: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Judged {
    Sharing,
    Harmless,
    Watch,
    None,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeviceNote {
    /// Give a device your own name; without one it is taken back
    Name {
        /// Which
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        id: i64,
        /// Your name for it
        #[arg(allow_hyphen_values = true, default_value = "", hide_default_value = true)]
        name: String,
    },
    /// Say that devices are one, such as two browsers of one computer; the signs count them so
    Join {
        /// Which ones
        #[arg(value_name = "ID", required = true, num_args = 2.., value_parser = clap::value_parser!(i64).range(1..))]
        ids: Vec<i64>,
    },
    /// Say that devices are ones by themselves again
    Part(Targets),
}

#[derive(Debug, Args)]
pub(crate) struct Exceptions {
    #[command(flatten)]
    pub(crate) targets: Targets,
    /// Why, noted on this machine
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, default_value = "", hide_default_value = true)]
    pub(crate) reason: String,
    /// Bring it back to mind on this day; nothing is switched by itself
    #[arg(long, value_name = "DATE", value_parser = day::ahead)]
    pub(crate) until: Option<Time>,
}

#[derive(Debug, Args)]
pub(crate) struct Location {
    /// A location database (MMDB) with cities, or with the owners of networks; the next sync places what is here anew
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Go back to the countries that come with the program
    #[arg(long, conflicts_with = "file")]
    pub(crate) none: bool,
}
