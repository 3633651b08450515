//! A network for one container: its own bridge, which nothing else is on.

use crate::ask::CHANGE;
use crate::body;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::wish::{Network, OPERATION_LABEL, Wish};
use bollard::models::{NetworkCreateRequest, NetworkInspect};
use bollard::query_parameters::InspectNetworkOptions;
use std::collections::HashMap;

/// How the names of all bridges begin, so that one rule of the machine's firewall can speak of all of them.
pub const BRIDGE_PREFIX: &str = "cn-";

/// The bridge's name: 15 bytes at most, the same for the same network, and chosen here, since two engines on one machine
/// would choose the same.
fn bridge(name: &str) -> String {
    // FNV-1a; only to be spread out, since the engine refuses a name that it has already.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{BRIDGE_PREFIX}{:012x}", (hash ^ (hash >> 48)) & 0xffff_ffff_ffff)
}

impl Engine {
    /// Makes the wish's network, or finds it.
    pub(crate) async fn make_network(&self, wish: &Wish) -> Result<(), Fault> {
        if self.find_network(&wish.name).await?.is_some_and(|there| is_of(wish, &there)) {
            return Ok(());
        }
        let body = NetworkCreateRequest {
            name: wish.name.clone(),
            driver: Some("bridge".to_owned()),
            internal: Some(wish.network == Network::Closed),
            options: Some(HashMap::from([("com.docker.network.bridge.name".to_owned(), bridge(&wish.name))])),
            labels: Some(body::labels(wish)),
            ..NetworkCreateRequest::default()
        };
        match self.ask("make a network", &wish.name, CHANGE, self.docker().create_network(body)).await {
            Ok(_) => Ok(()),
            // Whatever it says to that: somebody may have been quicker, with the same wish.
            Err(fault) => match self.find_network(&wish.name).await? {
                Some(there) if is_of(wish, &there) => Ok(()),
                Some(_) => Err(Fault::NameTaken { name: wish.name.clone() }),
                None => Err(fault),
            },
        }
    }

    /// A network by its name, which is whole: engines also find networks by the first letters of their ids.
    pub(crate) async fn find_network(&self, name: &str) -> Result<Option<NetworkInspect>, Fault> {
        let asked = || self.docker().inspect_network(name, None::<InspectNetworkOptions>);
        let found = self.ask_settled("look at a network", name, asked).await?;
        Ok(found.filter(|found| found.name.as_deref() == Some(name)))
    }

    /// Removes a network, if it is there.
    pub(crate) async fn remove_network(&self, name: &str) -> Result<(), Fault> {
        match self.find_network(name).await {
            Ok(None) => return Ok(()),
            Ok(Some(_)) => {}
            // It cannot be looked at, and be removed all the same.
            Err(fault) if fault.is_half_removed() => {}
            Err(fault) => return Err(fault),
        }
        self.ask_maybe("remove a network", name, CHANGE, self.docker().remove_network(name)).await.map(drop)
    }
}

fn is_of(wish: &Wish, there: &NetworkInspect) -> bool {
    there.labels.as_ref().and_then(|labels| labels.get(OPERATION_LABEL)) == Some(&wish.operation)
}

#[cfg(test)]
mod tests;
