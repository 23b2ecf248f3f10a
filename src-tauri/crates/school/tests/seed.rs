//! A seeded database is a school that a server can serve and go on with.

use hallmonitor_school::{
    Limits, School, Scope,
    seed::{SeedError, Seeded, seed},
    world::Plan,
};
use serde_json::Value;
use sqlx::Row;
use tempfile::TempDir;

const PLAN: Plan = Plan { contacts: 60, sessions: 3000, seed: 1, until: 1_795_000_000_000 };

async fn school(dir: &TempDir, name: &str) -> School {
    let path = dir.path().join(name);
    School::open(&format!("sqlite:{}", path.display())).await.expect("a school")
}

/// Every row of a table as text, in the order of its first column.
async fn rows(school: &School, table: &str) -> Vec<String> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
        .bind(table)
        .fetch_all(school.pool())
        .await
        .expect("columns");
    let listed = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join(" || '|' || ");
    let query = format!("SELECT {listed} FROM \"{table}\" ORDER BY 1");
    sqlx::query(sqlx::AssertSqlSafe(query))
        .fetch_all(school.pool())
        .await
        .expect("rows")
        .into_iter()
        .map(|row| row.get(0))
        .collect()
}

#[tokio::test]
async fn the_same_numbers_give_the_same_rows_in_every_table() {
    let dir = TempDir::new().expect("a folder");
    let (one, two, other) = (school(&dir, "1.db").await, school(&dir, "2.db").await, school(&dir, "3.db").await);
    let seeded = seed(&one, PLAN).await.expect("seeded");
    assert_eq!((seeded.contacts, seeded.sessions), (60, 3000));
    assert_eq!(seed(&two, PLAN).await.expect("seeded"), seeded);
    seed(&other, Plan { seed: 2, ..PLAN }).await.expect("seeded");
    for table in ["contact", "contact_tag", "tag", "device", "session", "restriction", "access_control"] {
        let rows_of_one = rows(&one, table).await;
        assert!(!rows_of_one.is_empty(), "{table}");
        assert!(rows_of_one == rows(&two, table).await, "{table}");
    }
    assert!(rows(&one, "session").await != rows(&other, "session").await);
    let (first, second) = (one.cabinet().await.expect("it"), two.cabinet().await.expect("it"));
    assert_ne!((&first.epoch, &first.cabinet_hash), (&second.epoch, &second.cabinet_hash));
}

#[tokio::test]
async fn only_an_empty_database_is_filled() {
    let dir = TempDir::new().expect("a folder");
    let school = school(&dir, "school.db").await;
    seed(&school, Plan { contacts: 5, sessions: 20, ..PLAN }).await.expect("seeded");
    let before = rows(&school, "session").await;
    assert!(matches!(seed(&school, PLAN).await, Err(SeedError::NotEmpty)));
    assert!(rows(&school, "session").await == before);
}

#[tokio::test]
async fn an_impossible_plan_writes_nothing() {
    let dir = TempDir::new().expect("a folder");
    let school = school(&dir, "school.db").await;
    let refused = seed(&school, Plan { contacts: 0, ..PLAN }).await.expect_err("nobody logs in");
    assert!(refused.to_string().contains("--contacts"), "{refused}");
    seed(&school, PLAN).await.expect("it is still empty");
}

#[tokio::test]
async fn the_numbers_told_are_those_of_the_rows() {
    let dir = TempDir::new().expect("a folder");
    let school = school(&dir, "school.db").await;
    let Seeded { contacts, devices, sessions, restrictions } = seed(&school, PLAN).await.expect("seeded");
    let rev: i64 = sqlx::query_scalar("SELECT rev FROM cabinet").fetch_one(school.pool()).await.expect("a number");
    for (table, told) in
        [("contact", contacts), ("device", devices), ("session", sessions), ("restriction", restrictions)]
    {
        let query = format!("SELECT COUNT(*), MAX(id), MAX(rev) FROM {table}");
        let (count, last, newest): (i64, i64, i64) =
            sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_one(school.pool()).await.expect("numbers");
        assert_eq!((count as u64, last), (told, count), "{table}");
        assert!(newest <= rev, "{table}");
        let column = format!("last_{table}_id");
        let given: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT {column} FROM cabinet")))
            .fetch_one(school.pool())
            .await
            .expect("a number");
        assert_eq!(given, last, "{table}");
    }
}

#[tokio::test]
async fn a_server_serves_all_of_it_and_goes_on() {
    let dir = TempDir::new().expect("a folder");
    let school = school(&dir, "school.db").await;
    let seeded = seed(&school, PLAN).await.expect("seeded");
    let admin = school.create_token(Scope::Admin, None).await.expect("a token");
    let site = school.create_token(Scope::Site, None).await.expect("a token");
    let running = school.serve("127.0.0.1:0", Limits::default()).await.expect("a server");
    let client = reqwest::Client::new();

    let (mut cursor, mut found) = (None::<String>, Seeded::default());
    loop {
        let mut ask = client
            .get(format!("{}/login-log/changes", running.url()))
            .header("Token", admin.token.reveal())
            .header("Cabinet-Hash", &admin.cabinet_hash);
        if let Some(cursor) = &cursor {
            ask = ask.query(&[("cursor", cursor)]);
        }
        let page: Value = ask.send().await.expect("an answer").json().await.expect("a page");
        let count = |of: &str| page["data"][of].as_array().map_or(0, |rows| rows.len() as u64);
        found.contacts += count("contacts");
        found.devices += count("devices");
        found.sessions += count("sessions");
        found.restrictions += count("restrictions");
        cursor = page["meta"]["cursor"].as_str().map(str::to_owned);
        if page["meta"]["has_more"] == false {
            break;
        }
    }
    assert_eq!(found, seeded);

    let login: Value = client
        .post(format!("{}/site/logins", running.url()))
        .header("Token", site.token.reveal())
        .header("Cabinet-Hash", &site.cabinet_hash)
        .json(&serde_json::json!({"contact_id": 1, "ip": "178.150.10.20", "user_agent": "test"}))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("a login");
    assert_eq!(login["data"]["session_id"], seeded.sessions + 1, "{login}");
    running.shutdown().await.expect("quiet");
}
