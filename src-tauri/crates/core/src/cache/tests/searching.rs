//! What a search finds.

use super::*;
use crate::model::{ContactQuery, LogQuery};

async fn school() -> Mirror {
    let mut olena = contact(1, "Олёна", 1);
    olena.last_name = Some("Коваленко".into());
    olena.phone = Some("+380501234567".into());
    olena.tags = vec![hallmonitor_wire::Tag { id: 1, name: "Курс 1".into() }];
    let mut james = contact(2, "James", 2);
    james.last_name = Some("O’Connor".into());
    let mut odd = contact(3, "100%_\"*'", 3);
    odd.email = "MÜLLER@Mail.Example".into();
    Mirror::loaded(Changes {
        contacts: vec![olena, james, odd],
        devices: vec![device(1, 1, "allowed", 4), device(2, 2, "allowed", 5)],
        sessions: vec![
            session(1, 1, Some(1), "91.198.36.2", 6),
            session(2, 2, Some(2), "2001:db8::42", 7),
            session(3, 3, None, "91.198.36.2", 8),
        ],
        restrictions: vec![restriction(1, 1, "not_viewed", 9), restriction(2, 2, "viewed", 10)],
        ..Changes::default()
    })
    .await
}

async fn contacts(mirror: &Mirror, search: &str) -> Vec<i64> {
    let query = ContactQuery { search: search.into(), ..ContactQuery::default() };
    let page = mirror.cache.contacts(&query).await.expect("page");
    let mut ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn contacts_are_found_by_any_part_of_name_email_phone_and_tag() {
    let mirror = school().await;
    for (search, found) in [
        ("олена", &[1][..]),
        ("ОЛЕНА коваленк", &[1]),
        ("лён", &[1]),
        ("ва", &[1]),
        ("к", &[1]),
        ("o'connor", &[2]),
        ("muller", &[3]),
        ("380501", &[1]),
        ("курс", &[1]),
        ("mail.example", &[1, 2, 3]),
        ("james олена", &[]),
        ("c1@ курс", &[1]),
        ("", &[1, 2, 3]),
    ] {
        assert_eq!(contacts(&mirror, search).await, found, "{search:?}");
    }
}

#[tokio::test]
async fn wildcards_and_quotes_are_plain_characters() {
    let mirror = school().await;
    for (search, found) in [
        ("%", &[3][..]),
        ("_", &[3]),
        ("*", &[3]),
        ("\"", &[3]),
        ("100%_\"*'", &[3]),
        ("%%%", &[]),
        ("c_@", &[]),
        ("jam*", &[]),
        ("\" OR \"", &[]),
        ("who : james", &[]),
        ("\0", &[1, 2, 3]),
    ] {
        assert_eq!(contacts(&mirror, search).await, found, "{search:?}");
    }
}

#[tokio::test]
async fn sessions_are_found_by_person_address_browser_and_place() {
    let mirror = school().await;
    for (search, found) in [
        ("коваленко", &[1][..]),
        ("91.198", &[3, 1]),
        ("DB8::42", &[2]),
        ("chrome", &[3, 2, 1]),
        ("windows chrome 36.2", &[3, 1]),
        ("ua", &[3, 1]),
        ("james 91.198", &[]),
        ("380501", &[]),
    ] {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        let page = mirror.cache.sessions(&query).await.expect("page");
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), found, "{search:?}");
    }
}

#[tokio::test]
async fn devices_and_restrictions_are_found_by_what_they_have() {
    let mirror = school().await;
    for (search, devices, restrictions) in [
        ("коваленко", &[1][..], &[1][..]),
        ("91.198", &[1], &[2, 1]),
        ("device_limit", &[], &[2, 1]),
        ("too many", &[], &[2, 1]),
        ("windows", &[2, 1], &[]),
    ] {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        let page = mirror.cache.devices(&query).await.expect("page");
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), devices, "{search:?}");
        let page = mirror.cache.restrictions(&query).await.expect("page");
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), restrictions, "{search:?}");
    }
}

