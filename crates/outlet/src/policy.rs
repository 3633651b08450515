//! What lies outside.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where guests may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Ports that are let through.
    pub ports: Vec<u16>,
    /// Networks that are let through although they are not global, such as a site's own mirror. The addresses of this
    /// machine are not let through even in them.
    #[serde(default, with = "written")]
    pub networks: Vec<IpNet>,
}

/// Networks as people write them: `10.20.0.0/16`.
mod written {
    use ipnet::IpNet;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(networks: &[IpNet], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(networks.iter().map(IpNet::to_string))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
        let networks = Vec::<String>::deserialize(deserializer)?;
        networks
            .into_iter()
            .map(|text| {
                text.parse()
                    .map_err(|_| D::Error::custom(format!("{text:?} is no network; write 10.20.0.0/16")))
            })
            .collect()
    }
}

/// Why an address and port are not let through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The port is not on the list.
    #[error("port {port} is not let through; these are: {}", listed(allowed))]
    Port {
        /// The one that was asked for.
        port: u16,
        /// Those that are let through.
        allowed: Vec<u16>,
    },
    /// The address does not lie outside.
    #[error("{address} is not outside: it is {what}")]
    Inside {
        /// The address.
        address: IpAddr,
        /// What kind of address it is.
        what: &'static str,
    },
}

fn listed(ports: &[u16]) -> String {
    if ports.is_empty() {
        return "none".to_owned();
    }
    ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

impl Policy {
    /// The web: ports 80 and 443 of global addresses.
    pub fn web() -> Self {
        Self { ports: vec![80, 443], networks: Vec::new() }
    }

    /// Why this may not be connected to; nothing where it may, as far as the address alone tells. Whether it is an
    /// address of this machine is asked of the machine, just before it is connected to.
    pub fn refuses(&self, address: IpAddr, port: u16) -> Option<Refusal> {
        if !self.ports.contains(&port) {
            return Some(Refusal::Port { port, allowed: self.ports.clone() });
        }
        let address = address.to_canonical();
        let inside = |what| Some(Refusal::Inside { address, what });
        if let Some(what) = never(address) {
            return inside(what);
        }
        if self.networks.iter().any(|network| network.contains(&address)) {
            return None;
        }
        not_global(address).and_then(inside)
    }
}

/// Kinds that no network on a list opens: they mean this machine, its own link, or nobody.
fn never(address: IpAddr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("this machine's loopback");
    }
    if address.is_unspecified() {
        return Some("the unspecified address, which means this machine");
    }
    if address.is_multicast() {
        return Some("a multicast address");
    }
    let link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    link_local.then_some("a link-local address")
}

/// IANA's registries of special-purpose addresses, as far as they are not globally reachable (RFC 6890 and its updates).
/// The networks for documentation are left out: nothing answers there.
fn not_global(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    if address.is_private() {
        Some("an address of a private network")
    } else if a == 100 && (64..128).contains(&b) {
        Some("an address shared by a provider's customers")
    } else if a == 0 {
        Some("an address of \"this network\"")
    } else if (a, b, c) == (192, 0, 0) {
        Some("an address for protocols")
    } else if a == 198 && (18..20).contains(&b) {
        Some("an address for benchmarks")
    } else if a >= 240 {
        Some("a reserved address")
    } else {
        None
    }
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    let [a, b, ..] = address.segments();
    if address.is_unique_local() {
        Some("an address of a private network")
    } else if a & 0xffc0 == 0xfec0 {
        Some("a site-local address")
    } else if (a, b) == (0x64, 0xff9b) || a == 0x2002 || (a, b) == (0x2001, 0) {
        // NAT64, 6to4 and Teredo carry an IPv4 address that nobody looked at.
        Some("an address that stands for another one")
    } else if a & 0xe000 != 0x2000 {
        Some("no global unicast address")
    } else {
        None
    }
}
