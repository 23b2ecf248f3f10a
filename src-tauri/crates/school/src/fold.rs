//! Texts without regard to case, in any script: for finding people by name and for telling e-mail addresses apart.

use unicode_normalization::UnicodeNormalization;

/// The text with its case folded. Going through upper case makes all forms of a letter one (final sigma, `ß`, `ẞ`).
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

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
}
