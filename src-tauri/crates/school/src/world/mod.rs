//! A school that has lived: who its students are, where and on what they study, and two years of their logins under
//! the school's access rules.
//!
//! Everything here is a pure function of a [`Plan`]: no clock, no database, no network. The same plan gives the same
//! rows, on any machine. The rules are those of the Site API, so that what was "lived" here could have been lived on
//! a server; who passes an account around is known ([`people::Habit`]), so that tests can measure what finds them.

pub mod browsers;
pub mod calendar;
pub mod chance;
mod history;
pub(crate) mod ledger;
pub mod names;
mod office;
pub mod people;
pub mod places;
pub mod rows;
pub mod rules;
pub mod visits;

#[cfg(test)]
mod tests;

pub use history::{BadPlan, Plan, World};
