//! The one window: how it is made, found again, and kept to its own pages.

use hallmonitor_core::settings::{Settings, TextSize, Theme, Times};
use hallmonitor_language::Language;
use serde::Serialize;
use tauri::{
    AppHandle, Emitter as _, LogicalSize, Manager as _, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    plugin::TauriPlugin,
};
use tauri_plugin_window_state::StateFlags;

use crate::{place::Target, shell::Shell};

mod desktop;
#[cfg(target_os = "linux")]
mod folder;
use desktop::Desktop;
#[cfg(target_os = "linux")]
pub(crate) use {desktop::follow, folder::Folder};

const LABEL: &str = "main";

/// The smallest window that the pages were drawn for, in their own pixels.
const SMALLEST: (f64, f64) = (1024.0, 640.0);

/// What a desktop may draw around a window, in logical pixels: a title bar and two edges.
const FRAME: (f64, f64) = (10.0, 48.0);

/// Remembers size and position. Under Wayland the position is the desktop's own business.
pub(crate) fn remembered<R: Runtime>() -> TauriPlugin<R> {
    let wayland = cfg!(target_os = "linux") && std::env::var_os("WAYLAND_DISPLAY").is_some();
    let mut flags = StateFlags::SIZE | StateFlags::MAXIMIZED;
    flags.set(StateFlags::POSITION, !wayland);
    tauri_plugin_window_state::Builder::default().with_state_flags(flags).build()
}

/// What the pages have to know before they show anything.
#[derive(Serialize)]
struct Looks {
    language: Language,
    theme: Theme,
    times: Times,
    #[serde(flatten)]
    desktop: Desktop,
}

/// Puts them into the window with its pages, which would otherwise begin by asking.
fn looks(app: &AppHandle) -> tauri::Result<String> {
    let settings = app.state::<Shell>().settings();
    let (language, theme, times) = (settings.language(), settings.theme, settings.times);
    let looks = serde_json::to_string(&Looks { language, theme, times, desktop: Desktop::of(app) })?;
    Ok(format!("window.hallmonitorLooks = {looks};"))
}

/// Opens the window at once: pages inside the program paint as soon as a hidden window could be shown.
///
/// # Errors
/// Where the webview can't be made.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let mut builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .initialization_script(looks(app)?)
        .title("Hallmonitor")
        .inner_size(1280.0, 800.0)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .center()
        .disable_drag_drop_handler()
        .on_navigation(is_own_page)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny);
    #[cfg(target_os = "linux")]
    {
        builder = builder.data_directory(app.state::<Folder>().path()?);
    }
    // The webview keeps nothing on disk: what is here of a school lies in its encrypted cache alone.
    #[cfg(not(target_os = "linux"))]
    {
        builder = builder.incognito(true);
    }
    if shell.screenshot() {
        // The whole of a virtual display that was made for the picture.
        builder = builder.maximized(true).decorations(false);
    }
    // Making a window asks the desktop anew what it prefers: that is not to be mixed up with what was chosen.
    desktop::wear(app, Theme::System);
    builder.build()?;
    wear(app, &shell.settings());
    // Who looks wants what is new sooner.
    let app = app.clone();
    tauri::async_runtime::spawn(async move { app.state::<Shell>().pace(&app).await });
    Ok(())
}

/// The window looks from now on as is set: what it is drawn with beside its pages, and how large all of it is.
pub(crate) fn wear(app: &AppHandle, settings: &Settings) {
    desktop::wear(app, settings.theme);
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = size(&window, settings.text_size)
    {
        tracing::warn!("the window does not change its size of text: {error}");
    }
}

/// Larger text needs a larger window for as much of it: it is as large as the screen has room for that.
fn size(window: &WebviewWindow, text: TextSize) -> tauri::Result<()> {
    let screen = window.current_monitor()?;
    let room = screen.map(|screen| screen.work_area().size.to_logical::<f64>(screen.scale_factor()));
    let factor = room.map_or(text.factor(), |room| within(text.factor(), (room.width, room.height)));
    window.set_min_size(Some(LogicalSize::new(SMALLEST.0 * factor.max(1.0), SMALLEST.1 * factor.max(1.0))))?;
    window.set_zoom(factor)
}

