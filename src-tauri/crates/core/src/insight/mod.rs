//! What the log suggests of a contact: signs of a shared account.
//!
//! Each sign is a pure function over a contact's history, one file a sign, with a table on both sides of its threshold.
//! All of them are hints: addresses are placed wrongly (179 to 207 km in the median on mobile networks, 3 to 16 km on
//! fixed lines, arXiv 2605.21937), carriers show their gateway's place, and last activity is written every 30 seconds
//! at best. So every finding carries the rows it was seen in and what else may explain it.

mod history;
mod judge;
mod signs;
mod what_if;

pub(crate) use history::{Cookie, History, Login, Network, Point, looked_back};
pub(crate) use judge::{Judged, from, judge, not_checked};
pub(crate) use what_if::{Admitted, most_at_once, most_devices};
