//! Search everywhere: a few contacts, addresses and devices for each key press.
//!
//! Every statement looks at a bounded number of rows, whatever is typed, so that the answer is here before the next key
//! is: candidates come from an index, some hundreds at most, and the best of them are picked here. What one kind of rows
//! takes is asked for at once, since a question to the database takes longer than most of its answers.

mod addresses;
mod devices;
mod opened;
mod people;
mod rank;

use sqlx::{QueryBuilder, Sqlite};

use super::{Cache, CacheError, fold};
use crate::model::FoundEverywhere;
pub(super) use opened::forget_gone;

/// Contacts and addresses that one look into an index brings.
const CANDIDATES: i64 = 200;

/// Newest rows that are looked at one by one where no index helps.
const LOOKED_AT: i64 = 1_000;

/// A trigram index finds words of at least this many letters.
const TRIGRAM: usize = 3;

/// Behind every text that begins with another.
const LAST: char = '\u{10ffff}';

/// So many words no name has; a statement may not be as long as somebody can type.
const MOST_WORDS: usize = 32;

/// What is typed, made ready.
struct Wanted {
    /// The words, folded; never empty.
    words: Vec<String>,
    /// The words with one space between.
    text: String,
    /// The id that is meant, where a number is typed: `4711`, `#4711`.
    id: Option<i64>,
}

impl Wanted {
    fn read(typed: &str) -> Option<Self> {
        let words = fold::words(typed);
        let text = fold::fold(typed).split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "");
        let id = text.strip_prefix('#').unwrap_or(&text).parse().ok();
        (!words.is_empty()).then_some(Self { words, text, id })
    }
}

fn is_long(word: &str) -> bool {
    word.chars().nth(TRIGRAM - 1).is_some()
}

impl Cache {
    /// What a text finds; what was opened last where it is empty. `None` where a later question has `superseded` this
    /// one meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn find_everywhere(
        &self,
        typed: &str,
        superseded: impl Fn() -> bool,
    ) -> Result<Option<FoundEverywhere>, CacheError> {
        let mut reader = self.reader().await?;
        let Some(wanted) = Wanted::read(typed) else {
            return Ok(Some(FoundEverywhere { hits: opened::latest(&mut reader).await? }));
        };
        if wanted.words.len() > MOST_WORDS {
            return Ok(Some(FoundEverywhere::default()));
        }
        if superseded() {
            return Ok(None);
        }
        let mut hits = people::found(&mut reader, &wanted).await?;
        if superseded() {
            return Ok(None);
        }
        hits.extend(addresses::found(&mut reader, typed.trim(), &wanted).await?);
        if superseded() {
            return Ok(None);
        }
        hits.extend(devices::found(&mut reader, &wanted).await?);
        Ok(Some(FoundEverywhere { hits }))
    }
}

/// The statement for rows of a text index that have all these words.
fn push_indexed(sql: &mut QueryBuilder<Sqlite>, index: &str, words: &[&String]) {
    let phrases: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
    sql.push(format!("SELECT rowid FROM (SELECT rowid FROM {index} WHERE {index} MATCH "));
    sql.push_bind(phrases.join(" AND ")).push(" ORDER BY rowid DESC LIMIT ").push_bind(CANDIDATES).push(")");
}

/// The statement for rows whose text begins with another.
fn push_beginning(sql: &mut QueryBuilder<Sqlite>, (table, column): (&str, &str), text: &str, most: i64) {
    sql.push(format!("SELECT id FROM (SELECT id FROM {table} WHERE {column} >= ")).push_bind(text.to_owned());
    sql.push(format!(" AND {column} < ")).push_bind(format!("{text}{LAST}"));
    sql.push(format!(" ORDER BY {column} LIMIT ")).push_bind(most).push(")");
}
