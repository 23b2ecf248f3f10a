//! Folding: the form in which texts are compared, so that case and diacritics make no difference, in Latin and Cyrillic.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The number of these rules. Texts that an older number has folded are folded anew (`refold.rs`).
pub(super) const RULES: i64 = 2;

/// Lower case, without diacritics (`ё` is `е`, `ї` is `і`, `É` is `e`), one kind of apostrophe. Letters that Unicode
/// does not take apart but that people type without their stroke (`ł`, `ø`, `đ`, `ı`) and ligatures are spelled out.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('`', "'");
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            '’' | 'ʼ' | '‘' | '`' => folded.push('\''),
            // `İ` becomes `i` and a combining dot only here.
            mark if is_combining_mark(mark) => {}
            other => folded.push(other),
        }
    }
    folded
}

/// Among more words than these no parts of others are looked for: that takes the square of their number.
const COMPARED: usize = 200;

/// The folded words of a search, each once, and without those that are part of another one (where the longer is found,
/// so is the shorter).
pub(crate) fn words(search: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for word in fold(search).split_whitespace() {
        let word = word.replace('\0', "");
        if word.is_empty() || !seen.insert(word.clone()) {
            continue;
        }
        if words.len() < COMPARED {
            if words.iter().any(|known| known.contains(&word)) {
                continue;
            }
            words.retain(|known| !word.contains(known.as_str()));
        }
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_make_no_difference() {
        for (left, right) in [
            ("Алёна ЁЛКИНА", "алена елкина"),
            ("Їжак", "іжак"),
            ("Müller", "MULLER"),
            ("Łukasz Żak", "lukasz zak"),
            ("O’Connor", "o'connor"),
            ("O`Connor", "O'CONNOR"),
            ("O`Коннор", "o’коннор"),
            ("STRASSE", "Straße"),
            ("İstanbul", "istanbul"),
        ] {
            assert_eq!(fold(left), fold(right), "{left} and {right}");
        }
    }

    #[test]
    fn words_within_words_are_not_asked_for_twice() {
        assert_eq!(words("  Ivan an IVANOV  x "), ["ivanov", "x"]);
        assert_eq!(words(" \t "), Vec::<String>::new());
    }
}
