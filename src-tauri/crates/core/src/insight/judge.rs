//! All signs of one contact together.

use super::{
    history::{History, looked_back},
    signs::{self, Occurrence},
};
use crate::model::{Doubt, Finding, InsightSettings, NotChecked, Sign, Time, WhyNot};

/// Occurrences of a sign that are kept with it.
pub(super) const MOST_ROWS: usize = 20;

/// What was found of a contact.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judged {
    /// All findings' points.
    pub(crate) points: i64,
    /// Most points first.
    pub(crate) findings: Vec<Finding>,
}

/// Looks for every sign that is on.
pub(crate) fn judge(history: &History, settings: &InsightSettings, now: i64) -> Judged {
    let Some(span) = history.span(settings, now) else { return Judged::default() };
    let mut findings = Vec::new();
    for sign in Sign::ALL {
        if !settings.weight(sign).on {
            continue;
        }
        let seen = match sign {
            Sign::ConcurrentUse => signs::concurrent_use(history, settings, span, now),
            Sign::ImpossibleTravel => signs::impossible_travel(history, settings, span),
            Sign::DeviceChurn => signs::device_churn(history, settings, span),
            Sign::ManyNetworks => signs::many_networks(history, settings, span),
            Sign::NewCountry => signs::new_country(history, settings, span),
            Sign::SharedDevice => signs::shared_device(history, span),
            Sign::HostingNetwork => signs::hosting_network(history, span),
        };
        findings.extend(finding(sign, settings, seen));
    }
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.points), finding.sign));
    Judged { points: findings.iter().map(|finding| finding.points).sum(), findings }
}

fn finding(sign: Sign, settings: &InsightSettings, mut seen: Vec<Occurrence>) -> Option<Finding> {
    seen.sort_by_key(|occurrence| std::cmp::Reverse(occurrence.row.at));
    let newest_at = seen.first()?.row.at;
    let count = match sign {
        // Two people learning one evening log in and out often.
        Sign::ConcurrentUse | Sign::HostingNetwork => {
            let mut days: Vec<i64> =
                seen.iter().map(|one| one.row.at.ms().div_euclid(super::history::DAY_MS)).collect();
            days.dedup();
            days.len()
        }
        Sign::SharedDevice => {
            let mut others: Vec<i64> = seen.iter().flat_map(|one| one.row.contact_ids.iter().copied()).collect();
            others.sort_unstable();
            others.dedup();
            // Those with one device may be too many to be named.
            let most = seen.iter().filter_map(|one| one.row.count).max().unwrap_or(0);
            others.len().max(usize::try_from(most).unwrap_or(0))
        }
        _ => seen.len(),
    };
    let mut doubts: Vec<Doubt> = seen.iter().flat_map(|one| one.doubts.iter().copied()).collect();
    doubts.sort_unstable();
    doubts.dedup();
    seen.truncate(MOST_ROWS);
    Some(Finding {
        sign,
        points: settings.weight(sign).of(count),
        count: i64::try_from(count).unwrap_or(i64::MAX),
        newest_at,
        doubts,
        rows: seen.into_iter().map(|one| one.row).collect(),
    })
}

/// The signs that can't be or are not looked for, and why.
pub(crate) fn not_checked(history: &History, settings: &InsightSettings, now: i64) -> Vec<NotChecked> {
    let learning = history.span(settings, now).is_none();
    let from = looked_back(settings, now);
    let looked_at = || history.logins.iter().filter(|login| login.started_at >= from);
    let why = |sign| {
        if !settings.weight(sign).on {
            Some(WhyNot::Off)
        } else if learning {
            Some(WhyNot::Learning)
        } else if sign == Sign::ImpossibleTravel && !looked_at().any(|login| login.city.is_some()) {
            Some(WhyNot::NoCity)
        } else if sign == Sign::HostingNetwork && !looked_at().any(|login| login.hosting.is_some()) {
            Some(WhyNot::NoNetworkOwner)
        } else {
            None
        }
    };
    Sign::ALL.into_iter().filter_map(|sign| why(sign).map(|why| NotChecked { sign, why })).collect()
}

/// From when on logins were looked at.
pub(crate) fn from(settings: &InsightSettings, now: i64) -> Time {
    Time(looked_back(settings, now))
}
