//! A server without a login log (KWIGA's public API today): all contacts are read each time, and only what changed is
//! written.

use std::collections::{BTreeMap, HashSet};

use hallmonitor_wire::Contact;

use super::{PullError, Pulled, Surroundings, progress::Progress};
use crate::{
    cache::Cache,
    model::SyncPhase,
    school::{SchoolClient, Unreadable},
};

/// Contacts in a page, KWIGA's most.
const PER_PAGE: i64 = 250;

/// Reads all contacts; those that a whole run did not bring are gone.
pub(super) async fn pull(cache: &Cache, client: &SchoolClient, around: &Surroundings<'_>) -> Result<Pulled, PullError> {
    // Makes sure that this is a school server at all.
    client.contacts(1, 1).await?;
    let since = (around.now)();
    let mut seen = HashSet::new();
    let mut pulled = Pulled::default();
    // Pages are newest first: a contact that is deleted meanwhile pulls the ones behind it over the edge of a page that
    // was read already. Then everything is read once more before anybody is taken for gone.
    let mut reading = Reading::default();
    for _ in 0..2 {
        reading = read_all(cache, client, around, &mut seen, &mut pulled).await?;
        if reading.steady {
            break;
        }
    }
    if cache.meta().await?.loading {
        cache.end_load_of_contacts().await?;
    }
    if !reading.whole {
        tracing::warn!("the server did not bring as many contacts as it says there are: nobody is taken for gone");
    }
    let seen = reading.whole.then_some(&seen);
    pulled.applied.deleted += cache.end_contacts(seen, since, (around.now)()).await?;
    Ok(pulled)
}

/// How a reading of all pages went.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    /// The number of contacts stayed the same meanwhile.
    steady: bool,
    /// As many came as there are.
    whole: bool,
}

/// Reads all pages.
async fn read_all(
    cache: &Cache,
    client: &SchoolClient,
    around: &Surroundings<'_>,
    seen: &mut HashSet<i64>,
    pulled: &mut Pulled,
) -> Result<Reading, PullError> {
    let mut number = 1;
    let mut first_total = None;
    let mut steady = true;
    let mut done = 0;
    // Of this reading alone: the second one meets the same contacts again.
    let mut met = HashSet::new();
    let (mut without_id, mut idle) = (0, 0);
    loop {
        let page = client.contacts(number, PER_PAGE).await?;
        let total = page.meta.total;
        steady &= *first_total.get_or_insert(total) == total;
        done += (page.contacts.len() + page.unreadable.len()) as u64;
        (around.tell)(SyncPhase::Pulling {
            done,
            remaining: u64::try_from(total).ok().map(|all| all.saturating_sub(done)),
        });
        let brought = page.contacts.len() + page.unreadable.len();
        let ids: Vec<i64> = (page.contacts.iter().map(|contact| contact.id))
            .chain(page.unreadable.iter().filter_map(|entity: &Unreadable| entity.id))
            .collect();
        let known = met.len();
        met.extend(ids.iter().copied());
        seen.extend(ids);
        without_id += page.unreadable.iter().filter(|entity| entity.id.is_none()).count();
        idle = if met.len() > known { 0 } else { idle + 1 };
        let newest: BTreeMap<i64, Contact> = page.contacts.into_iter().map(|contact| (contact.id, contact)).collect();
        pulled.applied.contacts +=
            cache.put_plain_contacts(newest.into_values().collect(), page.unreadable, (around.now)()).await?;
        // An empty page ends the reading whatever the server says of its last page.
        if number >= page.meta.last_page || brought == 0 {
            let came = met.len() + without_id;
            return Ok(Reading { steady, whole: i64::try_from(came).is_ok_and(|came| came >= total) });
        }
        if idle > Progress::MOST_IDLE {
            return Err(PullError::Endless { host: client.server().host(), pages: idle });
        }
        number += 1;
    }
}
