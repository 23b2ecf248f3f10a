//! The desktop notifications of freedesktop.org: one connection, one listener, however many are shown.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use tauri::{AppHandle, Manager as _};
use tokio::{
    sync::{Mutex, OnceCell},
    time::timeout,
};
use zbus::{Connection, zvariant::Value};

use super::{
    Notice,
    answer::{Answer, answered},
};
use crate::{shell::Shell, texts::without_markup, tray};

/// The longest that a notification daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pixels of the icon's side.
const PICTURE: u32 = 64;

/// The daemon decides how long a notification stays.
const AS_LONG_AS_USUAL: i32 = -1;

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;
    fn close_notification(&self, id: u32) -> zbus::Result<()>;
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;
    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action: String) -> zbus::Result<()>;
    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    /// No bus, or nobody on it who shows notifications.
    #[error(transparent)]
    Bus(#[from] zbus::Error),
    /// The daemon does not answer.
    #[error("the notification daemon did not answer in {PATIENCE:?}")]
    Silent,
}

/// What is shown and may still be clicked, by the daemon's number.
type Shown = Arc<Mutex<HashMap<u32, Notice>>>;

/// The way to the daemon, made when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    proxy: OnceCell<NotificationsProxy<'static>>,
    shown: Shown,
}

impl Desk {
    /// Shows a notification; what the person does with it is done.
    ///
    /// # Errors
    /// [`DeskError`].
    pub(crate) async fn show(&self, app: &AppHandle, notice: Notice) -> Result<(), DeskError> {
        let app = app.clone();
        // A task of its own: whoever tells may be stopped in the middle, and what was shown without its number being known
        // could not be taken back.
        let showing = tokio::spawn(async move {
            let desk = app.state::<Self>();
            timeout(PATIENCE, desk.show_now(&app, notice)).await.map_err(|_| DeskError::Silent)?
        });
        showing.await.map_err(|_| DeskError::Silent)?
    }

    /// Whether somebody is there who shows notifications.
    pub(super) async fn is_there(&self, app: &AppHandle) -> bool {
        let asked = timeout(PATIENCE, async {
            let proxy = self.proxy.get_or_try_init(|| listen(app, Arc::clone(&self.shown))).await?;
            proxy.get_capabilities().await
        });
        matches!(asked.await, Ok(Ok(_)))
    }

    /// What is shown can be taken back.
    pub(super) const TAKES_BACK: bool = true;

    /// Takes back what is shown of this kind.
    pub(crate) async fn take_back(&self, kind: fn(&Notice) -> bool) {
        let Some(proxy) = self.proxy.get() else { return };
        let shown: Vec<u32> = self.shown.lock().await.extract_if(|_, notice| kind(notice)).map(|(id, _)| id).collect();
        let closed = timeout(PATIENCE, async {
            for id in shown {
                // One that is gone already is no failure.
                let _ = proxy.close_notification(id).await;
            }
        });
        if closed.await.is_err() {
            tracing::warn!("{}", DeskError::Silent);
        }
    }

    async fn show_now(&self, app: &AppHandle, notice: Notice) -> Result<(), DeskError> {
        let proxy = self.proxy.get_or_try_init(|| listen(app, Arc::clone(&self.shown))).await?;
        let offered = proxy.get_capabilities().await?;
        let can = |what: &str| offered.iter().any(|offer| offer == what);
        let (open, viewed) = (notice.open(), notice.viewed());
        let mut actions = vec!["default", &open];
        if can("actions") {
            if let Some(viewed) = &viewed {
                actions.extend(["viewed", viewed]);
            }
            actions.extend(["open", &open]);
        }
        let body = if can("body-markup") { without_markup(&notice.said.body) } else { notice.said.body.clone() };
        let mut hints = HashMap::from([
            ("desktop-entry", Value::from("hallmonitor")),
            ("category", Value::from("im.received")),
            ("urgency", Value::from(1_u8)),
        ]);
        if let Some(picture) = picture() {
            hints.insert("image-data", picture);
        }
        // Held until the number is known: a click may be heard before the answer.
        let mut shown = self.shown.lock().await;
        // Not before: what is shown by now is taken back when a school is locked, what comes later must not be shown.
        if !notice.may_be_shown(&app.state::<Shell>()).await {
            return Ok(());
        }
        let id = proxy
            .notify("Hallmonitor", 0, "hallmonitor", &notice.said.title, &body, &actions, hints, AS_LONG_AS_USUAL)
            .await?;
        shown.insert(id, notice);
        Ok(())
    }
}

/// Connects, and begins to hear what becomes of notifications.
async fn listen(app: &AppHandle, shown: Shown) -> Result<NotificationsProxy<'static>, zbus::Error> {
    let bus = Connection::session().await?;
    let proxy = NotificationsProxy::new(&bus).await?;
    let mut clicks = proxy.receive_action_invoked().await?;
    let mut ends = proxy.receive_notification_closed().await?;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::select! {
                Some(click) = clicks.next() => {
                    let Ok(click) = click.args() else { continue };
                    let notice = shown.lock().await.get(&click.id).cloned();
                    if let (Some(notice), Some(answer)) = (notice, Answer::read(&click.action)) {
                        answered(&app, &notice, answer).await;
                    }
                }
                Some(end) = ends.next() => {
                    let Ok(end) = end.args() else { continue };
                    shown.lock().await.remove(&end.id);
                }
                else => return,
            }
        }
    });
    Ok(proxy)
}

/// The program's own icon, for desktops that it was not installed on: width, height, bytes a row, whether there is alpha,
/// bits of a colour, colours, pixels.
fn picture() -> Option<Value<'static>> {
    let side = i32::try_from(PICTURE).ok()?;
    let rgba = tray::quiet_icon(PICTURE)?;
    Some(Value::from((side, side, side * 4, true, 8_i32, 4_i32, rgba)))
}
