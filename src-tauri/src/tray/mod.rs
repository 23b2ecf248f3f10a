//! The tray: an icon that says how many violations nobody has viewed, and a menu. It stays when the window is gone.
//!
//! On Linux it is a StatusNotifierItem; a desktop without a place for those gets it as soon as there is one.

mod face;
mod figures;
#[cfg(target_os = "linux")]
mod host;
mod icon;

use std::sync::{Mutex, PoisonError};

use chrono::Local;
use hallmonitor_core::model::Time;
use tauri::{
    AppHandle, Manager as _, Wry,
    image::Image,
    menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};

use self::face::{Act, Entry, Face, Seen, face};
pub(crate) use self::face::{SeenSchool, Standing as SeenStanding};
use crate::{shell::Shell, window};

const ID: &str = "hallmonitor";

/// How many violations the menu names.
pub(crate) const NEWEST: u32 = 5;

/// Pixels. The desktop scales it down to what its panel has: half of it, a third, a quarter.
const SIZE: u32 = if cfg!(windows) { 32 } else { 64 };

/// What the tray shows, or will when there is one.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<Face>);

/// Puts the icon into the tray; where there is no tray yet, as soon as one comes.
pub(crate) fn start(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    tauri::async_runtime::spawn(host::wait(app.clone()));
    #[cfg(not(target_os = "linux"))]
    build(app);
}

/// Whether there is an icon in a tray.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Looks at every school, and shows it.
pub(crate) async fn refresh(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let seen = Seen { schools: shell.seen().await, notifications: shell.settings().notifications };
    show(app, &seen);
}

/// The tray is the main thread's; nobody waits for it.
fn show(app: &AppHandle, seen: &Seen) {
    let language = app.state::<Shell>().settings().language();
    let fresh = face(seen, Time(Local::now().timestamp_millis()), language);
    {
        let shown = app.state::<Shown>();
        let mut shown = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown == fresh {
            return;
        }
        shown.clone_from(&fresh);
    }
    let painting = app.clone();
    let painted = app.run_on_main_thread(move || {
        if let Some(tray) = painting.tray_by_id(ID) {
            let painted = menu(&painting, &fresh.menu)
                .and_then(|menu| tray.set_menu(Some(menu)))
                .and_then(|()| tray.set_icon(image(&fresh)))
                .and_then(|()| tray.set_tooltip(Some(&fresh.tooltip)));
            if let Err(error) = painted {
                tracing::warn!("the tray does not change: {error}");
            }
        }
    });
    if let Err(error) = painted {
        tracing::warn!("the tray does not change: {error}");
    }
}

/// Makes the icon, on the main thread.
fn build(app: &AppHandle) -> tauri::Result<()> {
    let face = app.state::<Shown>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut builder = TrayIconBuilder::with_id(ID)
        .menu(&menu(app, &face.menu)?)
        .tooltip(&face.tooltip)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| {
            if let Some(act) = Act::read(event.id().as_ref()) {
                let app = app.clone();
                tauri::async_runtime::spawn(async move { perform(&app, act).await });
            }
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                window::open_at(tray.app_handle(), None);
            }
        });
    if let Some(image) = image(&face) {
        builder = builder.icon(image);
    }
    if cfg!(target_os = "linux") {
        // Its name for those who hear the panel read out; elsewhere it would stand beside the icon.
        builder = builder.title("Hallmonitor");
    }
    builder.build(app)?;
    Ok(())
}

/// The icon without a number, for what stands beside it: RGBA.
#[cfg(target_os = "linux")]
pub(crate) fn quiet_icon(size: u32) -> Option<Vec<u8>> {
    icon::draw(icon::Mark::Quiet, size)
}

fn image(face: &Face) -> Option<Image<'static>> {
    icon::draw(face.mark, SIZE).map(|rgba| Image::new_owned(rgba, SIZE, SIZE))
}

fn menu(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for entry in entries {
        menu.append(&*item(app, entry)?)?;
    }
    Ok(menu)
}

fn item(app: &AppHandle, entry: &Entry) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    // A single one would mark the key that chooses the entry.
    let plain = |words: &str| words.replace('&', "&&");
    Ok(match entry {
        Entry::Act(act, words) => Box::new(MenuItem::with_id(app, act.id(), plain(words), true, None::<&str>)?),
        Entry::Says(words) => Box::new(MenuItem::new(app, plain(words), false, None::<&str>)?),
        Entry::Line => Box::new(PredefinedMenuItem::separator(app)?),
        Entry::More(words, entries) => {
            let more = Submenu::new(app, plain(words), true)?;
            for entry in entries {
                more.append(&*item(app, entry)?)?;
            }
            Box::new(more)
        }
    })
}

async fn perform(app: &AppHandle, act: Act) {
    let shell = app.state::<Shell>();
    match act {
        Act::Show(target) => window::open_at(app, Some(target)),
        Act::Open => window::open_at(app, None),
        Act::SyncNow => {
            for (_, open) in shell.all_open().await {
                open.sync_now();
            }
        }
        Act::Lock => shell.lock(app).await,
        Act::Pause(pause) => pause_until(app, Some(pause.until(Local::now().fixed_offset()))).await,
        Act::Resume => pause_until(app, None).await,
        Act::Quit => app.exit(0),
    }
}

async fn pause_until(app: &AppHandle, until: Option<Time>) {
    let shell = app.state::<Shell>();
    let mut settings = shell.settings();
    settings.notifications.paused_until = until;
    if let Err(problem) = shell.set(app, settings).await {
        tracing::warn!("the pause was not kept: {problem}");
    }
}
