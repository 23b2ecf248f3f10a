//! A port of this computer that stays a test's own.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A port that nobody gets by chance while this is here, whether the test's own server listens there or not: whoever
/// asks for any free port, as every other test does, might be given that of a server which is unplugged or only starts.
#[derive(Debug)]
pub(crate) struct Port(TcpSocket);

impl Port {
    /// # Panics
    /// Where no port is free.
    pub(crate) fn free() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        // Servers ask for the same, and can listen where this one only holds the place.
        socket.set_reuseaddr(true).expect("a new socket");
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a port is free");
        Self(socket)
    }

    /// Where its server listens, or would.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("a bound socket has an address")
    }
}
