//! A site as it is planned: its configuration in the planner's words, and its ledger.

use super::booking::planned;
use super::ledger::Ledger;
use super::machine;
use crate::clock::{Micros, SECOND};
use crate::config::sites::{NodeConfig, SiteConfig};
use crate::config::{Config, ConfigError};
use app::features::software::model::Resources;
use app::text;
use planner::{Architecture, AtOnce, Calendar, Length, Node, Planner, Policy, Site, What};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Mutex;

/// A site that is planned.
pub struct PlannedSite {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// Its configuration; none for one that is no longer in it, whose bookings are still there.
    pub config: Option<SiteConfig>,
    /// What each of its nodes gives to sessions.
    pub nodes: Vec<(String, Resources)>,
    /// What it has, in words.
    pub has: String,
    pub(super) ledger: Arc<Mutex<Ledger>>,
    /// How many wait for the ledger.
    pub(super) waiting: Arc<AtomicUsize>,
}

impl PlannedSite {
    /// All sites of a configuration, by key.
    ///
    /// # Errors
    /// What cannot be planned, and the key that says so.
    pub fn all(config: &Config) -> Result<Vec<Self>, ConfigError> {
        let folder = config.sessions_folder();
        config.sites.iter().map(|(key, site)| Self::open(key, site, &folder)).collect()
    }

    fn open(key: &str, config: &SiteConfig, folder: &Path) -> Result<Self, ConfigError> {
        let wrong = |what: &str, why: String| ConfigError::value(&format!("sites.{key}{what}"), why);
        let openings = config.openings().map_err(|why| wrong(".open", why))?;
        let maintenance = config.closures().map_err(|why| wrong(".maintenance", why))?;
        let nodes: Vec<(String, Resources)> =
            config.nodes.iter().map(|node| (node.name.clone(), capacity(node, folder))).collect();
        let site = Site {
            nodes: config.nodes.iter().zip(&nodes).map(|(node, (_, has))| planned_node(node, has)).collect(),
            calendar: if openings.is_empty() {
                Calendar::Always
            } else {
                Calendar::Weekly { ahead_minutes: 0, openings }
            },
            maintenance,
            policy: policy(config),
        };
        let planner = Planner::new(site).map_err(|error| wrong(".nodes", error.to_string()))?;
        Ok(Self {
            key: key.to_owned(),
            title: config.title.clone(),
            config: Some(config.clone()),
            has: describe(&nodes),
            nodes,
            ledger: Arc::new(Mutex::new(Ledger::new(planner))),
            waiting: Arc::default(),
        })
    }

    /// One that is no longer in the configuration: nothing can be had there, but what was booked can be given back.
    ///
    /// # Errors
    /// Never: a site without nodes can be planned.
    pub(super) fn gone(key: &str) -> Result<Self, ConfigError> {
        let planner = Planner::new(Site::default())
            .map_err(|error| ConfigError::value(&format!("sites.{key}"), error.to_string()))?;
        Ok(Self {
            key: key.to_owned(),
            title: key.to_owned(),
            config: None,
            nodes: Vec::new(),
            has: "no longer here".to_owned(),
            ledger: Arc::new(Mutex::new(Ledger::new(planner))),
            waiting: Arc::default(),
        })
    }

    /// Whether somebody in these groups may use it.
    pub fn takes(&self, groups: &[String]) -> bool {
        let config = self.config.as_ref();
        config.is_some_and(|it| it.groups.is_empty() || it.groups.iter().any(|group| groups.contains(group)))
    }

    /// Its different nodes: the processor of each, and what it gives to sessions.
    pub fn classes(&self) -> Vec<(Architecture, Resources)> {
        let config = self.config.iter().flat_map(|config| &config.nodes);
        let mut classes: Vec<_> =
            config.zip(&self.nodes).map(|(node, (_, has))| (architecture(node), *has)).collect();
        classes.dedup();
        classes
    }

    /// How many requests wait for their turn in this process.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// How long before its start a booking must be made, in microseconds.
    pub fn notice_us(&self) -> Micros {
        self.config.as_ref().map_or(0, |config| i64::from(config.notice_minutes) * 60 * SECOND)
    }

    /// The longest session, in minutes.
    pub fn longest_minutes(&self) -> u32 {
        self.config.as_ref().map_or(0, |config| config.longest_minutes)
    }
}

fn capacity(node: &NodeConfig, folder: &Path) -> Resources {
    let or_half = |set: u64, half: &dyn Fn() -> u64| if set == 0 { half() } else { set };
    Resources {
        cores: if node.cores == 0 { machine::half_of_cores() } else { node.cores },
        memory_mib: or_half(node.memory_mib, &machine::half_of_memory_mib),
        disk_gib: or_half(node.disk_gib, &|| machine::half_of_disk_gib(folder)),
        gpus: node.gpus,
    }
}

fn architecture(node: &NodeConfig) -> Architecture {
    Architecture::new(if node.architecture.is_empty() { machine::architecture() } else { &node.architecture })
}

fn planned_node(node: &NodeConfig, has: &Resources) -> Node {
    Node::new(&node.name, architecture(node), planned(has))
}

fn policy(config: &SiteConfig) -> Policy {
    let limit = |set: u32| (set > 0).then_some(set);
    Policy {
        longest: Some(Length::minutes(config.longest_minutes)),
        horizon: Length::days(config.horizon_days),
        notice: Length::minutes(config.notice_minutes),
        most_bookings: limit(config.per_user),
        at_once: AtOnce { cores: limit(config.cores_per_user), ..AtOnce::default() },
        groups: (!config.groups.is_empty()).then(|| config.groups.iter().cloned().collect()),
    }
}

/// "2 nodes, 8 cores and 16 GiB each".
fn describe(nodes: &[(String, Resources)]) -> String {
    let Some((_, first)) = nodes.first() else { return "nothing".to_owned() };
    let sum = nodes.iter().fold(Resources::default(), |sum, (_, one)| Resources {
        cores: sum.cores.saturating_add(one.cores),
        memory_mib: sum.memory_mib.saturating_add(one.memory_mib),
        disk_gib: sum.disk_gib.saturating_add(one.disk_gib),
        gpus: sum.gpus.saturating_add(one.gpus),
    });
    let alike = nodes.iter().all(|(_, one)| one == first);
    let (of, how) = match (nodes.len(), alike) {
        (1, _) => (first, ""),
        (_, true) => (first, " each"),
        (_, false) => (&sum, " in all"),
    };
    let gpus = match of.gpus {
        0 => String::new(),
        gpus => format!(", {}", text::counted(u64::from(gpus), "GPU")),
    };
    format!(
        "{}, {} and {}{how}{gpus}",
        text::counted(nodes.len() as u64, "node"),
        text::counted(u64::from(of.cores), "core"),
        What::Memory.amount(of.memory_mib),
    )
}
