//! Whole lists in bounded memory: rows come a few thousand at a time, all of one state of the cache.

use std::collections::HashMap;

use crate::{
    cache::{CacheError, Person, Snapshot},
    model::{
        Contact, ContactQuery, Device, DeviceQuery, Insight, InsightQuery, LogQuery, LoginQuery, Page, PageRequest,
        Restriction, Session, View, ViolationQuery,
    },
};

/// Rows that are in memory at once.
const AT_ONCE: u64 = 5_000;
/// The same of those that have rows of their own behind them.
const INSIGHTS_AT_ONCE: u64 = 250;

/// What there are lists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Students, last active first.
    Contacts,
    /// Browsers' cookies, last seen first.
    Devices,
    /// Logins, newest first.
    Sessions,
    /// Times that access control acted, newest first.
    Restrictions,
    /// Students of whom the log suggests something, most points first.
    Insights,
}

impl Kind {
    /// The table of the cache that mirrors the school's; `None` of what is worked out here.
    pub(crate) fn table(self) -> Option<&'static str> {
        match self {
            Self::Contacts => Some("contact"),
            Self::Devices => Some("device"),
            Self::Sessions => Some("session"),
            Self::Restrictions => Some("restriction"),
            Self::Insights => None,
        }
    }
}

/// Which rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Of what.
    pub kind: Kind,
    /// Only this contact's; of contacts and insights only this one.
    pub contact_id: Option<i64>,
    /// Words that all must be found; empty is no condition.
    pub search: String,
    /// Only contacts with unviewed restrictions, only unviewed restrictions; nothing to sessions and devices.
    pub unviewed: bool,
    /// At most so many rows; 0 is all.
    pub limit: u64,
    /// Narrows and orders the list in place of `search` and `unviewed`.
    view: Option<View>,
    /// Violations by time alone, as restrictions are listed.
    newest_first: bool,
}

impl Selection {
    /// All rows of a kind.
    pub fn all(kind: Kind) -> Self {
        Self {
            kind,
            contact_id: None,
            search: String::new(),
            unviewed: false,
            limit: 0,
            view: None,
            newest_first: false,
        }
    }

    /// All rows of a view, in its order.
    pub fn of_view(view: View) -> Self {
        let kind = match view {
            View::Contacts(_) => Kind::Contacts,
            View::Logins(_) => Kind::Sessions,
            View::Devices(_) => Kind::Devices,
            View::Violations(_) => Kind::Restrictions,
            View::Insights(_) => Kind::Insights,
        };
        Self { view: Some(view), ..Self::all(kind) }
    }

    /// All restrictions that the query asks for, newest first, whether somebody has viewed them or not.
    pub fn of_restrictions(query: ViolationQuery) -> Self {
        Self { newest_first: true, ..Self::of_view(View::Violations(query)) }
    }
}

/// Some rows of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// Of [`Kind::Contacts`].
    Contacts(Vec<Contact>),
    /// Of [`Kind::Devices`].
    Devices(Vec<Device>),
    /// Of [`Kind::Sessions`].
    Sessions(Vec<Session>),
    /// Of [`Kind::Restrictions`].
    Restrictions(Vec<Restriction>),
    /// Of [`Kind::Insights`].
    Insights(Vec<Insight>),
}

