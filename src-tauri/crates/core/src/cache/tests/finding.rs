//! What *search everywhere* finds, and what it remembers.

use super::*;
use crate::model::{Hit, Opened};

async fn school() -> Mirror {
    let mut olena = contact(1, "Олёна", 1);
    olena.last_name = Some("Коваленко".into());
    olena.phone = Some("+380501234567".into());
    let mut ann = contact(2, "Ann", 2);
    ann.last_name = Some("O’Connor".into());
    Mirror::loaded(Changes {
        contacts: vec![olena, ann, contact(3, "Joanna", 3), contact(42, "Petro", 4)],
        devices: vec![device(1, 1, "allowed", 5), device(2, 2, "allowed", 6), device(42, 3, "allowed", 7)],
        sessions: vec![
            session(1, 1, Some(1), "91.198.36.2", 8),
            session(2, 2, Some(2), "2001:db8::42", 9),
            session(3, 3, Some(42), "191.198.7.1", 10),
            session(4, 1, Some(1), "91.198.36.3", 11),
        ],
        ..Changes::default()
    })
    .await
}

/// What was found, one word a hit.
fn words(hits: &[Hit]) -> Vec<String> {
    let word = |hit: &Hit| match hit {
        Hit::Contact { id, .. } => format!("c{id}"),
        Hit::Address { address, .. } => address.clone(),
        Hit::Device { id, .. } => format!("d{id}"),
    };
    hits.iter().map(word).collect()
}

async fn find(mirror: &Mirror, text: &str) -> Vec<String> {
    let found = mirror.cache.find_everywhere(text, || false).await.expect("answered").expect("not superseded");
    words(&found.hits)
}

#[tokio::test]
async fn people_addresses_and_devices_are_found_by_any_part_the_likeliest_first() {
    let mirror = school().await;
    mirror.cache.name_device(2, "Ann’s old laptop").await.expect("named");
    for (text, found) in [
        ("олена", &["c1"][..]),
        ("ковал оле", &["c1"]),
        ("ле", &["c1"]),
        ("ann", &["c2", "c3", "d2"]),
        ("o'con", &["c2"]),
        ("c3@mail", &["c3"]),
        ("050123", &["c1"]),
        ("42", &["c42", "d42"]),
        ("#42", &["c42", "d42"]),
        ("91.198.3", &["91.198.36.3", "91.198.36.2"]),
        ("198", &["91.198.36.3", "91.198.36.2", "191.198.7.1"]),
        ("191", &["191.198.7.1"]),
        ("91.198.36.0/24", &["91.198.36.0/24"]),
        ("10.0.0.0/8", &[]),
        ("DB8::42", &["2001:db8::42"]),
        ("2001:db8:0::42", &["2001:db8::42"]),
        ("old laptop", &["d2"]),
        ("олена chrome", &["d1"]),
        ("windows олена chrome", &["d1"]),
        ("nobody at all", &[]),
        ("\" OR \"", &[]),
        ("%", &[]),
    ] {
        assert_eq!(find(&mirror, text).await, found, "{text:?}");
    }
}

#[tokio::test]
async fn a_school_of_namesakes_answers_with_a_few_of_each_kind() {
    let mirror = Mirror::loaded(Changes {
        contacts: (1..=500).map(|id| contact(id, "Ann", id)).collect(),
        devices: (1..=500).map(|id| device(id, id, "allowed", id)).collect(),
        sessions: (1..=500)
            .map(|id| session(id, id, Some(id), &format!("10.0.{}.{}", id / 250, id % 250), id))
            .collect(),
        ..Changes::default()
    })
    .await;
    for (text, most) in [("ann", 6), ("a", 6), ("10.0", 4), ("chrome", 4), ("ann chrome", 4), ("mail.example", 6)] {
        assert_eq!(find(&mirror, text).await.len(), most, "{text}");
    }
    // Nobody is hidden behind the others for good.
    assert!(find(&mirror, "c377@mail").await.contains(&"c377".to_owned()));
}

#[tokio::test]
async fn a_superseded_question_is_not_answered() {
    let mirror = school().await;
    assert_eq!(mirror.cache.find_everywhere("ann", || true).await.expect("no failure"), None);
}

#[tokio::test]
async fn what_was_opened_last_comes_first_and_goes_with_an_erased_student() {
    let mirror = school().await;
    let open = async |opened: Opened| mirror.cache.note_opened(opened).await.expect("noted");
    open(Opened::Contact { id: 1 }).await;
    open(Opened::Address { address: "91.198.36.2".into() }).await;
    open(Opened::Address { address: "91.198.0.0/16".into() }).await;
    open(Opened::Device { id: 42 }).await;
    open(Opened::Contact { id: 3 }).await;
    open(Opened::Contact { id: 1 }).await;
    open(Opened::Contact { id: 999 }).await;
    assert_eq!(find(&mirror, "  ").await, ["c1", "c3", "d42", "91.198.0.0/16", "91.198.36.2"]);

    mirror.cache.erase_contact(1).await.expect("erased");
    assert_eq!(find(&mirror, "").await, ["c3", "d42"]);
    let mut reader = mirror.cache.reader().await.expect("reader");
    let kept: String =
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'opened'").fetch_one(&mut *reader).await.expect("read");
    assert!(!kept.contains("91.198") && !kept.contains("\"id\":1}"), "{kept}");
}

#[tokio::test]
async fn only_the_latest_few_are_remembered() {
    let contacts = (1..=20).map(|id| contact(id, "Ann", id)).collect();
    let mirror = Mirror::loaded(Changes { contacts, ..Changes::default() }).await;
    for id in 1..=20 {
        mirror.cache.note_opened(Opened::Contact { id }).await.expect("noted");
    }
    assert_eq!(find(&mirror, "").await, ["c20", "c19", "c18", "c17", "c16", "c15", "c14", "c13"]);
}

#[tokio::test]
async fn a_text_of_any_length_is_answered() {
    let mirror = school().await;
    for words in [30, 32, 33, 5_000] {
        let text: Vec<String> = (0..words).map(|at| format!("{at:x}x")).collect();
        assert_eq!(find(&mirror, &text.join(" ")).await, Vec::<String>::new(), "{words} words");
    }
    let letters = "абвгдежзиклмнопрстуфхцчшщэюя abcdefghijklmnop".chars().map(|letter| format!("{letter} "));
    assert_eq!(find(&mirror, &letters.collect::<String>()).await, Vec::<String>::new());
    assert_eq!(find(&mirror, &"я".repeat(10_000)).await, Vec::<String>::new());
}
