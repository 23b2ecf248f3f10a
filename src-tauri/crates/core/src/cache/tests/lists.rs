//! Lists: their order, and that pages fit together.

use hallmonitor_wire::Time;

use super::*;
use crate::{
    cache::CacheError,
    model::{ContactQuery, ContactSort, LogQuery, PageRequest},
};

async fn school() -> Mirror {
    let mut contacts = Vec::new();
    for id in 1..=40 {
        let mut row = contact(id, ["Ann", "боб", "Éva", "Ірина"][(id % 4) as usize], id);
        row.last_activity_at = (id % 5 != 0).then(|| Time(1000 * (id % 7)));
        row.checks_enabled = id % 3 != 0;
        contacts.push(row);
    }
    Mirror::loaded(Changes {
        contacts,
        devices: (1..=30)
            .map(|id| device(id, id % 12 + 1, if id % 4 == 0 { "blocked" } else { "allowed" }, 100 + id))
            .collect(),
        sessions: (1..=200).map(|id| session(id, id % 40 + 1, None, "91.198.36.2", 200 + id)).collect(),
        restrictions: (1..=50)
            .map(|id| restriction(id, id % 9 + 1, if id % 2 == 0 { "viewed" } else { "not_viewed" }, 500 + id))
            .collect(),
        ..Changes::default()
    })
    .await
}

#[tokio::test]
async fn pages_of_every_order_fit_together_without_gap_or_repetition() {
    let mirror = school().await;
    for sort in [
        ContactSort::LastActivity,
        ContactSort::Name,
        ContactSort::Email,
        ContactSort::Devices,
        ContactSort::Unviewed,
        ContactSort::Checks,
    ] {
        for ascending in [false, true] {
            for search in ["", "mail", "a"] {
                let whole = ContactQuery { sort, ascending, search: search.into(), ..ContactQuery::default() };
                let all: Vec<i64> =
                    mirror.cache.contacts(&whole).await.expect("all").rows.iter().map(|row| row.id).collect();
                let mut paged = Vec::new();
                let mut after = None;
                loop {
                    let page = PageRequest { after, limit: 7, ..PageRequest::default() };
                    let page = mirror.cache.contacts(&ContactQuery { page, ..whole.clone() }).await.expect("page");
                    paged.extend(page.rows.iter().map(|row| row.id));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(paged, all, "{sort:?} {ascending} {search:?}");
            }
        }
    }
}

#[tokio::test]
async fn pages_of_a_search_in_the_log_fit_together_without_gap_or_repetition() {
    let mirror = school().await;
    for search in ["ann", "боб", "mail", "c7@", "91.198", "chrome", "ann chrome", "a", "nobody"] {
        let whole = LogQuery { search: search.into(), ..LogQuery::default() };
        let sessions = mirror.cache.sessions(&whole).await.expect("all").rows;
        let restrictions = mirror.cache.restrictions(&whole).await.expect("all").rows;
        for (limit, skip) in [(1, 0), (3, 0), (7, 2), (50, 0), (500, 0)] {
            let (mut after, mut place) = (None, 0);
            loop {
                let page = PageRequest { after, skip, limit, ..PageRequest::default() };
                let page = mirror.cache.sessions(&LogQuery { page, ..whole.clone() }).await.expect("page");
                place += skip as usize;
                let end = sessions.len().min(place + limit as usize);
                assert_eq!(page.rows, sessions[place.min(end)..end], "{search:?} {limit} {skip}");
                (after, place) = (page.next, end);
                if after.is_none() {
                    break;
                }
            }
            let page = PageRequest { skip, limit, ..PageRequest::default() };
            let page = mirror.cache.restrictions(&LogQuery { page, ..whole.clone() }).await.expect("page");
            let end = restrictions.len().min((skip + limit) as usize);
            assert_eq!(page.rows, restrictions[end.min(skip as usize)..end], "{search:?} {limit} {skip}");
        }
    }
}

#[tokio::test]
async fn contacts_stand_by_last_activity_and_those_never_active_last() {
    let mirror = school().await;
    let rows = mirror.cache.contacts(&ContactQuery::default()).await.expect("page").rows;
    let keys: Vec<(Option<Time>, i64)> = rows.iter().map(|row| (row.last_activity_at, row.id)).collect();
    let mut sorted = keys.clone();
    sorted.sort_by(|left, right| right.cmp(left));
    assert_eq!(keys, sorted);
    assert_eq!(rows.len(), 40);
    assert_eq!(rows.last().and_then(|row| row.last_activity_at), None);
}

#[tokio::test]
async fn names_stand_in_the_order_of_the_alphabet_in_ukrainian_too() {
    let names = [
        "Anna",
        "Андрій",
        "Ганна",
        "Ґалина",
        "Дарина",
        "Олексій",
        "Орина",
        "Инна",
        "Іван",
        "Ірина",
        "Карина",
        "Яна",
        "Євген",
        "Жанна",
        "Еля",
    ];
    let contacts = (1..).zip(names).map(|(id, name)| contact(id, name, id)).collect();
    let mirror = Mirror::loaded(Changes { contacts, ..Changes::default() }).await;
    let query = ContactQuery { sort: ContactSort::Name, ascending: true, ..ContactQuery::default() };
    let rows = mirror.cache.contacts(&query).await.expect("page").rows;
    let sorted: Vec<_> = rows.iter().filter_map(|row| row.first_name.as_deref()).collect();
    assert_eq!(
        sorted,
        [
            "Anna",
            "Андрій",
            "Ганна",
            "Ґалина",
            "Дарина",
            "Еля",
            "Євген",
            "Жанна",
            "Инна",
            "Іван",
            "Ірина",
            "Карина",
            "Олексій",
            "Орина",
            "Яна"
        ]
    );
}

#[tokio::test]
async fn filters_and_totals_agree_with_the_rows() {
    let mirror = school().await;
    let all = mirror.cache.contacts(&ContactQuery::default()).await.expect("all").rows;
    for (unviewed, checks_off, blocked_device) in
        [(true, false, false), (false, true, false), (false, false, true), (true, true, true)]
    {
        let page = PageRequest { limit: 3, count: true, ..PageRequest::default() };
        let query = ContactQuery { unviewed, checks_off, blocked_device, page, ..ContactQuery::default() };
        let expected: Vec<i64> = all
            .iter()
            .filter(|row| {
                (!unviewed || row.unviewed > 0)
                    && (!checks_off || !row.checks_enabled)
                    && (!blocked_device || row.blocked_devices > 0)
            })
            .map(|row| row.id)
            .collect();
        let page = mirror.cache.contacts(&query).await.expect("page");
        assert_eq!(page.total, Some(expected.len() as i64));
        assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected[..expected.len().min(3)]);
    }
}

