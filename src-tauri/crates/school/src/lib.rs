//! The reference school server: what a school without a platform of its own could run.
//!
//! It serves the School server API (what the desktop app reads and decides through) and the Site API (what the
//! school's website tells it at each login). One database is one cabinet. [`School`] is the opened database;
//! [`School::serve`] serves both APIs from it, in this process and until told to stop:
//!
//! ```no_run
//! # async fn example() -> Result<(), hallmonitor_school::SchoolError> {
//! use hallmonitor_school::{Limits, School, Scope};
//!
//! let school = School::open("sqlite:school.db").await?;
//! let token = school.create_token(Scope::Admin, Some("Olena")).await?;
//! let running = school.serve("127.0.0.1:0", Limits::default()).await?;
//! println!("{} {} {}", running.url(), token.cabinet_hash, token.token.reveal());
//! running.shutdown().await?;
//! school.close().await;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod actions;
mod cabinet;
mod changes;
pub mod cli;
mod clock;
mod database;
mod error;
#[cfg(test)]
mod fixture;
mod fold;
mod http;
mod language;
mod newest;
mod object;
mod ranges;
mod rows;
mod school;
mod secret;
pub mod seed;
mod sessions;
mod settings;
pub mod simulate;
mod site;
mod sweep;
mod token;
pub mod world;
mod write;

pub use cabinet::Cabinet;
pub use clock::Clock;
pub use database::DatabaseUrl;
pub use error::SchoolError;
pub use http::{Limits, Running};
pub use school::School;
pub use settings::{BadSettings, SettingsDraft};
pub use token::{ListedToken, NewToken, NoScope, Scope, TokenText};
