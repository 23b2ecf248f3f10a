use serde_json::json;

use super::*;

fn page(data: &serde_json::Value) -> Vec<u8> {
    json!({"data": data, "meta": {"cursor": "c1", "has_more": true, "remaining": 7}}).to_string().into_bytes()
}

fn session(id: i64) -> serde_json::Value {
    json!({"id": id, "contact_id": 1, "ip": "192.0.2.1", "started_at": "2026-08-20T23:59:59Z",
        "last_activity_at": "2026-08-20 23:59:59", "outcome": "allowed", "rev": id + 10, "planet": "Mars"})
}

fn contact(id: i64) -> serde_json::Value {
    json!({"id": id, "email": format!("{id}@e.com"), "created_at": "2026-08-20T23:59:59.000000Z"})
}

#[test]
fn a_right_page_is_read_whole() {
    let body = page(&json!({"sessions": [session(1), session(2)], "contacts": [contact(1)],
        "access_control": {"rev": 3}, "deleted": [{"type": "planet", "id": 5, "rev": 9, "reason": "boredom"}]}));
    let page = changes(&body, None, 100).expect("a page");
    assert_eq!(page.unreadable, []);
    assert_eq!(page.changes.sessions.len(), 2);
    assert_eq!(page.changes.sessions[0].extra["planet"], "Mars");
    assert_eq!(page.changes.contacts[0].rev, None);
    assert_eq!(page.changes.deleted[0].kind.as_str(), "planet");
    assert_eq!((page.meta.cursor.as_str(), page.meta.has_more, page.meta.remaining), ("c1", true, Some(7)));
}

#[test]
fn an_entity_with_more_unknown_fields_than_anybody_keeps_is_set_aside() {
    let mut bloated = session(2);
    bloated["planet"] = "x".repeat(EXTRA_KEPT).into();
    let page = changes(&page(&json!({"sessions": [session(1), bloated]})), None, 100).expect("a page");
    assert_eq!(page.changes.sessions.iter().map(|session| session.id).collect::<Vec<_>>(), [1]);
    assert_eq!(page.unreadable.len(), 1);
    assert!(page.unreadable[0].reason.contains("unknown fields"), "{}", page.unreadable[0].reason);
    assert_eq!(page.unreadable[0].id, Some(2));
}

#[test]
fn a_broken_entity_is_set_aside_and_the_page_goes_on() {
    let mut no_id = session(2);
    no_id.as_object_mut().expect("an object").remove("id");
    let mut no_time = session(3);
    no_time["started_at"] = "yesterday".into();
    let (zero, huge) = (session(0), session(MAX_ID - 5));
    let too_high = {
        let mut session = session(1);
        session["id"] = (MAX_ID + 1).into();
        session
    };
    let body = page(&json!({
        "sessions": [session(1), no_id, no_time, zero, huge, too_high, 7, null, "text", [], session(9)],
        "devices": [{"id": "4"}],
        "restrictions": null,
        "access_control": {"rev": 0},
        "deleted": [{"type": "session", "id": 4, "rev": 5}, {"type": "session"}],
    }));
    let page = changes(&body, None, 100).expect("a page");
    let ids: Vec<_> = page.changes.sessions.iter().map(|session| session.id).collect();
    assert_eq!(ids, [1, 9]);
    assert_eq!(page.changes.deleted.len(), 1);
    assert_eq!(page.changes.access_control, None);
    let aside: Vec<_> = page.unreadable.iter().map(|entity| (entity.kind, entity.id)).collect();
    assert_eq!(
        aside,
        [
            ("device", None),
            ("session", None),
            ("session", Some(3)),
            ("session", Some(0)),
            ("session", Some(MAX_ID - 5)),
            ("session", Some(MAX_ID + 1)),
            ("session", None),
            ("session", None),
            ("session", None),
            ("session", None),
            ("access_control", None),
            ("deleted", None),
        ]
    );
    assert!(page.unreadable[1].reason.contains("missing field `id`"), "{:?}", page.unreadable[1]);
    assert!(page.unreadable[2].reason.contains("not a time"), "{:?}", page.unreadable[2]);
    assert!(page.unreadable[3].reason.contains("the id 0"), "{:?}", page.unreadable[3]);
    assert!(page.unreadable[4].reason.contains("the rev"), "{:?}", page.unreadable[4]);
    assert!(page.unreadable[2].raw.contains("yesterday"));
}

#[test]
fn an_entity_as_deep_as_a_well_is_set_aside() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let good = session(1).to_string();
    let body =
        format!(r#"{{"data":{{"sessions":[{good},{{"id":5,"x":{deep}}}]}},"meta":{{"cursor":"c","has_more":false}}}}"#);
    let page = changes(body.as_bytes(), None, 10).expect("a page");
    assert_eq!(page.changes.sessions.len(), 1);
    assert_eq!((page.unreadable[0].kind, page.unreadable[0].id), ("session", Some(5)));
    assert_eq!(page.unreadable[0].raw.len(), RAW_KEPT);
}