impl Rows {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Contacts(rows) => rows.len(),
            Self::Devices(rows) => rows.len(),
            Self::Sessions(rows) => rows.len(),
            Self::Restrictions(rows) => rows.len(),
            Self::Insights(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A list that is being read.
#[derive(Debug)]
pub struct Listing {
    snapshot: Snapshot,
    selection: Selection,
    /// Milliseconds since 1970, UTC: what a view's days are counted back from.
    now: i64,
    after: Option<String>,
    /// Rows that may still come; `None` is any number.
    left: Option<u64>,
    done: bool,
}

impl Listing {
    /// `now` (milliseconds) is what a view's days are counted back from.
    pub(crate) fn new(snapshot: Snapshot, selection: Selection, now: i64) -> Self {
        let left = (selection.limit > 0).then_some(selection.limit);
        Self { snapshot, selection, now, after: None, left, done: false }
    }

    /// What is read.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Whether the limit has left rows out; said at the end.
    pub fn is_cut(&self) -> bool {
        self.done && self.after.is_some()
    }

    /// The next rows; `None` at the end. The first call gives some even where there are none.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn next(&mut self) -> Result<Option<Rows>, CacheError> {
        if self.done {
            return Ok(None);
        }
        let at_once = if self.selection.kind == Kind::Insights { INSIGHTS_AT_ONCE } else { AT_ONCE };
        let limit = self.left.map_or(at_once, |left| left.min(at_once));
        let page = PageRequest {
            after: self.after.take(),
            skip: 0,
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            count: false,
        };
        let (rows, next) = self.page(page).await?;
        self.left = self.left.map(|left| left.saturating_sub(rows.len() as u64));
        self.done = next.is_none() || self.left == Some(0);
        self.after = next;
        Ok(Some(rows))
    }

    async fn page(&mut self, page: PageRequest) -> Result<(Rows, Option<String>), CacheError> {
        fn split<T>(page: Page<T>, rows: impl FnOnce(Vec<T>) -> Rows) -> (Rows, Option<String>) {
            (rows(page.rows), page.next)
        }
        match self.selection.view.clone() {
            None => {}
            Some(View::Contacts(query)) => {
                let query = ContactQuery { page, ..query };
                return Ok(split(self.snapshot.contacts(&query, None).await?, Rows::Contacts));
            }
            Some(View::Logins(query)) => {
                let query = LoginQuery { page, ..query };
                return Ok(split(self.snapshot.logins(&query).await?, Rows::Sessions));
            }
            Some(View::Devices(query)) => {
                let query = DeviceQuery { page, ..query };
                return Ok(split(self.snapshot.school_devices(&query, self.now).await?, Rows::Devices));
            }
            Some(View::Violations(query)) => {
                let query = ViolationQuery { page, ..query };
                let newest_first = self.selection.newest_first;
                return Ok(split(self.snapshot.violations(&query, newest_first).await?, Rows::Restrictions));
            }
            Some(View::Insights(query)) => return self.insights(InsightQuery { page, ..query }).await,
        }
        let Selection { kind, contact_id, search, unviewed, .. } = self.selection.clone();
        let query = LogQuery { contact_id, search, unviewed, page, ..LogQuery::default() };
        Ok(match kind {
            Kind::Contacts => {
                let LogQuery { search, unviewed, page, .. } = query;
                let query = ContactQuery { search, unviewed, page, ..ContactQuery::default() };
                split(self.snapshot.contacts(&query, contact_id).await?, Rows::Contacts)
            }
            Kind::Devices => split(self.snapshot.devices(&query).await?, Rows::Devices),
            Kind::Sessions => split(self.snapshot.sessions(&query).await?, Rows::Sessions),
            Kind::Restrictions => split(self.snapshot.restrictions(&query).await?, Rows::Restrictions),
            Kind::Insights => {
                let LogQuery { search, page, .. } = query;
                return self.insights(InsightQuery { search, page, ..InsightQuery::default() }).await;
            }
        })
    }

    async fn insights(&mut self, query: InsightQuery) -> Result<(Rows, Option<String>), CacheError> {
        let Page { mut rows, next, .. } = self.snapshot.insights(&query).await?;
        rows.retain(|row| self.selection.contact_id.is_none_or(|id| row.contact_id == id));
        Ok((Rows::Insights(rows), next))
    }

    /// The names of the contacts that these rows belong to, by id; those that are not here are left out.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn contact_names(&mut self, rows: &Rows) -> Result<HashMap<i64, String>, CacheError> {
        Ok(self.people(rows).await?.into_iter().map(|(id, person)| (id, person.name)).collect())
    }

    /// The contacts that these rows belong to, by id; those that are not here are left out.
    pub(crate) async fn people(&mut self, rows: &Rows) -> Result<HashMap<i64, Person>, CacheError> {
        let mut ids: Vec<i64> = match rows {
            Rows::Contacts(rows) => rows.iter().map(|row| row.id).collect(),
            Rows::Devices(rows) => rows.iter().map(|row| row.contact_id).collect(),
            Rows::Sessions(rows) => rows.iter().map(|row| row.contact_id).collect(),
            Rows::Restrictions(rows) => rows.iter().map(|row| row.contact_id).collect(),
            Rows::Insights(rows) => rows.iter().map(|row| row.contact_id).collect(),
        };
        ids.sort_unstable();
        ids.dedup();
        self.snapshot.people(&ids).await
    }

    /// Names of the fields of a later version of the API that the rows have.
    pub(crate) async fn extra_fields(&mut self) -> Result<Vec<String>, CacheError> {
        match self.selection.kind.table() {
            Some(table) => self.snapshot.extra_fields(table).await,
            None => Ok(Vec::new()),
        }
    }
}
