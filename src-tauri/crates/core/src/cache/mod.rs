//! The encrypted mirror of one school: a SQLCipher file that holds what the server said, as the server said it.
//!
//! One writer, a few readers, write-ahead log. `apply` writes what a sync brings, whole batches in one transaction;
//! the browse rooms (`contacts`, `sessions`, `devices`, `restrictions`) answer questions in pages by keyset. Nothing
//! here waits for a network.

mod address_key;
mod apply;
#[doc(hidden)]
pub mod asked;
mod bars;
mod behind;
mod bulk;
mod case;
mod condition;
mod contacts;
mod decisions;
mod derive;
mod devices;
mod error;
mod find;
mod fold;
mod graves;
mod histories;
mod insights;
mod keeping;
mod letters;
mod load;
mod log_list;
mod login_summary;
mod logins;
mod meta;
mod migrate;
mod open;
mod own_devices;
mod place_in_list;
mod plain_contacts;
mod readers;
mod refold;
mod removal;
mod resolve;
mod restrictions;
mod rows;
mod runs;
mod school_devices;
mod scrub;
mod search;
mod sessions;
mod snapshot;
mod stale;
mod status;
mod strip;
mod tally;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod unreadable;
mod verdicts;
mod views;
mod violation_choices;
mod violation_list;
mod what_if;
mod whereabouts;
mod would_flag;

pub use apply::{Applied, Batch};
pub(crate) use apply::{Applier, full_name};
pub(crate) use bulk::id_list;
pub(crate) use decisions::{Target, mark};
pub use error::CacheError;
pub(crate) use keeping::{Erased, MOST_MONTHS};
pub use load::INDEXES;
pub use meta::Meta;
pub(crate) use meta::read as read_meta;
#[cfg(test)]
pub(crate) use migrate::{MIGRATIONS, migrate};
pub use open::{AUTHENTICATION, Cache};
pub use snapshot::Snapshot;
pub use status::Counts;
pub(crate) use views::Person;
