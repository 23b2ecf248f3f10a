//! What stands above the columns, and in them: the fields of the API for programs, or words for people.

use std::borrow::Cow;

use hallmonitor_language::Language;
use hallmonitor_wire::Time;

use super::{cell::Cell, fields::Fields};
use crate::{listing::Kind, words};

/// For whom a table is made. JSON is for programs, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    /// The names and words of the School server API.
    Fields,
    /// Words of a language. In a table of text times are `2026-01-02 03:04:05`, UTC.
    Words(Language),
}

impl Heads {
    /// The name of a sheet with entities of this kind, without the number that further ones have.
    pub(super) fn title(self, kind: Kind) -> String {
        let (field, key) = match kind {
            Kind::Contacts => ("Contacts", "export.title.contacts"),
            Kind::Devices => ("Devices", "export.title.devices"),
            Kind::Sessions => ("Sessions", "export.title.sessions"),
            Kind::Restrictions => ("Restrictions", "export.title.restrictions"),
            Kind::Insights => ("Insights", "export.title.insights"),
        };
        match self {
            Self::Fields => field.to_owned(),
            Self::Words(language) => language.say(key),
        }
    }

    /// What stands above a column. A field of a later version of the API keeps its name.
    pub(super) fn head(self, field: &str) -> String {
        match (self, key(field)) {
            (Self::Words(language), Some(key)) => language.say(key),
            _ => field.to_owned(),
        }
    }

    /// What stands in a row under a field.
    pub(super) fn cell<'a>(self, field: &str, cell: Cell<'a>, row: &impl Fields) -> Cell<'a> {
        let Self::Words(language) = self else { return cell };
        let text = match (field, &cell) {
            ("rule_text", _) => row.rule().map(|rule| words::why(rule, language)),
            (_, Cell::Text(word)) => said(field, word, language),
            (_, Cell::Nothing | Cell::Number(_) | Cell::Flag(_) | Cell::Time(_)) => None,
        };
        text.map_or(cell, Cell::text)
    }

    /// Yes or no in a table of text; workbooks have values of their own for it.
    pub(super) fn flag(self, flag: bool) -> Cow<'static, str> {
        match self {
            Self::Fields => Cow::Borrowed(if flag { "true" } else { "false" }),
            Self::Words(language) => Cow::Owned(language.say(if flag { "export.yes" } else { "export.no" })),
        }
    }

    /// A time in a table of text, UTC: as the API writes it, or without what no person reads.
    pub(super) fn time(self, time: Time) -> String {
        let text = time.to_string();
        match (self, text.get(..19)) {
            (Self::Words(_), Some(seconds)) => seconds.replace('T', " "),
            _ => text,
        }
    }
}

/// The words for a field's word; `None` where it is nobody's but the server's or the student's.
fn said(field: &str, word: &str, language: Language) -> Option<String> {
    let say = match field {
        "access" => words::access,
        "action" => words::action,
        "country" => words::country,
        "device_type" => words::device_type,
        "end_reason" => words::end_reason,
        "network_kind" => words::network,
        "outcome" => words::outcome,
        "own_verdict" => words::verdict,
        "status" => words::status,
        _ => return None,
    };
    Some(say(word, language))
}

