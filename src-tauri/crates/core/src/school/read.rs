//! Reading the pages of a school's server: quickly where all is right, entity by entity where something is not.
//!
//! One entity that cannot be read is set aside and the page goes on; a body that is no JSON, or lacks what the next
//! step needs, fails the page.

mod bounded;

use hallmonitor_language::Message;
use hallmonitor_wire::{
    AccessControl, Changes, ChangesMeta, Contact, ContactsMeta, Deleted, Device, Extra, MAX_ID, Outcome, Paged,
    Restriction, Session,
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer as _},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use self::bounded::{Elements, Few, elements};
use super::error::{message, plain};

/// Longest cursor that the contract allows, in characters.
const LONGEST_CURSOR: usize = 512;
/// How much of an entity that cannot be read is kept, in bytes.
const RAW_KEPT: usize = 16 << 10;
/// How many bytes the fields may have that this version knows nothing of.
const EXTRA_KEPT: usize = 16 << 10;

/// One page of changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangesPage {
    /// What could be read.
    pub changes: Changes,
    /// Where the page stands.
    pub meta: ChangesMeta,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
    /// Of the answer, unpacked.
    pub bytes: usize,
}

/// One page of contacts.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactsPage {
    /// What could be read, in the server's order.
    pub contacts: Vec<Contact>,
    /// Where the page stands.
    pub meta: ContactsMeta,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
}

/// An entity that cannot be read, set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// `contact`, `device`, `session`, `restriction`, `access_control` or `deleted` (a tombstone).
    pub kind: &'static str,
    /// Its id, where that much can be read.
    pub id: Option<i64>,
    /// Why it cannot be read; plain characters, at most 300.
    pub reason: String,
    /// The entity as it came, its first 16 KiB.
    pub raw: String,
}

/// Why a whole page cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadPage {
    /// No JSON, or the envelope is wrong.
    Json(#[from] serde_json::Error),
    /// More than was asked for.
    TooManyRows {
        /// The limit that was sent.
        asked: i64,
        /// What came.
        got: usize,
    },
    /// A cursor over 512 characters.
    LongCursor,
    /// More to come, but from the same place: no end in sight.
    Stuck,
    /// A number that has no meaning where it stands.
    Number {
        /// Which field.
        field: &'static str,
        /// What it holds.
        value: i64,
    },
}

impl BadPage {
    /// What is wrong with the answer: a part of a sentence that is about it.
    pub fn message(&self) -> Message {
        match self {
            Self::Json(error) => Message::new("problem.page.json").with("reason", plain(&error.to_string(), 200)),
            Self::TooManyRows { asked, got } => {
                Message::new("problem.page.too_many").with("asked", *asked).with("got", *got)
            }
            Self::LongCursor => Message::new("problem.page.long_cursor").with("longest", LONGEST_CURSOR),
            Self::Stuck => Message::new("problem.page.stuck"),
            Self::Number { field, value } => {
                Message::new("problem.page.number").with("field", *field).with("value", value.to_string())
            }
        }
    }
}

/// Reads a page of changes that was asked for with `cursor` and `limit`.
pub(crate) fn changes(body: &[u8], cursor: Option<&str>, limit: i64) -> Result<ChangesPage, BadPage> {
    // Looked at once as a whole: `from_slice` would look at each text whether it is UTF-8.
    let whole =
        str::from_utf8(body).ok().and_then(|text| serde_json::from_str::<Paged<FewChanges, ChangesMeta>>(text).ok());
    let page = match whole.map(|page| (Changes::from(page.data), page.meta)) {
        Some((changes, meta)) if all_in_range(&changes) => {
            ChangesPage { changes, meta, unreadable: Vec::new(), bytes: body.len() }
        }
        _ => changes_one_by_one(body, limit)?,
    };
    let changes = &page.changes;
    let got = changes.contacts.len()
        + changes.devices.len()
        + changes.sessions.len()
        + changes.restrictions.len()
        + changes.deleted.len()
        + page.unreadable.iter().filter(|entity| entity.kind != ACCESS_CONTROL).count();
    too_many(got, limit)?;
    if page.meta.cursor.chars().nth(LONGEST_CURSOR).is_some() {
        return Err(BadPage::LongCursor);
    }
    if page.meta.has_more && cursor == Some(page.meta.cursor.as_str()) {
        return Err(BadPage::Stuck);
    }
    Ok(page)
}

/// Reads a page of contacts that was asked for with `per_page`.
pub(crate) fn contacts(body: &[u8], per_page: i64) -> Result<ContactsPage, BadPage> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
        meta: ContactsMeta,
    }
    let page = match serde_json::from_slice::<Paged<Few<Contact>, ContactsMeta>>(body) {
        Ok(Paged { data: Few(contacts), meta }) if contacts.iter().all(in_range) => {
            ContactsPage { contacts, meta, unreadable: Vec::new() }
        }
        _ => {
            let Envelope { data, meta } = serde_json::from_slice(body)?;
            let data = elements(data, number(per_page))?;
            too_many(data.count, per_page)?;
            let mut unreadable = Vec::new();
            let contacts = sort_out(data, &mut unreadable);
            ContactsPage { contacts, meta, unreadable }
        }
    };
    too_many(page.contacts.len() + page.unreadable.len(), per_page)?;
    Ok(page)
}

