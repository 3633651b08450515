//! From a name and a port to a connection, by way of the policy.

use crate::policy::{Policy, Refusal};
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// How long a name may take to resolve, and an address to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// There is no connection.
#[derive(Debug, thiserror::Error)]
pub enum NoWay {
    /// The request names no host and port.
    #[error(
        "{target:?} is no host and port; ask as one asks a proxy: CONNECT host:port, or GET http://host/path"
    )]
    Target {
        /// What it names.
        target: String,
    },
    /// It does not lie outside.
    #[error("Skyport lets servers reach what lies outside only: {0}")]
    Refused(#[from] Refusal),
    /// The name leads nowhere.
    #[error("{host} has no address")]
    NoAddress {
        /// The name.
        host: String,
    },
    /// Nobody answers there.
    #[error("{host} does not answer at port {port}")]
    NoAnswer {
        /// The name or address.
        host: String,
        /// The port.
        port: u16,
        /// What the last address said.
        source: io::Error,
    },
}

/// Connects to the first address of `host` that answers. One address that does not lie outside refuses the whole name:
/// a name that leads inside and outside is made to get inside.
pub(crate) async fn connect(policy: &Policy, host: &str, port: u16) -> Result<TcpStream, NoWay> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let nowhere = || NoWay::NoAddress { host: host.to_owned() };
    // Before the name is looked up: a port that is not let through needs no resolver.
    if !policy.ports.contains(&port) {
        return Err(Refusal::Port { port, allowed: policy.ports.clone() }.into());
    }
    let addresses: Vec<SocketAddr> = timeout(PATIENCE, lookup_host((host, port)))
        .await
        .map_err(|_| nowhere())?
        .map_err(|_| nowhere())?
        .collect();
    if addresses.is_empty() {
        return Err(nowhere());
    }
    for address in &addresses {
        let ip = address.ip().to_canonical();
        if let Some(refusal) = policy.refuses(ip, port) {
            return Err(refusal.into());
        }
        if is_own(ip) {
            return Err(Refusal::Inside { address: ip, what: "an address of this machine" }.into());
        }
    }
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    for address in addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(NoWay::NoAnswer { host: host.to_owned(), port, source: last })
}

/// Whether an address is one of this machine's: what can be bound to is. A machine that lets everything be bound
/// (`ip_nonlocal_bind`) reaches nothing, which is the safe side.
fn is_own(address: IpAddr) -> bool {
    if address.is_ipv6() && UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).is_err() {
        // Without IPv6 no address of it is this machine's, and none can be connected to.
        return false;
    }
    match UdpSocket::bind((address, 0)) {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::AddrNotAvailable,
    }
}
