//! The icon and its menu as a StatusNotifierItem on the session's bus. Nothing of it needs the main thread, nor a thread of
//! its own.
//!
//! Waits for a desktop that shows tray icons: it may come later than a program that starts with the session, and never
//! on GNOME without an extension.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use futures_util::StreamExt as _;
use ksni::{
    Category, Handle, Icon, MenuItem, OfflineReason, ToolTip, TrayMethods as _,
    menu::{StandardItem, SubMenu},
};
use tauri::{AppHandle, Manager as _};
use zbus::{Connection, MatchRule, MessageStream, fdo::DBusProxy, message::Type};

use super::{
    ID, Shown, chosen,
    face::{Act, Entry, Face},
    icon,
};
use crate::{texts::without_markup, window};

/// Pixels: a panel takes the one that fits it, and scales where none does.
const SIZES: [u32; 7] = [16, 20, 22, 24, 32, 48, 64];

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// What there is in the tray, once there is.
#[derive(Default)]
pub(super) struct Item {
    handle: OnceLock<Handle<Tray>>,
    /// Whether somebody shows it.
    shown: AtomicBool,
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Item").field("shown", &self.shown).finish_non_exhaustive()
    }
}

/// Puts the icon into the tray; where there is no tray yet, as soon as one comes.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = until_built(&app).await {
            tracing::info!("there will be no tray icon: {error}");
        }
    });
}

/// Whether there is an icon in a tray.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    app.state::<Shown>().item.shown.load(Ordering::Relaxed)
}

/// Shows the face that there is now.
pub(super) async fn paint(app: &AppHandle) {
    let shown = app.state::<Shown>();
    if let Some(handle) = shown.item.handle.get() {
        // `None` where the bus is gone, and the panel with it.
        let _ = handle.update(|tray| tray.face = shown.face()).await;
    }
}

/// Makes the icon as soon as there is somebody who shows it.
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
    let shown = app.state::<Shown>();
    match (Tray { app: app.clone(), face: shown.face() }).spawn().await {
        Ok(handle) => {
            // Built once, so there is none yet.
            let _ = shown.item.handle.set(handle);
            shown.item.shown.store(true, Ordering::Relaxed);
            // What has changed since it was begun.
            paint(app).await;
            true
        }
        Err(error) => {
            tracing::info!("no tray icon yet: {error}");
            false
        }
    }
}

/// The item, as the panel asks for it.
struct Tray {
    app: AppHandle,
    face: Face,
}

impl Tray {
    fn shows(&self, shown: bool) {
        self.app.state::<Shown>().item.shown.store(shown, Ordering::Relaxed);
    }
}

impl ksni::Tray for Tray {
    fn id(&self) -> String {
        ID.to_owned()
    }

    /// Its name for those who hear the panel read out.
    fn title(&self) -> String {
        "Hallmonitor".to_owned()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        window::open_at(&self.app, None);
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        SIZES.iter().filter_map(|size| Some(pixmap(icon::draw(self.face.mark, *size)?, *size))).collect()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: self.title(), description: without_markup(&self.face.tooltip), ..ToolTip::default() }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.face.menu.iter().map(line).collect()
    }

    /// Told a panel that asks before it shows the menu: what it has is what there is.
    fn menu_about_to_show(&mut self) {}

    fn watcher_online(&self) {
        self.shows(true);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.shows(false);
        true
    }
}

/// RGBA as the bus has it: ARGB, the alpha first.
fn pixmap(mut rgba: Vec<u8>, size: u32) -> Icon {
    for pixel in rgba.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    // A small number.
    let side = size as i32;
    Icon { width: side, height: side, data: rgba }
}

fn line(entry: &Entry) -> MenuItem<Tray> {
    // A single one would mark the key that chooses the entry.
    let plain = |words: &str| words.replace('_', "__");
    match entry {
        Entry::Act(act, words) => {
            let act: Act = act.clone();
            let activate = Box::new(move |tray: &mut Tray| chosen(&tray.app, act.clone()));
            StandardItem { label: plain(words), activate, ..StandardItem::default() }.into()
        }
        Entry::Says(words) => StandardItem { label: plain(words), enabled: false, ..StandardItem::default() }.into(),
        Entry::Line => MenuItem::Separator,
        Entry::More(words, entries) => {
            SubMenu { label: plain(words), submenu: entries.iter().map(line).collect(), ..SubMenu::default() }.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bus_gets_alpha_first_and_underscores_that_mark_no_key() {
        let red = [255, 0, 0, 128].repeat(64 * 64);
        let icon = pixmap(red, 64);
        assert_eq!((icon.width, icon.height, &icon.data[..4]), (64, 64, &[128, 255, 0, 0][..]));
        let MenuItem::Standard(line) = line(&Entry::Says("a_b".to_owned())) else { panic!("an entry") };
        assert_eq!(line.label, "a__b");
    }
}
