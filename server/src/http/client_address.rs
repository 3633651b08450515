//! Whence a request comes: the connection's address, or what a trusted proxy says.

use crate::config::Config;
use axum::extract::ConnectInfo;
use http::Extensions;
use http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's address. `X-Forwarded-For` is read from the right, past the trusted proxies, and only where the
/// connection itself comes from one of them.
pub fn client_address(config: &Config, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let trusted = &config.server.trusted_proxies;
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let mut addresses: Vec<IpAddr> =
        forwarded.flat_map(|v| v.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
    while let Some(address) = addresses.pop() {
        if !trusted.contains(&address) {
            return address;
        }
    }
    peer
}