fn key(field: &str) -> Option<&'static str> {
    Some(match field {
        "id" => "export.head.id",
        "name" => "export.head.name",
        "email" => "export.head.email",
        "first_name" => "export.head.first_name",
        "last_name" => "export.head.last_name",
        "phone" => "export.head.phone",
        "created_at" => "export.head.created_at",
        "tags" => "export.head.tags",
        "last_activity_at" => "export.head.last_activity_at",
        "checks_enabled" => "export.head.checks_enabled",
        "checks_changed_at" => "export.head.checks_changed_at",
        "checks_changed_by" => "export.head.checks_changed_by",
        "rev" => "export.head.rev",
        "unviewed" => "export.head.unviewed",
        "devices" => "export.head.devices",
        "blocked_devices" => "export.head.blocked_devices",
        "pending" => "export.head.pending",
        "conflict" => "export.head.conflict",
        "rejected" => "export.head.rejected",
        "own_name" => "export.head.own_name",
        "own_verdict" => "export.head.own_verdict",
        "own_note" => "export.head.own_note",
        "own_follow_up_at" => "export.head.own_follow_up_at",
        "contact_id" => "export.head.contact_id",
        // Whose a row is has the heads that contacts have.
        "contact_name" => "export.head.name",
        "contact_email" => "export.head.email",
        "device_id" => "export.head.device_id",
        "session_id" => "export.head.session_id",
        "fingerprint" => "export.head.fingerprint",
        "user_agent" => "export.head.user_agent",
        "first_seen_at" => "export.head.first_seen_at",
        "last_seen_at" => "export.head.last_seen_at",
        "access" => "export.head.access",
        "access_changed_at" => "export.head.access_changed_at",
        "access_changed_by" => "export.head.access_changed_by",
        "browser" => "export.head.browser",
        "os" => "export.head.os",
        "device_type" => "export.head.device_type",
        "country" => "export.head.country",
        "city" => "export.head.city",
        "network_kind" => "export.head.network_kind",
        "network" => "export.head.network",
        "same_as" => "export.head.same_as",
        "sessions" => "export.head.sessions",
        "ips" => "export.head.ips",
        "last_ip" => "export.head.last_ip",
        "also_used_by" => "export.head.also_used_by",
        "ip" => "export.head.ip",
        "started_at" => "export.head.started_at",
        "ended_at" => "export.head.ended_at",
        "end_reason" => "export.head.end_reason",
        "outcome" => "export.head.outcome",
        "only_here" => "export.head.only_here",
        "occurred_at" => "export.head.occurred_at",
        "rule_code" => "export.head.rule_code",
        "rule_text" => "export.head.rule_text",
        "rule_limit" => "export.head.rule_limit",
        "rule_observed" => "export.head.rule_observed",
        "action" => "export.head.action",
        "status" => "export.head.status",
        "status_changed_at" => "export.head.status_changed_at",
        "status_changed_by" => "export.head.status_changed_by",
        "points" => "export.head.points",
        "flagged" => "export.head.flagged",
        "concurrent_use" => "export.head.concurrent_use",
        "impossible_travel" => "export.head.impossible_travel",
        "device_churn" => "export.head.device_churn",
        "many_networks" => "export.head.many_networks",
        "new_country" => "export.head.new_country",
        "shared_device" => "export.head.shared_device",
        "hosting_network" => "export.head.hosting_network",
        "newest_sign_at" => "export.head.newest_sign_at",
        "computed_at" => "export.head.computed_at",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{example, fields::names};

    #[test]
    fn every_column_has_a_head_in_every_language() {
        for kind in [Kind::Contacts, Kind::Devices, Kind::Sessions, Kind::Restrictions, Kind::Insights] {
            for language in Language::ALL {
                let heads: Vec<_> = names(kind).iter().map(|field| Heads::Words(language).head(field)).collect();
                for (field, head) in names(kind).iter().zip(&heads) {
                    assert_ne!(field, head, "{language}");
                    assert_eq!(heads.iter().filter(|other| *other == head).count(), 1, "{language}: {head}");
                }
                assert!(!Heads::Words(language).title(kind).is_empty());
            }
        }
        assert_eq!(Heads::Words(Language::Russian).head("level"), "level");
        assert_eq!(Heads::Fields.head("checks_enabled"), "checks_enabled");
    }

    #[test]
    fn words_are_said_and_names_are_not() {
        let (device, restriction) = (example::device(), example::restriction());
        let ukrainian = Heads::Words(Language::Ukrainian);
        let of = |field: &str| {
            let at = names(Kind::Devices).iter().position(|name| *name == field).expect("a column");
            ukrainian.cell(field, device.cells().swap_remove(at), &device)
        };
        assert_eq!(of("access"), Cell::text("заблоковано"));
        assert_eq!(of("device_type"), Cell::text("комп’ютер"));
        assert_eq!(of("country"), Cell::text("Україна"));
        assert_eq!(of("first_seen_at"), Cell::Time(device.first_seen_at));
        assert_eq!(ukrainian.time(device.first_seen_at), "2026-01-02 03:04:05");
        assert_eq!(Heads::Fields.time(device.first_seen_at), "2026-01-02T03:04:05.006Z");
        assert_eq!(of("pending"), Cell::Flag(true));
        assert_eq!((ukrainian.flag(true), Heads::Fields.flag(true)), ("так".into(), "true".into()));
        assert_eq!(of("id"), Cell::Number(device.id));
        assert_eq!(of("fingerprint"), Cell::text("f00d"));

        let reason = Cell::text(words::why(&restriction.rule, Language::Ukrainian));
        assert_eq!(ukrainian.cell("rule_text", Cell::text(restriction.rule.text.as_str()), &restriction), reason);
        let kept = Cell::text(restriction.rule.text.as_str());
        assert_eq!(Heads::Fields.cell("rule_text", kept.clone(), &restriction), kept);
    }
}
