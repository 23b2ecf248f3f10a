//! A school's secrets, through the door: its token, and the passphrases that open its cache.

use super::School;
use crate::{
    cache::Cache,
    error::Error,
    follow_ups,
    profile::Profile,
    sentry::Sentry,
    vault::{self, CacheKey, Passphrase, Token},
};

/// Changes that a sentry asks for at once.
const MOST: i64 = 1_000;

impl School {
    /// Keeps the token of this school: in the keyring, and where a recovery passphrase was chosen (or there is no
    /// keyring) inside the encrypted cache.
    pub(super) async fn keep_token(&self, token: &Token) -> Result<(), Error> {
        let lock = &self.0.profile.reloaded()?.lock;
        if lock.keyring_id().is_none() || lock.has_recovery() {
            keep_inside(self.cache(), Some(token)).await?;
        }
        match lock.keyring_id() {
            Some(id) => match vault::keep_token(id, token).await {
                // It is in the cache.
                Err(_) if lock.has_recovery() => Ok(()),
                kept => Ok(kept?),
            },
            None => Ok(()),
        }
    }

    pub(super) async fn token(&self) -> Result<Token, Error> {
        let of_keyring = match self.0.profile.lock.keyring_id() {
            Some(id) => vault::token(id).await,
            None => Ok(None),
        };
        if let Ok(Some(token)) = of_keyring {
            return Ok(token);
        }
        match self.cache().meta().await?.token.as_deref().map(Token::new).transpose()? {
            Some(token) => Ok(token),
            None => of_keyring?.ok_or_else(|| Error::NoToken(self.name().to_owned())),
        }
    }

    /// Forgets the token here and nothing else: everything stays readable, and decisions wait until there is a new one.
    ///
    /// # Errors
    /// Those of keyring and cache; where the keyring keeps it, it says why.
    pub async fn sign_out(&self) -> Result<(), Error> {
        keep_inside(self.cache(), None).await?;
        *self.0.client.lock().await = None;
        if let Some(id) = self.0.profile.lock.keyring_id() {
            vault::forget_token(id).await?;
        }
        Ok(())
    }

    /// Who looks at the server while this school is locked; `None` where nothing was read from it yet, or there is no
    /// token.
    ///
    /// # Errors
    /// Those of keyring and cache.
    pub async fn sentry(&self) -> Result<Option<Sentry>, Error> {
        let meta = self.cache().meta().await?;
        let (Some(cursor), Some(true)) = (meta.cursor, meta.login_log) else { return Ok(None) };
        match self.client().await {
            Ok(client) => {
                let follow_up = follow_ups::next(&mut *self.cache().reader().await?).await?;
                Ok(Some(Sentry::new(client, cursor, meta.max_changes_limit.clamp(1, MOST), follow_up)))
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
            let copied = if profile.lock.has_recovery() { vault::token(id).await? } else { None };
            keep_inside(self.cache(), copied.as_ref()).await?;
        }
        profile.save()
    }
}

async fn keep_inside(cache: &Cache, token: Option<&Token>) -> Result<(), Error> {
    Ok(cache.set_meta(|meta| meta.token = token.map(|token| token.expose().to_owned())).await.map(drop)?)
}

/// Gives the keyring back what it has lost, after the recovery passphrase has opened a school without it. A keyring that
/// is absent or locked stays as it is.
pub(super) async fn put_back(profile: &Profile, key: &CacheKey, cache: &Cache) {
    let Some(id) = profile.lock.keyring_id() else { return };
    if !profile.lock.lost_by_keyring().await {
        return;
    }
    let token = cache.meta().await.ok().and_then(|meta| Token::new(meta.token.as_deref()?).ok());
    if let Err(error) = profile.lock.put_back(key).await {
        return tracing::warn!("the key does not go back into the keyring: {error}");
    }
    if let Some(token) = token
        && let Err(error) = vault::keep_token(id, &token).await
    {
        tracing::warn!("the token does not go back into the keyring: {error}");
    }
}
