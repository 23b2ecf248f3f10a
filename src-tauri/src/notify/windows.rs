//! Windows' toasts.

use tauri::AppHandle;
use tauri_winrt_notification::{Error, Toast};

use super::{
    Notice,
    answer::{Answer, answered},
};

/// Shows toasts.
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

    /// Shows a notification; what the person does with it is done.
    ///
    /// # Errors
    /// Where Windows does not take it.
    pub(crate) async fn show(&self, app: &AppHandle, notice: Notice) -> Result<(), Error> {
        // The installer registers the identifier; a program that was not installed borrows PowerShell's.
        let sender = if cfg!(debug_assertions) { Toast::POWERSHELL_APP_ID } else { &app.config().identifier };
        let mut toast = Toast::new(sender).title(&notice.said.title).text1(&notice.said.body);
        if let Some(viewed) = notice.viewed() {
            toast = toast.add_button(&viewed, "viewed");
        }
        let app = app.clone();
        toast
            .add_button(&notice.open(), "open")
            .on_activated(move |action| {
                if let Some(answer) = Answer::read(action.as_deref().unwrap_or_default()) {
                    let (app, notice) = (app.clone(), notice.clone());
                    tauri::async_runtime::spawn(async move { answered(&app, &notice, answer).await });
                }
                Ok(())
            })
            .show()
    }
}
