//! `/contacts`: KWIGA's documented shape.

use hallmonitor_school::School;
use reqwest::Method;
use serde_json::{Value, json};

use super::started::{As, Started, error, start};

async fn school_of(people: &[(&str, &str, &str)]) -> Started {
    let school = start().await;
    for (email, first, last) in people {
        school.told("/site/contacts", json!({ "email": email, "first_name": first, "last_name": last })).await;
        school.clock.advance_ms(1_000);
    }
    school
}

fn emails(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|contact| contact["email"].as_str().unwrap()).collect()
}

async fn found(school: &Started, search: &str) -> Vec<String> {
    let request = school.call(As::Admin, Method::GET, "/contacts").query(&[("filters[search]", search)]);
    let page: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(page["meta"]["total"].as_u64().unwrap() as usize, emails(&page).len());
    emails(&page).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn pages_come_newest_first_and_say_where_they_stand() {
    let school = school_of(&[("a@s.example", "A", "A"), ("b@s.example", "B", "B"), ("c@s.example", "C", "C")]).await;
    let first = school.got("/contacts?per_page=2").await;
    assert_eq!(emails(&first), ["c@s.example", "b@s.example"]);
    assert_eq!(first["meta"], json!({ "current_page": 1, "last_page": 2, "per_page": 2, "total": 3 }));
    assert_eq!(emails(&school.got("/contacts?per_page=2&page=2").await), ["a@s.example"]);
    let beyond = school.got("/contacts?page=99999999999999999999").await;
    assert_eq!((emails(&beyond).len(), &beyond["meta"]["total"]), (0, &json!(3)));
}

#[tokio::test]
async fn a_page_beyond_all_numbers_is_named_by_the_largest_that_every_reader_can_say() {
    let school = start().await;
    for page in ["9007199254740992", "99999999999999999999"] {
        let beyond = school.got(&format!("/contacts?page={page}")).await;
        assert_eq!(beyond["meta"]["current_page"], 9_007_199_254_740_991_i64, "{page}");
    }
}

#[tokio::test]
async fn an_id_in_a_path_is_written_in_one_way() {
    let school = school_of(&[("a@s.example", "A", "A")]).await;
    assert_eq!(school.get("/contacts/1").await.status(), 200);
    for other in ["+1", "%2B1", "01", "1%20", "1.0"] {
        assert_eq!(error(school.get(&format!("/contacts/{other}")).await).await.0, 404, "{other}");
        let deleted = school.site(Method::DELETE, &format!("/site/contacts/{other}"), &json!({})).await;
        assert_eq!(error(deleted).await.0, 404, "{other}");
    }
}

#[tokio::test]
async fn an_empty_school_has_one_page_of_nothing() {
    let school = start().await;
    let page = school.got("/contacts").await;
    assert_eq!(page["data"], json!([]));
    assert_eq!(page["meta"], json!({ "current_page": 1, "last_page": 1, "per_page": 15, "total": 0 }));
}

#[tokio::test]
async fn numbers_above_the_maximum_are_the_maximum_and_others_are_refused() {
    let school = start().await;
    assert_eq!(school.got("/contacts?per_page=251").await["meta"]["per_page"], 250);
    for wrong in ["per_page=0", "per_page=-1", "per_page=ten", "per_page=", "page=0", "page=1.5"] {
        let (status, body) = error(school.get(&format!("/contacts?{wrong}")).await).await;
        assert_eq!(status, 422, "{wrong}: {body}");
        assert!(body["errors"].as_object().is_some_and(|errors| !errors.is_empty()), "{body}");
    }
}

#[tokio::test]
async fn a_search_finds_part_of_a_name_or_address_whatever_its_case() {
    let school = school_of(&[
        ("olena@School.example", "Олена", "Шевченко"),
        ("hans@strasse.example", "Hans", "Straße"),
        ("percent_100%@s.example", "Per", "Cent"),
    ])
    .await;
    for (search, email) in [
        ("ОЛЕНА ШЕВ", "olena@School.example"),
        ("лена", "olena@School.example"),
        ("SCHOOL.EX", "olena@School.example"),
        ("s STRASSE", "hans@strasse.example"),
        ("_100%", "percent_100%@s.example"),
    ] {
        assert_eq!(found(&school, search).await, [email], "{search}");
    }
    for search in ["Шевченко Олена", "%%", "o_ena", "\\"] {
        assert!(found(&school, search).await.is_empty(), "{search}");
    }
    assert_eq!(found(&school, "").await.len(), 3);
}

#[tokio::test]
async fn a_search_of_any_length_and_letters_finds_what_has_it_and_nothing_else() {
    let name = "Ж".repeat(9_000);
    let school = school_of(&[("anna@s.example", "An\0na", "B"), ("long@s.example", &name, "C")]).await;
    // What travels in an address is at most 64 KiB.
    let (long, none, plain) = ("ж".repeat(9_000), "x".repeat(60_000), "%".repeat(20_000));
    for (search, emails) in [
        ("\0", &["anna@s.example"][..]),
        ("AN\0", &["anna@s.example"]),
        ("n\0x", &[]),
        (long.as_str(), &["long@s.example"]),
        (none.as_str(), &[]),
        (plain.as_str(), &[]),
    ] {
        assert_eq!(found(&school, search).await, emails, "{search:.20}");
    }
}

#[tokio::test]
async fn one_contact_is_shown_whole() {
    let school = start().await;
    let draft = json!({
        "email": " Anna@school.example ", "first_name": "Анна", "phone": "+380", "tags": ["VIP", "course A"]
    });
    let added = school.told("/site/contacts", draft).await;
    let shown = school.got("/contacts/1").await["data"].take();
    assert_eq!(shown, added);
    assert_eq!(
        shown,
        json!({
            "id": 1, "email": "Anna@school.example", "first_name": "Анна", "last_name": null, "phone": "+380",
            "created_at": "2026-05-04T10:00:00.000Z", "last_activity_at": null, "checks_enabled": true,
            "checks_changed": null, "rev": shown["rev"],
            "tags": [{ "id": 1, "name": "VIP" }, { "id": 2, "name": "course A" }],
        })
    );
    for nobody in ["/contacts/2", "/contacts/0", "/contacts/-1", "/contacts/abc", "/contacts/99999999999999999999"] {
        assert_eq!(error(school.get(nobody).await).await.0, 404, "{nobody}");
    }
}

#[tokio::test]
async fn a_contact_is_known_by_its_address_whatever_its_case() {
    let school = start().await;
    let id = school.contact("Олена@школа.example").await;
    let changed = school.told("/site/contacts", json!({ "email": "ОЛЕНА@ШКОЛА.EXAMPLE", "first_name": "О" })).await;
    assert_eq!((&changed["id"], &changed["first_name"]), (&json!(id), &json!("О")));
    let kept = school.told("/site/contacts", json!({ "email": "олена@школа.example", "last_name": "Ш" })).await;
    assert_eq!((&kept["first_name"], &kept["last_name"]), (&json!("О"), &json!("Ш")));
    let emptied = school.told("/site/contacts", json!({ "email": "олена@школа.example", "first_name": null })).await;
    assert_eq!((&emptied["first_name"], &emptied["last_name"]), (&json!(null), &json!("Ш")));
}

#[tokio::test]
async fn an_address_with_a_dotless_i_is_another_ones_than_with_a_dot() {
    let school = start().await;
    let with_dot = school.contact("isik@s.example").await;
    let without = school.contact("ışık@s.example").await;
    let dotless = school.contact("ısık@s.example").await;
    assert!(with_dot != without && with_dot != dotless);
    assert_eq!(school.contact("ISIK@s.example").await, with_dot);
    assert_eq!(school.contact("IŞıK@s.example").await, school.contact("işık@s.example").await);

    // As an older version has folded it.
    sqlx::query("UPDATE contact SET email_folded = 'old@s.example' WHERE id = $1")
        .bind(without)
        .execute(school.school.pool())
        .await
        .unwrap();
    sqlx::query("UPDATE cabinet SET fold_rules = 1").execute(school.school.pool()).await.unwrap();
    let again = School::open(&school.database()).await.unwrap();
    assert_eq!(school.contact("ışık@S.example").await, without, "it is known again");
    again.close().await;
}

#[tokio::test]
async fn a_contact_written_unchanged_makes_no_new_rev() {
    let school = start().await;
    let draft = json!({ "email": "a@s.example", "first_name": "A", "tags": ["x", "y"] });
    let first = school.told("/site/contacts", draft.clone()).await;
    assert_eq!(school.told("/site/contacts", draft).await, first);
    assert_eq!(school.told("/site/contacts", json!({ "email": "A@S.EXAMPLE" })).await, first);
    let retagged = school.told("/site/contacts", json!({ "email": "a@s.example", "tags": ["y", " x", "y"] })).await;
    assert!(retagged["rev"].as_i64() > first["rev"].as_i64());
    assert_eq!(retagged["tags"], json!([{ "id": 2, "name": "y" }, { "id": 1, "name": "x" }]));
}

#[tokio::test]
async fn a_contact_that_cannot_be_meant_is_refused() {
    let school = start().await;
    for (body, status) in [
        (json!({ "email": "no-at" }), 422),
        (json!({ "email": "two@@s.example" }), 422),
        (json!({ "email": "@s.example" }), 422),
        (json!({ "first_name": "A" }), 422),
        (json!({ "email": "a@s.example", "tags": [1] }), 422),
        (json!({ "email": "a@s.example", "tags": [" "] }), 422),
        (json!({ "email": "a@s.example", "tags": (0..1_001).map(|tag| tag.to_string()).collect::<Vec<_>>() }), 422),
        (json!([]), 422),
    ] {
        let (said, answer) = error(school.site(Method::POST, "/site/contacts", &body).await).await;
        assert_eq!(said, status, "{body}: {answer}");
    }
    assert_eq!(school.got("/contacts").await["meta"]["total"], 0);
}
