//! Texts of strangers made fit for a terminal, a menu or a title: what would move the cursor, change colours, begin
//! another line or turn the direction of writing is shown as `�`.

use std::borrow::Cow;

/// The text for one line.
pub fn line(text: &str) -> Cow<'_, str> {
    replaced(text, harms)
}

/// The text for several lines: line ends stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| letter != '\n' && harms(letter))
}

fn replaced(text: &str, harms: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().any(&harms) {
        Cow::Owned(text.chars().map(|letter| if harms(letter) { '\u{fffd}' } else { letter }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Control characters, line separators, marks and overrides of the direction of writing, invisible ones. The joiners
/// U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
fn harms(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_cannot_drive_the_terminal() {
        for (text, shown) in [
            ("\u{1b}[2J\u{1b}]0;owned\u{7}", "�[2J�]0;owned�"),
            ("a\r\nb\tc", "a��b�c"),
            ("evil\u{202e}exe.txt\u{2066}", "evil�exe.txt�"),
            ("\u{9b}31m", "�31m"),
            ("zero\u{200b}width", "zero�width"),
            ("Олена 👩‍🏫 می‌خواهم", "Олена 👩‍🏫 می‌خواهم"),
        ] {
            assert_eq!(line(text), shown, "{text:?}");
        }
        assert_eq!(lines("a\nb\r"), "a\nb�");
    }
}
