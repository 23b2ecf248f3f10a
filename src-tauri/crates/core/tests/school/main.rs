//! The way to a school's server, tried on servers that do what no right one does.
#![allow(missing_docs, clippy::unwrap_used)]

mod bounds;
mod events;
mod faults;
mod limits;
mod privacy;
mod stub;
