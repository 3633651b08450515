//! Where a request goes and in which form, and who asks.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use tokio::sync::watch;

use crate::Cookies;

/// Where an upstream listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// TCP, usually of the loopback.
    Tcp(SocketAddr),
    /// A Unix socket.
    Unix(Arc<Path>),
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        Self::Unix(path.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The `Host` that the upstream is told.
#[derive(Clone, Debug, Default)]
pub enum Host {
    /// The one that was asked for.
    #[default]
    Preserve,
    /// Always this.
    Rewrite(HeaderValue),
}

/// The limit of the wait for an answer's head.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FirstByte {
    AsForAll,
    Here(Option<Duration>),
}

/// One upstream: its address, and what a request to it and an answer from it look like. Cheap to make for each request.
#[derive(Clone, Debug)]
pub struct Upstream {
    pub(crate) address: Address,
    pub(crate) host: Host,
    pub(crate) cookies: Option<Arc<Cookies>>,
    pub(crate) via: Option<HeaderValue>,
    pub(crate) first_byte: FirstByte,
    pub(crate) until: Option<watch::Receiver<bool>>,
}

impl Upstream {
    /// An upstream that is told the host that was asked for, and gets and sets all cookies but those of other hosts.
    pub fn new(address: impl Into<Address>) -> Self {
        Self {
            address: address.into(),
            host: Host::Preserve,
            cookies: None,
            via: Some(HeaderValue::from_static("1.1 passage")),
            first_byte: FirstByte::AsForAll,
            until: None,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The `Host` that it is told.
    #[must_use]
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Which cookies it may see and set.
    #[must_use]
    pub fn cookies(mut self, cookies: Arc<Cookies>) -> Self {
        self.cookies = Some(cookies);
        self
    }

    /// What is added to `Via` (RFC 9110 section 7.6.3): `1.1 passage` unless said otherwise here. Some servers do not
    /// compress what goes through a proxy; `None` hides it from them.
    #[must_use]
    pub fn via(mut self, via: Option<HeaderValue>) -> Self {
        self.via = via;
        self
    }

    /// Another limit than [`Limits::first_byte`](crate::Limits::first_byte) for this upstream; `None` for none.
    #[must_use]
    pub fn first_byte(mut self, limit: Option<Duration>) -> Self {
        self.first_byte = FirstByte::Here(limit);
        self
    }

    /// Whatever is carried ends when this becomes true or its sender is gone: waiting for an answer and a body that
    /// streams with [`Fault::Ended`](crate::Fault::Ended), a `WebSocket` by being closed. A copy of it lives as long as
    /// what is carried, so that its sender can count.
    #[must_use]
    pub fn until(mut self, ended: watch::Receiver<bool>) -> Self {
        self.until = Some(ended);
        self
    }
}

/// Who asks, as the caller knows it: what `X-Forwarded-For`, `X-Forwarded-Proto` and `Forwarded` say. What the request
/// itself says in such fields is never passed on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client {
    /// From where; `None` says nothing about it.
    pub address: Option<IpAddr>,
    /// Whether it came by TLS.
    pub secure: bool,
}

/// Waits until it is true, or nobody is left to say so.
pub(crate) async fn ended(mut until: watch::Receiver<bool>) {
    // Either way it is over.
    let _ = until.wait_for(|ended| *ended).await;
}
