//! Each entity as one row: every field, nested ones with their parent's name before theirs.

use hallmonitor_wire::{Changed, Extra, Rule};

use super::cell::Cell;
use crate::{
    listing::Kind,
    model::{Agent, Contact, Device, Insight, Place, Restriction, Session, Sign},
};

/// An entity that can stand in a table.
pub(super) trait Fields {
    /// Its values, in the order of [`names`].
    fn cells(&self) -> Vec<Cell<'_>>;

    /// The fields of a later version of the API.
    fn extra(&self) -> Option<&Extra> {
        None
    }

    /// The rule that it is about.
    fn rule(&self) -> Option<&Rule> {
        None
    }
}

/// The names of an entity's columns.
pub(super) fn names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Contacts => &[
            "id",
            "name",
            "email",
            "first_name",
            "last_name",
            "phone",
            "created_at",
            "tags",
            "last_activity_at",
            "checks_enabled",
            "checks_changed_at",
            "checks_changed_by",
            "rev",
            "unviewed",
            "devices",
            "blocked_devices",
            "pending",
            "conflict",
            "rejected",
            "own_verdict",
            "own_note",
            "own_follow_up_at",
        ],
        Kind::Devices => &[
            "id",
            "contact_id",
            "fingerprint",
            "user_agent",
            "first_seen_at",
            "last_seen_at",
            "access",
            "access_changed_at",
            "access_changed_by",
            "rev",
            "browser",
            "os",
            "device_type",
            "country",
            "city",
            "network_kind",
            "network",
            "sessions",
            "ips",
            "last_ip",
            "also_used_by",
            "pending",
            "conflict",
            "rejected",
            "own_name",
            "same_as",
        ],
        Kind::Sessions => &[
            "id",
            "contact_id",
            "device_id",
            "ip",
            "user_agent",
            "started_at",
            "last_activity_at",
            "ended_at",
            "end_reason",
            "outcome",
            "rev",
            "browser",
            "os",
            "device_type",
            "country",
            "city",
            "network_kind",
            "network",
            "only_here",
            "own_name",
        ],
        Kind::Restrictions => &[
            "id",
            "contact_id",
            "session_id",
            "device_id",
            "occurred_at",
            "rule_code",
            "rule_text",
            "rule_limit",
            "rule_observed",
            "ip",
            "action",
            "status",
            "status_changed_at",
            "status_changed_by",
            "rev",
            "browser",
            "os",
            "device_type",
            "country",
            "city",
            "network_kind",
            "network",
            "only_here",
            "pending",
            "conflict",
            "rejected",
            "own_name",
        ],
        Kind::Insights => &[
            "contact_id",
            "name",
            "email",
            "points",
            "flagged",
            "concurrent_use",
            "impossible_travel",
            "device_churn",
            "many_networks",
            "new_country",
            "shared_device",
            "hosting_network",
            "newest_sign_at",
            "own_verdict",
            "own_note",
            "own_follow_up_at",
            "computed_at",
        ],
    }
}

fn changed(changed: Option<&Changed>) -> [Cell<'_>; 2] {
    changed.map_or([Cell::Nothing, Cell::Nothing], |changed| [Cell::Time(changed.at), Cell::text(changed.by.as_str())])
}

fn agent(agent: &Agent) -> [Cell<'_>; 3] {
    [
        Cell::maybe_text(agent.browser.as_deref()),
        Cell::maybe_text(agent.os.as_deref()),
        Cell::text(agent.device_type.as_str()),
    ]
}

fn place(place: &Place) -> [Cell<'_>; 4] {
    [
        Cell::maybe_text(place.country.as_deref()),
        Cell::maybe_text(place.city.as_deref()),
        Cell::maybe_text(place.network_kind.as_deref()),
        Cell::maybe_text(place.network.as_deref()),
    ]
}