#[tokio::test]
async fn restrictions_are_found_by_the_browser_and_system_that_they_show() {
    let with_agent = |id: i64, agent: &str| {
        let mut session = session(id, 1, Some(1), "192.0.2.1", 10 + id);
        session.user_agent = agent.into();
        session
    };
    let of = |id: i64, session: Option<i64>, device: Option<i64>| {
        let mut restriction = restriction(id, 1, "viewed", 20 + id);
        (restriction.session_id, restriction.device_id) = (session, device);
        restriction
    };
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";
    let mut changes = Changes {
        contacts: vec![contact(1, "Ann", 1)],
        // Chrome on Windows.
        devices: vec![device(1, 1, "allowed", 2)],
        sessions: vec![with_agent(1, FIREFOX)],
        // A login's browser counts before its device's; where there is no login here, the device's.
        restrictions: vec![of(1, Some(1), Some(1)), of(2, Some(99), Some(1)), of(3, None, Some(1)), of(4, None, None)],
        ..Changes::default()
    };
    let few = Mirror::loaded(changes.clone()).await;
    // So many agents have the same words that the list is walked.
    changes.sessions.extend((2..60).map(|id| with_agent(id, &format!("{FIREFOX} Chrome Windows {id}"))));
    let many = Mirror::loaded(changes).await;
    for mirror in [&few, &many] {
        for (search, found) in [
            ("firefox", &[1][..]),
            ("Linux", &[1]),
            ("chrome", &[3, 2]),
            ("windows ann", &[3, 2]),
            ("firefox chrome", &[]),
            ("fi", &[1]),
            ("opera", &[]),
            ("ann", &[4, 3, 2, 1]),
        ] {
            let query = LogQuery { search: search.into(), ..LogQuery::default() };
            let page = mirror.cache.restrictions(&query).await.expect("page");
            assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), found, "{search:?}");
            let sought = |part: &str| search.split(' ').any(|word| part.to_lowercase().contains(&word.to_lowercase()));
            for agent in page.rows.iter().map(|row| &row.agent).filter(|_| !search.contains("ann")) {
                let shown = [&agent.browser, &agent.os].map(|part| part.clone().unwrap_or_default()).join(" ");
                assert!(sought(&shown), "{search:?} is not shown: {shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_changed_name_is_found_and_the_old_one_is_not() {
    let mut mirror = school().await;
    mirror.apply(Changes { contacts: vec![contact(2, "Jacob", 50)], ..Changes::default() }).await;
    assert_eq!(contacts(&mirror, "jacob").await, [2]);
    assert_eq!(contacts(&mirror, "james").await, Vec::<i64>::new());
    // An older copy changes neither the row nor what is found.
    mirror.apply(Changes { contacts: vec![contact(2, "Jeremy", 49)], ..Changes::default() }).await;
    assert_eq!(contacts(&mirror, "jeremy").await, Vec::<i64>::new());
}

#[tokio::test]
async fn a_word_that_nearly_everybody_has_is_found_with_all_who_have_it() {
    let mut all: Vec<_> = (1..=2100).map(|id| contact(id, if id % 20 == 0 { "Олена" } else { "Ann" }, id)).collect();
    all[4].tags = vec![hallmonitor_wire::Tag { id: 1, name: "Annual".into() }];
    all[19].tags = vec![hallmonitor_wire::Tag { id: 1, name: "Annual".into() }];
    let mirror = Mirror::loaded(Changes { contacts: all, ..Changes::default() }).await;
    // 1,995 are called that, and a tag of one more begins so; the domain is everybody's.
    for (search, found) in
        [("ann", 1996), ("mail.example", 2100), ("MAIL.example олена", 105), ("mail.example annual", 2)]
    {
        assert_eq!(contacts(&mirror, search).await.len(), found, "{search}");
    }
}

#[tokio::test]
async fn an_apostrophe_is_found_however_it_was_typed() {
    let mut brien = contact(1, "Ann", 1);
    brien.last_name = Some("O`Brien".into());
    let mut other = contact(2, "Ганна", 2);
    other.last_name = Some("O`Brien".into());
    let mirror = Mirror::loaded(Changes { contacts: vec![brien, other], ..Changes::default() }).await;
    for search in ["o'brien", "O`BRIEN", "o’brien", "`"] {
        assert_eq!(contacts(&mirror, search).await, [1, 2], "{search}");
    }
}

#[tokio::test]
async fn what_an_older_version_has_folded_is_found_by_todays_words() {
    let mut brien = contact(1, "Ann", 1);
    brien.last_name = Some("O'Brien".into());
    let mut changes = Changes { contacts: vec![brien], ..Changes::default() };
    changes.sessions = vec![session(1, 1, None, "192.0.2.1", 2)];
    let Mirror { folder, key, cache, .. } = Mirror::loaded(changes).await;
    let before = "UPDATE contact SET name_folded = 'ann o`brien';
        DELETE FROM contact_search;
        INSERT INTO contact_search (rowid, who, more) SELECT id, name_folded, more_folded FROM contact;
        UPDATE agent SET folded = 'browser`s';
        DELETE FROM agent_search;
        INSERT INTO agent_search (rowid, text) SELECT id, folded FROM agent;
        DELETE FROM meta WHERE key = 'fold_rules'";
    sqlx::raw_sql(before).execute(&mut *cache.writer().await).await.expect("made older");
    cache.close().await;
    let cache = Cache::open(&folder.path().join("cache.db"), &key).await.expect("open");
    for search in ["o'brien", "o`brien", "browser's", "'", "c1@mail o'b"] {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        assert_eq!(cache.sessions(&query).await.expect("page").rows.len(), 1, "{search}");
    }
}

#[tokio::test]
async fn two_letters_are_found_in_what_an_older_version_has_stored() {
    let Mirror { folder, key, cache, .. } = school().await;
    let before = "DELETE FROM short_text; INSERT INTO meta (key, value) VALUES ('short_texts_missing', 1)";
    sqlx::raw_sql(before).execute(&mut *cache.writer().await).await.expect("made older");
    cache.close().await;
    let cache = Cache::open(&folder.path().join("cache.db"), &key).await.expect("open");
    for (search, found) in [("ua", &[3, 1][..]), ("8:", &[2]), ("ko", &[3, 2, 1]), ("ко", &[1]), ("t_", &[])] {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        let page = cache.sessions(&query).await.expect("page");
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), found, "{search:?}");
    }
    let query = LogQuery { search: "t_".into(), ..LogQuery::default() };
    // Of a rule, `device_limit`, there is no such pair; of `e_` there is.
    assert_eq!(cache.restrictions(&query).await.expect("page").rows.len(), 0);
    let query = LogQuery { search: "e_".into(), ..LogQuery::default() };
    assert_eq!(cache.restrictions(&query).await.expect("page").rows.len(), 2);
}

