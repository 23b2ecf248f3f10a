//! The languages that the server's texts for people are in.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use hallmonitor_wire::header;

/// A language of the header `X-Language`; English where the header is absent or names one that is not here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Ukrainian,
    Russian,
}

impl Language {
    /// Reads a tag such as `uk` or `uk-UA`, upper or lower case.
    pub(crate) fn of_tag(tag: &str) -> Self {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("uk") {
            Self::Ukrainian
        } else if primary.eq_ignore_ascii_case("ru") {
            Self::Russian
        } else {
            Self::English
        }
    }

    /// The one of three texts that is in this language.
    pub(crate) const fn of<T: Copy>(self, english: T, ukrainian: T, russian: T) -> T {
        match self {
            Self::English => english,
            Self::Ukrainian => ukrainian,
            Self::Russian => russian,
        }
    }

    pub(crate) fn of_parts(parts: &Parts) -> Self {
        let tag = parts.headers.get(header::LANGUAGE).and_then(|value| value.to_str().ok());
        tag.map_or_else(Self::default, Self::of_tag)
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of_parts(parts))
    }
}

/// What a rule of access control says to a person.
pub(crate) fn rule_text(code: &str, limit: Option<i64>, observed: Option<i64>, language: Language) -> String {
    let number = |number: Option<i64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let (limit, observed) = (number(limit), number(observed));
    match code {
        "ip_blocked" => language
            .of(
                "The school blocks this IP address",
                "Школа заблокувала цю IP-адресу",
                "Школа заблокировала этот IP-адрес",
            )
            .to_owned(),
        "ip_not_listed" => language
            .of(
                "The IP address is not among those that the school lets in",
                "IP-адреси немає серед дозволених школою",
                "IP-адреса нет среди разрешённых школой",
            )
            .to_owned(),
        "device_blocked" => language
            .of("The school blocks this device", "Школа заблокувала цей пристрій", "Школа заблокировала это устройство")
            .to_owned(),
        "concurrent_sessions" => match language {
            Language::English => format!("Active sessions: {observed}, allowed: {limit}"),
            Language::Ukrainian => format!("Активних сеансів: {observed}, дозволено: {limit}"),
            Language::Russian => format!("Активных сессий: {observed}, разрешено: {limit}"),
        },
        "device_limit" => match language {
            Language::English => format!("Devices: {observed}, allowed: {limit}"),
            Language::Ukrainian => format!("Пристроїв: {observed}, дозволено: {limit}"),
            Language::Russian => format!("Устройств: {observed}, разрешено: {limit}"),
        },
        _ => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_by_its_first_part() {
        for (tag, language) in [
            ("uk", Language::Ukrainian),
            ("UK-ua", Language::Ukrainian),
            ("ru_RU", Language::Russian),
            ("en", Language::English),
            ("pl", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }
}
