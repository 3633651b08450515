//! The nodes as they are asked: alike ones are of one class, and each keeps a timeline with as many lanes as it needs.

use crate::calendar::Closures;
use crate::resources::{Architecture, GpuKind, Resources};
use crate::site::Node;
use crate::timeline::{Scratch, Spread, Timeline};

/// Cores, memory, disk, and up to five kinds of GPU.
pub(crate) const LANES: usize = 8;
/// An amount in each lane.
pub(crate) type Amounts = [i32; LANES];

/// What nodes have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) architecture: Architecture,
    pub(crate) kinds: Vec<GpuKind>,
    pub(crate) capacity: Amounts,
}

impl Class {
    pub(crate) fn of(node: &Node) -> Self {
        let kinds: Vec<_> = node.capacity.gpus.keys().cloned().collect();
        let mut class = Self { architecture: node.architecture.clone(), kinds, capacity: [0; LANES] };
        // A site's check has seen that it can be counted.
        class.capacity = class.lanes(&node.capacity).map(|amount| i32::try_from(amount).unwrap_or(i32::MAX));
        class
    }

    /// The lanes of these resources; GPUs of other kinds have none.
    pub(crate) fn lanes(&self, resources: &Resources) -> [u64; LANES] {
        let mut lanes = [0; LANES];
        lanes[0] = u64::from(resources.cores);
        lanes[1] = resources.memory_mib;
        lanes[2] = resources.disk_mib;
        for (kind, lane) in self.kinds.iter().zip(&mut lanes[3..]) {
            *lane = u64::from(resources.gpus_of(kind));
        }
        lanes
    }

    /// The resources in these lanes.
    pub(crate) fn resources(&self, lanes: &Amounts) -> Resources {
        let amount = |lane: usize| u32::try_from(lanes[lane]).unwrap_or(0);
        let gpus = self.kinds.iter().enumerate().map(|(at, kind)| (kind.clone(), amount(3 + at)));
        Resources {
            cores: amount(0),
            memory_mib: u64::from(amount(1)),
            disk_mib: u64::from(amount(2)),
            gpus: gpus.filter(|(_, count)| *count > 0).collect(),
        }
    }
}

/// A node's state.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) class: usize,
    pub(crate) closures: Closures,
    pub(crate) usage: Usage,
}

/// A timeline of four lanes for nodes with at most one kind of GPU, of eight for the others.
#[derive(Debug, Clone)]
pub(crate) enum Usage {
    Few(Timeline<4>),
    Many(Timeline<8>),
}

/// The first lanes.
pub(crate) fn few<T: Copy>(lanes: &[T; LANES]) -> [T; 4] {
    [lanes[0], lanes[1], lanes[2], lanes[3]]
}

fn many(lanes: [i32; 4]) -> Amounts {
    let [cores, memory, disk, gpus] = lanes;
    [cores, memory, disk, gpus, 0, 0, 0, 0]
}

impl Usage {
    /// Of a node of that class, from changes in any order.
    pub(crate) fn new(class: &Class, changes: Vec<(i64, Amounts)>) -> Self {
        if class.kinds.len() > 1 {
            Self::Many(Timeline::from_changes(changes))
        } else {
            Self::Few(Timeline::from_changes(
                changes.iter().map(|(time, lanes)| (*time, few(lanes))).collect(),
            ))
        }
    }

    pub(crate) fn add(&mut self, start: i64, end: i64, amount: &Amounts) {
        match self {
            Self::Few(timeline) => timeline.add(start, end, &few(amount)),
            Self::Many(timeline) => timeline.add(start, end, amount),
        }
    }

    pub(crate) fn subtract(&mut self, start: i64, end: i64, amount: &Amounts) {
        match self {
            Self::Few(timeline) => timeline.subtract(start, end, &few(amount)),
            Self::Many(timeline) => timeline.subtract(start, end, amount),
        }
    }

    pub(crate) fn next_fit(&self, from: i64, length: i64, last: i64, limit: &Amounts) -> Option<i64> {
        match self {
            Self::Few(timeline) => timeline.next_fit(from, length, last, &few(limit)),
            Self::Many(timeline) => timeline.next_fit(from, length, last, limit),
        }
    }

    pub(crate) fn most(&self, start: i64, end: i64) -> Amounts {
        match self {
            Self::Few(timeline) => many(timeline.most(start, end)),
            Self::Many(timeline) => timeline.most(start, end),
        }
    }

    pub(crate) fn bounds(&self, start: i64, end: i64) -> (Amounts, Amounts) {
        match self {
            Self::Few(timeline) => {
                let (least, most) = timeline.bounds(start, end);
                (many(least), many(most))
            }
            Self::Many(timeline) => timeline.bounds(start, end),
        }
    }

    pub(crate) fn free_until(&self, from: i64, limit: &Amounts) -> i64 {
        match self {
            Self::Few(timeline) => timeline.free_until(from, i64::MAX, &few(limit)),
            Self::Many(timeline) => timeline.free_until(from, i64::MAX, limit),
        }
    }

    pub(crate) fn steps(&self, start: i64, end: i64, mut visit: impl FnMut(i64, &Amounts)) {
        match self {
            Self::Few(timeline) => timeline.steps(start, end, |time, used| visit(time, &many(*used))),
            Self::Many(timeline) => timeline.steps(start, end, visit),
        }
    }

    pub(crate) fn segments(
        &self,
        range: (i64, i64),
        length: i64,
        spread: &Spread<LANES>,
        scratch: &mut Scratch,
        emit: impl FnMut(i64, u32),
    ) {
        match self {
            Self::Few(timeline) => {
                let spread = Spread {
                    capacity: few(&spread.capacity),
                    total: few(&spread.total),
                    pieces: spread.pieces,
                    limit: few(&spread.limit),
                };
                timeline.segments(range, length, &spread, scratch, emit);
            }
            Self::Many(timeline) => timeline.segments(range, length, spread, scratch, emit),
        }
    }
}
