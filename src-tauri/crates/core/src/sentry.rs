//! Looks at the server while everything here is locked, and learns one bit: whether something happened.
//!
//! The key is gone, so nothing can be read or written here. A sentry has the way to the server (and with it the token)
//! and the place in the log where the cache stands; what it reads it counts and forgets. The next unlocking reads the
//! same changes again, into the cache, and tells of them by name.

use hallmonitor_wire::{LogStatus, Restriction, Time};

use crate::{
    Error,
    clock::here,
    follow_ups,
    school::{SchoolClient, Verdict},
    settings::Notifications,
};

/// The most pages of one look; what is behind them is seen at the next one.
const PAGES: usize = 20;

/// The way to the server of a locked school.
#[derive(Debug)]
pub struct Sentry {
    client: SchoolClient,
    /// Where the next look begins; `None` once the server knows no such place any more.
    cursor: Option<String>,
    limit: i64,
    known: Known,
}

/// What was known when the school was locked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// Whether something is to be told that came while nothing might be.
    pub(crate) held: bool,
    /// When the newest violation happened. What is older and comes again (somebody has viewed it, and taken that back)
    /// is no news.
    pub(crate) newest: Option<Time>,
    /// When the owner wanted to look at somebody again.
    pub(crate) follow_up: Option<Time>,
}

impl Sentry {
    pub(crate) fn new(client: SchoolClient, cursor: String, limit: i64, known: Known) -> Self {
        Self { client, cursor: Some(cursor), limit, known }
    }

    /// Whether violations came since the last look that are worth telling, or the day has come to look at somebody
    /// again, and may be told now.
    ///
    /// Where the server's history is another one by now, or the place in it has expired, something has happened: that is
    /// told once, and what follows waits for the next unlocking, which reads everything anew.
    ///
    /// # Errors
    /// Where the server can't be reached or refuses; the next look begins where this one ended.
    pub async fn look(&mut self, settings: &Notifications) -> Result<bool, Error> {
        let at = here();
        let may_tell = !settings.holds_back(at);
        if settings.on && may_tell && self.known.follow_up.take_if(|due| follow_ups::is_time(*due, at)).is_some() {
            return Ok(true);
        }
        for _ in 0..PAGES {
            let Some(cursor) = &self.cursor else { break };
            let page = match self.client.changes(Some(cursor), self.limit).await {
                Ok(page) => page,
                Err(error) if matches!(error.verdict(), Verdict::CursorExpired | Verdict::BadCursor) => {
                    self.known.held |= settings.on;
                    self.cursor = None;
                    break;
                }
                Err(error) => return Err(error.into()),
            };
            let newest = self.known.newest;
            let news = |restriction: &Restriction| newest.is_none_or(|newest| restriction.occurred_at > newest);
            let restrictions = &page.changes.restrictions;
            self.known.held |= restrictions.iter().any(|restriction| news(restriction) && worth(restriction, settings));
            let moved = page.meta.cursor != *cursor;
            self.cursor = Some(page.meta.cursor);
            if !page.meta.has_more || !moved {
                break;
            }
        }
        let tell = settings.on && may_tell && self.known.held;
        self.known.held &= !tell;
        Ok(tell)
    }
}

fn worth(restriction: &Restriction, settings: &Notifications) -> bool {
    settings.on && restriction.status == LogStatus::NotViewed && !settings.mutes(&restriction.rule.code)
}

#[cfg(test)]
mod tests {
    use hallmonitor_language::Language;
    use serde_json::json;
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

    use super::*;
    use crate::{
        school::ServerUrl,
        vault::{CabinetHash, Token},
    };

    fn sentry_at(server: &MockServer, held: bool) -> Sentry {
        let url = ServerUrl::parse(&server.uri()).expect("address");
        let (cabinet, token) = (CabinetHash::new("cab").expect("cabinet"), Token::new("tok").expect("token"));
        let client = SchoolClient::new(&url, &cabinet, &token, Language::English).expect("client");
        Sentry::new(client, "c".to_owned(), 100, Known { held, ..Known::default() })
    }

    #[tokio::test]
    async fn a_violation_that_was_known_is_no_news_when_it_comes_again() {
        let server = MockServer::start().await;
        let known = Time(1_790_000_000_000);
        let violation = json!({
            "id": 1, "contact_id": 1, "occurred_at": known, "rule": {"code": "ip_blocked", "text": "No."},
            "ip": "192.0.2.1", "action": "login_denied", "status": "not_viewed", "rev": 9,
        });
        let page = json!({"data": {"restrictions": [violation]}, "meta": {"cursor": "c", "has_more": false}});
        let page = ResponseTemplate::new(200).set_body_json(page);
        Mock::given(any()).respond_with(page).mount(&server).await;
        for (newest, tells) in [(Some(known), false), (Some(Time(known.ms() - 1)), true), (None, true)] {
            let mut sentry = sentry_at(&server, false);
            sentry.known.newest = newest;
            assert_eq!(sentry.look(&Notifications::default()).await.expect("looked"), tells, "{newest:?}");
        }
    }

    fn paused() -> Notifications {
        Notifications { paused_until: Some(Time(i64::MAX)), ..Notifications::default() }
    }

    #[tokio::test]
    async fn what_waited_for_the_end_of_a_silence_when_it_was_locked_is_told_then_and_once() {
        let server = MockServer::start().await;
        let nothing = json!({"data": {}, "meta": {"cursor": "c", "has_more": false}});
        let nothing = ResponseTemplate::new(200).set_body_json(nothing);
        Mock::given(any()).respond_with(nothing).mount(&server).await;
        let mut sentry = sentry_at(&server, true);
        let off = Notifications { on: false, ..Notifications::default() };
        for quiet in [paused(), off] {
            assert!(!sentry.look(&quiet).await.expect("looked"), "{quiet:?}");
        }
        assert!(sentry.look(&Notifications::default()).await.expect("looked"));
        assert!(!sentry.look(&Notifications::default()).await.expect("looked"), "once");
    }

    #[tokio::test]
    async fn a_place_in_the_log_that_is_not_known_any_more_is_told_once_and_is_no_failure() {
        // The first has expired, the second is of another history.
        for status in [410, 400] {
            let server = MockServer::start().await;
            let refusal = ResponseTemplate::new(status).set_body_json(json!({"message": "No."}));
            Mock::given(any()).respond_with(refusal).mount(&server).await;
            let mut sentry = sentry_at(&server, false);
            assert!(!sentry.look(&paused()).await.expect("looked"), "{status}: not now");
            assert!(sentry.look(&Notifications::default()).await.expect("looked"), "{status}");
            assert!(!sentry.look(&Notifications::default()).await.expect("looked"), "{status}: once");
        }
    }
}
