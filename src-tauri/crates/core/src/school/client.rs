//! The client itself: sends, follows, bounds, waits.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use hallmonitor_language::Language;
use hallmonitor_wire::{Action, Answer, Capabilities, ErrorBody, MAX_BODY, Time, header};
use reqwest::{
    RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION},
    redirect,
};
use tokio::time::{sleep, timeout};

use super::{
    Answered, BadPage, ChangesPage, ContactsPage, Patience, SchoolError, ServerUrl, Verdict,
    address::place_of,
    budget::Budget,
    error, headers,
    patience::{Pause, Trials},
    read,
};
use crate::{
    clock::now,
    model::CallBudget,
    vault::{CabinetHash, Token},
};

/// Redirects that one call follows.
const REDIRECTS: usize = 5;
/// The largest body of an error; its message is a sentence.
const ERROR_BODY: usize = 1 << 20;
/// The version of the contract that this client speaks.
const VERSION: i64 = 1;
/// What is shorter may be a part of any word.
const SECRET: usize = 8;

/// How long and how large anything may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer, and before the first.
    pub idle: Duration,
    /// A whole answer.
    pub whole: Duration,
    /// The body of an answer in bytes, unpacked.
    pub body: usize,
    /// Between two pieces of the stream of nudges; the contract wants a sign of life every 25 seconds.
    pub silence: Duration,
    /// The span in which the server counts calls.
    pub window: Duration,
    /// How often a call is tried again.
    pub patience: Patience,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            whole: Duration::from_secs(120),
            body: MAX_BODY,
            silence: Duration::from_secs(60),
            window: Duration::from_secs(60),
            patience: Patience::default(),
        }
    }
}

/// Speaks to one school's server with one token. Clones share the connections, the budget and the count.
#[derive(Clone)]
pub struct SchoolClient {
    pub(super) http: reqwest::Client,
    pub(super) server: ServerUrl,
    pub(super) limits: Limits,
    language: Language,
    /// Whatever a server writes, nobody reads these in it.
    secrets: (Token, CabinetHash),
    budget: Arc<Mutex<Budget>>,
    requests: Arc<AtomicU64>,
    on_wait: Arc<dyn Fn(Duration) + Send + Sync>,
}

impl fmt::Debug for SchoolClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchoolClient").field("server", &self.server).finish_non_exhaustive()
    }
}

impl SchoolClient {
    /// A client with the limits of the design. Nothing is sent yet. `language` is what texts made for people shall be
    /// in.
    ///
    /// # Errors
    /// Where token or cabinet hash hold characters that no header carries, or TLS cannot be set up.
    pub fn new(
        server: &ServerUrl,
        cabinet: &CabinetHash,
        token: &Token,
        language: Language,
    ) -> Result<Self, SchoolError> {
        Self::with_limits(server, cabinet, token, language, Limits::default())
    }

