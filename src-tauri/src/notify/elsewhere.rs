//! Other systems, by Tauri's plugin: it shows; a click opens the program.

use tauri::AppHandle;
use tauri_plugin_notification::{Error, NotificationExt as _};

use super::Notice;

/// Shows notifications.
#[derive(Debug, Default)]
pub(crate) struct Desk;

impl Desk {
    /// What is shown stays until the person clears it.
    pub(super) const TAKES_BACK: bool = false;

    /// The system itself shows notifications.
    pub(super) async fn is_there(&self, _app: &AppHandle) -> bool {
        true
    }

    /// There is no way.
    pub(crate) async fn take_back(&self, _kind: fn(&Notice) -> bool) {}

    /// Shows a notification.
    ///
    /// # Errors
    /// Where the system does not take it.
    pub(crate) async fn show(&self, app: &AppHandle, notice: Notice) -> Result<(), Error> {
        app.notification().builder().title(notice.said.title).body(notice.said.body).show()
    }
}
