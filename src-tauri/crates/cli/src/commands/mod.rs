//! One file a command, or a few that are alike.

mod access_control;
mod connect;
mod contact;
mod decide;
mod device;
mod erase;
mod evidence;
mod export;
mod keep;
mod list;
mod location;
mod look;
mod outbox;
mod status;
mod sync;
mod verdict;
mod wipe;

use chrono::{DateTime, Local};
use hallmonitor_core::{
    App, School, default_data_dir,
    listing::{Kind, Selection},
    model::{InsightQuery, LoginQuery, View, ViolationQuery},
    settings::SettingsFile,
};
use hallmonitor_wire::Time;

use self::decide::Decision;
use crate::{
    arguments::{
        Arguments, Command, ContactList, Device, InsightList, LogList, Outcome, Range, RestrictionList, SessionList,
        Status,
    },
    failure::Failure,
    secrets,
};

/// What every command needs.
struct Setting {
    app: App,
    profile: Option<String>,
    json: bool,
}

impl Setting {
    /// Opens the school that is meant, asks it, and closes it again whatever came of it.
    async fn ask<T>(&self, ask: impl AsyncFnOnce(&School) -> Result<T, Failure>) -> Result<T, Failure> {
        let profile = self.profile.as_deref();
        let passphrase = secrets::passphrase_of(&self.app, profile)?;
        let school = self.app.open(profile, passphrase).await?;
        let answer = ask(&school).await;
        school.close().await;
        answer
    }
}

/// Does what was typed.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let data_dir = match arguments.data_dir {
        Some(folder) => folder,
        None => default_data_dir()?,
    };
    // Only servers and reports speak it: what this program says itself stays the same for scripts.
    let language = SettingsFile::language_in(&data_dir);
    let setting =
        Setting { app: App::new(data_dir).with_language(language), profile: arguments.profile, json: arguments.json };
    match arguments.command {
        Command::Connect(wanted) => connect::connect(&setting, wanted).await,
        Command::Sync => sync::sync(&setting).await,
        Command::Status => status::status(&setting).await,
        Command::Contacts(ContactList { search, unviewed, limit }) => {
            let mut selection = Selection::all(Kind::Contacts);
            (selection.search, selection.unviewed, selection.limit) = (search.search, unviewed, limit.limit);
            list::list(&setting, selection).await
        }
        Command::Contact { id } => contact::contact(&setting, id).await,
        Command::Sessions(list) => list::list(&setting, sessions(list)?).await,
        Command::Devices(list) => list::list(&setting, selected(Kind::Devices, list)).await,
        Command::Restrictions(list) => list::list(&setting, restrictions(list)?).await,
        Command::Insights(InsightList { search, sign, flagged, limit }) => {
            let query = InsightQuery { search: search.search, sign, flagged, ..InsightQuery::default() };
            let mut selection = Selection::of_view(View::Insights(query));
            selection.limit = limit.limit;
            list::list(&setting, selection).await
        }
        Command::Verdict(wanted) => verdict::verdict(&setting, wanted).await,
        Command::Evidence(wanted) => evidence::evidence(&setting, wanted).await,
        Command::AccessControl => access_control::access_control(&setting).await,
        Command::Device(Device::Block(targets)) => decide::decide(&setting, Decision::block(targets)).await,
        Command::Device(Device::Allow(targets)) => decide::decide(&setting, Decision::allow(targets)).await,
        Command::Device(Device::Own(note)) => device::note(&setting, note).await,
        Command::Restriction(decision) => decide::decide(&setting, decision.into()).await,
        Command::Checks(decision) => decide::decide(&setting, decision.into()).await,
        Command::Outbox { settle } => outbox::outbox(&setting, settle).await,
        Command::Export(wanted) => export::export(&setting, wanted).await,
        Command::Location(wanted) => location::location(&setting, wanted).await,
        Command::Keep { months } => keep::keep(&setting, months).await,
        Command::Erase { contact, yes } => erase::erase(&setting, contact, yes).await,
        Command::Wipe { yes } => wipe::wipe(&setting, yes).await,
    }
}

fn selected(kind: Kind, list: LogList) -> Selection {
    let mut selection = Selection::all(kind);
    selection.contact_id = list.of.contact;
    selection.search = list.search.search;
    selection.limit = list.limit.limit;
    selection
}

/// That a time which is asked for does not end before it begins.
fn is_period(Range { from, until }: &Range) -> Result<(), Failure> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => Err(Failure::NoPeriod),
        _ => Ok(()),
    }
}

fn sessions(wanted: SessionList) -> Result<Selection, Failure> {
    let SessionList { list, ip, place, outcome, range } = wanted;
    is_period(&range)?;
    let query = LoginQuery {
        contact_id: list.of.contact,
        search: list.search.search,
        address: ip.unwrap_or_default(),
        country: place.country,
        outcome: outcome.map(|outcome| {
            match outcome {
                Outcome::Allowed => "allowed",
                Outcome::Denied => "denied",
            }
            .to_owned()
        }),
        from: range.from,
        until: range.until,
        ..LoginQuery::default()
    };
    let mut selection = Selection::of_view(View::Logins(query));
    selection.limit = list.limit.limit;
    Ok(selection)
}

fn restrictions(wanted: RestrictionList) -> Result<Selection, Failure> {
    let RestrictionList { list, unviewed, rule, place, status, range } = wanted;
    is_period(&range)?;
    if rule.is_none() && place.country.is_none() && status.is_none() && (range.from, range.until) == (None, None) {
        let mut selection = selected(Kind::Restrictions, list);
        selection.unviewed = unviewed;
        return Ok(selection);
    }
    let status = match (unviewed, status) {
        (true, _) | (false, Some(Status::NotViewed)) => Some("not_viewed"),
        (false, Some(Status::Viewed)) => Some("viewed"),
        (false, None) => None,
    };
    let query = ViolationQuery {
        contact_id: list.of.contact,
        search: list.search.search,
        rule,
        country: place.country,
        status: status.map(str::to_owned),
        from: range.from,
        until: range.until,
        ..ViolationQuery::default()
    };
    let mut selection = Selection::of_restrictions(query);
    selection.limit = list.limit.limit;
    Ok(selection)
}

/// A time as the person's own clock shows it.
fn local(time: Time) -> String {
    DateTime::<Local>::from(time.to_utc()).format("%Y-%m-%d %H:%M").to_string()
}

fn maybe_local(time: Option<Time>) -> String {
    time.map_or_else(|| "never".to_owned(), local)
}
