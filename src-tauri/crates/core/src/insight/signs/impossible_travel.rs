//! Two logins one after the other, farther apart than anybody travels in the time between: 500 km or more (Rupt), faster
//! than 900 km/h (Panther; Okta says 805, Rupt 1,000), within 48 hours (Rupt).
//!
//! Only where both places are known to the city: a country's middle would make travellers of people who live at its
//! border.

use super::Occurrence;
use crate::{
    insight::history::{HOUR_MS, History, Login, MINUTE_MS, Span, at},
    model::{Doubt, FindingRow, InsightSettings},
};

pub(in crate::insight) fn impossible_travel(
    history: &History,
    settings: &InsightSettings,
    span: Span,
) -> Vec<Occurrence> {
    let mut seen = Vec::new();
    for pair in history.logins.windows(2) {
        let [before, after] = pair else { continue };
        let (Some(from), Some(to)) = (before.city, after.city) else { continue };
        // The student may have left right after doing something last.
        let between = (after.started_at - before.last_activity_at.min(after.started_at)).max(0);
        let km = from.km_to(to);
        let too_fast = km > f64::from(settings.travel_km_h) * between as f64 / HOUR_MS as f64;
        let close = after.started_at - before.started_at <= i64::from(settings.travel_hours) * HOUR_MS;
        if km >= f64::from(settings.travel_km) && too_fast && close && after.started_at >= span.from {
            seen.push(Occurrence {
                row: FindingRow {
                    at: at(after.started_at),
                    session_ids: vec![before.id, after.id],
                    device_ids: [before.device, after.device].into_iter().flatten().collect(),
                    minutes: Some(between / MINUTE_MS),
                    km: Some(km.round() as i64),
                    country: after.country.as_deref().map(str::to_owned),
                    ..FindingRow::default()
                },
                doubts: doubts(before, after),
            });
        }
    }
    seen
}

/// A browser that is far away at once was not carried there: its way into the network was.
fn doubts(before: &Login, after: &Login) -> Vec<Doubt> {
    let is_hosting = before.hosting == Some(true) || after.hosting == Some(true);
    let is_one_device = before.device.is_some() && before.device == after.device;
    [(before.is_mobile() || after.is_mobile(), Doubt::MobileNetwork), (is_hosting || is_one_device, Doubt::Vpn)]
        .into_iter()
        .filter_map(|(holds, doubt)| holds.then_some(doubt))
        .collect()
}
