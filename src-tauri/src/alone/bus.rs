//! The first start owns a name on the session's bus, and a second one asks its owner for the window
//! (org.freedesktop.Application, of the Desktop Entry Specification).

use std::{collections::HashMap, time::Duration};

use tauri::AppHandle;
use tokio::sync::{Mutex, mpsc};
use zbus::{Connection, connection, zvariant::OwnedValue};

use super::Instance;
use crate::window;

/// The identifier of `tauri.conf.json`, which is also the bus's name for the usual data folder.
const NAME: &str = "app.hallmonitor.desktop";
const PATH: &str = "/app/hallmonitor/desktop";

/// The longest that the first start may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a start finds.
#[derive(Debug)]
pub(crate) enum Start {
    /// No other one: it goes on.
    First(First),
    /// Another one, which shows its window where that was wanted.
    Second,
}

/// What makes the first start the one that others find.
#[derive(Debug, Default)]
pub(crate) struct First {
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    bus: Connection,
    name: String,
    /// How often the window was asked for, by those that nobody has heard yet.
    wanted: Mutex<mpsc::UnboundedReceiver<()>>,
}

struct Front {
    want: mpsc::UnboundedSender<()>,
}

#[zbus::interface(
    name = "org.freedesktop.Application",
    proxy(gen_blocking = false, default_path = "/app/hallmonitor/desktop")
)]
impl Front {
    fn activate(&self, _platform_data: HashMap<String, OwnedValue>) {
        // Nobody listens only where the program ends.
        let _ = self.want.send(());
    }
}

/// Takes the name, or asks the one that has it for its window; `hidden` wants none. Without a bus nobody can be found, and
/// every start is a first one.
///
/// # Errors
/// Where another one has the name and does not answer.
pub(crate) async fn start(instance: Instance, hidden: bool) -> zbus::Result<Start> {
    let Some(name) = name(&instance) else { return Ok(Start::First(First::default())) };
    let (want, wanted) = mpsc::unbounded_channel();
    let bus = async {
        connection::Builder::session()?
            .method_timeout(PATIENCE)
            .serve_at(PATH, Front { want })?
            .name(name.as_str())?
            .replace_existing_names(false)
            .allow_name_replacements(false)
            .build()
            .await
    };
    match bus.await {
        Ok(bus) => Ok(Start::First(First { held: Some(Held { bus, name, wanted: Mutex::new(wanted) }) })),
        Err(zbus::Error::NameTaken) => {
            // The session starts it once more; nobody has asked for a window.
            if !hidden {
                let bus = connection::Builder::session()?.method_timeout(PATIENCE).build().await?;
                FrontProxy::builder(&bus).destination(name)?.build().await?.activate(HashMap::new()).await?;
            }
            Ok(Start::Second)
        }
        Err(error) => {
            tracing::warn!("a second start will not be noticed: {error}");
            Ok(Start::First(First::default()))
        }
    }
}

impl First {
    /// Whether a second start is heard.
    pub(crate) fn is_heard(&self) -> bool {
        self.held.is_some()
    }

    /// Opens the window as often as second starts ask for it, for as long as the program runs.
    pub(crate) async fn listen(&self, app: &AppHandle) {
        let Some(held) = &self.held else { return };
        let mut wanted = held.wanted.lock().await;
        while wanted.recv().await.is_some() {
            window::open_at(app, None);
        }
    }

    /// Lets the next start be a first one: this one ends.
    pub(crate) async fn let_go(&self) {
        if let Some(held) = &self.held
            && let Err(error) = held.bus.release_name(held.name.as_str()).await
        {
            tracing::info!("the name stays until the bus notices: {error}");
        }
    }
}

/// Told apart by the data folder; `None` is found by nobody.
fn name(instance: &Instance) -> Option<String> {
    match instance {
        Instance::Usual => Some(NAME.to_owned()),
        Instance::Of(folder) => Some(format!("{NAME}.at{:016x}", digest(folder.as_os_str().as_encoded_bytes()))),
        Instance::None => None,
    }
}

/// FNV-1a (<https://www.rfc-editor.org/rfc/rfc9923>), of which it is certain that the next version gives the same: it has
/// to find this one while it runs.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |digest, byte| (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_one_that_is_written_down() {
        assert_eq!((digest(b""), digest(b"a")), (0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c));
    }

    #[test]
    fn each_data_folder_has_a_name_of_its_own_and_the_demo_school_none() {
        let of = |folder: &str| name(&Instance::Of(folder.into()));
        assert_eq!(name(&Instance::Usual).as_deref(), Some(NAME));
        assert_eq!(of("/a"), of("/a"));
        assert_ne!(of("/a"), of("/b"));
        assert_eq!(name(&Instance::None), None);
    }
}
