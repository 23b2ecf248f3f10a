//! Schools whose server has no login log, or has it later.

use super::*;

#[tokio::test]
async fn without_a_login_log_contacts_come_alone_and_those_not_brought_are_gone() {
    let gone = Arc::new(AtomicU32::new(0));
    let now = Arc::clone(&gone);
    let school = scripted(Arc::new(move |path, ask| {
        if path != "/contacts" {
            return refusal(404, "not_found");
        }
        let last = if now.load(Ordering::SeqCst) == 1 { 299 } else { 300 };
        let (number, per_page) = (ask("page"), ask("per_page"));
        let number: i64 = number.and_then(|text| text.parse().ok()).unwrap_or(1);
        let per_page: i64 = per_page.and_then(|text| text.parse().ok()).unwrap_or(15);
        let rows: Vec<Value> = (1..=last)
            .rev()
            .skip(usize::try_from((number - 1) * per_page).expect("page"))
            .take(usize::try_from(per_page).expect("page"))
            .map(|id| contact(id, None))
            .collect();
        ResponseTemplate::new(200).set_body_json(json!({"data": rows, "meta": {
            "current_page": number, "last_page": (last + per_page - 1) / per_page, "per_page": per_page, "total": last,
        }}))
    }))
    .await;
    let pulled = school.pull().await.expect("first");
    assert_eq!((pulled.applied.contacts, pulled.cursor), (300, None));
    let meta = school.cache.meta().await.expect("meta");
    assert_eq!((meta.login_log, meta.last_sync_at), (Some(false), Some(1)));
    assert_eq!(
        school.pull().await.expect("second").applied,
        crate::cache::Applied::default(),
        "nothing is written twice"
    );
    gone.store(1, Ordering::SeqCst);
    let pulled = school.pull().await.expect("third");
    assert_eq!((pulled.applied.contacts, pulled.applied.deleted), (0, 1));
    assert_eq!(school.contacts().await.len(), 299);
    assert_eq!(school.cache.sessions(&LogQuery::default()).await.expect("sessions").rows, []);
}

#[tokio::test]
async fn contacts_that_a_server_did_not_bring_whole_are_not_taken_for_gone() {
    let fault = Arc::new(AtomicU32::new(0));
    let now = Arc::clone(&fault);
    let school = scripted(Arc::new(move |path, ask| {
        if path != "/contacts" {
            return refusal(404, "not_found");
        }
        let number: i64 = ask("page").and_then(|text| text.parse().ok()).unwrap_or(1);
        let fault = now.load(Ordering::SeqCst);
        let rows: Vec<Value> = match (fault, number) {
            _ if ask("per_page").as_deref() == Some("1") => vec![contact(7, None)],
            (1, 2) => Vec::new(),
            (3, 1) => (2..=250).map(|id| contact(id, None)).collect(),
            _ => (250 * (number - 1) + 1..=(250 * number).min(300)).map(|id| contact(id, None)).collect(),
        };
        let (last_page, total) = match fault {
            1 => (3, 300),
            2 => (1, 300),
            3 => (2, 299),
            _ => (2, 300),
        };
        ResponseTemplate::new(200).set_body_json(json!({"data": rows, "meta": {
            "current_page": number, "last_page": last_page, "per_page": 250, "total": total,
        }}))
    }))
    .await;
    school.pull().await.expect("first");
    assert_eq!(school.contacts().await.len(), 300);
    for (what, number, left) in
        [("an empty page", 1, 300), ("the last page named too early", 2, 300), ("whole", 3, 299)]
    {
        fault.store(number, Ordering::SeqCst);
        school.pull().await.expect(what);
        assert_eq!(school.contacts().await.len(), left, "{what}");
    }
}

#[tokio::test]
async fn contacts_that_never_come_to_an_end_are_noticed() {
    let school = scripted(Arc::new(|path, ask| {
        if path != "/contacts" {
            return refusal(404, "not_found");
        }
        // The page that is asked for makes no difference, and there is always one more.
        let number: i64 = ask("page").and_then(|text| text.parse().ok()).unwrap_or(1);
        let alone = ask("per_page").as_deref() == Some("1");
        let rows = if alone { vec![contact(2, None)] } else { vec![contact(2, None), contact(1, None)] };
        ResponseTemplate::new(200).insert_header("X-RateLimit-Remaining", "1000").set_body_json(json!({
            "data": rows,
            "meta": {"current_page": number, "last_page": number + 1, "per_page": 250, "total": 2},
        }))
    }))
    .await;
    let error = school.pull().await.expect_err("endless");
    assert!(matches!(error, PullError::Endless { .. }), "{error:?}");
    assert_eq!(school.contacts().await, [1, 2], "what had come is kept");
}

#[tokio::test]
async fn a_server_that_is_no_school_is_not_taken_for_one_without_a_login_log() {
    let school = scripted(Arc::new(|_, _| refusal(404, "not_found"))).await;
    school.pull().await.expect_err("no school");
    assert_eq!(school.cache.meta().await.expect("meta").login_log, None);
}

#[tokio::test]
async fn a_login_log_that_appears_later_is_read_whole() {
    let there = Arc::new(AtomicU32::new(0));
    let now = Arc::clone(&there);
    let school = scripted(Arc::new(move |path, ask| match (path, now.load(Ordering::SeqCst)) {
        ("/contacts", _) => ResponseTemplate::new(200).set_body_json(json!({
            "data": if ask("per_page").as_deref() == Some("1") {
                vec![contact(2, None)]
            } else {
                vec![contact(2, None), contact(1, None)]
            },
            "meta": {"current_page": 1, "last_page": 1, "per_page": 250, "total": 2},
        })),
        ("/login-log", 1) => offer("e"),
        (_, 1) => page(&[(2, 7)], "x", false),
        _ => refusal(404, "not_found"),
    }))
    .await;
    school.pull().await.expect("contacts only");
    assert_eq!(school.contacts().await, [1, 2]);
    there.store(1, Ordering::SeqCst);
    school.pull().await.expect("with a log");
    assert_eq!(school.contacts().await, [2]);
    assert_eq!(school.cache.meta().await.expect("meta").login_log, Some(true));
    drop(school.server);
}
