use hallmonitor_wire::Tag;
use serde_json::{Value, json};

use super::*;
use crate::export::example;

/// Every leaf of the JSON form, named as a column: that is what no export may leave out.
fn flattened(row: &impl serde::Serialize) -> Vec<String> {
    let Value::Object(fields) = serde_json::to_value(row).expect("json") else { panic!("an entity is an object") };
    fields
        .iter()
        .flat_map(|(name, value)| match value {
            Value::Object(nested) => nested.keys().map(|key| format!("{name}_{key}")).collect(),
            _ => vec![name.clone()],
        })
        .collect()
}

#[test]
fn every_field_of_the_json_form_is_a_column() {
    for (kind, mut fields, cells) in [
        (Kind::Contacts, flattened(&example::contact()), example::contact().cells().len()),
        (Kind::Devices, flattened(&example::device()), example::device().cells().len()),
        (Kind::Sessions, flattened(&example::session()), example::session().cells().len()),
        (Kind::Restrictions, flattened(&example::restriction()), example::restriction().cells().len()),
    ] {
        let mut columns: Vec<_> = names(kind).iter().map(ToString::to_string).collect();
        assert_eq!(columns.len(), cells, "{kind:?}");
        columns.sort();
        fields.sort();
        assert_eq!(columns, fields, "{kind:?}");
    }
}

#[test]
fn a_value_stands_under_its_own_name() {
    let contact = Contact {
        tags: vec![Tag { id: 1, name: "vip".into() }, Tag { id: 2, name: "2025; spring".into() }],
        ..example::contact()
    };
    let of = |name: &str| {
        let at = names(Kind::Contacts).iter().position(|column| *column == name).expect("a column");
        contact.cells().swap_remove(at)
    };
    assert_eq!(of("tags"), Cell::text("vip; 2025; spring"));
    assert_eq!(of("checks_changed_by"), Cell::text("Olena"));
    assert_eq!(of("created_at"), Cell::Time(contact.created_at));
    assert_eq!(of("checks_enabled"), Cell::Flag(false));

    let restriction = example::restriction();
    let json = serde_json::to_value(&restriction).expect("json");
    let cells = restriction.cells();
    for (name, pointer) in [("rule_code", "/rule/code"), ("rule_observed", "/rule/observed"), ("ip", "/ip")] {
        let at = names(Kind::Restrictions).iter().position(|column| *column == name).expect("a column");
        let cell = match &cells[at] {
            Cell::Text(text) => json!(text),
            Cell::Number(number) => json!(number),
            other => panic!("{other:?}"),
        };
        assert_eq!(json.pointer(pointer), Some(&cell), "{name}");
    }
}