#[test]
fn what_is_kept_of_an_entity_ends_between_characters() {
    let long = format!(r#"{{"id":1,"email":"{}"}}"#, "ж".repeat(RAW_KEPT));
    let body = format!(r#"{{"data":[{long}],"meta":{{"current_page":1,"last_page":1,"per_page":1,"total":1}}}}"#);
    let page = contacts(body.as_bytes(), 15).expect("a page");
    assert!(page.contacts.is_empty());
    assert!((RAW_KEPT - 3..=RAW_KEPT).contains(&page.unreadable[0].raw.len()));
}

#[test]
fn a_page_without_its_envelope_fails() {
    let deep = "[".repeat(1_000_000);
    for body in [
        "",
        "<html>",
        "{",
        "null",
        "[]",
        "{}",
        r#"{"data":{}}"#,
        r#"{"data":{},"meta":{}}"#,
        r#"{"data":{},"meta":{"cursor":"a"}}"#,
        r#"{"data":{},"meta":{"cursor":7,"has_more":false}}"#,
        r#"{"data":null,"meta":{"cursor":"a","has_more":false}}"#,
        r#"{"data":{"sessions":{}},"meta":{"cursor":"a","has_more":false}}"#,
        r#"{"data":{"sessions":[{"id":1},]},"meta":{"cursor":"a","has_more":false}}"#,
        "{\"data\":{},\"meta\":{\"cursor\":\"\u{0}\",\"has_more\":false}}",
        deep.as_str(),
    ] {
        let shown = &body[..body.len().min(60)];
        assert!(matches!(changes(body.as_bytes(), None, 10), Err(BadPage::Json(_))), "{shown}");
    }
    assert!(matches!(changes(b"{\"data\":{},\"meta\":{\"cursor\":\"\xff\"}}", None, 10), Err(BadPage::Json(_))));
}

#[test]
fn a_page_that_proves_no_progress_fails() {
    let three = page(&json!({"sessions": [session(1), session(2)], "deleted": [{"id": 1}]}));
    assert!(changes(&three, None, 3).is_ok());
    assert!(matches!(changes(&three, None, 2), Err(BadPage::TooManyRows { asked: 2, got: 3 })));
    let empty = page(&json!({}));
    assert!(changes(&empty, Some("c0"), 10).is_ok());
    assert!(matches!(changes(&empty, Some("c1"), 10), Err(BadPage::Stuck)));
    let end = json!({"data": {}, "meta": {"cursor": "c1", "has_more": false}}).to_string();
    assert!(changes(end.as_bytes(), Some("c1"), 10).is_ok());
    let cursor = |length: usize| {
        json!({"data": {}, "meta": {"cursor": "ж".repeat(length), "has_more": false}}).to_string().into_bytes()
    };
    assert!(changes(&cursor(512), None, 10).is_ok());
    assert!(matches!(changes(&cursor(513), None, 10), Err(BadPage::LongCursor)));
}

#[test]
fn contacts_are_read_in_the_shape_that_kwiga_documents() {
    let meta = json!({"current_page": 1, "last_page": 2, "per_page": 2, "total": 3});
    let body = json!({"data": [contact(2), {"id": 1}], "meta": meta}).to_string();
    let page = contacts(body.as_bytes(), 2).expect("a page");
    assert_eq!((page.contacts.len(), page.unreadable.len(), page.meta.total), (1, 1, 3));
    assert_eq!((page.unreadable[0].kind, page.unreadable[0].id), ("contact", Some(1)));
    assert!(matches!(contacts(body.as_bytes(), 1), Err(BadPage::TooManyRows { asked: 1, got: 2 })));
}

#[test]
fn a_page_of_a_million_zeros_is_refused_for_their_number() {
    let zeros = vec!["0"; 1_000_000].join(",");
    let body = format!(r#"{{"data":{{"sessions":[{zeros}],"deleted":[1]}},"meta":{{"cursor":"c","has_more":false}}}}"#);
    let error = changes(body.as_bytes(), None, 10).expect_err("too many");
    assert!(matches!(error, BadPage::TooManyRows { asked: 10, got: 1_000_001 }), "{error:?}");
    let meta = r#"{"current_page":1,"last_page":1,"per_page":1,"total":1}"#;
    let error = contacts(format!(r#"{{"data":[{zeros}],"meta":{meta}}}"#).as_bytes(), 250).expect_err("too many");
    assert!(matches!(error, BadPage::TooManyRows { asked: 250, got: 1_000_000 }), "{error:?}");
}

#[test]
fn no_more_answers_are_read_than_decisions_were_sent() {
    let answer = |id: u128| json!({"id": Uuid::from_u128(id), "result": "applied"});
    let body = json!({"data": (1..=5).map(answer).collect::<Vec<_>>()}).to_string();
    let ids =
        |sent| answers(body.as_bytes(), sent).expect("answers").iter().map(|one| one.id.as_u128()).collect::<Vec<_>>();
    assert_eq!((ids(2), ids(5), ids(9)), (vec![1, 2], vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]));
}
