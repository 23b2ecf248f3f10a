//! Search: every word must be found, in any part of a field. Words of three letters and more are found through trigram
//! indexes over contacts, addresses, agents and rules; shorter ones by looking at the few texts of each row.

use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::{CacheError, asked, fold};

/// A trigram index finds words of at least this many letters.
const TRIGRAM: usize = 3;

/// Where a row's texts are: the columns that refer to contact, address, agent and rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) contact: &'static str,
    pub(super) ip: Option<&'static str>,
    pub(super) agent: Option<&'static str>,
    pub(super) rule: Option<&'static str>,
    /// Where the row only refers to what has an agent: conditions by which indexes find the rows of given agents, before
    /// and behind these.
    pub(super) by_agent: &'static [(&'static str, &'static str)],
    /// Whether phone and tags count too.
    pub(super) more: bool,
    /// What the owner calls a row: the condition that a word is part of it, before and behind the word.
    pub(super) own: Option<(&'static str, &'static str)>,
}

impl Fields {
    /// Whether a row has no texts but its contact's: in the list of contacts.
    fn alone(self) -> bool {
        self.ip.is_none() && self.agent.is_none()
    }
}

/// So many words are looked for one by one, the longest. More would make the statement larger than SQLite takes
/// (<https://sqlite.org/limits.html#max_expr_depth>); the others are looked for together, in the texts themselves.
const ONE_BY_ONE: usize = 100;

/// One word, and where it was found.
#[derive(Debug)]
struct Word {
    text: String,
    /// The indexes that know a long word; a short or a common one is looked for in the texts themselves.
    known_to: Option<Vec<&'static str>>,
}

/// The words of a search, and how to find the rows.
#[derive(Debug)]
pub(super) struct Search {
    words: Vec<Word>,
    /// The word that matches so little that its rows are gathered and sorted. With none, the list is walked in its
    /// order, and each row is looked at.
    driver: Option<usize>,
    /// The words beyond, as a list in JSON.
    others: Option<String>,
}

impl Search {
    /// Folds the words and finds out which of them is rare.
    pub(super) async fn plan(
        connection: &mut SqliteConnection,
        search: &str,
        fields: Fields,
    ) -> Result<Self, CacheError> {
        let mut plan = Self { words: Vec::new(), driver: None, others: None };
        let mut words = fold::words(search);
        // The longest word is most likely the rarest.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let others = words.split_off(words.len().min(ONE_BY_ONE));
        plan.others = (!others.is_empty()).then(|| serde_json::Value::from(others).to_string());
        for text in words {
            if !is_long(&text) {
                plan.words.push(Word { text, known_to: None });
                continue;
            }
            let (known_to, rare) = look_up(connection, &text, fields).await?;
            if rare && plan.driver.is_none() {
                plan.driver = Some(plan.words.len());
            }
            // In a list of contacts every few rows have a common word; to list all that have it would take longer.
            let known_to = (rare || !fields.alone()).then_some(known_to);
            plan.words.push(Word { text, known_to });
        }
        Ok(plan)
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the rows are gathered and sorted instead of walked in their order.
    pub(super) fn gathers(&self) -> bool {
        self.driver.is_some()
    }

    /// Adds `contact_search` and what it has to match, where contacts alone can say how far back a page of the newest
    /// rows reaches: where a rare word is the only one, and people are called that.
    pub(super) fn people(&self, fields: Fields) -> Option<String> {
        match (self.driver, self.words.as_slice()) {
            (Some(_), [Word { text, known_to: Some(known_to) }]) if known_to.contains(&"contact_search") => {
                Some(phrase("contact_search", text, fields.more))
            }
            _ => None,
        }
    }

    /// Adds ` AND (...)` for each word.
    pub(super) fn push(&self, query: &mut QueryBuilder<Sqlite>, fields: Fields) {
        for (at, word) in self.words.iter().enumerate() {
            query.push(" AND (");
            // Only the driver may choose how rows are found; see `Order::hint`.
            let hint = if self.driver == Some(at) { "" } else { "+" };
            match &word.known_to {
                Some(known_to) => push_long(query, &word.text, known_to, fields, hint),
                None => push_short(query, fields, |query| {
                    query.push_bind(word.text.clone());
                }),
            }
            if let Some((before, behind)) = fields.own {
                query.push(format!(" OR {hint}{before}")).push_bind(word.text.clone()).push(behind);
            }
            query.push(")");
        }
        let Some(others) = &self.others else { return };
        query.push(" AND NOT EXISTS (SELECT 1 FROM json_each(").push_bind(others.clone());
        query.push(") AS wanted WHERE NOT (");
        push_short(query, fields, |query| {
            query.push("wanted.value");
        });
        if let Some((before, behind)) = fields.own {
            query.push(format!(" OR {before}wanted.value{behind}"));
        }
        query.push("))");
    }
}

fn is_long(word: &str) -> bool {
    word.chars().nth(TRIGRAM - 1).is_some()
}

/// The indexes that answer for a row's fields, with the column that refers to each.
fn indexes(fields: Fields) -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        Some(("contact_search", fields.contact)),
        fields.ip.map(|column| ("ip_search", column)),
        fields.agent.map(|column| ("agent_search", column)),
        fields.rule.map(|column| ("rule_search", column)),
    ]
    .into_iter()
    .flatten()
}

