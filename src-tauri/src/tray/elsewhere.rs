//! The icon and its menu in the tray of Windows and macOS, which is the main thread's.

use tauri::{
    AppHandle, Manager as _, Wry,
    image::Image,
    menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};

use super::{
    ID, SIZE, Shown, chosen,
    face::{Act, Entry, Face},
    icon,
};
use crate::window;

/// Puts the icon into the tray.
pub(crate) fn start(app: &AppHandle) {
    let building = app.clone();
    let asked = app.run_on_main_thread(move || {
        if let Err(error) = build(&building) {
            tracing::warn!("there will be no tray icon: {error}");
        }
    });
    if let Err(error) = asked {
        tracing::warn!("there will be no tray icon: {error}");
    }
}

/// Whether there is an icon in a tray.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Shows the face that there is now; nobody waits for it.
pub(super) async fn paint(app: &AppHandle) {
    let painting = app.clone();
    let painted = app.run_on_main_thread(move || {
        if let Some(tray) = painting.tray_by_id(ID) {
            let face = painting.state::<Shown>().face();
            let painted = menu(&painting, &face.menu)
                .and_then(|menu| tray.set_menu(Some(menu)))
                .and_then(|()| tray.set_icon(image(&face)))
                .and_then(|()| tray.set_tooltip(Some(&face.tooltip)));
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
    let face = app.state::<Shown>().face();
    let mut builder = TrayIconBuilder::with_id(ID)
        .menu(&menu(app, &face.menu)?)
        .tooltip(&face.tooltip)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| {
            if let Some(act) = Act::read(event.id().as_ref()) {
                chosen(app, act);
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
    builder.build(app)?;
    Ok(())
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
