//! E-mail addresses: trimmed, and compared without regard to case in any script.

use crate::fold::fold;

/// An address with exactly one `@` between two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email(String);

impl Email {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let (name, domain) = trimmed.split_once('@')?;
        let fits = !name.is_empty() && !domain.is_empty() && !domain.contains('@');
        fits.then(|| Self(trimmed.to_owned()))
    }

    /// As the school wrote it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is equal for equal addresses.
    pub(crate) fn folded(&self) -> String {
        fold(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_sign_between_two_parts() {
        for (text, fits) in [
            ("anna@school.example", true),
            ("  anna@school.example\n", true),
            ("а@б", true),
            ("anna", false),
            ("@school.example", false),
            ("anna@", false),
            ("anna@school@example", false),
            ("", false),
        ] {
            assert_eq!(Email::read(text).is_some(), fits, "{text}");
        }
    }

    #[test]
    fn addresses_are_equal_whatever_their_case() {
        let folded = |text| Email::read(text).expect("an address").folded();
        assert_eq!(folded("ОЛЕНА@Школа.Example"), folded(" олена@школа.example "));
    }
}
