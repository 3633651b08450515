//! What somebody asks for, and what is answered.

use crate::booking::{Part, UserId};
use crate::resources::{Architecture, Resources};
use crate::time::{Interval, Length, Time};

/// What somebody needs, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub user: UserId,
    /// The groups that they are in.
    pub groups: Vec<String>,
    /// All that is needed, together.
    pub resources: Resources,
    /// Over how many nodes it may be spread; 0 and 1 are both one.
    pub most_nodes: u32,
    /// What it runs on; empty is whatever there is.
    pub architectures: Vec<Architecture>,
    /// How long.
    pub length: Length,
}

impl Request {
    /// On one node of any architecture, by somebody in no group.
    pub fn new(user: impl Into<UserId>, resources: Resources, length: Length) -> Self {
        Self {
            user: user.into(),
            groups: Vec::new(),
            resources,
            most_nodes: 1,
            architectures: Vec::new(),
            length,
        }
    }

    /// The same, spread over at most so many nodes.
    #[must_use]
    pub fn over(self, most_nodes: u32) -> Self {
        Self { most_nodes, ..self }
    }
}

/// When, and how much choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The earliest start.
    pub earliest: Time,
    /// The latest end.
    pub latest: Time,
    /// How many starts to offer at most; 0 is one.
    pub starts: u32,
    /// How long after the start of one offer the next one starts at the earliest; at least a microsecond.
    pub apart: Length,
    /// Starts are whole multiples of this since 1970, but for the first instant that is allowed at all, which may be
    /// offered too. [`Length::ZERO`]: at any instant.
    pub grid: Length,
}

impl Window {
    /// One start between these.
    pub fn new(earliest: Time, latest: Time) -> Self {
        Self { earliest, latest, starts: 1, apart: Length::hours(1), grid: Length::ZERO }
    }

    /// The same with so many starts, the one so long after the other.
    #[must_use]
    pub fn starts(self, starts: u32, apart: Length) -> Self {
        Self { starts, apart, ..self }
    }

    /// The same with starts on round times only.
    #[must_use]
    pub fn grid(self, grid: Length) -> Self {
        Self { grid, ..self }
    }
}

/// These resources, on these nodes, from then till then. Nothing is held yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// From when till when.
    pub interval: Interval,
    /// What on which node, by node.
    pub parts: Vec<Part>,
}
