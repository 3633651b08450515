//! `[sites]`: places that run sessions, each under a short name, such as `[sites.here]`.

mod times;

use super::ConfigError;
use planner::{Interval, Opening};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A place that runs sessions.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    /// Its name for people.
    pub title: String,
    /// What it is: `containers`, an engine with a Docker-compatible API (Podman, Docker) on each node.
    #[serde(default)]
    pub kind: SiteKind,
    /// Its nodes; one at least.
    pub nodes: Vec<NodeConfig>,
    /// The longest session, in minutes.
    #[serde(default = "longest_minutes")]
    pub longest_minutes: u32,
    /// How far ahead may be booked, in days.
    #[serde(default = "horizon_days")]
    pub horizon_days: u32,
    /// How long before its start a session must be booked, in minutes.
    #[serde(default)]
    pub notice_minutes: u32,
    /// Most bookings of one user that are not over; 0: no limit.
    #[serde(default = "per_user")]
    pub per_user: u32,
    /// Most cores of one user at any time; 0: no limit.
    #[serde(default)]
    pub cores_per_user: u32,
    /// The groups that may use it; empty: everybody who signs in.
    #[serde(default)]
    pub groups: Vec<String>,
    /// When it is open, in UTC: `mon 08:00-18:00`, one line a day and time; `fri 20:00-04:00` closes on the next day. Empty:
    /// always.
    #[serde(default)]
    pub open: Vec<String>,
    /// When it is not there, in UTC: `2026-12-01T08:00Z/2026-12-01T12:00Z`.
    #[serde(default)]
    pub maintenance: Vec<String>,
}

/// What a site is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SiteKind {
    /// Container engines.
    #[default]
    Containers,
}

/// One node of a site.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeConfig {
    /// Its name; bookings are kept by it.
    pub name: String,
    /// The engine's socket on this machine: `/run/podman/podman.sock`.
    pub socket: PathBuf,
    /// Cores for all sessions together. 0: half of the machine's, 1 at least.
    #[serde(default)]
    pub cores: u32,
    /// Memory for all sessions together, in MiB. 0: half of the machine's.
    #[serde(default)]
    pub memory_mib: u64,
    /// Disk for all sessions together, in GiB. 0: half of what is free in the folder of homes.
    #[serde(default)]
    pub disk_gib: u64,
    /// GPUs. They are counted, and not yet given to containers.
    #[serde(default)]
    pub gpus: u32,
    /// The processor as images name it: `amd64`, `arm64`. Empty: this machine's.
    #[serde(default)]
    pub architecture: String,
}

const MOST_MINUTES: u32 = 366 * 24 * 60;
const MOST_DAYS: u32 = 3660;

fn longest_minutes() -> u32 {
    24 * 60
}

fn horizon_days() -> u32 {
    30
}

fn per_user() -> u32 {
    20
}

impl SiteConfig {
    pub(super) fn check(&self, key: &str) -> Result<(), ConfigError> {
        let wrong = |what: &str, why: &str| Err(ConfigError::value(&format!("sites.{key}{what}"), why));
        let plain = |name: &str| {
            let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            (1..=40).contains(&name.len()) && name.bytes().all(letter)
        };
        if !plain(key) {
            return wrong("", "its name must be 1 to 40 small letters, digits and `-`");
        }
        if self.nodes.is_empty() {
            return wrong(".nodes", "must have one node or more");
        }
        let mut names = std::collections::BTreeSet::new();
        for node in &self.nodes {
            if !plain(&node.name) || !names.insert(&node.name) {
                return wrong(
                    ".nodes",
                    "each name must be 1 to 40 small letters, digits and `-`, and be there once",
                );
            }
            if !node.socket.is_absolute() {
                return wrong(
                    ".nodes",
                    "each socket must be an absolute path, such as /run/podman/podman.sock",
                );
            }
        }
        if !(1..=MOST_MINUTES).contains(&self.longest_minutes) {
            return wrong(".longest_minutes", "must be 1 to 527040, which is 366 days");
        }
        if !(1..=MOST_DAYS).contains(&self.horizon_days) {
            return wrong(".horizon_days", "must be 1 to 3660");
        }
        if u64::from(self.notice_minutes) >= u64::from(self.horizon_days) * 1440 {
            return wrong(".notice_minutes", "must be less than horizon_days");
        }
        if let Err(why) = self.openings() {
            return wrong(".open", &why);
        }
        match self.closures() {
            Err(why) => wrong(".maintenance", &why),
            Ok(_) => Ok(()),
        }
    }

    /// The lines of `open`.
    ///
    /// # Errors
    /// What is wrong with which line.
    pub fn openings(&self) -> Result<Vec<Opening>, String> {
        self.open.iter().map(|line| times::read_opening(line)).collect()
    }

    /// The lines of `maintenance`.
    ///
    /// # Errors
    /// What is wrong with which line.
    pub fn closures(&self) -> Result<Vec<Interval>, String> {
        self.maintenance.iter().map(|line| times::read_maintenance(line)).collect()
    }
}
