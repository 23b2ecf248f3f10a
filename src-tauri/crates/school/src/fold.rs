//! Texts without regard to case, in any script: for finding people by name and for telling e-mail addresses apart.

use unicode_normalization::UnicodeNormalization;

/// The text with its case folded. Going through upper case makes all forms of a letter one (final sigma, `ß`, `ẞ`), but
/// for the dotless `ı`, which Unicode's case folding keeps apart from `i`
/// (<https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt>).
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            DOTLESS => folded.push(letter),
            letter => folded.extend(letter.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    folded.nfc().collect()
}

/// The one letter whose upper case is another letter's.
pub(crate) const DOTLESS: char = 'ı';

/// 'First Last', folded.
pub(crate) fn folded_name(first: Option<&str>, last: Option<&str>) -> String {
    let parts: Vec<&str> = [first, last].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    fold(&parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_makes_no_difference_in_any_script() {
        for (one, other) in [
            ("ANNA", "anna"),
            ("Їжак ҐАВА", "їжак ґава"),
            ("ΟΔΟΣ", "οδος"),
            ("STRASSE", "straße"),
            ("Ёлка", "е\u{308}лка"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("Іван"), fold("Иван"));
    }

    #[test]
    fn a_letter_with_a_dot_and_one_without_are_two() {
        assert_ne!(fold("ışık@s.example"), fold("isik@s.example"));
        assert_ne!(fold("ı"), fold("I"));
        assert_eq!(fold("İ"), fold("i\u{307}"));
        assert_ne!(fold("İ"), fold("i"));
        for (one, other) in [("ẞ", "ß"), ("ß", "SS"), ("Σ", "ς"), ("σ", "ς"), ("ſ", "S"), ("ﬁ", "FI"), ("Ἐ", "ἐ")]
        {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
    }
}