/// The server's answer to one decision, as far as it can be read.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    /// The decision's id.
    pub(crate) id: Uuid,
    /// What became of it.
    pub(crate) result: Outcome,
    /// The server's word for that, where it is one of a later version.
    pub(crate) unknown: Option<String>,
    /// The server's own sentence, bounded and plain; may be empty.
    pub(crate) message: String,
    /// The entity as it stood, where it is a device that can be read.
    pub(crate) device: Option<Device>,
    /// The entity as it stood, where it is a restriction that can be read.
    pub(crate) restriction: Option<Restriction>,
    /// The entity as it stood, where it is a contact that can be read.
    pub(crate) contact: Option<Contact>,
}

/// Reads the answers to decisions, as many as were sent. One that can't be read is left out: the others count all the
/// same.
pub(crate) fn answers(body: &[u8], sent: usize) -> Result<Vec<Answered>, BadPage> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    #[derive(Deserialize)]
    struct Raw<'a> {
        id: Uuid,
        result: String,
        #[serde(default)]
        message: Option<String>,
        #[serde(borrow, default)]
        device: Option<&'a RawValue>,
        #[serde(borrow, default)]
        restriction: Option<&'a RawValue>,
        #[serde(borrow, default)]
        contact: Option<&'a RawValue>,
    }
    fn entity<T: Entity>(raw: Option<&RawValue>) -> Option<T> {
        serde_json::from_str::<T>(raw?.get()).ok().filter(in_range)
    }
    let Envelope { data } = serde_json::from_slice(body)?;
    let read = |raw: &RawValue| {
        let raw: Raw<'_> = serde_json::from_str(raw.get()).ok()?;
        let result = Outcome::deserialize(raw.result.as_str().into_deserializer())
            .map_err(|_: serde::de::value::Error| ())
            .unwrap_or(Outcome::Retry);
        Some(Answered {
            id: raw.id,
            result,
            unknown: (result == Outcome::Retry && raw.result != "retry").then(|| plain(&raw.result, 100)),
            message: message(&raw.message.unwrap_or_default()),
            device: entity(raw.device),
            restriction: entity(raw.restriction),
            contact: entity(raw.contact),
        })
    };
    Ok(elements(data, sent)?.first.into_iter().filter_map(read).collect())
}

fn too_many(got: usize, asked: i64) -> Result<(), BadPage> {
    if i64::try_from(got).is_ok_and(|got| got <= asked) { Ok(()) } else { Err(BadPage::TooManyRows { asked, got }) }
}

fn number(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(0)
}

const ACCESS_CONTROL: &str = "access_control";

/// A page that is read at once.
#[derive(Deserialize)]
struct FewChanges {
    #[serde(default)]
    contacts: Few<Contact>,
    #[serde(default)]
    devices: Few<Device>,
    #[serde(default)]
    sessions: Few<Session>,
    #[serde(default)]
    restrictions: Few<Restriction>,
    #[serde(default)]
    access_control: Option<AccessControl>,
    #[serde(default)]
    deleted: Few<Deleted>,
}

impl From<FewChanges> for Changes {
    fn from(read: FewChanges) -> Self {
        Self {
            contacts: read.contacts.0,
            devices: read.devices.0,
            sessions: read.sessions.0,
            restrictions: read.restrictions.0,
            access_control: read.access_control,
            deleted: read.deleted.0,
        }
    }
}

/// A page whose entities are looked at one by one.
#[derive(Deserialize)]
struct RawChanges<'a> {
    #[serde(borrow, default)]
    contacts: Option<&'a RawValue>,
    #[serde(borrow, default)]
    devices: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sessions: Option<&'a RawValue>,
    #[serde(borrow, default)]
    restrictions: Option<&'a RawValue>,
    #[serde(borrow, default)]
    access_control: Option<&'a RawValue>,
    #[serde(borrow, default)]
    deleted: Option<&'a RawValue>,
}

