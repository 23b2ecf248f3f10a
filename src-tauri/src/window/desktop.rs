//! What the desktop asks of all windows: motion, and light or dark.
//!
//! WebKitGTK tells its pages so only where it composes them by itself, which it does not where no graphics processor draws
//! (`environment.rs`). There the program tells them.

use serde::Serialize;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Desktop {
    /// No motion.
    pub(super) still: bool,
    /// Dark windows.
    pub(super) dark: bool,
}

#[cfg(not(target_os = "linux"))]
impl Desktop {
    /// Elsewhere the pages know by themselves.
    pub(super) fn of(_app: &tauri::AppHandle) -> Self {
        Self::default()
    }
}

/// What the system draws (the title bar, the lists that unfold) goes by the person's choice, too.
#[cfg(not(target_os = "linux"))]
pub(super) fn wear(app: &tauri::AppHandle, theme: hallmonitor_core::settings::Theme) {
    use hallmonitor_core::settings::Theme;

    app.set_theme(match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    });
}

#[cfg(target_os = "linux")]
pub(crate) use self::linux::follow;
#[cfg(target_os = "linux")]
pub(super) use self::linux::wear;

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        env,
        sync::{Mutex, PoisonError, mpsc},
        time::Duration,
    };

    use gtk::{Settings, prelude::GtkSettingsExt as _};
    use hallmonitor_core::settings::Theme;
    use tauri::AppHandle;

    use super::Desktop;
    use crate::window::tell_dark;

    /// The longest that the desktop's settings are waited for.
    const ANSWERS: Duration = Duration::from_secs(2);

    impl Desktop {
        /// As it is now.
        pub(in crate::window) fn of(app: &AppHandle) -> Self {
            let (sender, answer) = mpsc::channel();
            // GTK answers on the main thread alone, which this may be.
            let asked = app.run_on_main_thread(move || {
                let _ = sender.send(Settings::default().map(|settings| Self::read(&settings)).unwrap_or_default());
            });
            if asked.is_ok() { answer.recv_timeout(ANSWERS).unwrap_or_default() } else { Self::default() }
        }

        fn read(settings: &Settings) -> Self {
            Self { still: !settings.is_gtk_enable_animations(), dark: is_dark(settings) }
        }
    }

    /// Tells the window from now on, as the desktop changes. To be called on the main thread, once.
    pub(crate) fn follow(app: &AppHandle) {
        let Some(settings) = Settings::default() else { return };
        let told = app.clone();
        settings.connect_gtk_theme_name_notify(move |settings| tell_dark(&told, is_dark(settings)));
        let told = app.clone();
        settings.connect_gtk_application_prefer_dark_theme_notify(move |settings| tell_dark(&told, is_dark(settings)));
    }

    /// What the desktop preferred before the person's own choice took its place.
    static PREFERRED: Mutex<Option<bool>> = Mutex::new(None);

    /// What GTK draws (the title bar, the lists that unfold) goes by the person's choice, too.
    pub(in crate::window) fn wear(app: &AppHandle, theme: Theme) {
        let put = move || {
            let Some(settings) = Settings::default() else { return };
            let mut preferred = PREFERRED.lock().unwrap_or_else(PoisonError::into_inner);
            let desktops = preferred.take().unwrap_or_else(|| settings.is_gtk_application_prefer_dark_theme());
            if theme != Theme::System {
                *preferred = Some(desktops);
            }
            drop(preferred);
            settings.set_gtk_application_prefer_dark_theme(is_worn_dark(theme, desktops));
        };
        if let Err(error) = app.run_on_main_thread(put) {
            tracing::warn!("the theme does not reach the desktop's own parts: {error}");
        }
    }

    fn is_worn_dark(theme: Theme, desktops: bool) -> bool {
        match theme {
            Theme::System => desktops,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }

    fn is_dark(settings: &Settings) -> bool {
        let name = settings.gtk_theme_name();
        let forced = env::var("GTK_THEME").ok();
        is_dark_theme(forced.as_deref(), name.as_deref(), settings.is_gtk_application_prefer_dark_theme())
    }

    /// A theme in the environment (`Adwaita:dark`) wins over the desktop's, whose dark ones are called so.
    fn is_dark_theme(forced: Option<&str>, name: Option<&str>, preferred: bool) -> bool {
        let is_dark = |theme: &str| {
            let theme = theme.to_lowercase();
            theme.ends_with("-dark") || theme.ends_with(":dark")
        };
        match forced.filter(|theme| !theme.is_empty()) {
            Some(theme) => is_dark(theme),
            None => preferred || name.is_some_and(is_dark),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_dark_desktop_is_told_by_the_environment_by_its_theme_or_by_what_it_prefers() {
            for (forced, name, preferred, dark) in [
                (None, Some("Adwaita"), false, false),
                (None, Some("Adwaita"), true, true),
                (None, Some("Yaru-Dark"), false, true),
                (None, None, false, false),
                (Some(""), Some("Adwaita-dark"), false, true),
                (Some("Adwaita:dark"), Some("Adwaita"), false, true),
                (Some("Adwaita"), Some("Adwaita-dark"), true, false),
            ] {
                assert_eq!(is_dark_theme(forced, name, preferred), dark, "{forced:?} {name:?} {preferred}");
            }
        }
    }
}