impl Fields for Contact {
    fn cells(&self) -> Vec<Cell<'_>> {
        let tags = self.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join("; ");
        let [changed_at, changed_by] = changed(self.checks_changed.as_ref());
        vec![
            Cell::Number(self.id),
            Cell::text(self.name.as_str()),
            Cell::text(self.email.as_str()),
            Cell::maybe_text(self.first_name.as_deref()),
            Cell::maybe_text(self.last_name.as_deref()),
            Cell::maybe_text(self.phone.as_deref()),
            Cell::Time(self.created_at),
            Cell::text(tags),
            Cell::maybe_time(self.last_activity_at),
            Cell::Flag(self.checks_enabled),
            changed_at,
            changed_by,
            Cell::maybe_number(self.rev),
            Cell::Number(self.unviewed),
            Cell::Number(self.devices),
            Cell::Number(self.blocked_devices),
            Cell::Flag(self.pending),
            Cell::Flag(self.conflict),
            Cell::Flag(self.rejected),
            Cell::maybe_text(self.own_verdict.as_deref()),
            Cell::maybe_text(self.own_note.as_deref()),
            Cell::maybe_time(self.own_follow_up_at),
        ]
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl Fields for Device {
    fn cells(&self) -> Vec<Cell<'_>> {
        let [changed_at, changed_by] = changed(self.access_changed.as_ref());
        let [browser, os, device_type] = agent(&self.agent);
        let [country, city, network_kind, network] = place(&self.place);
        vec![
            Cell::Number(self.id),
            Cell::Number(self.contact_id),
            Cell::text(self.fingerprint.as_str()),
            Cell::text(self.user_agent.as_str()),
            Cell::Time(self.first_seen_at),
            Cell::Time(self.last_seen_at),
            Cell::text(self.access.as_str()),
            changed_at,
            changed_by,
            Cell::Number(self.rev),
            browser,
            os,
            device_type,
            country,
            city,
            network_kind,
            network,
            Cell::Number(self.sessions),
            Cell::Number(self.ips),
            Cell::maybe_text(self.last_ip.as_deref()),
            Cell::Number(self.also_used_by),
            Cell::Flag(self.pending),
            Cell::Flag(self.conflict),
            Cell::Flag(self.rejected),
            Cell::maybe_text(self.own_name.as_deref()),
            Cell::text(self.same_as.iter().map(i64::to_string).collect::<Vec<_>>().join("; ")),
        ]
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl Fields for Session {
    fn cells(&self) -> Vec<Cell<'_>> {
        let [browser, os, device_type] = agent(&self.agent);
        let [country, city, network_kind, network] = place(&self.place);
        vec![
            Cell::Number(self.id),
            Cell::Number(self.contact_id),
            Cell::maybe_number(self.device_id),
            Cell::text(self.ip.as_str()),
            Cell::text(self.user_agent.as_str()),
            Cell::Time(self.started_at),
            Cell::Time(self.last_activity_at),
            Cell::maybe_time(self.ended_at),
            Cell::maybe_text(self.end_reason.as_deref()),
            Cell::text(self.outcome.as_str()),
            Cell::Number(self.rev),
            browser,
            os,
            device_type,
            country,
            city,
            network_kind,
            network,
            Cell::Flag(self.only_here),
            Cell::maybe_text(self.own_name.as_deref()),
        ]
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl Fields for Restriction {
    fn cells(&self) -> Vec<Cell<'_>> {
        let [changed_at, changed_by] = changed(self.status_changed.as_ref());
        let [browser, os, device_type] = agent(&self.agent);
        let [country, city, network_kind, network] = place(&self.place);
        vec![
            Cell::Number(self.id),
            Cell::Number(self.contact_id),
            Cell::maybe_number(self.session_id),
            Cell::maybe_number(self.device_id),
            Cell::Time(self.occurred_at),
            Cell::text(self.rule.code.as_str()),
            Cell::text(self.rule.text.as_str()),
            Cell::maybe_number(self.rule.limit),
            Cell::maybe_number(self.rule.observed),
            Cell::maybe_text(self.ip.as_deref()),
            Cell::text(self.action.as_str()),
            Cell::text(self.status.as_str()),
            changed_at,
            changed_by,
            Cell::Number(self.rev),
            browser,
            os,
            device_type,
            country,
            city,
            network_kind,
            network,
            Cell::Flag(self.only_here),
            Cell::Flag(self.pending),
            Cell::Flag(self.conflict),
            Cell::Flag(self.rejected),
            Cell::maybe_text(self.own_name.as_deref()),
        ]
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }

    fn rule(&self) -> Option<&Rule> {
        Some(&self.rule)
    }
}

impl Fields for Insight {
    fn cells(&self) -> Vec<Cell<'_>> {
        let count = |sign: Sign| {
            let found = self.findings.iter().find(|finding| finding.sign == sign);
            Cell::Number(found.map_or(0, |finding| finding.count))
        };
        let verdict = self.verdict.as_ref();
        [
            Cell::Number(self.contact_id),
            Cell::text(self.name.as_str()),
            Cell::text(self.email.as_str()),
            Cell::Number(self.points),
            Cell::Flag(self.flagged),
        ]
        .into_iter()
        .chain(Sign::ALL.map(count))
        .chain([
            Cell::maybe_time(self.findings.iter().map(|finding| finding.newest_at).max()),
            Cell::maybe_text(verdict.map(|verdict| verdict.verdict.as_str())),
            Cell::maybe_text(verdict.map(|verdict| verdict.note.as_str())),
            Cell::maybe_time(verdict.and_then(|verdict| verdict.follow_up_at)),
            Cell::Time(self.computed_at),
        ])
        .collect()
    }
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
