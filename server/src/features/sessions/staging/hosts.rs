//! Whence files may be fetched. A row of a table names an address, and anybody may have written that table: so hosts are
//! listed, and one that is no archive's own must lie outside (RFC 6890), whatever its name leads to.

use crate::config::Config;
use crate::features::archives::well_known::WELL_KNOWN;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How long a host may take to connect.
const CONNECT: Duration = Duration::from_secs(20);

/// How files that rows lead to are fetched. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Products {
    /// The archives' own: name, and port where it is not the scheme's.
    archives: Arc<HashSet<String>>,
    listed: Arc<Vec<String>>,
    inside: reqwest::Client,
    outside: reqwest::Client,
}

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAllowed {
    #[error("its address cannot be read")]
    NoAddress,
    #[error("files are not fetched from its host; the operator lists hosts in [sessions] product_hosts")]
    Host,
    #[error("its host is inside a network that sessions' data must not come from")]
    Inside,
}

impl Products {
    /// From the hosts of the configuration; where none are listed, from those of the archives.
    ///
    /// # Errors
    /// The system has no TLS.
    pub fn new(config: &Config) -> reqwest::Result<Self> {
        let mut archives = HashSet::new();
        let mut add = |url: &str, others: &mut dyn Iterator<Item = &str>| {
            archives.extend(Url::parse(url).ok().and_then(|url| place(&url)));
            archives.extend(others.map(str::to_ascii_lowercase));
        };
        for tap in config.archives.tap.values() {
            add(&tap.url, &mut tap.redirect_hosts.iter().map(String::as_str));
        }
        let replaced = |name: &str| config.archives.tap.contains_key(name);
        for known in WELL_KNOWN.iter().filter(|known| config.archives.well_known && !replaced(known.name)) {
            add(known.url, &mut known.redirect_hosts.iter().copied());
        }
        let listed = config.sessions.product_hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
        let client = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT)
                .no_proxy()
                // Parts of a file are asked for: what comes must be the file's own bytes.
                .no_gzip()
                .user_agent(concat!("skyport/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            archives: Arc::new(archives),
            listed: Arc::new(listed),
            inside: client().build()?,
            outside: client().dns_resolver(Arc::new(Outside)).build()?,
        })
    }

    /// The client for an address that may be asked.
    pub(super) fn client(&self, url: &Url) -> Result<&reqwest::Client, NotAllowed> {
        let place = place(url).ok_or(NotAllowed::NoAddress)?;
        let own = self.archives.contains(&place);
        let listed =
            if self.listed.is_empty() { own } else { self.listed.iter().any(|host| fits(host, &place)) };
        match url.host() {
            _ if !listed => Err(NotAllowed::Host),
            _ if own => Ok(&self.inside),
            Some(Host::Ipv4(address)) if !is_outside(IpAddr::V4(address)) => Err(NotAllowed::Inside),
            Some(Host::Ipv6(address)) if !is_outside(IpAddr::V6(address)) => Err(NotAllowed::Inside),
            _ => Ok(&self.outside),
        }
    }
}

/// Name and, where it is not the scheme's, port; none of what is not the web's or carries a password.
fn place(url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// Whether a host is one that is listed: itself, or `*.` and what all of its names end with.
fn fits(listed: &str, place: &str) -> bool {
    match listed.strip_prefix('*') {
        Some(end) => end.len() > 1 && place.len() > end.len() && place.ends_with(end),
        None => listed == place,
    }
}

/// Resolves names to addresses outside alone, for the connection itself: a name that is asked twice may lead elsewhere.
struct Outside;

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let outside: Vec<SocketAddr> = found.filter(|address| is_outside(address.ip())).collect();
            if outside.is_empty() {
                return Err(NotAllowed::Inside.into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the Internet's (RFC 6890 and its registries).
fn is_outside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_outside_v4(address),
        IpAddr::V6(address) => is_outside_v6(address),
    }
}

fn is_outside_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    !special
}

/// Of the global unicast addresses `2000::/3` those that carry no other one inside, as Teredo and 6to4 do.
fn is_outside_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
}

#[cfg(test)]
mod tests {
    use super::{NotAllowed, Products, is_outside};
    use crate::config::Config;
    use url::Url;

    #[test]
    fn only_what_is_listed_is_asked() {
        let mut config = Config::default();
        let asked = |config: &Config, url: &str| {
            let products = Products::new(config).unwrap();
            products.client(&Url::parse(url).unwrap()).map(|_| ()).err()
        };
        assert_eq!(asked(&config, "https://gea.esac.esa.int/file"), None);
        assert_eq!(asked(&config, "https://example.org/file"), Some(NotAllowed::Host));
        assert_eq!(asked(&config, "https://gea.esac.esa.int:8443/file"), Some(NotAllowed::Host));
        assert_eq!(asked(&config, "ftp://gea.esac.esa.int/file"), Some(NotAllowed::NoAddress));
        assert_eq!(asked(&config, "https://u:p@gea.esac.esa.int/"), Some(NotAllowed::NoAddress));
        config.sessions.product_hosts =
            ["*.Example.org", "192.168.0.1", "[::1]:80", "10.0.0.1:8080"].map(str::to_owned).to_vec();
        assert_eq!(asked(&config, "https://a.example.org/file"), None);
        assert_eq!(asked(&config, "https://example.org/file"), Some(NotAllowed::Host));
        assert_eq!(asked(&config, "https://evilexample.org/file"), Some(NotAllowed::Host));
        assert_eq!(asked(&config, "https://gea.esac.esa.int/file"), Some(NotAllowed::Host));
        assert_eq!(asked(&config, "http://192.168.0.1/file"), Some(NotAllowed::Inside));
        assert_eq!(asked(&config, "http://10.0.0.1:8080/file"), Some(NotAllowed::Inside));
    }

    #[test]
    fn inside_is_not_outside() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_outside(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["8.8.8.8", "193.0.6.139", "2606:4700::1111", "2001:67c:2e8::1"] {
            assert!(is_outside(outside.parse().unwrap()), "{outside}");
        }
    }
}
