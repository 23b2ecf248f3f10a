//! A country that the contact was not seen in for 90 days: people travel, so this is for information (Microsoft Entra
//! calls it unfamiliar sign-in properties).

use std::collections::HashMap;

use super::Occurrence;
use crate::{
    insight::history::{DAY_MS, History, Span, at},
    model::{Doubt, FindingRow, InsightSettings},
};

pub(in crate::insight) fn new_country(history: &History, settings: &InsightSettings, span: Span) -> Vec<Occurrence> {
    let memory = i64::from(settings.country_days) * DAY_MS;
    let mut last_seen: HashMap<&str, i64> = HashMap::new();
    let mut last_any: Option<i64> = None;
    let mut seen = Vec::new();
    for login in &history.logins {
        let Some(country) = login.country.as_deref() else { continue };
        let remembered = |last: i64| login.started_at - last <= memory;
        let known = last_seen.get(country).copied().is_some_and(remembered);
        // Of somebody who was away for so long every country would be new.
        if !known && last_any.is_some_and(remembered) && login.started_at >= span.from {
            let mut doubts = if login.is_mobile() { vec![Doubt::MobileNetwork] } else { Vec::new() };
            if login.city.is_none() {
                doubts.push(Doubt::CountryLevel);
            }
            seen.push(Occurrence {
                row: FindingRow {
                    at: at(login.started_at),
                    session_ids: vec![login.id],
                    device_ids: login.device.into_iter().collect(),
                    country: Some(country.to_owned()),
                    ..FindingRow::default()
                },
                doubts,
            });
        }
        last_seen.insert(country, login.started_at);
        last_any = Some(login.started_at);
    }
    seen
}