/// The factor that is wanted, or the largest with which the smallest window has room beside its frame.
fn within(factor: f64, (wide, tall): (f64, f64)) -> f64 {
    let most = ((wide - FRAME.0) / SMALLEST.0).min((tall - FRAME.1) / SMALLEST.1);
    factor.min(most.max(1.0))
}

/// Whether there is a window.
pub(crate) fn is_open(app: &AppHandle) -> bool {
    app.get_webview_window(LABEL).is_some()
}

/// Shows the window, made anew where it is gone, at a place of a school where one is wanted. Returns at once.
pub(crate) fn open_at(app: &AppHandle, target: Option<Target>) {
    let app = app.clone();
    // A window is made on the main thread, which must not wait for itself.
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let elsewhere = target.as_ref().is_some_and(|target| !shell.shows(&target.school));
        if let Some(target) = &target
            && elsewhere
        {
            // Where it does not open, the window says why; where there is no such school any more, nothing leads there.
            let _ = shell.open_school(&app, &target.school, None).await;
        }
        let target = target.filter(|target| shell.shows(&target.school));
        let (leads, elsewhere) = (target.is_some(), elsewhere && target.is_some());
        shell.lead_to(target);
        {
            let _alone = shell.opening().await;
            if is_open(&app) {
                to_front(&app);
                match (leads, elsewhere) {
                    (true, true) => tell_switched(&app),
                    (true, false) => tell(&app, "go"),
                    (false, _) => {}
                }
            } else if let Err(error) = open(&app) {
                tracing::error!("the window does not open: {error}");
            }
        }
    });
}

/// Tells the window that the list of schools has changed, or what stands in it.
pub(crate) fn tell_schools(app: &AppHandle) {
    tell(app, "schools");
}

/// Tells the window that somebody else has changed what is set.
pub(crate) fn tell_settings(app: &AppHandle) {
    tell(app, "settings");
}

/// Tells the window that another school is shown, or that the one which is shown has opened.
pub(crate) fn tell_switched(app: &AppHandle) {
    tell(app, "switched");
}

/// Tells the window that the desktop has become dark, or light.
#[cfg(target_os = "linux")]
fn tell_dark(app: &AppHandle, dark: bool) {
    if let Err(error) = app.emit_to(LABEL, "dark", dark) {
        tracing::warn!("the desktop's theme was not told: {error}");
    }
}

/// Tells the window that everything is locked: nothing may stay in it.
pub(crate) fn tell_locked(app: &AppHandle) {
    tell(app, "locked");
}

fn tell(app: &AppHandle, event: &str) {
    if let Err(error) = app.emit_to(LABEL, event, ()) {
        tracing::warn!("{event} was not told: {error}");
    }
}

fn to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!("the window does not come to the front: {error}");
        }
    }
}

/// Whether an address is a page inside this program; nothing else is ever shown.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // How Windows writes it.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        // What WebDriver begins with.
        "about" => url.as_str() == "about:blank",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_large_as_the_smallest_window_has_room_on_the_screen() {
        let on = |factor, screen| (within(factor, screen) * 100.0_f64).round();
        assert_eq!(on(1.5, (1920.0, 1050.0)), 150.0);
        assert_eq!(on(1.5, (1440.0, 870.0)), 128.0);
        assert_eq!(on(1.25, (1440.0, 870.0)), 125.0);
        assert_eq!(on(1.5, (1024.0, 640.0)), 100.0);
        assert_eq!(on(0.9, (800.0, 600.0)), 90.0);
    }

    #[test]
    fn only_pages_inside_the_program_are_shown() {
        for (address, own) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#contacts", true),
            ("http://tauri.localhost/", true),
            ("about:blank", true),
            ("about:srcdoc", false),
            ("tauri://elsewhere/", false),
            ("https://example.com/", false),
            ("https://tauri.localhost.example.com/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,hello", false),
        ] {
            let url = address.parse().expect("an address");
            assert_eq!(is_own_page(&url), own, "{address}");
        }
    }
}
