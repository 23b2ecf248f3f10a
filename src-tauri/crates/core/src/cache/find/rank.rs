//! Which of some contacts are meant most likely.

use crate::model::Hit;

/// A contact that may be meant; its texts are folded.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) email: String,
    /// Phone, tags and the owner's note.
    pub(super) more: String,
    /// When it was last active, milliseconds.
    pub(super) active: i64,
    pub(super) hit: Hit,
}

/// Leaves those that have every word (or the id), the likeliest first: of equals the last active.
pub(super) fn rank(candidates: &mut Vec<Candidate>, words: &[String], text: &str, id: Option<i64>) {
    candidates.retain(|one| id == Some(one.id) || tier(one, words, text).is_some());
    candidates.sort_by_key(|one| {
        let tier = if id == Some(one.id) { 0 } else { tier(one, words, text).unwrap_or(u8::MAX) };
        (tier, std::cmp::Reverse(one.active), one.id)
    });
}

/// How well the words fit: 0 is the whole name, 4 something beside name and e-mail; `None` where one is missing.
fn tier(one: &Candidate, words: &[String], text: &str) -> Option<u8> {
    let begins =
        |word: &String| one.name.split(|letter: char| !letter.is_alphanumeric()).any(|part| part.starts_with(word));
    let named = |word: &String| one.name.contains(word) || one.email.contains(word);
    if one.name == text || one.email == text {
        Some(0)
    } else if one.name.starts_with(text) || one.email.starts_with(text) {
        Some(1)
    } else if words.iter().all(begins) {
        Some(2)
    } else if words.iter().all(named) {
        Some(3)
    } else {
        words.iter().all(|word| named(word) || one.more.contains(word)).then_some(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i64, name: &str, more: &str, active: i64) -> Candidate {
        let (name, email) = (name.to_owned(), format!("c{id}@mail.example"));
        let hit = Hit::Contact { id, name: name.clone(), email: email.clone(), unviewed: 0 };
        Candidate { id, name, email, more: more.to_owned(), active, hit }
    }

    #[test]
    fn the_whole_name_comes_before_its_beginning_a_words_beginning_a_part_and_a_note() {
        let all = vec![
            candidate(1, "bohdana ivanova", "friend of anna", 9),
            candidate(2, "ivan annenko", "", 1),
            candidate(3, "anna", "", 0),
            candidate(4, "anna kovalenko", "", 2),
            candidate(5, "susanna lin", "", 8),
            candidate(6, "annabel roy", "", 3),
            candidate(7, "petro", "", 9),
        ];
        for (text, id, expected) in [
            ("anna", None, &[3, 6, 4, 5, 1][..]),
            ("ann kov", None, &[4]),
            ("kov ann", None, &[4]),
            ("c7@mail", None, &[7]),
            ("5", Some(5), &[5]),
            ("nobody", None, &[]),
        ] {
            let mut found = all.clone();
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            rank(&mut found, &words, text, id);
            assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
