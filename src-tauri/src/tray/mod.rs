//! The tray: an icon that says how many violations nobody has viewed, and a menu. It stays when the window is gone.
//!
//! On Linux it is a StatusNotifierItem; a desktop without a place for those gets it as soon as there is one.

mod face;
mod figures;
mod icon;

#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod desk;
#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod desk;

use std::sync::{Mutex, PoisonError};

use chrono::Local;
use hallmonitor_core::model::Time;
use tauri::{AppHandle, Manager as _};

use self::face::{Act, Face, Seen, face};
pub(crate) use self::{
    desk::{is_shown, start},
    face::{SeenSchool, Standing as SeenStanding},
};
use crate::{shell::Shell, window};

const ID: &str = "hallmonitor";

/// How many violations the menu names, the newest of all schools.
pub(crate) const NEWEST: u32 = 5;

/// Pixels. The desktop scales it down to what its panel has: half of it, a third, a quarter.
#[cfg(not(target_os = "linux"))]
const SIZE: u32 = if cfg!(windows) { 32 } else { 64 };

/// What the tray shows, or will when there is one.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    face: Mutex<Face>,
    #[cfg(target_os = "linux")]
    item: desk::Item,
}

impl Shown {
    fn face(&self) -> Face {
        self.face.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it is another one than before.
    fn set_face(&self, fresh: Face) -> bool {
        let mut face = self.face.lock().unwrap_or_else(PoisonError::into_inner);
        let other = *face != fresh;
        *face = fresh;
        other
    }
}

/// Looks at every school, and shows it.
pub(crate) async fn refresh(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let settings = shell.settings();
    let language = settings.language();
    let (schools, unsent) = (shell.seen().await, shell.unsent().await);
    let seen = Seen { schools, notifications: settings.notifications, times: settings.times, unsent };
    if app.state::<Shown>().set_face(face(&seen, Time(Local::now().timestamp_millis()), language)) {
        desk::paint(app).await;
    }
}

/// The icon without a number, for what stands beside it: RGBA.
#[cfg(target_os = "linux")]
pub(crate) fn quiet_icon(size: u32) -> Option<Vec<u8>> {
    icon::draw(icon::Mark::Quiet, size)
}

/// Does what an entry of the menu says; returns at once.
fn chosen(app: &AppHandle, act: Act) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { perform(&app, act).await });
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
        Act::Pause(pause) => pause_until(app, Some(pause.until(&Local::now()))).await,
        Act::Resume => pause_until(app, None).await,
        Act::Quit => app.exit(0),
    }
}

async fn pause_until(app: &AppHandle, until: Option<Time>) {
    if let Err(problem) = app.state::<Shell>().pause_until(app, until).await {
        tracing::warn!("the pause was not kept: {problem}");
    }
}
