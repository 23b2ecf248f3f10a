//! The only door: the use-cases that window and command line call.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hallmonitor_language::Language;
use hallmonitor_wire::{AccessControl, Time};
use serde::Serialize;
use tokio::sync::{Mutex, watch};

use crate::{
    cache::{Applied, Cache},
    error::Error,
    export::{self, Format, Heads},
    listing::{Listing, Selection},
    model::{
        Contact, ContactCard, ContactQuery, Device, LogQuery, Page, ProfileInfo, Restriction, Session, Status,
        SyncPhase,
    },
    outbox::{self, Pushed, Urgency},
    profile::{self, Profile},
    pull::{self, Surroundings},
    school::{Limits, SchoolClient, ServerUrl},
    vault::{self, CabinetHash, Lock, Passphrase, Token, VaultError},
};

mod card;
mod case;
mod decisions;
mod evidence;
mod find;
mod insights;
mod keeping;
mod keys;
mod news;
mod places;
mod rest;
mod review;
mod views;

pub use insights::Looked;
pub use news::Glance;

/// The folder that window and command line share unless told otherwise.
///
/// # Errors
/// [`Error::NoDataDir`] where the operating system names none.
pub fn default_data_dir() -> Result<PathBuf, Error> {
    dirs::data_dir().map(|folder| folder.join("hallmonitor")).ok_or(Error::NoDataDir)
}

/// Milliseconds since 1970, UTC: the only place that reads the clock.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// All schools on this machine.
#[derive(Clone, Debug)]
pub struct App {
    data_dir: PathBuf,
    language: watch::Sender<Language>,
    limits: Limits,
}

/// What `connect` wants to know.
#[derive(Debug)]
pub struct Connection {
    /// The server's address, as the person wrote it.
    pub server: String,
    /// Which cabinet.
    pub cabinet: CabinetHash,
    /// The token.
    pub token: Token,
    /// The profile's name; `None` takes the cabinet's.
    pub name: Option<String>,
    /// Makes (or opens) the profile in passphrase mode.
    pub passphrase: Option<Passphrase>,
}

/// What came of `connect`.
#[derive(Debug, Serialize)]
pub struct Connected {
    /// The profile's name.
    pub profile: String,
    /// The server's address.
    pub server: String,
    /// The school's name; empty where the server does not say.
    pub cabinet_name: String,
    /// Whether the server has a login log.
    pub login_log: bool,
}

/// What came of `sync`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synced {
    /// What became of decisions.
    pub pushed: Pushed,
    /// Entities written and removed.
    pub pulled: Applied,
    /// Requests sent.
    pub requests: u64,
    /// Whether the server tells of changes as they happen.
    pub nudges: bool,
    /// Where the next pull begins; `None` on a server without a login log.
    pub cursor: Option<String>,
}

/// What came of `wipe`.
#[derive(Debug)]
pub struct Wiped {
    /// The profile's name.
    pub profile: String,
    /// Why the token and the key (which opens nothing any more) are still in the keyring, where they are.
    pub kept_by_keyring: Option<VaultError>,
}

