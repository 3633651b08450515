//! Who asks, and how a server function reaches the port of its noun.
//!
//! The server provides [`Caller`] and [`Ports`] as context for each request, pages and server functions alike.

use crate::error::{Error, Result};
use crate::features::{
    account::port::AccountPort, archives::port::ArchivesPort, basket::port::BasketPort,
    bookings::port::BookingsPort, keys::port::KeysPort, plan::port::PlanPort, queries::port::QueriesPort,
    servers::port::ServersPort, sessions::port::SessionsPort, software::port::SoftwarePort,
};
use leptos::prelude::use_context;
use std::net::IpAddr;
use std::sync::Arc;

/// Who asks. An anonymous visitor has an owner too, so that their queries are theirs and nobody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose things these are.
    pub owner: Owner,
    /// Name shown in the frame; empty for visitors.
    pub name: String,
    /// Groups and entitlements from the provider's claim.
    pub groups: Vec<String>,
    /// The row of this sign-in, for "this device" in the list of sign-ins.
    pub sign_in: Option<String>,
    /// The address that the request came from, where one is known; for limits alone.
    pub address: Option<IpAddr>,
}

/// The owner of queries and baskets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A user's id.
    User(String),
    /// An anonymous visitor's id: a hash of the visitor cookie.
    Visitor(String),
    /// A first-time visitor without a cookie: owns nothing and may only read.
    Nobody,
}

impl Owner {
    /// The form in which stores keep an owner: `user:<id>` or `visitor:<id>`; nothing for nobody.
    pub fn key(&self) -> Option<String> {
        match self {
            Self::User(id) => Some(format!("user:{id}")),
            Self::Visitor(id) => Some(format!("visitor:{id}")),
            Self::Nobody => None,
        }
    }
}

impl Caller {
    /// Somebody without any cookie.
    pub fn nobody() -> Self {
        Self { owner: Owner::Nobody, name: String::new(), groups: Vec::new(), sign_in: None, address: None }
    }

    /// The user's id, or the error that sends a visitor to sign in.
    pub fn user(&self) -> Result<&str> {
        match &self.owner {
            Owner::User(id) => Ok(id),
            Owner::Visitor(_) | Owner::Nobody => Err(Error::SignInNeeded),
        }
    }
}

/// All ports, one for each noun.
#[derive(Clone)]
pub struct Ports {
    /// Accounts and sign-ins.
    pub account: Arc<dyn AccountPort>,
    /// Archives and their tables.
    pub archives: Arc<dyn ArchivesPort>,
    /// The basket.
    pub basket: Arc<dyn BasketPort>,
    /// Bookings.
    pub bookings: Arc<dyn BookingsPort>,
    /// Access keys.
    pub keys: Arc<dyn KeysPort>,
    /// Planning.
    pub plan: Arc<dyn PlanPort>,
    /// Queries and results.
    pub queries: Arc<dyn QueriesPort>,
    /// Servers.
    pub servers: Arc<dyn ServersPort>,
    /// Sessions.
    pub sessions: Arc<dyn SessionsPort>,
    /// The catalogue of software.
    pub software: Arc<dyn SoftwarePort>,
}

/// Why it is not known who asks: the database is away. Every question of the page is then answered with this, so that the
/// page still has its frame.
#[derive(Debug, Clone)]
pub struct NotKnown(pub Error);

/// Whether a form was sent by the browser itself, without a script: it wants a page, and is led to one by an address.
pub fn sent_without_script() -> bool {
    let accepts = use_context::<http::request::Parts>()
        .and_then(|parts| parts.headers.get(http::header::ACCEPT).cloned());
    accepts.is_some_and(|accepts| accepts.to_str().is_ok_and(|kinds| kinds.contains("text/html")))
}

/// Who asks, and whom to ask. An internal error where the server forgot to provide them.
pub fn asked() -> Result<(Caller, Ports)> {
    if let Some(NotKnown(error)) = use_context::<NotKnown>() {
        return Err(error);
    }
    match (use_context::<Caller>(), use_context::<Ports>()) {
        (Some(caller), Some(ports)) => Ok((caller, ports)),
        _ => Err(Error::Internal { reference: "no-context".to_owned() }),
    }
}
