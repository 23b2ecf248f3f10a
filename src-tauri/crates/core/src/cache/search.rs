//! Search: every word must be found, in any part of a field. Words of three letters and more are found through trigram
//! indexes over contacts, addresses, agents and rules; shorter ones by looking at the few texts of each row, where a
//! text of that kind has them at all.

use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::{CacheError, asked, fold, letters, logins::one_number};

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

/// The index of contacts.
const CONTACTS: &str = "contact_search";

/// One word, and where it was found.
#[derive(Debug)]
struct Word {
    /// The word; long ones that contacts alone know stand together.
    texts: Vec<String>,
    /// The indexes that know it.
    known_to: Vec<&'static str>,
    /// Whether it is looked for in the texts themselves: a short one, or one that every few contacts have.
    in_texts: bool,
}

/// The words of a search, and how to find the rows.
#[derive(Debug, Default)]
pub(super) struct Search {
    words: Vec<Word>,
    /// The word that matches so little that its rows are gathered and sorted. With none, the list is walked in its
    /// order, and each row is looked at.
    driver: Option<usize>,
    /// The words beyond, as a list in JSON.
    others: Option<String>,
}

/// Which of the words are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    All,
    /// Those that a contact has or has not, whatever else a row of it has.
    OfContacts,
    /// The others.
    OfRows,
}