impl App {
    /// All schools under a data folder; nothing is opened or made yet.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), language: watch::Sender::default(), limits: Limits::default() }
    }

    /// With another language than English for the texts that schools' servers make, and for problems that are kept.
    #[must_use]
    pub fn with_language(self, language: Language) -> Self {
        self.set_language(language);
        self
    }

    /// Changes the language, also for the schools that are open: what is kept is said anew, the next request asks in it.
    pub fn set_language(&self, language: Language) {
        self.language.send_if_modified(|known| std::mem::replace(known, language) != language);
    }

    /// The language that is in force.
    pub fn language(&self) -> Language {
        *self.language.borrow()
    }

    /// With other limits of time, size and patience towards the schools' servers than the design's.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same under another data folder: a language that is chosen later is chosen for both.
    #[must_use]
    pub fn in_folder(&self, data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), ..self.clone() }
    }

    /// Where everything is.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The schools that are connected, by name.
    ///
    /// # Errors
    /// Where a profile's file can't be read.
    pub fn profiles(&self) -> Result<Vec<ProfileInfo>, Error> {
        Ok(profile::all(&self.data_dir)?.iter().map(Profile::info).collect())
    }

    /// Checks server and token, and makes the profile; for a school that is connected already, takes the new token and
    /// keeps everything else.
    ///
    /// # Errors
    /// Where the server can't be reached or refuses, the name is taken, or key and cache can't be made. Nothing is left
    /// behind then.
    pub async fn connect(&self, wanted: Connection) -> Result<Connected, Error> {
        let server = ServerUrl::parse(&wanted.server)?;
        if let Some(name) = &wanted.name {
            profile::check_name(name)?;
        }
        let client = SchoolClient::with_limits(&server, &wanted.cabinet, &wanted.token, self.language(), self.limits)?;
        let offered = client.capabilities().await?;
        if offered.is_none() {
            client.contacts(1, 1).await?;
        }
        let login_log = offered.is_some();
        let cabinet_name = offered.map(|offered| offered.cabinet.name).unwrap_or_default();

        profile::private_folder(&self.data_dir.join("profiles"))?;
        // Two connections at once would both find the name free.
        let _alone = lock_file(self.data_dir.join("profiles").join("connect.lock")).await?;
        let known = profile::all(&self.data_dir)?;
        let name = match known.iter().find(|known| known.is_of(&server, &wanted.cabinet)) {
            Some(known) => {
                let school = School::open(known.clone(), wanted.passphrase, &self.language, self.limits).await?;
                let kept = school.keep_token(&wanted.token).await;
                school.close().await;
                kept?;
                known.name.clone()
            }
            None => {
                let name = wanted.name.clone().unwrap_or_else(|| profile::plain_name(&cabinet_name));
                if let Some(other) = known.iter().find(|known| known.name == name) {
                    return Err(Error::NameTaken { name, server: other.server.to_string() });
                }
                let folder = profile::make_folder(&self.data_dir)?;
                let made = make_profile(&folder, name, &server, wanted, (&cabinet_name, login_log)).await;
                if made.is_err() {
                    // Half a profile is none; what can't be removed is not listed either.
                    let _ = fs::remove_dir_all(&folder);
                }
                made?
            }
        };
        Ok(Connected { profile: name, server: server.to_string(), cabinet_name, login_log })
    }

    /// Opens a school; without a name the only one.
    ///
    /// # Errors
    /// Where there is none, its key can't be had, or its cache does not open.
    pub async fn open(&self, name: Option<&str>, passphrase: Option<Passphrase>) -> Result<School, Error> {
        School::open(profile::find(&self.data_dir, name)?, passphrase, &self.language, self.limits).await
    }

    /// Removes a school's cache and secrets, whether the cache opens or not; says which profile it was.
    ///
    /// # Errors
    /// Where there is no such profile, or files can't be removed.
    pub async fn wipe(&self, name: Option<&str>) -> Result<Wiped, Error> {
        let profile = profile::find(&self.data_dir, name)?;
        // A sync that is going on is waited for.
        let alone = lock_file(profile.sync_lock_path()).await?;
        // A keyring that is locked or absent must not keep the data here.
        let kept_by_keyring = match profile.lock.keyring_id() {
            Some(id) => vault::forget(id).await.err(),
            None => None,
        };
        let folder = profile.folder().to_owned();
        // Not every system removes a file that is open.
        drop(alone);
        match fs::remove_dir_all(&folder) {
            // Somebody else has wiped it in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed.map_err(|source| Error::Io { path: folder, source })?,
        }
        Ok(Wiped { profile: profile.name, kept_by_keyring })
    }
}

async fn make_profile(
    folder: &Path,
    name: String,
    server: &ServerUrl,
    wanted: Connection,
    (cabinet_name, login_log): (&str, bool),
) -> Result<String, Error> {
    let id = uuid::Uuid::new_v4();
    let with_passphrase = wanted.passphrase.is_some();
    let (lock, key) = match wanted.passphrase {
        Some(passphrase) => Lock::with_passphrase(passphrase).await?,
        None => Lock::with_keyring(id).await?,
    };
    let profile = Profile::new(name, server.clone(), &wanted.cabinet, lock, folder.to_owned());
    let made = async {
        if !with_passphrase {
            vault::keep_token(id, &wanted.token).await?;
        }
        let cache = Cache::create(&profile.cache_path(), &key).await?;
        let kept = cache
            .set_meta(|meta| {
                meta.cabinet_hash = wanted.cabinet.expose().to_owned();
                meta.cabinet_name = cabinet_name.to_owned();
                meta.login_log = Some(login_log);
                meta.token = with_passphrase.then(|| wanted.token.expose().to_owned());
            })
            .await;
        cache.close().await;
        kept?;
        // Last: a profile is there when its file is.
        profile.save()
    }
    .await;
    if made.is_err() && !with_passphrase {
        let _ = vault::forget(id).await;
    }
    made.map(|()| profile.name)
}

