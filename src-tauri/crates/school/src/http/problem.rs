//! Errors as answers: a status, a word for programs, a sentence for people in their language.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hallmonitor_wire::{ErrorBody, MAX_ID};

use super::limit::Verdict;
use crate::{BadSettings, SchoolError, language::Language};

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not a whole number of at least 1.
    Counting,
    /// Neither IPv4 nor IPv6.
    Address,
    /// Not of the form `name@domain`.
    Email,
    /// Longer than so many characters.
    Longer(usize),
    /// More than so many.
    More(usize),
    /// Exactly one of these fields must be there.
    OneOf(&'static str),
    /// No text in it.
    Blank,
    /// Settings that can't be meant.
    Settings(BadSettings),
    /// The reader of JSON says what it expected, in English.
    Shape(String),
}

impl Fault {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Counting => language
                .of(
                    "must be a whole number of at least 1",
                    "має бути цілим числом, не меншим за 1",
                    "должно быть целым числом не меньше 1",
                )
                .to_owned(),
            Self::Address => language.of("is no IP address", "не є IP-адресою", "не является IP-адресом").to_owned(),
            Self::Email => language
                .of(
                    "must have exactly one @ between two parts",
                    "має містити рівно один знак @ між двома частинами",
                    "должен содержать ровно один знак @ между двумя частями",
                )
                .to_owned(),
            Self::Longer(most) => match language {
                Language::English => format!("may have {most} characters"),
                Language::Ukrainian => format!("може мати щонайбільше символів: {most}"),
                Language::Russian => format!("может иметь не больше символов: {most}"),
            },
            Self::More(most) => match language {
                Language::English => format!("may be {most} at most"),
                Language::Ukrainian => format!("може бути щонайбільше {most}"),
                Language::Russian => format!("может быть не больше {most}"),
            },
            Self::OneOf(fields) => match language {
                Language::English => format!("exactly one of {fields} must be given"),
                Language::Ukrainian => format!("потрібно рівно одне з полів: {fields}"),
                Language::Russian => format!("нужно ровно одно из полей: {fields}"),
            },
            Self::Blank => language.of("must not be empty", "не може бути порожнім", "не может быть пустым").to_owned(),
            Self::Settings(why) => settings_text(why, language),
            Self::Shape(expected) => expected.clone(),
        }
    }
}

