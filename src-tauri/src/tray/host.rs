//! Waits for a desktop that shows tray icons: it may come later than a program that starts with the session, and never
//! on GNOME without an extension.

use futures_util::StreamExt as _;
use tauri::AppHandle;
use tokio::sync::oneshot;
use zbus::{Connection, MatchRule, MessageStream, fdo::DBusProxy, message::Type};

use super::build;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Makes the icon as soon as there is somebody who shows it.
pub(super) async fn wait(app: AppHandle) {
    if let Err(error) = until_built(&app).await {
        tracing::info!("there will be no tray icon: {error}");
    }
}

async fn until_built(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let daemon = DBusProxy::new(&bus).await?;
    // Heard before the first look, so that none comes between the two.
    let mut owners = daemon.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    let hosts =
        MatchRule::builder().msg_type(Type::Signal).interface(WATCHER)?.member("StatusNotifierHostRegistered")?.build();
    let mut hosts = MessageStream::for_match_rule(hosts, &bus, None).await?;
    while !built(app).await {
        tokio::select! {
            owner = owners.next() => if owner.is_none() { return Ok(()) },
            host = hosts.next() => if host.is_none() { return Ok(()) },
        }
    }
    Ok(())
}

async fn built(app: &AppHandle) -> bool {
    let (tell, told) = oneshot::channel();
    let building = app.clone();
    let asked = app.run_on_main_thread(move || {
        let built = build(&building);
        if let Err(error) = &built {
            tracing::info!("no tray icon yet: {error}");
        }
        // Nobody listens only where the program ends.
        let _ = tell.send(built.is_ok());
    });
    asked.is_ok() && told.await.unwrap_or(false)
}