/// Waits until no other process holds the lock; it is held until the file is dropped.
async fn lock_file(path: PathBuf) -> Result<fs::File, Error> {
    let locking = path.clone();
    let locked = tokio::task::spawn_blocking(move || {
        let mut options = fs::OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options.open(&locking)?;
        file.lock()?;
        Ok(file)
    })
    .await;
    match locked {
        Ok(file) => file.map_err(|source| Error::Io { path, source }),
        // The task is never aborted, so it can only have panicked.
        Err(ended) => std::panic::resume_unwind(ended.into_panic()),
    }
}

/// One open school. Clones share it.
#[derive(Clone, Debug)]
pub struct School(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    profile: Profile,
    cache: Cache,
    language: watch::Sender<Language>,
    limits: Limits,
    client: Mutex<Option<(Token, SchoolClient)>>,
    /// Questions of [`School::find_everywhere`] so far: a later one supersedes those before.
    asked: AtomicU64,
}

impl School {
    async fn open(
        profile: Profile,
        passphrase: Option<Passphrase>,
        language: &watch::Sender<Language>,
        limits: Limits,
    ) -> Result<Self, Error> {
        let by_passphrase = passphrase.is_some();
        let key = profile.lock.open(passphrase).await?;
        let cache = Cache::open(&profile.cache_path(), &key).await?;
        if by_passphrase && profile.lock.has_recovery() {
            keys::put_back(&profile, &key, &cache).await;
        }
        Ok(Self(Arc::new(Inner {
            profile,
            cache,
            language: language.clone(),
            limits,
            client: Mutex::default(),
            asked: AtomicU64::new(0),
        })))
    }

    /// Closes the cache, which moves its log into the file. A process that ends before may fall over its own feet:
    /// SQLCipher takes itself down then, while connections may still be closing. Clones keep the cache open.
    pub async fn close(self) {
        if let Some(inner) = Arc::into_inner(self.0) {
            inner.cache.close().await;
        }
    }

    /// The profile's name.
    pub fn name(&self) -> &str {
        &self.0.profile.name
    }

    /// The language that is in force, and that comes into force.
    pub(crate) fn language(&self) -> watch::Receiver<Language> {
        self.0.language.subscribe()
    }

    /// The way to the server; the same one as long as the token is the same, since it keeps count of the budget.
    pub(crate) async fn client(&self) -> Result<SchoolClient, Error> {
        let token = self.token().await?;
        let language = *self.0.language.borrow();
        let mut kept = self.0.client.lock().await;
        if let Some((known, client)) = &*kept
            && *known == token
        {
            return Ok(client.in_language(language));
        }
        let cabinet = CabinetHash::new(&self.0.cache.meta().await?.cabinet_hash)?;
        let client = SchoolClient::with_limits(&self.0.profile.server, &cabinet, &token, language, self.0.limits)?;
        *kept = Some((token, client.clone()));
        Ok(client)
    }

    fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// Sends what was decided, then reads until everything is up to date. `tell` hears of each step. Of several
    /// processes one at a time does it; the others wait.
    ///
    /// # Errors
    /// Where the server can't be reached or refuses, or the cache can't be written. What had come by then is kept, and
    /// so is every decision that was not confirmed.
    pub async fn sync(
        &self,
        urgency: Urgency,
        tell: impl Fn(SyncPhase) + Clone + Send + Sync + 'static,
    ) -> Result<Synced, Error> {
        let _alone = lock_file(self.0.profile.sync_lock_path()).await?;
        let waiting = tell.clone();
        let client = self
            .client()
            .await?
            .on_wait(move |pause| waiting(SyncPhase::Waiting { seconds: pause.as_secs_f64().ceil() as u64 }));
        let before = client.requests();
        let exchanged = self.exchange(&client, &Surroundings { now: &now, tell: &tell }, urgency).await;
        tell(SyncPhase::Idle);
        let mut synced = exchanged?;
        synced.requests = client.requests() - before;
        Ok(synced)
    }

