//! How wide columns are. A workbook whose rows are written as they come can't be fitted to them afterwards, so each field
//! has the room that it usually takes, and at least what its head takes.

/// Narrowest and widest, in digits of the usual font.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;

/// The button of the filter, and the margins.
const BESIDE_HEAD: usize = 4;

/// The width of a column, in digits of the usual font.
pub(super) fn width(field: &str, head: &str) -> f64 {
    let wide = usual(field).max(head.chars().count() + BESIDE_HEAD).clamp(NARROWEST, WIDEST);
    #[expect(clippy::cast_precision_loss, reason = "at most 60")]
    let wide = wide as f64;
    wide
}

fn usual(field: &str) -> usize {
    match field {
        "user_agent" => 60,
        "rule_text" | "own_note" => 48,
        "email" | "contact_email" => 30,
        "name" | "contact_name" | "tags" | "network" => 26,
        // `2026-01-02T03:04:05.006Z`.
        at if at.ends_with("_at") => 25,
        "country" | "network_kind" | "outcome" | "end_reason" | "action" => 20,
        // Room for most of an IPv6 address.
        "ip" | "last_ip" => 24,
        "browser" | "os" | "city" | "fingerprint" | "rule_code" | "phone" | "first_name" | "last_name" => 18,
        by if by.ends_with("_by") => 18,
        "device_type" | "status" | "access" | "own_verdict" => 14,
        id if id == "id" || id.ends_with("_id") => 12,
        _ => 10,
    }
}
