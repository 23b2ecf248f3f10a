//! Changes of the school's server, brought into the cache.
//!
//! Promises: rows, tombstones and the cursor commit together, so a cut at any moment resumes at the last page; nothing
//! goes backwards; an endless server is noticed; a broken entity is set aside and the page goes on; what is here stays
//! readable the whole time.

mod batch;
mod contacts_only;
mod progress;
mod reading;
#[cfg(test)]
mod tests;

use hallmonitor_language::Message;
use hallmonitor_wire::Capabilities;
use thiserror::Error;

use crate::{
    cache::{Applied, Cache, CacheError, Meta},
    model::SyncPhase,
    school::{SchoolClient, SchoolError, Verdict},
};

/// The largest page that is asked for; a server may offer less.
const PAGE: i64 = 10_000;

/// Why a pull did not reach its end. What it had read by then is kept.
#[derive(Debug, Error)]
pub enum PullError {
    /// The exchange with the server failed.
    School(#[from] SchoolError),
    /// The cache could not be written.
    Cache(#[from] CacheError),
    /// The server goes on sending pages that hold nothing new, or comes back to a place where it was.
    Endless {
        /// Host and port.
        host: String,
        /// How many held nothing new.
        pages: u32,
    },
    /// The server refuses the beginning of its own log.
    NoBeginning {
        /// Host and port.
        host: String,
        /// What it answered.
        source: SchoolError,
    },
}

impl PullError {
    /// What happened and why, a sentence.
    pub fn message(&self) -> Message {
        match self {
            Self::School(error) => error.message(),
            Self::Cache(error) => error.message(),
            Self::Endless { host, pages } => {
                Message::new("problem.pull.endless").with("host", host.as_str()).with("pages", *pages)
            }
            Self::NoBeginning { host, source } => {
                Message::new("problem.pull.no_beginning").with("host", host.as_str()).with("reason", source.message())
            }
        }
    }

    /// What to do, a sentence.
    pub fn hint(&self) -> Message {
        match self {
            Self::School(error) => error.hint(),
            Self::Cache(error) => error.hint(),
            Self::Endless { .. } | Self::NoBeginning { .. } => Message::new("problem.hint.breaks_contract"),
        }
    }
}

/// What a pull did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Entities written and removed.
    pub applied: Applied,
    /// Where the next one begins; `None` on a server without a login log.
    pub cursor: Option<String>,
}

/// What a pull needs of the world around it.
pub struct Surroundings<'a> {
    /// The clock, milliseconds since 1970, UTC.
    pub now: &'a (dyn Fn() -> i64 + Send + Sync),
    /// Told of each step.
    pub tell: &'a (dyn Fn(SyncPhase) + Send + Sync),
}

/// Asks the server what it offers, and takes note of it; `None` where it has no login log.
///
/// # Errors
/// [`PullError`].
pub(crate) async fn greet(
    cache: &Cache,
    client: &SchoolClient,
    around: &Surroundings<'_>,
) -> Result<Option<Capabilities>, PullError> {
    (around.tell)(SyncPhase::Connecting);
    let Some(offered) = client.capabilities().await? else { return Ok(None) };
    let meta = cache.meta().await?;
    welcome(cache, meta, &offered).await?;
    Ok(Some(offered))
}

/// Reads until the cache is up to date, from a server that was greeted just now.
///
/// # Errors
/// [`PullError`]; everything that had come by then is in the cache, and the next pull goes on from there.
pub(crate) async fn pull(
    cache: &Cache,
    client: &SchoolClient,
    around: &Surroundings<'_>,
    has_log: bool,
) -> Result<Pulled, PullError> {
    if !has_log {
        return contacts_only::pull(cache, client, around).await;
    }
    let mut pulled = Pulled::default();
    match read_all(cache, client, around, &mut pulled).await {
        Ok(true) => {}
        Ok(false) => return contacts_only::pull(cache, client, around).await,
        Err(error) => {
            if pulled.applied != Applied::default() && cache.meta().await?.loading {
                cache.derive_so_far().await?;
            }
            return Err(error);
        }
    }
    let meta = cache.meta().await?;
    if meta.run_open || meta.loading {
        (around.tell)(SyncPhase::Indexing);
        pulled.applied.deleted += cache.end_run().await?;
    }
    let now = (around.now)();
    let meta = cache.set_meta(|meta| meta.last_sync_at = Some(now)).await?;
    pulled.cursor = meta.cursor;
    Ok(pulled)
}

/// Reads to the end of the log, from its beginning where the server wants that; `false` where there is no log any more.
async fn read_all(
    cache: &Cache,
    client: &SchoolClient,
    around: &Surroundings<'_>,
    pulled: &mut Pulled,
) -> Result<bool, PullError> {
    let mut meta = cache.meta().await?;
    let mut restarted = false;
    loop {
        match reading::read(cache, client, around, &meta, pulled).await {
            Ok(()) => return Ok(true),
            Err(PullError::School(error)) if starts_over(&error, &meta, cache).await? => {
                if restarted {
                    return Err(PullError::NoBeginning { host: client.server().host(), source: error });
                }
                restarted = true;
                match client.capabilities().await? {
                    Some(offered) => meta = cache.begin_run(Some(&offered.epoch)).await?,
                    None => return Ok(false),
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether the server wants the reading to begin anew: the cursor has expired, or is one that it never made (a server
/// that was set up again), or the log has moved away under it.
async fn starts_over(error: &SchoolError, meta: &Meta, cache: &Cache) -> Result<bool, CacheError> {
    Ok(match error.verdict() {
        Verdict::CursorExpired | Verdict::NotFound => true,
        Verdict::BadCursor => meta.cursor.is_some() || cache.meta().await?.cursor.is_some(),
        _ => false,
    })
}

/// Takes note of what the server says of itself. A new epoch, or a login log where there was none, begins a new run.
async fn welcome(cache: &Cache, meta: Meta, offered: &Capabilities) -> Result<Meta, CacheError> {
    let meta = match &meta.epoch {
        Some(known) if *known != offered.epoch => cache.begin_run(Some(&offered.epoch)).await?,
        None if meta.login_log == Some(false) => cache.begin_run(Some(&offered.epoch)).await?,
        _ => meta,
    };
    let told = |meta: &mut Meta| {
        meta.login_log = Some(true);
        meta.epoch = Some(offered.epoch.clone());
        meta.cabinet_name.clone_from(&offered.cabinet.name);
        meta.max_changes_limit = offered.max_changes_limit;
    };
    let mut wanted = meta.clone();
    told(&mut wanted);
    if wanted == meta { Ok(meta) } else { cache.set_meta(told).await }
}
