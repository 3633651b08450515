//! One place: its nodes, when it is open, what it allows.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Calendar;
use crate::resources::{Architecture, Resources, What};
use crate::time::{Interval, Length};

/// How many kinds of GPU one node may have.
pub const MOST_KINDS: usize = 5;
/// The most of any one resource that a node may have: for memory and disk 2 PiB.
pub const MOST_AMOUNT: u64 = (i32::MAX as u64) / 2;

/// One machine, or one pool whose machines do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name, unlike any other of its site.
    pub name: String,
    /// What its processors are.
    pub architecture: Architecture,
    /// All that can be booked of it.
    pub capacity: Resources,
    /// When nothing may run on it.
    pub maintenance: Vec<Interval>,
}

impl Node {
    /// A node that is never in maintenance.
    pub fn new(name: impl Into<String>, architecture: Architecture, capacity: Resources) -> Self {
        Self { name: name.into(), architecture, capacity, maintenance: Vec::new() }
    }
}

/// A node of a site, by its place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(pub u32);

/// What one user may have of a site at any one instant, all bookings and holds together; `None` is without limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AtOnce {
    /// Bookings side by side.
    pub bookings: Option<u32>,
    /// Cores.
    pub cores: Option<u32>,
    /// Memory in MiB.
    pub memory_mib: Option<u64>,
    /// Disk in MiB.
    pub disk_mib: Option<u64>,
    /// GPUs of all kinds together.
    pub gpus: Option<u32>,
}

impl AtOnce {
    pub(crate) fn limits(&self) -> [(What, Option<u64>); 5] {
        [
            (What::Bookings, self.bookings.map(u64::from)),
            (What::Cores, self.cores.map(u64::from)),
            (What::Memory, self.memory_mib),
            (What::Disk, self.disk_mib),
            (What::AnyGpus, self.gpus.map(u64::from)),
        ]
    }
}

/// What a site allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The longest that one booking may last.
    pub longest: Option<Length>,
    /// How far ahead: every booking ends at most so long after it is asked for.
    pub horizon: Length,
    /// How long after it is asked for a booking may begin at the earliest.
    pub notice: Length,
    /// How many bookings and holds a user may have that have not ended.
    pub most_bookings: Option<u32>,
    /// What a user may have at any one instant.
    pub at_once: AtOnce,
    /// The groups that may book, of which a user needs one; `None` is everybody.
    pub groups: Option<BTreeSet<String>>,
}

/// Everything for everybody, up to 366 days ahead.
impl Default for Policy {
    fn default() -> Self {
        Self {
            longest: None,
            horizon: Length::days(366),
            notice: Length::ZERO,
            most_bookings: None,
            at_once: AtOnce::default(),
            groups: None,
        }
    }
}

/// A site: what is planned as one. Every site has a planner of its own; whoever has several asks each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// Its nodes; their order settles ties.
    pub nodes: Vec<Node>,
    /// When it is open.
    pub calendar: Calendar,
    /// When nothing may run on any node.
    pub maintenance: Vec<Interval>,
    /// What it allows.
    pub policy: Policy,
}

/// Why a site cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// Two nodes of one name.
    #[error("two nodes are called {name}: give each node a name of its own")]
    SameName {
        /// The name.
        name: String,
    },
    /// More kinds of GPU than [`MOST_KINDS`].
    #[error(
        "the node {name} has {kinds} kinds of GPU, and {MOST_KINDS} are the most: list it as several nodes"
    )]
    TooManyKinds {
        /// The node.
        name: String,
        /// How many it has.
        kinds: usize,
    },
    /// More of a resource than [`MOST_AMOUNT`].
    #[error("the node {name} has {}, more than can be counted: list it as several nodes", what.amount(*amount))]
    TooMuch {
        /// The node.
        name: String,
        /// Of what.
        what: What,
        /// How much.
        amount: u64,
    },
    /// More nodes than can be counted.
    #[error("the site has more nodes than can be counted: make several sites of it")]
    TooManyNodes,
}

impl Site {
    /// Checks what the types cannot say, and gives the nodes by name.
    pub(crate) fn check(&self) -> Result<BTreeMap<String, NodeIndex>, SiteError> {
        let mut names = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let name = node.name.clone();
            let kinds = node.capacity.gpus.len();
            if kinds > MOST_KINDS {
                return Err(SiteError::TooManyKinds { name, kinds });
            }
            if let Some((what, amount)) =
                node.capacity.amounts().into_iter().find(|(_, amount)| *amount > MOST_AMOUNT)
            {
                return Err(SiteError::TooMuch { name, what, amount });
            }
            let index = NodeIndex(u32::try_from(at).map_err(|_| SiteError::TooManyNodes)?);
            if names.insert(node.name.clone(), index).is_some() {
                return Err(SiteError::SameName { name });
            }
        }
        Ok(names)
    }
}