#[tokio::test]
async fn a_full_name_is_found_where_each_of_its_words_is_common() {
    // Of 400 people half are called Ann, half Lee, and two both.
    let both = [150, 151];
    let mut changes = Changes::default();
    for id in 1..=400 {
        let mut person = contact(id, if id <= 200 || both.contains(&id) { "Ann" } else { "Zoe" }, id);
        person.last_name = Some(if id > 200 || both.contains(&id) { "Lee" } else { "Roy" }.to_owned());
        changes.contacts.push(person);
        changes.sessions.push(session(id, id, None, "91.198.36.2", 1000 + id));
        changes.restrictions.push(restriction(id, id, "viewed", 2000 + id));
    }
    let mirror = Mirror::loaded(changes).await;
    assert_eq!(contacts(&mirror, "lee ann").await, both);
    for search in ["lee ann", "lee ann ua", "91.198 ann lee", "le ann an lee"] {
        let query = LogQuery { search: search.into(), ..LogQuery::default() };
        let mut found: Vec<i64> =
            mirror.cache.sessions(&query).await.expect("page").rows.iter().map(|row| row.id).collect();
        found.sort_unstable();
        assert_eq!(found, both, "{search}");
        let groups = crate::model::ViolationQuery { search: search.into(), ..Default::default() };
        let groups = mirror.cache.violation_groups(&groups).await.expect("groups").rows;
        assert_eq!(groups.iter().map(|group| group.contact_id).collect::<Vec<_>>(), [151, 150], "{search}");
    }
}

#[tokio::test]
async fn thousands_of_words_are_looked_for_all() {
    let words: Vec<String> = (0..3000).map(|number| format!("{number:04}x")).collect();
    let (all, but_one) = (words.join(" "), words[1..].join(" "));
    let mut changes = Changes::default();
    for (id, name) in [(1, &all), (2, &but_one), (3, &"Ann".to_owned())] {
        changes.contacts.push(contact(id, name, id));
        changes.devices.push(device(id, id, "allowed", id + 10));
        changes.sessions.push(session(id, id, Some(id), "192.0.2.1", id + 20));
        changes.restrictions.push(restriction(id, id, "viewed", id + 30));
    }
    let mirror = Mirror::loaded(changes).await;
    for (search, found) in [
        (all.clone(), &[1][..]),
        (but_one.clone(), &[1, 2]),
        (format!("{but_one} {but_one} 0001 00 1 a"), &[1, 2]),
        (format!("{but_one} y7"), &[]),
    ] {
        assert_eq!(contacts(&mirror, &search).await, found);
        let query = LogQuery { search, ..LogQuery::default() };
        let sorted = |mut ids: Vec<i64>| {
            ids.sort_unstable();
            ids
        };
        let sessions = mirror.cache.sessions(&query).await.expect("page").rows;
        assert_eq!(sorted(sessions.iter().map(|row| row.id).collect()), found);
        let devices = mirror.cache.devices(&query).await.expect("page").rows;
        assert_eq!(sorted(devices.iter().map(|row| row.id).collect()), found);
        let restrictions = mirror.cache.restrictions(&query).await.expect("page").rows;
        assert_eq!(sorted(restrictions.iter().map(|row| row.id).collect()), found);
    }
}
