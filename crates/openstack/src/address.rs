//! Which addresses may be talked to. Catalogues are remote-controlled: without this a site could send a portal's requests,
//! with a user's token in them, to the portal's own services or to a cloud's metadata service.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::Settings;

/// Why an address is not talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not http or https, or no host.
    NotWeb,
    /// http, where https is asked for.
    NotEncrypted,
    /// A user or password in it.
    Credentials,
    /// Neither Keystone's host nor one that is allowed.
    Host,
    /// An address of this machine, a private network or none that is routed.
    Private,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotWeb => "it must begin with https:// and name a host",
            Self::NotEncrypted => "it is not encrypted; https is needed unless http is allowed for this site",
            Self::Credentials => "it holds a user or password",
            Self::Host => "its host is not among those allowed for this site",
            Self::Private => {
                "it leads to this machine or a private network, which is not allowed for this site"
            }
        })
    }
}

/// The rules of one site.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    hosts: Vec<String>,
    allow_private: bool,
    allow_http: bool,
}

impl Policy {
    pub(crate) fn new(settings: &Settings) -> Self {
        let own = settings.keystone.host_str().unwrap_or_default();
        let hosts = settings.endpoint_hosts.iter().map(String::as_str).chain([own]);
        Self {
            hosts: hosts.map(str::to_ascii_lowercase).collect(),
            allow_private: settings.allow_private_addresses,
            allow_http: settings.allow_http,
        }
    }

    /// Judges what can be seen without asking the name service; [`Resolver`] judges the rest.
    pub(crate) fn judge(&self, url: &Url) -> Result<(), Refusal> {
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            "http" => return Err(Refusal::NotEncrypted),
            _ => return Err(Refusal::NotWeb),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let host = url.host().ok_or(Refusal::NotWeb)?;
        let name = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        let known = |allowed: &String| match allowed.strip_prefix('*') {
            Some(below) => below.starts_with('.') && name.len() > below.len() && name.ends_with(below),
            None => *allowed == name,
        };
        if !self.hosts.iter().any(known) {
            return Err(Refusal::Host);
        }
        let literal = match host {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Host::Domain(_) => None,
        };
        match literal {
            Some(ip) if !self.allow_private && !is_public(ip) => Err(Refusal::Private),
            _ => Ok(()),
        }
    }
}

/// Asks the system's name service and leaves out what the rules forbid, so that what is judged is what is connected to.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    pub(crate) allow_private: bool,
}

/// A name that leads nowhere we may go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads only to addresses of this machine or a private network")]
pub(crate) struct OnlyPrivate;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let some = !found.is_empty();
            let fine: Vec<SocketAddr> =
                found.into_iter().filter(|a| allow_private || is_public(a.ip())).collect();
            if some && fine.is_empty() {
                return Err(OnlyPrivate.into());
            }
            Ok(Box::new(fine.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is reachable from everywhere: not of this machine, a private or shared network, a link, a
/// multicast group or a documentation range (IANA's special-purpose registries, RFC 6890).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    // An IPv4 address in IPv6's dress is judged as what it is: mapped, compatible, NAT64, 6to4.
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))),
        [0x2001, 0xdb8, ..] => false,
        // Only 2000::/3 is given out.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests;
