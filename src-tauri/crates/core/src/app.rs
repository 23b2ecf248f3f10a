//! The only door: the use-cases that window and command line call.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};

use hallmonitor_language::Language;
use hallmonitor_wire::{AccessControl, Time};
use tokio::sync::{Mutex, watch};

use crate::{
    beside::{self, Ear},
    cache::Cache,
    clock::{here, now},
    error::Error,
    model::{CallBudget, ProfileInfo, Status},
    profile::{self, Belongings, InKeyring, Profile, side_file},
    school::{Limits, SchoolClient},
    vault::{self, CabinetHash, Passphrase, Token, VaultError},
};

mod card;
mod case;
mod connect;
mod decisions;
mod evidence;
mod exchange;
mod find;
mod insights;
mod keeping;
mod keys;
mod lists;
mod news;
mod places;
mod rest;
mod review;
mod views;

pub use connect::{Connected, Connection};
pub use exchange::Synced;
pub use insights::Looked;
pub use news::Glance;
use places::PlacedBy;

/// The folder that window and command line share unless told otherwise.
///
/// # Errors
/// [`Error::NoDataDir`] where the operating system names none.
pub fn default_data_dir() -> Result<PathBuf, Error> {
    dirs::data_dir().map(|folder| folder.join("hallmonitor")).ok_or(Error::NoDataDir)
}

/// All schools on this machine.
#[derive(Clone, Debug)]
pub struct App {
    data_dir: PathBuf,
    language: watch::Sender<Language>,
    limits: Limits,
}

/// The schools of a data folder, by name. No two have the same: one that could not be found by it is left out.
#[derive(Debug, Default)]
pub struct Profiles {
    /// Those that can be opened.
    pub whole: Vec<ProfileInfo>,
    /// Those whose file can't be read, by what they are called by, with what is wrong.
    pub damaged: Vec<(String, Error)>,
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

    /// The schools that are connected.
    ///
    /// # Errors
    /// Where their folder can't be read.
    pub fn profiles(&self) -> Result<Profiles, Error> {
        let (known, damaged) = profile::read(&self.data_dir)?;
        let mut damaged: Vec<(String, Error)> =
            damaged.into_iter().map(|damaged| (damaged.name(), damaged.why)).collect();
        damaged.dedup_by(|later, kept| later.0 == kept.0);
        damaged.retain(|(name, _)| known.iter().all(|known| known.name != *name));
        Ok(Profiles { whole: known.iter().map(Profile::info).collect(), damaged })
    }

    /// Which schools here are of this cabinet, at whatever address; one whose file can't be read is of none.
    ///
    /// # Errors
    /// Where their folder can't be read.
    pub fn of_cabinet(&self, cabinet: &CabinetHash) -> Result<Vec<ProfileInfo>, Error> {
        let (known, _damaged) = profile::read(&self.data_dir)?;
        Ok(known.iter().filter(|known| known.is_of_cabinet(cabinet)).map(Profile::info).collect())
    }

    /// What a profile's file says; without a name the only one's. A damaged one stands in nobody's way who names another.
    ///
    /// # Errors
    /// Where there is no such profile, or its file can't be read.
    pub fn profile(&self, name: Option<&str>) -> Result<ProfileInfo, Error> {
        Ok(profile::find(&self.data_dir, name)?.info())
    }

    /// Opens a school; without a name the only one.
    ///
    /// # Errors
    /// Where there is none, its key can't be had, or its cache does not open.
    pub async fn open(&self, name: Option<&str>, passphrase: Option<Passphrase>) -> Result<School, Error> {
        let profile = profile::find(&self.data_dir, name)?;
        match School::open(profile.clone(), passphrase, &self.language, self.limits).await {
            Err(error @ Error::Cache(_)) if !profile.cache_path().exists() => {
                // Somebody may be about to wipe it: that is no damage, and nobody should be told to wipe it again.
                let _their_end = lock_file(profile.sync_lock_path()).await;
                profile.reloaded()?;
                Err(error)
            }
            opened => opened,
        }
    }

    /// Begins to remove a school's cache and secrets, whether the cache opens or not, and its profile's file can be read or
    /// not: waits until a sync that is going on has ended. Nothing is removed yet.
    ///
    /// # Errors
    /// Where there is no such profile.
    pub async fn begin_wipe(&self, name: Option<&str>) -> Result<Wiping, Error> {
        let here = profile::find_belongings(&self.data_dir, name)?;
        let locked = lock_file(here.sync_lock_path()).await;
        // Somebody else may have wiped it in the meantime.
        let here = profile::find_belongings(&self.data_dir, Some(&here.name))?;
        Ok(Wiping { here, alone: locked? })
    }

    /// Removes a school at once.
    ///
    /// # Errors
    /// Where there is no such profile, or files can't be removed.
    pub async fn wipe(&self, name: Option<&str>) -> Result<Wiped, Error> {
        self.begin_wipe(name).await?.finish().await
    }
}

/// A school that is about to be removed from this machine: nobody syncs it. Dropped, it stays.
#[derive(Debug)]
pub struct Wiping {
    here: Belongings,
    alone: fs::File,
}

