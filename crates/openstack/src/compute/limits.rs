//! What the project may use of Nova, and what it uses.

use reqwest::Method;
use serde::Deserialize;

use crate::fault::Thing;
use crate::wire::Purpose;
use crate::{Fault, Quota, Session};

/// The project's limits (Compute API, "Limits"). All members of the project share them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComputeLimits {
    /// Servers, those in error included.
    pub servers: Quota,
    /// Virtual cores.
    pub cores: Quota,
    /// Memory in MiB.
    pub memory_mib: Quota,
    /// Key pairs of the user; their use is not reported.
    pub key_pairs: Quota,
}

#[derive(Deserialize)]
struct Body {
    limits: Limits,
}

#[derive(Deserialize)]
struct Limits {
    absolute: Absolute,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Absolute {
    max_total_instances: i64,
    max_total_cores: i64,
    #[serde(rename = "maxTotalRAMSize")]
    max_total_ram_size: i64,
    #[serde(default = "unlimited")]
    max_total_keypairs: i64,
    total_instances_used: i64,
    total_cores_used: i64,
    #[serde(rename = "totalRAMUsed")]
    total_ram_used: i64,
}

fn unlimited() -> i64 {
    -1
}

impl Session {
    /// The project's limits and their use.
    pub async fn compute_limits(&self) -> Result<ComputeLimits, Fault> {
        let ask = self.nova(Purpose::Read(Thing::Page), Method::GET, &["limits"], &[]).await?;
        let a = self.send(ask).await?.json::<Body>()?.limits.absolute;
        Ok(ComputeLimits {
            servers: Quota::from_signed(Some(a.total_instances_used), a.max_total_instances),
            cores: Quota::from_signed(Some(a.total_cores_used), a.max_total_cores),
            memory_mib: Quota::from_signed(Some(a.total_ram_used), a.max_total_ram_size),
            key_pairs: Quota::from_signed(None, a.max_total_keypairs),
        })
    }
}