#[tokio::test]
async fn a_leap_lands_where_walking_would() {
    let mirror = school().await;
    let all = mirror.cache.sessions(&LogQuery::default()).await.expect("all").rows;
    let page = PageRequest { limit: 10, ..PageRequest::default() };
    let first = mirror.cache.sessions(&LogQuery { page, ..LogQuery::default() }).await.expect("first");
    let page = PageRequest { after: first.next, skip: 85, limit: 10, ..PageRequest::default() };
    let leapt = mirror.cache.sessions(&LogQuery { page, ..LogQuery::default() }).await.expect("leapt");
    assert_eq!(leapt.rows, all[95..105]);
}

#[tokio::test]
async fn a_place_of_another_question_is_refused() {
    let mirror = school().await;
    for after in ["", "x", "1", "1:x", "x:1"] {
        let page = PageRequest { after: Some(after.into()), limit: 5, ..PageRequest::default() };
        let error = mirror.cache.sessions(&LogQuery { page, ..LogQuery::default() }).await.expect_err(after);
        assert!(matches!(error, CacheError::BadPlace), "{after}: {error:?}");
    }
}

#[tokio::test]
async fn a_login_is_found_in_its_contacts_history_without_reading_the_list() {
    let mirror = school().await;
    let query = LogQuery { contact_id: Some(7), ..LogQuery::default() };
    let all = mirror.cache.sessions(&query).await.expect("the history").rows;
    assert!(all.len() > 3);
    for (place, session) in all.iter().enumerate() {
        let found = mirror.cache.session_position(7, session.id).await.expect("a place");
        assert_eq!(found, Some(place as i64), "login {}", session.id);
    }
    assert_eq!(mirror.cache.session_position(8, all[0].id).await.expect("an answer"), None, "somebody else's");
    assert_eq!(mirror.cache.session_position(7, 9_999).await.expect("an answer"), None, "nobody's");
}

#[tokio::test]
async fn a_first_load_that_was_killed_is_counted_when_the_school_is_opened_again_and_once() {
    let mut mirror = Mirror::new().await;
    let some = |from: i64| Changes {
        contacts: vec![contact(from, "Ann", from)],
        devices: vec![device(from, from, "allowed", from + 1)],
        restrictions: vec![restriction(from, from, "not_viewed", from + 2)],
        ..Changes::default()
    };
    let counts = async |mirror: &Mirror| {
        let page = mirror.cache.contacts(&ContactQuery::default()).await.expect("contacts");
        page.rows.iter().map(|row| (row.unviewed, row.devices)).collect::<Vec<_>>()
    };
    mirror.apply(some(1)).await;
    assert_eq!(counts(&mirror).await, [(0, 0)], "a first load counts at its end");
    mirror.cache.derive_after_a_kill().await.expect("counted");
    assert_eq!(counts(&mirror).await, [(1, 1)]);
    mirror.apply(some(10)).await;
    mirror.cache.set_meta(|meta| meta.cursor = Some("further on".to_owned())).await.expect("meta");
    mirror.cache.derive_after_a_kill().await.expect("counted");
    assert_eq!(counts(&mirror).await, [(1, 1), (1, 1)], "what came since too");
    let tampered = sqlx::query("UPDATE contact SET unviewed = 7");
    tampered.execute(&mut *mirror.cache.writer().await).await.expect("tampered with");
    mirror.cache.derive_after_a_kill().await.expect("nothing is left");
    assert_eq!(counts(&mirror).await, [(7, 1), (7, 1)], "nobody counts twice");
}
