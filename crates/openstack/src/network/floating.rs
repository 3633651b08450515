//! Floating addresses: allocated for a server by an operation, never taken from somebody, released by the same operation.

use std::net::IpAddr;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::fault::Thing;
use crate::wire::Purpose;
use crate::words::short;
use crate::{Fault, Operation, Reason, Service, Session};

/// A floating address (Networking API v2, "Floating IPs"). It belongs to the project and outlives the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatingAddress {
    /// Its id.
    pub id: String,
    /// The address.
    pub ip: IpAddr,
    /// The port that it leads to, if any.
    pub port: Option<String>,
    /// DOWN, ACTIVE or ERROR; stays DOWN for a while at many sites although it works.
    pub status: String,
}

#[derive(Deserialize)]
struct One {
    floatingip: Raw,
}

#[derive(Deserialize)]
struct List {
    floatingips: Vec<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    floating_ip_address: IpAddr,
    #[serde(default)]
    port_id: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    description: String,
}

impl From<Raw> for FloatingAddress {
    fn from(raw: Raw) -> Self {
        Self { id: raw.id, ip: raw.floating_ip_address, port: raw.port_id, status: short(&raw.status) }
    }
}

impl Session {
    /// The floating addresses that an operation allocated, oldest first as the site lists them; normally one or none.
    pub async fn floating_addresses(&self, operation: &Operation) -> Result<Vec<FloatingAddress>, Fault> {
        let description = operation.description(self.label());
        let query = [("project_id", self.project().id.as_str()), ("description", description.as_str())];
        let url = self.neutron(&["floatingips"], &query)?;
        let list: List = self.get(Service::Network, Thing::FloatingAddress, url).await?;
        // An old Neutron ignores a filter that it does not know.
        Ok(list.floatingips.into_iter().filter(|f| f.description == description).map(Into::into).collect())
    }

    /// The operation's floating address on its server: the one that is there, or a new one from the external network.
    /// May be repeated, one at a time.
    ///
    /// # Errors
    /// [`Reason::NoPort`] before the server has an address of its own; [`Reason::PoolEmpty`]; [`Reason::Quota`];
    /// [`Reason::NoRouter`]; [`Reason::OutcomeUnknown`], after which a repetition finds what was made.
    pub async fn ensure_floating_address(
        &self,
        operation: &Operation,
        server: &str,
        external: &str,
    ) -> Result<FloatingAddress, Fault> {
        self.server(server).await?;
        let ports = self.ports(server).await?;
        let with_v4 = ports.iter().find(|p| p.addresses.iter().any(IpAddr::is_ipv4));
        let port = with_v4.ok_or(Reason::NoPort)?;
        let there = self.floating_addresses(operation).await?.into_iter().next();
        match there {
            Some(address) if address.port.as_deref() == Some(port.id.as_str()) => Ok(address),
            Some(address) => self.associate(&address.id, &port.id).await,
            None => self.allocate(operation, &port.id, external).await,
        }
    }

    /// Gives all floating addresses of the operation back and says how many there were. May be repeated; those that others
    /// allocated stay, even on the same server.
    pub async fn release_floating_addresses(&self, operation: &Operation) -> Result<usize, Fault> {
        let found = self.floating_addresses(operation).await?;
        for address in &found {
            let url = self.neutron(&["floatingips", &address.id], &[])?;
            let purpose = Purpose::Change(Thing::FloatingAddress);
            match self.send(self.ask(Service::Network, purpose, Method::DELETE, url)).await {
                Err(fault) if fault.reason != Reason::NotFound(Thing::FloatingAddress) => return Err(fault),
                _ => {}
            }
        }
        Ok(found.len())
    }

    async fn allocate(
        &self,
        operation: &Operation,
        port: &str,
        external: &str,
    ) -> Result<FloatingAddress, Fault> {
        let body = json!({"floatingip": {
            "floating_network_id": external,
            "port_id": port,
            "description": operation.description(self.label()),
        }});
        self.floating(Method::POST, &["floatingips"], body).await
    }

    async fn associate(&self, address: &str, port: &str) -> Result<FloatingAddress, Fault> {
        self.floating(Method::PUT, &["floatingips", address], json!({"floatingip": {"port_id": port}})).await
    }

    async fn floating(
        &self,
        method: Method,
        path: &[&str],
        body: serde_json::Value,
    ) -> Result<FloatingAddress, Fault> {
        let url = self.neutron(path, &[])?;
        let purpose = Purpose::Change(Thing::FloatingAddress);
        let reply = self.send(self.ask(Service::Network, purpose, method, url).body(body)).await?;
        Ok(reply.json::<One>()?.floatingip.into())
    }
}