    async fn exchange(
        &self,
        client: &SchoolClient,
        around: &Surroundings<'_>,
        urgency: Urgency,
    ) -> Result<Synced, Error> {
        let cache = self.cache();
        let offered = pull::greet(cache, client, around).await?;
        let most_actions = offered.as_ref().map(|offered| offered.max_actions);
        let mut pushed = Pushed::default();
        let mut sent = match most_actions {
            Some(most) => outbox::push(cache, client, around, urgency, most, &mut pushed).await,
            None => Ok(()),
        };
        // A server that takes no decisions (from this token, or just now) may still have news.
        let pulled = pull::pull(cache, client, around, most_actions.is_some()).await?;
        cache.reached().await?;
        if let (Some(most), true) = (most_actions, outbox::rebase(cache, (around.now)()).await?)
            && sent.is_ok()
        {
            sent = outbox::push(cache, client, around, urgency, most, &mut pushed).await;
        }
        sent?;
        pushed.queued = u64::try_from(cache.outbox_counts().await?.queued).unwrap_or(0);
        Ok(Synced {
            pushed,
            pulled: pulled.applied,
            requests: 0,
            nudges: offered.is_some_and(|offered| offered.events),
            cursor: pulled.cursor,
        })
    }

    /// How long until a decision may leave by itself; `None` where none waits.
    ///
    /// # Errors
    /// Those of the cache.
    pub(crate) async fn next_push(&self) -> Result<Option<Duration>, Error> {
        Ok(self.cache().next_push(now()).await?)
    }

    /// What is here and how old it is.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn status(&self) -> Result<Status, Error> {
        let meta = self.0.cache.meta().await?;
        let counts = self.0.cache.counts().await?;
        Ok(Status {
            profile: self.name().to_owned(),
            server: self.0.profile.server.to_string(),
            cabinet_name: meta.cabinet_name,
            login_log: meta.login_log.unwrap_or(true),
            last_sync_at: meta.last_sync_at.map(Time),
            contacts: counts.contacts,
            devices: counts.devices,
            sessions: counts.sessions,
            restrictions: counts.restrictions,
            unviewed: counts.unviewed,
            outbox: self.0.cache.outbox_counts().await?,
            unreadable: counts.unreadable,
        })
    }

    /// Contacts, one page.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn contacts(&self, query: &ContactQuery) -> Result<Page<Contact>, Error> {
        Ok(self.0.cache.contacts(query).await?)
    }

    /// One contact with what its card's tabs count.
    ///
    /// # Errors
    /// [`Error::NotFound`]; those of the cache.
    pub async fn contact(&self, id: i64) -> Result<ContactCard, Error> {
        self.0.cache.contact(id).await?.ok_or(Error::NotFound { what: "contact", id })
    }

    /// Sessions, one page, newest first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn sessions(&self, query: &LogQuery) -> Result<Page<Session>, Error> {
        Ok(self.0.cache.sessions(query).await?)
    }

    /// How many of a contact's sessions stand before this one, newest first: its place in the contact's login history.
    /// `None` where the contact has no such session.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn session_position(&self, contact_id: i64, id: i64) -> Result<Option<i64>, Error> {
        Ok(self.0.cache.session_position(contact_id, id).await?)
    }

    /// Devices, one page, last seen first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn devices(&self, query: &LogQuery) -> Result<Page<Device>, Error> {
        Ok(self.0.cache.devices(query).await?)
    }

    /// Restrictions, one page, newest first.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn restrictions(&self, query: &LogQuery) -> Result<Page<Restriction>, Error> {
        Ok(self.0.cache.restrictions(query).await?)
    }

    /// A whole list, a few thousand rows at a time, all of one state of the cache.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn list(&self, selection: Selection) -> Result<Listing, Error> {
        Ok(Listing::new(self.0.cache.snapshot().await?, selection))
    }

    /// Writes all rows that are selected to a file; one that is there is replaced when the new one is whole. `tell`
    /// hears how many rows are written so far. Gives their number.
    ///
    /// # Errors
    /// Where the file can't be written; those of the cache. What was there before is unharmed then.
    pub async fn export(
        &self,
        selection: Selection,
        format: Format,
        heads: Heads,
        file: &Path,
        tell: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<u64, Error> {
        Ok(export::to_file(self.list(selection).await?, format, heads, file, tell).await?)
    }

    /// As [`Self::export`], to any writer, which need not be buffered.
    ///
    /// # Errors
    /// Where `out` fails; those of the cache.
    pub async fn export_to(
        &self,
        selection: Selection,
        format: Format,
        heads: Heads,
        out: impl Write + Send,
        tell: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<u64, Error> {
        Ok(export::to_writer(self.list(selection).await?, format, heads, out, tell).await?)
    }

    /// The school's settings as last read; `None` before that.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn access_control(&self) -> Result<Option<AccessControl>, Error> {
        Ok(self.0.cache.access_control().await?)
    }
}
