//! What the system tells of sleep and network: after either comes back the school is asked at once, and between the turns
//! nothing has to look at a clock. Where nobody tells, the next turn finds out.

use futures_util::StreamExt as _;
use tauri::{AppHandle, Manager as _};
use zbus::Connection;

use crate::shell::Shell;

/// `NM_STATE_CONNECTED_GLOBAL`.
const CONNECTED: u32 = 70;

#[zbus::proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1",
    gen_blocking = false
)]
trait Logind {
    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
}

#[zbus::proxy(
    interface = "org.freedesktop.NetworkManager",
    default_service = "org.freedesktop.NetworkManager",
    default_path = "/org/freedesktop/NetworkManager",
    gen_blocking = false
)]
trait NetworkManager {
    #[zbus(signal, name = "StateChanged")]
    fn network_state_changed(&self, state: u32) -> zbus::Result<()>;
}

/// Listens for as long as the program runs.
pub(crate) async fn listen(app: AppHandle) {
    if let Err(error) = hear(&app).await {
        tracing::info!("nobody tells of sleep and network here: {error}");
    }
}

async fn hear(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::system().await?;
    let mut sleeps = LogindProxy::new(&bus).await?.receive_prepare_for_sleep().await?;
    let mut networks = NetworkManagerProxy::new(&bus).await?.receive_network_state_changed().await?;
    loop {
        let back = tokio::select! {
            Some(sleep) = sleeps.next() => sleep.args().is_ok_and(|sleep| !sleep.start),
            Some(network) = networks.next() => network.args().is_ok_and(|network| network.state == CONNECTED),
            else => return Ok(()),
        };
        if !back {
            continue;
        }
        let shell = app.state::<Shell>();
        // Nobody has counted the minutes while it slept.
        shell.look_at_idle();
        for (_, open) in shell.all_open().await {
            open.sync_now();
        }
        shell.try_again(app).await;
    }
}