impl Wiping {
    /// Removes it; says which profile it was. What makes it a profile goes last but for its lock: given up in between, or
    /// where something can't be removed, the same can be done once more.
    ///
    /// # Errors
    /// Where files can't be removed.
    pub async fn finish(self) -> Result<Wiped, Error> {
        let Self { here, alone } = self;
        let in_folder = |source| Error::Io { path: here.folder.clone(), source };
        let profile = here.profile_path();
        for entry in fs::read_dir(&here.folder).map_err(in_folder)? {
            let path = entry.map_err(in_folder)?.path();
            if path != profile && path != here.sync_lock_path() {
                let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                not_there_any_more(removed).map_err(in_folder)?;
            }
        }
        // The key goes when nothing is left that it opens: where files can't be removed (somebody has them open, and the
        // system keeps them), all is as it was. A keyring that is locked or absent must not keep the data here.
        let kept_by_keyring = match here.in_keyring {
            InKeyring::Nothing => None,
            InKeyring::Under(id) => vault::forget(id).await.err(),
            InKeyring::Untold => Some(VaultError::BadLock("its file does not say any more what is in the keyring")),
        };
        // From here on it is no school any more: whoever waits for their turn to sync finds none.
        not_there_any_more(fs::remove_file(profile)).map_err(in_folder)?;
        // Not every system removes a file that is open. An empty folder, or one with the lock of somebody who has just
        // found that there is nothing to sync, is nothing of the school.
        drop(alone);
        let _ = fs::remove_dir_all(&here.folder);
        Ok(Wiped { profile: here.name, kept_by_keyring })
    }
}

fn not_there_any_more(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Waits until no other process holds the lock; it is held until the file is dropped.
async fn lock_file(path: PathBuf) -> Result<fs::File, Error> {
    let locking = path.clone();
    let locked = tokio::task::spawn_blocking(move || {
        let file = side_file(&locking)?;
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

/// Works out what a first load has left that was killed, unless somebody syncs at this moment, who will do so.
async fn derive_after_a_kill(profile: &Profile, cache: &Cache) -> Result<(), Error> {
    if !cache.meta().await?.loading {
        return Ok(());
    }
    let path = profile.sync_lock_path();
    let alone = side_file(&path).map_err(|source| Error::Io { path, source })?;
    if alone.try_lock().is_ok() {
        cache.derive_after_a_kill().await?;
    }
    Ok(())
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
    placing: Mutex<PlacedBy>,
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
        if let Err(error) = derive_after_a_kill(&profile, &cache).await {
            tracing::warn!("what a first sync has left can't be worked out: {error}");
        }
        Ok(Self(Arc::new(Inner {
            profile,
            cache,
            language: language.clone(),
            limits,
            client: Mutex::default(),
            placing: Mutex::default(),
            asked: AtomicU64::new(0),
        })))
    }

    /// Ends every read of the cache that is going on, however long it would take, before it is closed: it fails, and so
    /// does whoever begins one. What is being written is written.
    pub fn end_reads(&self) {
        self.0.cache.end_reads();
    }

    /// Closes the cache, which moves its log into the file. A process that ends before may fall over its own feet:
    /// SQLCipher takes itself down then, while connections may still be closing. Clones keep the cache open.
    pub async fn close(self) {
        if let Some(Inner { cache, profile, .. }) = Arc::into_inner(self.0) {
            if cache.has_written().await
                && let Err(error) = beside::mark(&profile.changed_path())
            {
                tracing::debug!("nobody is told of what was written: {error}");
            }
            cache.close().await;
        }
    }

    /// Hears what other processes write in it; `None` where the system can't tell.
    pub(crate) fn ear(&self) -> Option<Ear> {
        let ear = Ear::new(&self.0.profile.changed_path());
        ear.inspect_err(|error| tracing::warn!("what others write comes with the next turn: {error}")).ok()
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
        let client = self.client_with(&token).await?;
        *kept = Some((token, client.clone()));
        Ok(client)
    }

    /// The way to the server with this token, whichever is kept.
    async fn client_with(&self, token: &Token) -> Result<SchoolClient, Error> {
        let language = *self.0.language.borrow();
        let meta = self.0.cache.meta().await?;
        let profile = &self.0.profile;
        // Whoever can change the profile's file must not learn the token by it.
        let (named, given) = (profile.server.to_string(), meta.server.unwrap_or_default());
        if !given.is_empty() && given != named {
            return Err(profile.damaged(format!("it names the server {named}, but the token was given for {given}")));
        }
        let Some(cabinet) = meta.cabinet_hash else { return Err(profile.damaged("its cabinet is not known")) };
        Ok(SchoolClient::with_limits(&profile.server, &cabinet, token, language, self.0.limits)?)
    }

    /// What the server said last of the calls that it takes.
    pub(crate) async fn call_budget(&self) -> Option<CallBudget> {
        self.0.client.lock().await.as_ref().and_then(|(_, client)| client.budget())
    }

    fn cache(&self) -> &Cache {
        &self.0.cache
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

    /// The school's settings as last read; `None` before that.
    ///
    /// # Errors
    /// Those of the cache.
    pub async fn access_control(&self) -> Result<Option<AccessControl>, Error> {
        Ok(self.0.cache.access_control().await?)
    }
}
