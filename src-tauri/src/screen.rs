//! What the desktop tells of its screen lock: Hallmonitor locks together with it, where the person has set that.

use futures_util::{StreamExt as _, stream::SelectAll};
use tauri::{AppHandle, Manager as _};
use zbus::{Connection, MatchRule, MessageStream, message::Type};

use crate::shell::Shell;

/// Each desktop says it in its own name, and all in the same words: a signal `ActiveChanged` with a boolean.
const SCREEN_SAVERS: [&str; 4] =
    ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.xfce.ScreenSaver"];

/// Listens for as long as the program runs.
pub(crate) async fn listen(app: AppHandle) {
    tauri::async_runtime::spawn(heard(hear_desktops(app.clone())));
    heard(hear_session(app)).await;
}

async fn heard(hearing: impl Future<Output = zbus::Result<()>>) {
    if let Err(error) = hearing.await {
        tracing::info!("nobody tells of the screen lock here: {error}");
    }
}

async fn hear_desktops(app: AppHandle) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let mut signals = SelectAll::new();
    for screen_saver in SCREEN_SAVERS {
        let rule =
            MatchRule::builder().msg_type(Type::Signal).interface(screen_saver)?.member("ActiveChanged")?.build();
        signals.push(MessageStream::for_match_rule(rule, &bus, None).await?);
    }
    while let Some(signal) = signals.next().await {
        if signal?.body().deserialize::<bool>().is_ok_and(|active| active) {
            lock(&app).await;
        }
    }
    Ok(())
}

/// systemd's login manager asks the session to lock its screen.
async fn hear_session(app: AppHandle) -> zbus::Result<()> {
    let bus = Connection::system().await?;
    let session = zbus::Proxy::new(
        &bus,
        "org.freedesktop.login1",
        // The session that asks.
        "/org/freedesktop/login1/session/auto",
        "org.freedesktop.login1.Session",
    )
    .await?;
    // Signals come from the session's own path.
    let id: String = session.get_property("Id").await?;
    let manager =
        zbus::Proxy::new(&bus, "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
            .await?;
    let path: zbus::zvariant::OwnedObjectPath = manager.call("GetSession", &(id,)).await?;
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .path(path)?
        .interface("org.freedesktop.login1.Session")?
        .member("Lock")?
        .build();
    let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
    while let Some(signal) = signals.next().await {
        signal?;
        lock(&app).await;
    }
    Ok(())
}

async fn lock(app: &AppHandle) {
    let shell = app.state::<Shell>();
    if shell.settings().locking.with_screen {
        shell.lock(app).await;
    }
}
