//! The owner's decisions on their way to the school: the real core, a real school server, and a fault layer between
//! them.

mod administrator;
mod contacts_only;
mod disk;
mod faults;
mod killed;
mod lanes;
mod languages;
mod ledger;
mod lost;
mod machine;
mod others;
mod owner;
mod property;
mod restored;
mod statuses;
mod together;
mod website;