fn settings_text(why: &BadSettings, language: Language) -> String {
    match (why, language) {
        (BadSettings::Limit(_), language) => Fault::Counting.text(language),
        (BadSettings::Beyond(_), language) => Fault::More(MAX_ID as usize).text(language),
        (why, Language::English) => why.to_string(),
        (BadSettings::Range(text), Language::Ukrainian) => format!("{text:?} не є ні IP-адресою, ні діапазоном CIDR"),
        (BadSettings::Range(text), Language::Russian) => format!("{text:?} не IP-адрес и не диапазон CIDR"),
        (BadSettings::NobodyLetIn, Language::Ukrainian) => "без жодного діапазону не увійде ніхто".to_owned(),
        (BadSettings::NobodyLetIn, Language::Russian) => "без единого диапазона не войдёт никто".to_owned(),
        (BadSettings::Word(_), Language::Ukrainian) => "такого значення немає".to_owned(),
        (BadSettings::Word(_), Language::Russian) => "такого значения нет".to_owned(),
    }
}

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// 401: the token or the cabinet is not ours.
    Unknown,
    /// 403: the token is for the other API.
    Scope,
    /// 404.
    NotFound,
    /// 405.
    Method,
    /// 400: no JSON.
    Malformed,
    /// 400: a cursor that this server never made.
    BadCursor,
    /// 410: the reader must start again.
    CursorExpired,
    /// 413: the body.
    TooLarge,
    /// 413: so many actions at most.
    TooManyActions(usize),
    /// 422: well-formed but impossible.
    Impossible(&'static str, Fault),
    /// 429.
    TooMany(Verdict),
    /// 503: another writer holds the database.
    Busy,
    /// 503: the body did not come in time.
    Slow,
    /// 500: the cause is in the log.
    Internal,
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Scope => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed | Self::BadCursor => StatusCode::BAD_REQUEST,
            Self::CursorExpired => StatusCode::GONE,
            Self::TooLarge | Self::TooManyActions(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Impossible(..) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Slow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unauthorized",
            Self::Scope => "forbidden",
            Self::NotFound => "not_found",
            Self::Method => "method_not_allowed",
            Self::Malformed => "malformed",
            Self::BadCursor => "bad_cursor",
            Self::CursorExpired => "cursor_expired",
            Self::TooLarge => "too_large",
            Self::TooManyActions(_) => "too_many_actions",
            Self::Impossible(..) => "impossible",
            Self::TooMany(_) => "too_many_requests",
            Self::Busy => "busy",
            Self::Slow => "too_slow",
            Self::Internal => "internal",
        }
    }

    fn message(&self, language: Language) -> String {
        let text = match self {
            Self::Unknown => language.of(
                "The token or the cabinet hash is not known here. Was the token re-issued?",
                "Токен або хеш кабінету тут невідомий. Можливо, токен перевипущено?",
                "Токен или хеш кабинета здесь неизвестен. Возможно, токен перевыпущен?",
            ),
            Self::Scope => language.of(
                "This token is for another part of the server",
                "Цей токен призначено для іншої частини сервера",
                "Этот токен предназначен для другой части сервера",
            ),
            Self::NotFound => language.of("There is nothing here", "Тут нічого немає", "Здесь ничего нет"),
            Self::Method => {
                language.of("This can't be done here", "Тут цього зробити не можна", "Здесь этого сделать нельзя")
            }
            Self::Malformed => language.of(
                "The body can't be read as JSON",
                "Тіло запиту не читається як JSON",
                "Тело запроса не читается как JSON",
            ),
            Self::BadCursor => language.of(
                "This server never made this cursor",
                "Цей сервер не створював такого курсора",
                "Этот сервер не создавал такого курсора",
            ),
            Self::CursorExpired => language.of(
                "The cursor is too old or of another history: start again without one",
                "Курсор застарів або з іншої історії: почніть спочатку без нього",
                "Курсор устарел или из другой истории: начните сначала без него",
            ),
            Self::TooLarge => language.of(
                "The body may have 1 MiB",
                "Тіло запиту може мати щонайбільше 1 МіБ",
                "Тело запроса может иметь не больше 1 МиБ",
            ),
            Self::TooManyActions(most) => {
                return match language {
                    Language::English => format!("One body may have {most} actions: send fewer"),
                    Language::Ukrainian => format!("Дій в одному запиті щонайбільше {most}: надішліть менше"),
                    Language::Russian => format!("Действий в одном запросе не больше {most}: отправьте меньше"),
                };
            }
            Self::Impossible(_, Fault::Shape(_)) => language.of(
                "The body is not of the shape that belongs here",
                "Тіло запиту має не ту форму, що тут потрібна",
                "Тело запроса не той формы, что здесь нужна",
            ),
            Self::Impossible(field, fault) => return format!("{field}: {}", fault.text(language)),
            Self::TooMany(verdict) => {
                let wait = verdict.wait_s;
                return match language {
                    Language::English => format!("Too many requests: try again in {wait} s"),
                    Language::Ukrainian => format!("Забагато запитів: спробуйте через {wait} с"),
                    Language::Russian => format!("Слишком много запросов: попробуйте через {wait} с"),
                };
            }
            Self::Slow => language.of(
                "The body did not come in time: try again",
                "Тіло запиту не надійшло вчасно: спробуйте ще раз",
                "Тело запроса не пришло вовремя: попробуйте ещё раз",
            ),
            Self::Busy => language.of(
                "The server is busy: try again in a moment",
                "Сервер зайнятий: спробуйте за мить",
                "Сервер занят: попробуйте чуть позже",
            ),
            Self::Internal => language.of(
                "The server failed; its log says why",
                "Помилка сервера; причина в його журналі",
                "Ошибка сервера; причина в его журнале",
            ),
        };
        text.to_owned()
    }

    /// The answer, in the language of the request.
    pub(crate) fn answer(&self, language: Language) -> Response {
        let mut errors = BTreeMap::new();
        if let Self::Impossible(field, fault) = self {
            errors.insert((*field).to_owned(), vec![fault.text(language)]);
        }
        let body = ErrorBody { message: self.message(language), code: Some(self.code().to_owned()), errors };
        let mut response = (self.status(), Json(body)).into_response();
        if matches!(self, Self::Busy) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// The status alone; the outermost layer, which knows the language, writes the rest.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SchoolError> for Problem {
    fn from(error: SchoolError) -> Self {
        match error {
            SchoolError::Settings(why) => Self::Impossible(why.field(), Fault::Settings(why)),
            error if error.is_busy() => {
                tracing::warn!(%error, "the database is busy");
                Self::Busy
            }
            error => {
                tracing::error!(%error, "a request failed");
                Self::Internal
            }
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        SchoolError::from(error).into()
    }
}
