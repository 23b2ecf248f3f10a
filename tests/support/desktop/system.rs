//! What speaks for the system on a Linux desktop: who manages the network, and who knows of sleep.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use zbus::{Connection, connection};

use super::Desktop;
use crate::wait::until;

const NETWORK: &str = "org.freedesktop.NetworkManager";
const NETWORK_PATH: &str = "/org/freedesktop/NetworkManager";
const LOGIN: &str = "org.freedesktop.login1";
const LOGIN_PATH: &str = "/org/freedesktop/login1";
const LOGIN_MANAGER: &str = "org.freedesktop.login1.Manager";

/// The system, as programs on a desktop know it. Dropped, it is gone from the bus.
#[derive(Debug)]
pub struct System {
    bus: Connection,
    network: Arc<Network>,
}

#[derive(Debug, Default)]
struct Network {
    /// In NetworkManager's numbers.
    state: AtomicU32,
    asked: AtomicBool,
}

struct Manager(Arc<Network>);

#[zbus::interface(name = "org.freedesktop.NetworkManager")]
impl Manager {
    #[zbus(property)]
    fn state(&self) -> u32 {
        self.0.asked.store(true, Ordering::SeqCst);
        self.0.state.load(Ordering::SeqCst)
    }
}

impl System {
    /// Comes to a desktop, with a network in this state; before the programs that shall find it there.
    ///
    /// # Panics
    /// Where the bus does not take its names.
    pub async fn of(desktop: &Desktop, state: u32) -> Self {
        let network = Arc::<Network>::default();
        network.state.store(state, Ordering::SeqCst);
        let bus = connection::Builder::address(desktop.bus())
            .and_then(|bus| bus.serve_at(NETWORK_PATH, Manager(Arc::clone(&network))))
            .and_then(|bus| bus.name(NETWORK))
            .and_then(|bus| bus.name(LOGIN))
            .expect("an address, a path and two names")
            .build()
            .await
            .expect("the bus takes both names");
        Self { bus, network }
    }

    /// Waits until a program hears what is told from now on: it asks how the network is when it listens to all of it.
    ///
    /// # Panics
    /// At the deadline.
    pub async fn is_heard(&self) {
        let asked = async || self.network.asked.load(Ordering::SeqCst).then_some(());
        until("it was asked how the network is", asked).await;
    }

    /// The network is in this state from now on, which nobody is told.
    pub fn finds(&self, state: u32) {
        self.network.state.store(state, Ordering::SeqCst);
    }

    /// The network comes into this state, and everybody who listens is told.
    ///
    /// # Panics
    /// Where the bus is gone.
    pub async fn becomes(&self, state: u32) {
        self.finds(state);
        self.bus.emit_signal(None::<&str>, NETWORK_PATH, NETWORK, "StateChanged", &(state,)).await.expect("told");
    }

    /// The computer has slept, and wakes.
    ///
    /// # Panics
    /// Where the bus is gone.
    pub async fn wakes(&self) {
        let asleep = (false,);
        self.bus.emit_signal(None::<&str>, LOGIN_PATH, LOGIN_MANAGER, "PrepareForSleep", &asleep).await.expect("told");
    }
}