impl Search {
    /// Folds the words and finds out where they are known and which of them is rare.
    pub(super) async fn plan(
        connection: &mut SqliteConnection,
        search: &str,
        fields: Fields,
    ) -> Result<Self, CacheError> {
        let mut plan = Self::default();
        let mut words = fold::words(search);
        // The longest word is most likely the rarest.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let others = words.split_off(words.len().min(ONE_BY_ONE));
        plan.others = (!others.is_empty()).then(|| serde_json::Value::from(others).to_string());
        let (long, short): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| is_long(word));
        if fields.alone() {
            plan.plan_contacts(connection, long, fields).await?;
        } else {
            plan.plan_rows(connection, long, fields).await?;
        }
        for text in short {
            let kinds = letters::kinds_with(connection, &text).await?;
            let known = |(index, _): &(&'static str, _)| {
                *index == CONTACTS || kinds.iter().any(|kind| index.strip_suffix("_search") == Some(kind))
            };
            let known_to = indexes(fields).filter(known).map(|(index, _)| index).collect();
            plan.words.push(Word { texts: vec![text], known_to, in_texts: true });
        }
        Ok(plan)
    }

    /// Plans long words in a list of contacts.
    async fn plan_contacts(
        &mut self,
        connection: &mut SqliteConnection,
        long: Vec<String>,
        fields: Fields,
    ) -> Result<(), CacheError> {
        if long.is_empty() {
            return Ok(());
        }
        // Its own texts only: their number is the number of rows.
        let rare = found(connection, CONTACTS, &long, fields, RARE_IN_CONTACTS).await? <= RARE_IN_CONTACTS;
        let known_to = vec![CONTACTS];
        if rare {
            self.driver = Some(0);
            self.words.push(Word { texts: long, known_to, in_texts: false });
        } else {
            // Every few rows have them all; to list all that have one would take longer.
            let one = |text| Word { texts: vec![text], known_to: known_to.clone(), in_texts: true };
            self.words.extend(long.into_iter().map(one));
        }
        Ok(())
    }

    /// Plans long words in a list whose rows have other texts beside their contact's.
    async fn plan_rows(
        &mut self,
        connection: &mut SqliteConnection,
        long: Vec<String>,
        fields: Fields,
    ) -> Result<(), CacheError> {
        let looked_up = look_up(connection, &long, fields).await?;
        let (mut names, mut one_is_rare) = (Vec::new(), false);
        for (text, (known_to, rare)) in long.into_iter().zip(looked_up) {
            // A first name and a last one are common each, and the two together rare.
            if known_to == [CONTACTS] && fields.own.is_none() {
                names.push(text);
                one_is_rare |= rare;
                continue;
            }
            if rare && self.driver.is_none() {
                self.driver = Some(self.words.len());
            }
            self.words.push(Word { texts: vec![text], known_to, in_texts: false });
        }
        if !names.is_empty() {
            let most = most_rare(CONTACTS);
            let rare =
                one_is_rare || names.len() > 1 && found(connection, CONTACTS, &names, fields, most).await? <= most;
            if rare {
                self.driver = Some(self.words.len());
            }
            self.words.push(Word { texts: names, known_to: vec![CONTACTS], in_texts: false });
        }
        Ok(())
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the rows are gathered and sorted instead of walked in their order.
    pub(super) fn gathers(&self) -> bool {
        self.driver.is_some()
    }

    /// Whether they are gathered by what is known of contacts.
    pub(super) fn gathers_contacts(&self, fields: Fields) -> bool {
        self.driver.and_then(|at| self.words.get(at)).is_some_and(|word| word.is_of_contacts(fields))
    }

    /// Whether anything is asked that a contact alone can't answer.
    pub(super) fn asks_of_rows(&self, fields: Fields) -> bool {
        self.others.is_some() || !self.words.iter().all(|word| word.is_of_contacts(fields))
    }

    /// Adds `contact_search` and what it has to match, where contacts alone can say how far back a page of the newest
    /// rows reaches: where a rare word is the only one, and people are called that.
    pub(super) fn people(&self, fields: Fields) -> Option<String> {
        match (self.driver, self.words.as_slice()) {
            (Some(_), [word]) if word.known_to.contains(&CONTACTS) => Some(phrase(CONTACTS, &word.texts, fields.more)),
            _ => None,
        }
    }

    /// Adds ` AND (...)` for each word.
    pub(super) fn push(&self, query: &mut QueryBuilder<Sqlite>, fields: Fields) {
        self.push_part(query, fields, fields, Part::All);
    }

    /// The same for those words alone that are asked of contacts, which `contact` refers to, whatever `fields` their
    /// rows have.
    pub(super) fn push_of_contacts(&self, query: &mut QueryBuilder<Sqlite>, fields: Fields, contact: Fields) {
        self.push_part(query, fields, contact, Part::OfContacts);
    }

    /// The same for the other words.
    pub(super) fn push_of_rows(&self, query: &mut QueryBuilder<Sqlite>, fields: Fields) {
        self.push_part(query, fields, fields, Part::OfRows);
    }

    /// Adds the words of a part of a search in `planned` where `fields` say.
    fn push_part(&self, query: &mut QueryBuilder<Sqlite>, planned: Fields, fields: Fields, part: Part) {
        for (at, word) in self.words.iter().enumerate() {
            if part != Part::All && word.is_of_contacts(planned) != (part == Part::OfContacts) {
                continue;
            }
            query.push(" AND (");
            // Only the driver may choose how rows are found; see `Order::hint`.
            let hint = if self.driver == Some(at) { "" } else { "+" };
            if word.in_texts {
                push_short(query, fields, &word.known_to, |query| {
                    query.push_bind(word.texts.concat());
                });
            } else {
                push_long(query, word, fields, hint);
            }
            if let Some((before, behind)) = fields.own {
                query.push(format!(" OR {hint}{before}")).push_bind(word.texts.concat()).push(behind);
            }
            query.push(")");
        }
        let Some(others) = self.others.as_ref().filter(|_| part != Part::OfContacts) else { return };
        query.push(" AND NOT EXISTS (SELECT 1 FROM json_each(").push_bind(others.clone());
        query.push(") AS wanted WHERE NOT (");
        let all: Vec<&str> = indexes(fields).map(|(index, _)| index).collect();
        push_short(query, fields, &all, |query| {
            query.push("wanted.value");
        });
        if let Some((before, behind)) = fields.own {
            query.push(format!(" OR {before}wanted.value{behind}"));
        }
        query.push("))");
    }
}

impl Word {
    /// Whether nothing but a contact's texts can have it.
    fn is_of_contacts(&self, fields: Fields) -> bool {
        fields.own.is_none() && self.known_to.iter().all(|index| *index == CONTACTS)
    }
}

