//! The owner's decisions on their way to the school: the real core, a real school server, and a fault layer between
//! them.

mod contacts_only;
mod faults;
mod lanes;
mod ledger;
mod lost;
mod others;
mod owner;
mod restored;
mod statuses;
mod website;
