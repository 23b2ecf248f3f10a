use hallmonitor_tests::{Cli, Filled, school};
use serde_json::json;

use crate::{rows, site};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_word_is_found_in_any_part_whatever_its_case_or_diacritics() {
    let school = school(Filled::Empty).await;
    for contact in [
        json!({ "email": "alena@example.com", "first_name": "Алёна", "last_name": "Ёлкина", "tags": ["Весна 2025"] }),
        json!({ "email": "jizak@example.com", "first_name": "Іван", "last_name": "Їжак", "phone": "+380 50 111" }),
        json!({ "email": "JOSE@Example.com", "first_name": "José", "last_name": "Müller" }),
        json!({ "email": "percent@example.com", "first_name": "100%", "last_name": "snake_case" }),
        json!({ "email": "quote@example.com", "first_name": "Pat \"Q\"", "last_name": "O'Neil*" }),
        json!({ "email": "plain@example.com", "first_name": "1000", "last_name": "snakeXcase" }),
    ] {
        site::contact(&school, contact).await;
    }
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    for (search, found) in [
        ("алена", vec!["alena"]),
        ("АЛЁНА елкин", vec!["alena"]),
        ("лк", vec!["alena"]),
        ("весна", vec!["alena"]),
        ("2025 алена", vec!["alena"]),
        ("іжак", vec!["jizak"]),
        ("50 111", vec!["jizak"]),
        ("+380", vec!["jizak"]),
        ("jose muller", vec!["JOSE"]),
        ("MÜLLER", vec!["JOSE"]),
        ("jose@example", vec!["JOSE"]),
        ("%", vec!["percent"]),
        ("0%", vec!["percent"]),
        ("e_c", vec!["percent"]),
        ("snake_case", vec!["percent"]),
        ("\"Q\"", vec!["quote"]),
        ("\"", vec!["quote"]),
        ("o'neil*", vec!["quote"]),
        ("*", vec!["quote"]),
        ("' OR 1=1 --", vec![]),
        ("alena jose", vec![]),
        ("nobody", vec![]),
    ] {
        let list = cli.json(&["contacts", "--search", search]);
        let emails: Vec<_> = rows(&list)
            .iter()
            .map(|row| row["email"].as_str().expect("an e-mail").split('@').next().unwrap_or_default())
            .collect();
        assert_eq!(emails, found, "{search:?}");
    }
    assert_eq!(rows(&cli.json(&["contacts", "--search", "  "])).len(), 6, "no word is no condition");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_searched_by_who_where_from_with_what_and_why() {
    let school = school(Filled::Empty).await;
    site::put_settings(&school, json!({ "max_concurrent_sessions": 1 })).await;
    let anna = site::contact(&school, json!({ "email": "anna@example.com", "first_name": "Анна" })).await;
    let bob = site::contact(&school, json!({ "email": "bob@example.com", "first_name": "Bob" })).await;
    site::login(&school, anna, "10.77.1.9", site::CHROME).await;
    site::login(&school, anna, "10.88.1.9", site::IPHONE).await;
    site::login(&school, bob, "2001:db8::77", site::IPHONE).await;
    let cli = Cli::connected(&school);
    cli.json(&["sync"]);
    for (command, search, count) in [
        ("sessions", "АННА", 2),
        ("sessions", "anna@", 2),
        ("sessions", "10.77", 1),
        ("sessions", "77", 2),
        ("sessions", "db8::", 1),
        ("sessions", "iphone", 2),
        ("sessions", "chrome windows", 1),
        ("sessions", "iphone анна", 1),
        ("sessions", "mozilla", 3),
        ("sessions", "concurrent_sessions", 0),
        ("devices", "anna", 2),
        ("devices", "safari ios", 2),
        ("devices", "10.77", 1),
        ("restrictions", "anna", 1),
        ("restrictions", "concurrent_sess", 1),
        ("restrictions", "10.88", 1),
        ("restrictions", "bob", 0),
    ] {
        let list = cli.json(&[command, "--search", search]);
        assert_eq!(rows(&list).len(), count, "{command} --search {search:?}: {list}");
    }
}
