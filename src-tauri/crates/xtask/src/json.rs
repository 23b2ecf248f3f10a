//! As much of JSON as is written here.

/// A text.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_text() {
        assert_eq!(quoted(r#"C:\a "b""#), r#""C:\\a \"b\"""#);
        assert_eq!(quoted("a\nb"), r#""a\nb""#);
    }
}
