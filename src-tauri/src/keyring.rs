//! What the session's bus tells of the keyring (the Secret Service): a school whose key it did not give at the start, because
//! it was locked or came later, is tried again as soon as it is there and open. Nobody is asked for a password: that is
//! for the start and for the person.

use std::time::Duration;

use futures_util::StreamExt as _;
use tauri::{AppHandle, Manager as _};
use tokio::time::sleep;
use zbus::{Connection, MatchRule, MessageStream, fdo::DBusProxy, message, proxy::CacheProperties};

use crate::shell::Shell;

const SECRETS: &str = "org.freedesktop.secrets";

/// Until the next look whether the keyring has been unlocked, while a school is closed: soon after something was told, then
/// ever later, for not every keyring tells.
const SOON: Duration = Duration::from_secs(1);
const SLOWLY: Duration = Duration::from_secs(120);

/// Listens for as long as the program runs.
pub(crate) async fn listen(app: AppHandle) {
    if let Err(error) = hear(&app).await {
        tracing::info!("nobody tells of the keyring here: {error}");
    }
}

async fn hear(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let keyring = DBusProxy::new(&bus).await?;
    let anything = MatchRule::builder().msg_type(message::Type::Signal).sender(SECRETS)?.build();
    let shell = app.state::<Shell>();
    loop {
        // Where everything is open nobody listens.
        shell.until_one_is_closed().await;
        let mut owners = keyring.receive_name_owner_changed_with_args(&[(0, SECRETS)]).await?;
        let mut signals = MessageStream::for_match_rule(anything.clone(), &bus, None).await?;
        let mut pause = SOON;
        loop {
            if would_answer(&bus).await {
                shell.try_again(app).await;
            }
            if !shell.one_is_closed().await {
                break;
            }
            // One that comes or is unlocked may take a moment until it answers.
            tokio::select! {
                owner = owners.next() => match owner {
                    Some(_) => pause = SOON,
                    None => return Ok(()),
                },
                Some(_) = signals.next() => pause = SOON,
                () = sleep(pause) => pause = (2 * pause).min(SLOWLY),
            }
        }
    }
}

/// Whether the keyring would give a key without asking for its password. Where it does not say, it is asked.
async fn would_answer(bus: &Connection) -> bool {
    let locked = async {
        let keyring = zbus::proxy::Builder::<zbus::Proxy<'_>>::new(bus)
            .destination(SECRETS)?
            .path("/org/freedesktop/secrets/aliases/default")?
            .interface("org.freedesktop.Secret.Collection")?
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        keyring.get_property::<bool>("Locked").await
    };
    !locked.await.unwrap_or(false)
}
