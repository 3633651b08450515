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
    let mut words: Vec<&str> = forwarded.flat_map(|v| v.split(',')).map(str::trim).collect();
    while let Some(word) = words.pop() {
        match address_of(word) {
            Some(address) if trusted.contains(&address) => {}
            Some(address) => return address,
            // What stands to the left of it may be the client's own invention.
            None => return peer,
        }
    }
    peer
}

/// An address as proxies write it: bare, with a port, or an IPv6 one in brackets.
fn address_of(word: &str) -> Option<IpAddr> {
    let bare = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(word);
    bare.parse().ok().or_else(|| word.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::client_address;
    use crate::config::Config;
    use axum::extract::ConnectInfo;
    use http::{Extensions, HeaderMap, HeaderValue};
    use std::net::{IpAddr, Ipv4Addr, SocketAddr};

    fn seen(forwarded: &'static str) -> String {
        let proxy = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
        let mut config = Config::default();
        config.server.trusted_proxies.push(proxy);
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(proxy, 4000)));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        client_address(&config, &extensions, &headers).to_string()
    }

    #[test]
    fn the_first_address_from_the_right_that_no_proxy_has_is_the_clients() {
        assert_eq!(seen("192.0.2.9, 198.51.100.7"), "198.51.100.7");
        assert_eq!(seen("198.51.100.7, 10.0.0.1"), "198.51.100.7");
        assert_eq!(seen("192.0.2.9, 198.51.100.7:51234"), "198.51.100.7");
        assert_eq!(seen("[2001:db8::1]:443"), "2001:db8::1");
        assert_eq!(seen("[2001:db8::1]"), "2001:db8::1");
    }

    #[test]
    fn what_a_client_may_have_invented_does_not_count() {
        assert_eq!(seen("192.0.2.9, unknown"), "10.0.0.1");
        assert_eq!(seen("192.0.2.9, "), "10.0.0.1");
    }
}
