//! How a school comes to this machine: its server and token are tried, then its profile is made.

use std::{fs, path::Path};

use hallmonitor_wire::Capabilities;
use serde::Serialize;

use super::{App, School, lock_file};
use crate::{
    cache::Cache,
    error::Error,
    profile::{self, Profile},
    school::{SchoolClient, ServerUrl},
    vault::{self, CabinetHash, Lock, Passphrase, Token},
};

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

impl App {
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
        let offered = try_out(&client).await?;
        let login_log = offered.is_some();
        let cabinet_name = offered.map(|offered| offered.cabinet.name).unwrap_or_default();

        profile::private_folder(&self.data_dir.join("profiles"))?;
        // Two connections at once would both find the name free.
        let _alone = lock_file(self.data_dir.join("profiles").join("connect.lock")).await?;
        let left = profile::sweep(&self.data_dir);
        if wanted.passphrase.is_none() {
            for id in left {
                // Without them nothing opens with what it holds.
                let _ = vault::forget(id).await;
            }
        }
        // A damaged neighbour stands in nobody's way, but for its name.
        let (known, damaged) = profile::read(&self.data_dir)?;
        let same = known.iter().find(|known| known.is_of(&server, &wanted.cabinet));
        let name = match (&wanted.name, same) {
            (Some(name), _) => name.clone(),
            (None, Some(same)) => same.name.clone(),
            (None, None) => profile::plain_name(&cabinet_name),
        };
        if same.is_none_or(|same| same.name != name) {
            if let Some(other) = known.iter().find(|known| known.name == name) {
                return Err(Error::NameTaken { name, server: other.server.to_string() });
            }
            if let Some(other) = damaged.into_iter().find(|damaged| damaged.name() == name) {
                return Err(other.why);
            }
        }
        let name = match same {
            Some(known) => {
                let school = School::open(known.clone(), wanted.passphrase, &self.language, self.limits).await?;
                let kept = school.take_back(&wanted.token).await;
                school.close().await;
                kept?;
                known.name.clone()
            }
            None => {
                let id = uuid::Uuid::new_v4();
                let folder = profile::make_folder(&self.data_dir, id)?;
                let made = make_profile((id, &folder), name, &server, wanted, (&cabinet_name, login_log)).await;
                if made.is_err() {
                    // Half a profile is none; what can't be removed is not listed either.
                    let _ = fs::remove_dir_all(&folder);
                }
                made?
            }
        };
        Ok(Connected { profile: name, server: server.to_string(), cabinet_name, login_log })
    }
}

/// Asks whether the server takes the token, and what it offers; `None` where it has no login log.
///
/// # Errors
/// Where it can't be reached or refuses.
pub(super) async fn try_out(client: &SchoolClient) -> Result<Option<Capabilities>, Error> {
    let offered = client.capabilities().await?;
    if offered.is_none() {
        client.contacts(1, 1).await?;
    }
    Ok(offered)
}

async fn make_profile(
    (id, folder): (uuid::Uuid, &Path),
    name: String,
    server: &ServerUrl,
    wanted: Connection,
    (cabinet_name, login_log): (&str, bool),
) -> Result<String, Error> {
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
                meta.cabinet_hash = Some(wanted.cabinet.clone());
                meta.server = Some(server.to_string());
                meta.cabinet_name = cabinet_name.to_owned();
                meta.login_log = Some(login_log);
                meta.token = with_passphrase.then(|| wanted.token.clone());
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