/// A phrase for FTS5; a quote within is doubled (<https://sqlite.org/fts5.html#full_text_query_syntax>).
fn phrase(index: &str, word: &str, more: bool) -> String {
    let phrase = format!("\"{}\"", word.replace('"', "\"\""));
    if index == "contact_search" && !more { format!("who : {phrase}") } else { phrase }
}

fn push_long(query: &mut QueryBuilder<Sqlite>, word: &str, known_to: &[&'static str], fields: Fields, hint: &str) {
    if known_to.is_empty() {
        query.push("0");
    }
    let mut first = true;
    for (index, column) in indexes(fields).filter(|(index, _)| known_to.contains(index)) {
        let matched = phrase(index, word, fields.more);
        let column = (format!("{hint}{column} IN "), String::new());
        // Row by row it is less to ask for the row's own agent.
        let ways: Vec<_> = match (index, hint) {
            ("agent_search", "") if !fields.by_agent.is_empty() => {
                fields.by_agent.iter().map(|(before, behind)| ((*before).to_owned(), (*behind).to_owned())).collect()
            }
            _ => vec![column],
        };
        for (before, behind) in ways {
            query.push(if std::mem::take(&mut first) { "" } else { " OR " });
            query.push(format!("{before}(SELECT rowid FROM {index} WHERE {index} MATCH "));
            query.push_bind(matched.clone()).push(")").push(behind);
        }
    }
}

/// That a word is part of one of the row's texts; `word` adds the word.
fn push_short(query: &mut QueryBuilder<Sqlite>, fields: Fields, word: impl Fn(&mut QueryBuilder<Sqlite>)) {
    let texts: &[&str] = if fields.more {
        &["name_folded", "email_folded", "more_folded", "note_folded"]
    } else {
        &["name_folded", "email_folded"]
    };
    let tables = [
        Some(("contact", fields.contact, texts)),
        fields.ip.map(|column| ("ip", column, &["folded"][..])),
        fields.agent.map(|column| ("agent", column, &["folded"][..])),
        fields.rule.map(|column| ("rule", column, &["folded"][..])),
    ];
    for (at, (table, column, texts)) in tables.into_iter().flatten().enumerate() {
        query.push(if at > 0 { " OR EXISTS (" } else { "EXISTS (" });
        query.push(format!("SELECT 1 FROM {table} AS text_of WHERE text_of.id = {column} AND ("));
        for (at, text) in texts.iter().enumerate() {
            query.push(if at > 0 { " OR " } else { "" });
            query.push(format!("instr(text_of.{text}, "));
            word(query);
            query.push(") > 0");
        }
        query.push("))");
    }
}

/// Up to this many contacts, addresses, agents and rules a word counts as rare: then gathering their rows (some 50 a
/// contact, 8 an address, 400 an agent in the seeded school) is cheaper than walking until 50 rows have matched.
const RARE: [(&str, i64); 4] = [("contact_search", 150), ("ip_search", 1000), ("agent_search", 16), ("rule_search", 0)];

/// Which indexes know the word, and whether it is rare in all of them.
async fn look_up(
    connection: &mut SqliteConnection,
    word: &str,
    fields: Fields,
) -> Result<(Vec<&'static str>, bool), CacheError> {
    let (mut known_to, mut rare) = (Vec::new(), true);
    for (index, _) in indexes(fields) {
        let most = RARE.iter().find(|(name, _)| *name == index).map_or(0, |(_, most)| *most);
        // A list of contacts has its own texts only: their number is the number of rows.
        let most = if fields.alone() { 2000 } else { most };
        let mut query = QueryBuilder::new(format!("SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH "));
        query.push_bind(phrase(index, word, fields.more)).push(" LIMIT ").push_bind(most + 1).push(")");
        let found: i64 = match asked::rows(connection, query).await?.first() {
            Some(row) => row.try_get(0)?,
            None => 0,
        };
        if found > 0 {
            known_to.push(index);
        }
        rare &= found <= most;
    }
    Ok((known_to, rare))
}
