//! What the system tells of sleep and network: after either comes back the school is asked at once, and between the turns
//! nothing has to look at a clock. Where nobody tells, the next turn finds out.

use std::time::Duration;

use futures_util::StreamExt as _;
use tauri::{AppHandle, Manager as _};
use tokio::time::timeout;
use zbus::Connection;

use crate::shell::Shell;

/// The longest that whoever manages the network may take to say how it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// `NM_STATE_CONNECTED_LOCAL`; what is above it leads further. Below it there is no network, or none yet.
const CONNECTED: u32 = 50;
/// `NM_STATE_UNKNOWN`.
const UNKNOWN: u32 = 0;

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
    #[zbus(property(emits_changed_signal = "false"))]
    fn state(&self) -> zbus::Result<u32>;
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
    let manager = NetworkManagerProxy::new(&bus).await?;
    let mut networks = manager.receive_network_state_changed().await?;
    let shell = app.state::<Shell>();
    // Where there is no such manager, or it does not answer, the turns find out.
    let state = timeout(PATIENCE, manager.state()).await;
    shell.set_offline(matches!(state, Ok(Ok(state)) if is_offline(state))).await;
    loop {
        let back = tokio::select! {
            Some(sleep) = sleeps.next() => sleep.args().is_ok_and(|sleep| !sleep.start),
            Some(network) = networks.next() => {
                let Ok(network) = network.args() else { continue };
                shell.set_offline(is_offline(network.state)).await;
                network.state >= CONNECTED
            }
            else => return Ok(()),
        };
        if !back {
            continue;
        }
        // Nobody has counted the minutes while it slept.
        shell.look_at_idle();
        for (_, open) in shell.all_open().await {
            open.sync_now();
        }
        shell.try_again(app).await;
    }
}

fn is_offline(state: u32) -> bool {
    state != UNKNOWN && state < CONNECTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_leads_nowhere_yet_is_none_and_one_that_nobody_knows_of_may_be_there() {
        for (state, offline) in [(0, false), (10, true), (20, true), (30, true), (40, true), (50, false), (70, false)] {
            assert_eq!(is_offline(state), offline, "{state}");
        }
    }
}