fn is_long(word: &str) -> bool {
    word.chars().nth(TRIGRAM - 1).is_some()
}

/// The indexes that answer for a row's fields, with the column that refers to each.
fn indexes(fields: Fields) -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        Some((CONTACTS, fields.contact)),
        fields.ip.map(|column| ("ip_search", column)),
        fields.agent.map(|column| ("agent_search", column)),
        fields.rule.map(|column| ("rule_search", column)),
    ]
    .into_iter()
    .flatten()
}

/// What an FTS5 index has to match to have all these words; a quote within is doubled
/// (<https://sqlite.org/fts5.html#full_text_query_syntax>).
fn phrase(index: &str, words: &[String], more: bool) -> String {
    let phrases: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
    let all = phrases.join(" AND ");
    if index == CONTACTS && !more { format!("who : ({all})") } else { all }
}

fn push_long(query: &mut QueryBuilder<Sqlite>, word: &Word, fields: Fields, hint: &str) {
    if word.known_to.is_empty() {
        query.push("0");
    }
    let mut first = true;
    for (index, column) in indexes(fields).filter(|(index, _)| word.known_to.contains(index)) {
        let matched = phrase(index, &word.texts, fields.more);
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

/// That a word is part of one of the row's texts, of those kinds that have it; `word` adds the word.
fn push_short(
    query: &mut QueryBuilder<Sqlite>,
    fields: Fields,
    known_to: &[&'static str],
    word: impl Fn(&mut QueryBuilder<Sqlite>),
) {
    let of_contacts: &[&str] = if fields.more {
        &["name_folded", "email_folded", "more_folded", "note_folded"]
    } else {
        &["name_folded", "email_folded"]
    };
    for (at, (index, column)) in indexes(fields).filter(|(index, _)| known_to.contains(index)).enumerate() {
        let (table, texts) = match index {
            CONTACTS => ("contact", of_contacts),
            index => (index.trim_end_matches("_search"), &["folded"][..]),
        };
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
const RARE: [(&str, i64); 4] = [(CONTACTS, 150), ("ip_search", 1000), ("agent_search", 16), ("rule_search", 0)];

/// The same in a list of contacts.
const RARE_IN_CONTACTS: i64 = 2000;

fn most_rare(index: &str) -> i64 {
    RARE.iter().find(|(name, _)| *name == index).map_or(0, |(_, most)| *most)
}

/// How much an index finds that has all these words, up to one more than `most`.
async fn found(
    connection: &mut SqliteConnection,
    index: &str,
    words: &[String],
    fields: Fields,
    most: i64,
) -> Result<i64, CacheError> {
    let mut sql = QueryBuilder::new(format!("SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH "));
    sql.push_bind(phrase(index, words, fields.more)).push(" LIMIT ").push_bind(most + 1).push(")");
    one_number(connection, sql).await
}

/// Which indexes know each word, and whether it is rare in all of them.
async fn look_up(
    connection: &mut SqliteConnection,
    words: &[String],
    fields: Fields,
) -> Result<Vec<(Vec<&'static str>, bool)>, CacheError> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new("SELECT ");
    let mut columns = sql.separated(", ");
    for word in words {
        for (index, _) in indexes(fields) {
            columns.push(format!("(SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH "));
            columns.push_bind_unseparated(phrase(index, std::slice::from_ref(word), fields.more));
            columns.push_unseparated(" LIMIT ").push_bind_unseparated(most_rare(index) + 1).push_unseparated("))");
        }
    }
    let found = asked::rows(connection, sql).await?;
    let mut counts = found.iter().flat_map(|row| (0..row.len()).map(|at| row.try_get::<i64, _>(at)));
    let mut looked_up = Vec::new();
    for _ in words {
        let (mut known_to, mut rare) = (Vec::new(), true);
        for (index, _) in indexes(fields) {
            let count = counts.next().transpose()?.unwrap_or_default();
            if count > 0 {
                known_to.push(index);
            }
            rare &= count <= most_rare(index);
        }
        looked_up.push((known_to, rare));
    }
    Ok(looked_up)
}
