//! Which words of one or two letters stand in the texts of addresses, agents and rules. A trigram index knows nothing of
//! so short a word, and to find that no address has it would take a look at each of a hundred thousand.

use std::{
    collections::{BTreeSet, HashMap},
    iter,
};

use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};

use super::{CacheError, bulk, logins::one_number};

/// What has texts of its own, beside contacts.
const KINDS: [&str; 3] = ["ip", "agent", "rule"];

/// ASCII letters: the others are kept as texts.
const ASCII: usize = 128;

/// The letters that are stored already, as far as they are remembered: it saves writing them again.
#[derive(Debug, Default)]
pub(super) struct Letters(HashMap<&'static str, Stored>);

/// Letters, and which of them follow each.
#[derive(Debug)]
struct Stored {
    alone: u128,
    after: [u128; ASCII],
}

impl Default for Stored {
    fn default() -> Self {
        Self { alone: 0, after: [0; ASCII] }
    }
}

impl Stored {
    /// Takes note of a letter and of the one before; says whether either is new.
    fn add(&mut self, before: Option<usize>, letter: usize) -> (bool, bool) {
        let bit = 1_u128 << letter;
        let new = |letters: &mut u128| {
            let new = *letters & bit == 0;
            *letters |= bit;
            new
        };
        let alone = new(&mut self.alone);
        (alone, before.is_some_and(|before| new(&mut self.after[before])))
    }
}

impl Letters {
    /// Stores what is new in these folded texts of a kind.
    pub(super) async fn learn<'t>(
        &mut self,
        connection: &mut SqliteConnection,
        kind: &'static str,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<(), CacheError> {
        let stored = self.0.entry(kind).or_default();
        let mut new = BTreeSet::new();
        for text in texts {
            gather(stored, text, &mut new);
        }
        bulk::insert(
            connection,
            "INSERT INTO short_text (kind, text)",
            2,
            "ON CONFLICT (kind, text) DO NOTHING",
            new.into_iter().collect(),
            |text, row| {
                row.put(kind).put(text);
            },
        )
        .await?;
        Ok(())
    }
}

fn gather(stored: &mut Stored, text: &str, new: &mut BTreeSet<String>) {
    let ascii = |letter: char| Some(letter as usize).filter(|letter| *letter < ASCII);
    let mut before: Option<char> = None;
    for letter in text.chars() {
        // No word spans a blank.
        if letter.is_whitespace() {
            before = None;
            continue;
        }
        let pair = || before.into_iter().chain(iter::once(letter)).collect::<String>();
        match (before.map(ascii), ascii(letter)) {
            (None | Some(Some(_)), Some(number)) => {
                let (alone, together) = stored.add(before.and_then(ascii), number);
                if alone {
                    new.insert(letter.into());
                }
                if together {
                    new.insert(pair());
                }
            }
            _ => {
                new.insert(letter.into());
                new.insert(pair());
            }
        }
        before = Some(letter);
    }
}

/// The kinds that may have this word of one or two letters.
pub(super) async fn kinds_with(connection: &mut SqliteConnection, word: &str) -> Result<Vec<&'static str>, CacheError> {
    let mut with = Vec::new();
    for kind in KINDS {
        let mut sql = sqlx::QueryBuilder::new("SELECT EXISTS (SELECT 1 FROM short_text WHERE kind = ");
        sql.push_bind(kind).push(" AND text = ").push_bind(word.to_owned()).push(")");
        if one_number(connection, sql).await? != 0 {
            with.push(kind);
        }
    }
    Ok(with)
}

/// Texts that are read at once where an older version has stored them.
const AT_ONCE: i64 = 10_000;

/// Works out the letters of what an older version has stored; there is nothing to do after that.
pub(super) async fn fill(connection: &mut SqliteConnection) -> Result<(), CacheError> {
    let missing: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'short_texts_missing')")
        .fetch_one(&mut *connection)
        .await?;
    if !missing {
        return Ok(());
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut letters = Letters::default();
    for kind in KINDS {
        let mut last = i64::MIN;
        loop {
            let sql = format!("SELECT id, folded FROM {kind} WHERE id > $1 ORDER BY id LIMIT {AT_ONCE}");
            let rows: Vec<(i64, String)> =
                sqlx::query_as(AssertSqlSafe(sql)).bind(last).fetch_all(&mut *transaction).await?;
            let Some((id, _)) = rows.last() else { break };
            last = *id;
            letters.learn(&mut transaction, kind, rows.iter().map(|(_, text)| text.as_str())).await?;
        }
    }
    sqlx::query("DELETE FROM meta WHERE key = 'short_texts_missing'").execute(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_pairs_of_each_word_are_found_those_of_ascii_once() {
        let mut stored = Stored::default();
        for (text, expected) in [
            ("ua\nab", &["a", "ab", "b", "u", "ua"][..]),
            ("ua ab", &[]),
            ("ba", &["ba"]),
            ("aшя", &["aш", "ш", "шя", "я"]),
            ("яa", &["a", "я", "яa"]),
        ] {
            let mut new = BTreeSet::new();
            gather(&mut stored, text, &mut new);
            assert_eq!(new.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
