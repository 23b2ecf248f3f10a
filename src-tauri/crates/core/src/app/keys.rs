//! A school's secrets, through the door: its token, and the passphrases that open its cache.

use hallmonitor_wire::Time;

use super::{School, connect::try_out, now};
use crate::{
    cache::Cache,
    error::Error,
    follow_ups,
    profile::{Profile, side_file},
    sentry::{Known, Sentry},
    vault::{self, CacheKey, Passphrase, Token},
    violations,
};

/// Changes that a sentry asks for at once.
const MOST: i64 = 1_000;

impl School {
    /// Keeps the token of this school: in the keyring, and where a recovery passphrase was chosen (or there is no
    /// keyring) inside the encrypted cache.
    pub(super) async fn keep_token(&self, token: &Token) -> Result<(), Error> {
        let lock = &self.0.profile.reloaded()?.lock;
        let Some(id) = lock.keyring_id() else { return keep_inside(self.cache(), Some(token), false).await };
        let kept = vault::keep_token(id, token).await;
        if !lock.has_recovery() {
            return Ok(kept?);
        }
        // What the keyring does not take now, it gets when it answers again.
        keep_inside(self.cache(), Some(token), kept.is_err()).await
    }

    /// The school is here to stay, with this token.
    pub(super) async fn take_back(&self, token: &Token) -> Result<(), Error> {
        self.keep_token(token).await?;
        // Who is about to remove it holds the lock; where nobody does, it was given up.
        let path = self.0.profile.sync_lock_path();
        let alone = side_file(&path).map_err(|source| Error::Io { path, source })?;
        if alone.try_lock().is_ok() {
            self.cache().set_meta(|meta| meta.sealed = false).await?;
        }
        Ok(())
    }

    pub(super) async fn token(&self) -> Result<Token, Error> {
        let meta = self.cache().meta().await?;
        let Some(id) = self.0.profile.lock.keyring_id() else {
            return meta.token.ok_or_else(|| Error::NoToken(self.name().to_owned()));
        };
        let of_keyring = vault::token(id).await;
        match (meta.token, of_keyring) {
            (Some(newer), Ok(_)) if meta.token_is_newer => {
                match vault::keep_token(id, &newer).await {
                    Ok(()) => keep_inside(self.cache(), Some(&newer), false).await?,
                    Err(error) => tracing::warn!("the token does not go into the keyring yet: {error}"),
                }
                Ok(newer)
            }
            (_, Ok(Some(token))) | (Some(token), _) => Ok(token),
            (None, of_keyring) => of_keyring?.ok_or_else(|| Error::NoToken(self.name().to_owned())),
        }
    }

    /// Takes a new token, once the server has taken it.
    ///
    /// # Errors
    /// Where the server can't be reached or refuses it, and those of keyring and cache; the token until now stays then.
    pub async fn renew_token(&self, token: &Token) -> Result<(), Error> {
        try_out(&self.client_with(token).await?).await?;
        self.take_back(token).await
    }

    /// Forgets the token here and nothing else: everything stays readable, and decisions wait until there is a new one.
    ///
    /// # Errors
    /// Those of keyring and cache; where the keyring keeps it, it says why.
    pub async fn sign_out(&self) -> Result<(), Error> {
        keep_inside(self.cache(), None, false).await?;
        *self.0.client.lock().await = None;
        if let Some(id) = self.0.profile.lock.keyring_id() {
            vault::forget_token(id).await?;
        }
        self.cache().remove_snapshots();
        Ok(())
    }

    /// Who looks at the server while this school is locked; `None` where there is no token, or the log was not read to its
    /// end yet: what it brings then is no news.
    ///
    /// # Errors
    /// Those of keyring and cache.
    pub async fn sentry(&self) -> Result<Option<Sentry>, Error> {
        let meta = self.cache().meta().await?;
        let (Some(cursor), Some(true)) = (meta.cursor, meta.login_log) else { return Ok(None) };
        if !meta.telling || meta.run_open {
            return Ok(None);
        }
        match self.client().await {
            Ok(client) => {
                let mut reader = self.cache().reader().await?;
                let held = violations::any_open(&mut reader).await?;
                // One from tomorrow, by the server's clock, must not hide what comes until then.
                let newest = violations::newest_time(&mut reader).await?.map(|newest| newest.min(Time(now())));
                let follow_up = follow_ups::next(&mut reader).await?;
                let limit = meta.max_changes_limit.clamp(1, MOST);
                Ok(Some(Sentry::new(client, cursor, limit, Known { held, newest, follow_up })))
            }
            Err(Error::NoToken(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Chooses the passphrase: in keyring mode the one that opens the cache when the keyring does not, `None` for none;
    /// in passphrase mode the only one, and then the one until now is needed.
    ///
    /// # Errors
    /// Where the passphrase until now is wrong, the keyring does not give the key, or the profile can't be written.
    pub async fn set_passphrase(&self, until_now: Option<Passphrase>, wanted: Option<Passphrase>) -> Result<(), Error> {
        let mut profile = self.0.profile.reloaded()?;
        let key = profile.lock.open(until_now).await?;
        profile.lock = profile.lock.resealed(key, wanted).await?;
        if let Some(id) = profile.lock.keyring_id() {
            let token = match self.token().await {
                Err(Error::NoToken(_)) => None,
                token => Some(token?),
            };
            match token {
                Some(token) if profile.lock.has_recovery() => {
                    let newer = self.cache().meta().await?.token_is_newer;
                    keep_inside(self.cache(), Some(&token), newer).await?;
                }
                token => {
                    if let Some(token) = token {
                        vault::keep_token(id, &token).await?;
                    }
                    keep_inside(self.cache(), None, false).await?;
                }
            }
        }
        profile.save()?;
        // What opened with the passphrase until now holds the token too.
        self.cache().remove_snapshots();
        Ok(())
    }
}

/// `newer`: the keyring has not taken it.
async fn keep_inside(cache: &Cache, token: Option<&Token>, newer: bool) -> Result<(), Error> {
    let changed = cache.set_meta(|meta| {
        meta.token = token.cloned();
        meta.token_is_newer = newer;
    });
    Ok(changed.await.map(drop)?)
}

/// Gives the keyring back what it has lost, after the recovery passphrase has opened a school without it. A keyring that
/// is absent or locked stays as it is.
pub(super) async fn put_back(profile: &Profile, key: &CacheKey, cache: &Cache) {
    let Some(id) = profile.lock.keyring_id() else { return };
    if !profile.lock.lost_by_keyring().await {
        return;
    }
    let token = cache.meta().await.ok().and_then(|meta| meta.token);
    if let Err(error) = profile.lock.put_back(key).await {
        return tracing::warn!("the key does not go back into the keyring: {error}");
    }
    if let Some(token) = token
        && let Err(error) = vault::keep_token(id, &token).await
    {
        tracing::warn!("the token does not go back into the keyring: {error}");
    }
}