fn changes_one_by_one(body: &[u8], limit: i64) -> Result<ChangesPage, BadPage> {
    // `Paged` cannot borrow its `data` through a generic derive, so the envelope stands here once more.
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        data: RawChanges<'a>,
        meta: ChangesMeta,
    }
    let Envelope { data, meta } = serde_json::from_slice(body)?;
    let few = |array: Option<_>| array.map_or_else(|| Ok(Elements::default()), |array| elements(array, number(limit)));
    let (contacts, devices, sessions) = (few(data.contacts)?, few(data.devices)?, few(data.sessions)?);
    let (restrictions, deleted) = (few(data.restrictions)?, few(data.deleted)?);
    // Counted before anything is made of them.
    too_many(contacts.count + devices.count + sessions.count + restrictions.count + deleted.count, limit)?;
    let mut unreadable = Vec::new();
    let changes = Changes {
        contacts: sort_out(contacts, &mut unreadable),
        devices: sort_out(devices, &mut unreadable),
        sessions: sort_out(sessions, &mut unreadable),
        restrictions: sort_out(restrictions, &mut unreadable),
        access_control: data.access_control.and_then(|raw| read_one(raw, &mut unreadable)),
        deleted: sort_out(deleted, &mut unreadable),
    };
    Ok(ChangesPage { changes, meta, unreadable, bytes: body.len() })
}

fn sort_out<T: Entity>(raw: Elements<&RawValue>, unreadable: &mut Vec<Unreadable>) -> Vec<T> {
    raw.first.into_iter().filter_map(|raw| read_one(raw, unreadable)).collect()
}

fn read_one<T: Entity>(raw: &RawValue, unreadable: &mut Vec<Unreadable>) -> Option<T> {
    let reason = match serde_json::from_str::<T>(raw.get()) {
        Ok(entity) => match entity.fault() {
            None => return Some(entity),
            Some(fault) => fault,
        },
        Err(error) => error.to_string(),
    };
    unreadable.push(Unreadable {
        kind: T::KIND,
        id: id_of(raw),
        reason: plain(&reason, 300),
        raw: head(raw.get(), RAW_KEPT).to_owned(),
    });
    None
}

fn id_of(raw: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    serde_json::from_str::<Id<'_>>(raw.get()).ok()?.id.get().parse().ok()
}

/// The first `longest` bytes of a text, or a little less where a character would be cut.
fn head(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

fn all_in_range(changes: &Changes) -> bool {
    changes.sessions.iter().all(in_range)
        && changes.contacts.iter().all(in_range)
        && changes.devices.iter().all(in_range)
        && changes.restrictions.iter().all(in_range)
        && changes.deleted.iter().all(in_range)
        && changes.access_control.iter().all(in_range)
}

fn in_range<T: Entity>(entity: &T) -> bool {
    entity.fault().is_none()
}

/// What is checked of every entity beyond its shape.
trait Entity: DeserializeOwned {
    const KIND: &'static str;
    /// `None` where the entity has no id of its own.
    fn id(&self) -> Option<i64>;
    /// `None` where the server has no revisions.
    fn rev(&self) -> Option<i64>;
    /// The fields that this version knows nothing of.
    fn extra(&self) -> Option<&Extra>;

    fn fault(&self) -> Option<String> {
        let wrong = |number: Option<i64>| number.filter(|number| !(1..=MAX_ID).contains(number));
        if let Some(id) = wrong(self.id()) {
            return Some(format!("the id {id} is not between 1 and 2^53 - 1"));
        }
        if let Some(rev) = wrong(self.rev()) {
            return Some(format!("the rev {rev} is not between 1 and 2^53 - 1"));
        }
        // They are kept and shown with each list that has the row in it.
        let extra = self.extra().filter(|extra| !extra.is_empty())?;
        let bytes = serde_json::to_vec(extra).map_or(usize::MAX, |text| text.len());
        (bytes > EXTRA_KEPT).then(|| format!("its unknown fields have {bytes} bytes, more than {EXTRA_KEPT}"))
    }
}

macro_rules! entities {
    ($($type:ty, $kind:expr, $id:expr, $rev:expr, $extra:expr;)+) => {
        $(impl Entity for $type {
            const KIND: &'static str = $kind;
            fn id(&self) -> Option<i64> {
                let read: fn(&Self) -> Option<i64> = $id;
                read(self)
            }
            fn rev(&self) -> Option<i64> {
                let read: fn(&Self) -> Option<i64> = $rev;
                read(self)
            }
            fn extra(&self) -> Option<&Extra> {
                let read: fn(&Self) -> Option<&Extra> = $extra;
                read(self)
            }
        })+
    };
}

entities! {
    Contact, "contact", |it| Some(it.id), |it| it.rev, |it| Some(&it.extra);
    Device, "device", |it| Some(it.id), |it| Some(it.rev), |it| Some(&it.extra);
    Session, "session", |it| Some(it.id), |it| Some(it.rev), |it| Some(&it.extra);
    Restriction, "restriction", |it| Some(it.id), |it| Some(it.rev), |it| Some(&it.extra);
    AccessControl, ACCESS_CONTROL, |_| None, |it| Some(it.rev), |it| Some(&it.extra);
    Deleted, "deleted", |it| Some(it.id), |it| Some(it.rev), |_| None;
}

#[cfg(test)]
mod tests;