    /// A client with limits of its own.
    ///
    /// # Errors
    /// As [`SchoolClient::new`].
    pub fn with_limits(
        server: &ServerUrl,
        cabinet: &CabinetHash,
        token: &Token,
        language: Language,
        limits: Limits,
    ) -> Result<Self, SchoolError> {
        let secret = |text: &str, what| {
            let mut value = HeaderValue::from_str(text).map_err(|_| SchoolError::Unsendable(what))?;
            value.set_sensitive(true);
            Ok(value)
        };
        let mut sent = HeaderMap::new();
        sent.insert(header::TOKEN, secret(token.expose(), "token")?);
        sent.insert(header::CABINET_HASH, secret(cabinet.expose(), "cabinet hash")?);
        sent.insert(ACCEPT, HeaderValue::from_static("application/json"));

        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Hallmonitor/", env!("CARGO_PKG_VERSION")))
            .default_headers(sent)
            .connect_timeout(limits.connect)
            // Redirects are followed in `once`, where the origin is compared and every request is counted.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if server.is_loopback() {
            // Where the name leads is up to whoever answers for names, and the token would go there unencrypted.
            let here = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
            builder = builder.no_proxy().resolve_to_addrs("localhost", &here);
        } else {
            builder = builder.https_only(true);
        }
        Ok(Self {
            http: builder.build().map_err(SchoolError::Setup)?,
            server: server.clone(),
            limits,
            language,
            secrets: (token.clone(), cabinet.clone()),
            budget: Arc::default(),
            requests: Arc::default(),
            on_wait: Arc::new(|_| ()),
        })
    }

    /// The same client asking for texts in another language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Self {
        Self { language, ..self.clone() }
    }

    /// Has `told` called before each wait that the server's limits order, with its length.
    #[must_use]
    pub fn on_wait(mut self, told: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.on_wait = Arc::new(told);
        self
    }

    /// The server it speaks to.
    pub fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Requests sent since the client was made: new tries and followed redirects too.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The person wants a call now: whether the server still wants none is asked, once.
    pub(crate) fn called_for(&self) {
        self.with_budget(Budget::reopen);
    }

    /// What the server said last of the calls that it takes.
    pub(crate) fn budget(&self) -> Option<CallBudget> {
        self.with_budget(|budget| budget.told())
    }

    /// What the server offers; `None` where it answers, as a school server would, that it has no login log. Whether it
    /// is one, `contacts(1, 1)` tells.
    ///
    /// # Errors
    /// Where no answer came that can be used, and where the server speaks another version of the contract.
    pub async fn capabilities(&self) -> Result<Option<Capabilities>, SchoolError> {
        let body = match self.get(self.server.endpoint("login-log")).await {
            Ok(body) => body,
            Err(error) if error.verdict() == Verdict::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut offered = serde_json::from_slice::<Answer<Capabilities>>(&body)
            .map_err(|error| self.unreadable(BadPage::Json(error)))?
            .data;
        if offered.version != VERSION {
            return Err(SchoolError::Version { host: self.server.host(), version: offered.version });
        }
        if offered.max_changes_limit < 1 {
            let (field, value) = ("max_changes_limit", offered.max_changes_limit);
            return Err(self.unreadable(BadPage::Number { field, value }));
        }
        // It names the profile and stands in every header.
        offered.cabinet.name = error::message(&self.without_secrets(&offered.cabinet.name));
        Ok(Some(offered))
    }

    /// What changed after `cursor` (`None`: from the beginning), at most `limit` entities.
    ///
    /// # Errors
    /// Where no answer came that can be used. [`Verdict::CursorExpired`] and [`Verdict::BadCursor`]: start again without
    /// a cursor.
    pub async fn changes(&self, cursor: Option<&str>, limit: i64) -> Result<ChangesPage, SchoolError> {
        let mut url = self.server.endpoint("login-log/changes");
        {
            let mut query = url.query_pairs_mut();
            if let Some(cursor) = cursor {
                query.append_pair("cursor", cursor);
            }
            query.append_pair("limit", &limit.to_string());
        }
        let body = self.get(url).await?;
        read::changes(&body, cursor, limit).map_err(|source| self.unreadable(source))
    }

    /// A page of contacts, newest first; `page` counts from 1, `per_page` is 1 to 250.
    ///
    /// # Errors
    /// Where no answer came that can be used.
    pub async fn contacts(&self, page: i64, per_page: i64) -> Result<ContactsPage, SchoolError> {
        let mut url = self.server.endpoint("contacts");
        url.query_pairs_mut().append_pair("page", &page.to_string()).append_pair("per_page", &per_page.to_string());
        let body = self.get(url).await?;
        read::contacts(&body, per_page).map_err(|source| self.unreadable(source))
    }

    /// Sends decisions, once: whoever wants another try counts it first. Gives the answers that can be read, in no order
    /// that could be relied on; one that is missing was not read.
    ///
    /// # Errors
    /// Where no answer came that can be used. Whether anything was done is not known then.
    pub(crate) async fn act(&self, actions: &[Action]) -> Result<Vec<Answered>, SchoolError> {
        self.make_room().await?;
        let body = serde_json::to_vec(&serde_json::json!({ "actions": actions }))
            .map_err(|error| self.unreadable(BadPage::Json(error)))?;
        let answer = self
            .once(self.server.endpoint("login-log/actions"), Some(body))
            .await
            .map_err(SchoolError::of_decisions)?;
        let mut answers = read::answers(&answer, actions.len()).map_err(|source| self.unreadable(source))?;
        for answer in &mut answers {
            answer.message = self.without_secrets(&answer.message);
        }
        Ok(answers)
    }

    /// How to go on after decisions were sent and `error` came instead of answers. They carry their keys, so they may be
    /// sent again whatever was done with them.
    pub(crate) fn pause(&self, trials: &mut Trials, error: &SchoolError, since: Duration) -> Option<Pause> {
        let verdict = if error.leaves_unknown() { Verdict::Again } else { error.verdict() };
        trials.next(verdict, error.is_refused_connection(), since, rand::random(), &self.limits.patience)
    }

    /// Whether an answer was on its way for as long as one may be.
    pub(crate) fn is_too_slow(&self, error: &SchoolError) -> bool {
        matches!(error, SchoolError::TimedOut { limit, .. } if *limit == self.limits.whole)
    }

    /// Tells of a wait that the server orders.
    pub(crate) fn tell_wait(&self, wait: Duration) {
        (self.on_wait)(wait);
    }

    fn unreadable(&self, source: BadPage) -> SchoolError {
        SchoolError::Unreadable { host: self.server.host(), source }
    }

    /// The body of a call that reads, which may be made again without harm.
    async fn get(&self, url: Url) -> Result<Vec<u8>, SchoolError> {
        let mut trials = Trials::default();
        let mut since = Instant::now();
        loop {
            self.make_room().await?;
            let error = match self.once(url.clone(), None).await {
                Ok(body) => return Ok(body),
                Err(error) => error,
            };
            let (refused, patience) = (error.is_refused_connection(), &self.limits.patience);
            match trials.next(error.verdict(), refused, since.elapsed(), rand::random(), patience) {
                None => return Err(error),
                Some(Pause::Own(pause)) => sleep(pause).await,
                Some(Pause::Ordered(wait)) => {
                    (self.on_wait)(wait);
                    sleep(wait).await;
                    since = Instant::now();
                }
            }
        }
    }

    /// Waits until the budget has room for a call.
    ///
    /// # Errors
    /// Where the server wants none for longer than anybody waits: the call is not made.
    pub(super) async fn make_room(&self) -> Result<(), SchoolError> {
        let now = Instant::now();
        let (closed, wait) = self.with_budget(|budget| (budget.closed_for(now), budget.wait(now, self.limits.window)));
        if closed > self.limits.patience.longest_wait {
            return Err(SchoolError::limited(self.server.host(), closed));
        }
        let wait = wait.max(closed);
        if !wait.is_zero() {
            (self.on_wait)(wait);
            sleep(wait).await;
        }
        Ok(())
    }

    fn with_budget<T>(&self, work: impl FnOnce(&mut Budget) -> T) -> T {
        // The numbers are whole after every step, so a panic elsewhere leaves nothing half done.
        work(&mut self.budget.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One try: the request, the redirects it leads to, and the body.
    async fn once(&self, url: Url, posted: Option<Vec<u8>>) -> Result<Vec<u8>, SchoolError> {
        let deadline = Instant::now() + self.limits.whole;
        let request = |url: &Url| {
            self.requests.fetch_add(1, Ordering::Relaxed);
            match posted.clone() {
                None => self.http.get(url.clone()),
                Some(body) => self.http.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body),
            }
        };
        let (response, host) = self.answer(url, posted.is_some(), request, deadline).await?;
        self.read(response, &host, deadline).await
    }

    /// The answer to a request, behind the redirects that it leads to, and the host that gave it.
    pub(super) async fn answer(
        &self,
        mut url: Url,
        posts: bool,
        request: impl Fn(&Url) -> RequestBuilder,
        deadline: Instant,
    ) -> Result<(Response, String), SchoolError> {
        let origin = url.origin();
        for _ in 0..=REDIRECTS {
            let host = place_of(&url);
            let response = self.send(request(&url), &host, deadline).await?;
            let Some(target) = redirect_target(&response, &url) else { return Ok((response, host)) };
            // The others turn a POST into a GET, and nobody would have been told.
            let keeps =
                !posts || matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let Some(next) = target.filter(|_| keeps) else { return Err(SchoolError::Redirects { host }) };
            if next.origin() != origin {
                return Err(SchoolError::Elsewhere {
                    host,
                    to: error::plain(&next.origin().ascii_serialization(), 300),
                });
            }
            url = next;
        }
        Err(SchoolError::Redirects { host: place_of(&url) })
    }

    async fn send(&self, request: RequestBuilder, host: &str, deadline: Instant) -> Result<Response, SchoolError> {
        let request = request.header(header::LANGUAGE, self.language.code());
        self.with_budget(|budget| budget.sent(Instant::now()));
        let limit = (self.limits.connect + self.limits.idle).min(self.limits.whole);
        let patience = limit.min(deadline.saturating_duration_since(Instant::now()));
        let response = timeout(patience, request.send())
            .await
            .map_err(|_| SchoolError::TimedOut { host: host.to_owned(), limit })?
            .map_err(|source| self.sending_failed(host, source))?;
        let headers = response.headers();
        let (limit, remaining) =
            (headers::number(headers, header::RATE_LIMIT), headers::number(headers, header::RATE_REMAINING));
        // One that is past is a server's that counts otherwise than it should.
        let reset = headers::reset(headers, Time(now())).filter(|wait| !wait.is_zero());
        let reset = reset.and_then(|wait| Instant::now().checked_add(wait));
        self.with_budget(|budget| budget.learned(limit, remaining, reset));
        Ok(response)
    }

    fn sending_failed(&self, host: &str, source: reqwest::Error) -> SchoolError {
        let host = host.to_owned();
        // The address may hold a cursor, and a proxy's may hold a password.
        let source = source.without_url();
        if source.is_timeout() {
            SchoolError::TimedOut { host, limit: self.limits.connect }
        } else if source.is_connect() {
            SchoolError::Connect { host, refused: is_refusal(&source), source }
        } else if source.is_builder() {
            SchoolError::Setup(source)
        } else {
            SchoolError::Cut { host, source }
        }
    }

    /// The body of a good answer; every other answer becomes its error.
    async fn read(&self, response: Response, host: &str, deadline: Instant) -> Result<Vec<u8>, SchoolError> {
        let status = response.status();
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let retry_after = headers::retry_after(response.headers(), limited, Time(now()));
        if let Some(wait) = retry_after.filter(|_| limited) {
            self.with_budget(|budget| budget.closed(Instant::now(), wait));
        }
        if let Err(content_type) = headers::json(response.headers()) {
            let content_type = self.without_secrets(&content_type);
            let (host, status) = (host.to_owned(), status.as_u16());
            return Err(SchoolError::NotJson { host, status, content_type, retry_after });
        }
        if status.is_success() {
            return self.body(response, host, deadline, self.limits.body).await;
        }
        // The status is what counts; a body that breaks off or is no error body leaves it without a sentence.
        let body = self.body(response, host, deadline, self.limits.body.min(ERROR_BODY)).await.unwrap_or_default();
        let told = serde_json::from_slice::<ErrorBody>(&body).unwrap_or_default();
        Err(SchoolError::Refused {
            host: host.to_owned(),
            status: status.as_u16(),
            message: error::message(&self.without_secrets(&told.message)),
            code: told.code.map(|code| error::plain(&self.without_secrets(&code), 100)),
            retry_after,
        })
    }

    /// A text of the server's, which may repeat what it was sent.
    fn without_secrets(&self, text: &str) -> String {
        let (token, cabinet) = &self.secrets;
        let repeated = [token.expose(), cabinet.expose()].into_iter().filter(|secret| secret.len() >= SECRET);
        repeated.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }

    /// Reads a body piece by piece, unpacked, and stops where it grows too large: no more is unpacked than is kept.
    async fn body(
        &self,
        mut response: Response,
        host: &str,
        deadline: Instant,
        largest: usize,
    ) -> Result<Vec<u8>, SchoolError> {
        let too_large = || SchoolError::TooLarge { host: host.to_owned(), limit: largest };
        let announced = response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced > largest {
            return Err(too_large());
        }
        let mut body = Vec::with_capacity(announced);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let limit = if left < self.limits.idle { self.limits.whole } else { self.limits.idle };
            let piece = timeout(left.min(self.limits.idle), response.chunk())
                .await
                .map_err(|_| SchoolError::TimedOut { host: host.to_owned(), limit })?
                .map_err(|source| SchoolError::Cut { host: host.to_owned(), source: source.without_url() })?;
            let Some(piece) = piece else { return Ok(body) };
            if body.len() + piece.len() > largest {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }
    }
}

/// Where a redirect leads: `None` for an answer that is none, `Some(None)` for one without a usable address.
fn redirect_target(response: &Response, from: &Url) -> Option<Option<Url>> {
    let redirects = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    redirects.then(|| from.join(response.headers().get(LOCATION)?.to_str().ok()?).ok())
}

/// Whether the machine is there and says that nothing listens on the port.
fn is_refusal(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return true;
        }
        cause = error.source();
    }
    false
}
