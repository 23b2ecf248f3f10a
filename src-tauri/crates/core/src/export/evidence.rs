//! The report on one contact and one time, for a bank's dispute form or a talk with the student: who, what, when, where,
//! how it was recorded, and what it can't show. One HTML file that needs nothing else, runs nothing and prints to clean
//! pages, and the table of all its logins as CSV.

mod html;
mod page;

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use hallmonitor_language::Language;
use hallmonitor_wire::Time;

use super::{Columns, ExportError, Heads, Sink as _, csv::Csv, fields, file::NewFile};
use crate::{
    cache::{Person, Snapshot},
    listing::Kind,
    model::{
        Contact, ContactQuery, Device, EvidenceFiles, EvidenceQuery, LogQuery, LoginQuery, PageRequest, Restriction,
        Session, ViolationQuery,
    },
};

/// Logins that stand in the report itself; the table has all.
const IN_REPORT: usize = 2_000;

/// Rows that are read at once.
const AT_ONCE: u32 = 5_000;

/// What is said of the school.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// Its name; empty where the server does not say.
    pub(crate) school: String,
    /// Its server.
    pub(crate) server: String,
    /// When everything was read last.
    pub(crate) read_at: Option<Time>,
    /// When the report is made.
    pub(crate) made_at: Time,
    /// Whether cities may be known.
    pub(crate) cities: bool,
    /// What the licences of location databases ask to be shown.
    pub(crate) attributions: Vec<String>,
}

/// What the report tells.
#[derive(Debug)]
struct Facts {
    contact: Contact,
    from: Time,
    until: Time,
    /// Newest first, at most [`IN_REPORT`].
    logins: Vec<Session>,
    counts: Counts,
    /// Those that were used in the time.
    devices: Vec<Device>,
    /// Newest first.
    restrictions: Vec<Restriction>,
}

/// Of all logins of the time.
#[derive(Debug, Default)]
struct Counts {
    logins: i64,
    denied: i64,
    devices: BTreeSet<i64>,
    addresses: BTreeSet<String>,
    countries: BTreeSet<String>,
}

/// Writes the report to `path` and its table beside it, under the same name with the ending `csv`. `None` where the
/// contact is not here; then nothing is written.
pub(crate) async fn write(
    mut snapshot: Snapshot,
    query: &EvidenceQuery,
    about: &About,
    language: Language,
    path: &Path,
    tell: &(dyn Fn(u64) + Send + Sync),
) -> Result<Option<EvidenceFiles>, ExportError> {
    let contacts = snapshot.contacts(&ContactQuery::default(), Some(query.contact_id)).await?;
    let Some(contact) = contacts.rows.into_iter().next() else { return Ok(None) };
    let person = Person { name: contact.name.clone(), email: contact.email.clone() };
    let table = free_table_beside(path);
    let (mut report_file, mut table_file) = (NewFile::beside(path)?, NewFile::beside(&table)?);

    let columns = Columns { heads: Heads::Words(language), own: fields::names(Kind::Sessions), extra: Vec::new() };
    let of_table = |error: ExportError| error.of_file(&table);
    let mut csv = Csv::new(&mut table_file, columns).map_err(of_table)?;
    let (mut logins, mut counts, mut after) = (Vec::new(), Counts::default(), None);
    loop {
        let page = snapshot.logins(&of_contact(query, after)).await?;
        for row in page.rows {
            csv.put(&row, Some(&person)).map_err(of_table)?;
            counts.add(&row);
            if logins.len() < IN_REPORT {
                logins.push(row);
            }
        }
        tell(u64::try_from(counts.logins).unwrap_or_default());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    csv.finish().map_err(of_table)?;

    let of_whom = LogQuery { contact_id: Some(query.contact_id), ..LogQuery::default() };
    let mut devices = snapshot.devices(&of_whom).await?.rows;
    devices.retain(|device| counts.devices.contains(&device.id));
    let violations = ViolationQuery {
        contact_id: Some(query.contact_id),
        from: Some(query.from),
        until: Some(query.until),
        ..ViolationQuery::default()
    };
    let restrictions = snapshot.violations(&violations, true).await?.rows;
    let files = EvidenceFiles {
        report: path.display().to_string(),
        table: table.display().to_string(),
        logins: counts.logins,
        restrictions: i64::try_from(restrictions.len()).unwrap_or(i64::MAX),
    };
    let facts = Facts { contact, from: query.from, until: query.until, logins, counts, devices, restrictions };
    let text = page::page(&facts, about, &table, language);
    report_file.write_all(text.as_bytes()).map_err(|error| ExportError::Write(error).of_file(path))?;
    // The report speaks of the table: it comes last.
    table_file.put_in_place()?;
    report_file.put_in_place()?;
    Ok(Some(files))
}

fn of_contact(query: &EvidenceQuery, after: Option<String>) -> LoginQuery {
    LoginQuery {
        contact_id: Some(query.contact_id),
        from: Some(query.from),
        until: Some(query.until),
        page: PageRequest { after, limit: AT_ONCE, ..PageRequest::default() },
        ..LoginQuery::default()
    }
}

/// Where the table of a report goes. A file of that name is somebody else's, and nobody was asked about it, unless the
/// report that is replaced speaks of it; likewise with the next names.
fn free_table_beside(path: &Path) -> PathBuf {
    let table = table_beside(path);
    if !table.exists() || speaks_of(path, &table) {
        return table;
    }
    let named = |number: u32| table.with_extension(format!("{number}.csv"));
    (2..).map(named).find(|other| !other.exists() || speaks_of(path, other)).unwrap_or(table)
}

/// Whether a file is a report that names this table.
fn speaks_of(report: &Path, table: &Path) -> bool {
    let mut name = html::Html::default();
    name.plain(&page::name_of(table));
    fs::read_to_string(report).is_ok_and(|text| text.contains(&name.finish()))
}

/// Where the table of a report lies.
fn table_beside(path: &Path) -> PathBuf {
    let table = path.with_extension("csv");
    // Nobody's report shall be taken for its own table.
    if table == path { path.with_extension("table.csv") } else { table }
}

impl Counts {
    fn add(&mut self, login: &Session) {
        self.logins += 1;
        self.denied += i64::from(login.outcome == "denied");
        self.devices.extend(login.device_id);
        self.addresses.insert(login.ip.clone());
        self.countries.extend(login.place.country.clone());
    }
}

#[cfg(test)]
mod tests;
