//! What is free when: the load of a node or of the whole site over time.

use super::Planner;
use crate::calendar::union;
use crate::resources::{GpuKind, Resources, What};
use crate::site::NodeIndex;
use crate::time::Interval;

/// What is used and what is free, the same all over an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// From when till when.
    pub interval: Interval,
    /// Whether the site is open and not in maintenance.
    pub open: bool,
    /// What is booked or held.
    pub used: Resources,
    /// What could be booked: nothing of a node that is in maintenance, nothing at all where it is not open.
    pub free: Resources,
}

/// More is booked of a node than it has: rows were loaded for a node that is smaller now, or in maintenance never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overgrant {
    /// The node.
    pub node: NodeIndex,
    /// From when till when.
    pub interval: Interval,
    /// Of what.
    pub what: What,
    /// How much is booked.
    pub booked: u64,
    /// How much there is.
    pub capacity: u64,
}

/// A change of one lane at an instant.
struct Step {
    time: i64,
    lane: usize,
    used: i64,
    free: i64,
}

impl Planner {
    /// The load of a node, or of all nodes together, over an interval: consecutive pieces without gaps, each as long as it
    /// stays the same. Empty for a node that is not there.
    pub fn load_over(&self, node: Option<NodeIndex>, interval: Interval) -> Vec<Load> {
        let nodes: Vec<u32> = match node {
            Some(node) => vec![node.0],
            None => (0..self.places.len()).map(|at| at as u32).collect(),
        };
        if nodes.iter().any(|node| *node as usize >= self.places.len()) {
            return Vec::new();
        }
        let mut kinds: Vec<_> = self.classes.iter().flat_map(|class| class.kinds.iter().cloned()).collect();
        kinds.sort();
        kinds.dedup();
        let mut steps = Vec::new();
        for node in nodes {
            self.steps_of(node, interval, &kinds, &mut steps);
        }
        let open = self.open_within(interval);
        for &(start, end) in &open {
            // Only so that the pieces are cut there: the lane past the last one counts nothing.
            steps.extend([start, end].map(|time| Step { time, lane: 3 + kinds.len(), used: 0, free: 0 }));
        }
        steps.push(Step { time: interval.start, lane: 3 + kinds.len(), used: 0, free: 0 });
        steps.sort_by_key(|step| step.time);
        pieces(&steps, &open, interval, &kinds)
    }

    /// Where more is booked than there is, by node and time. Nothing that was granted here is.
    pub fn overgrants(&self) -> Vec<Overgrant> {
        let mut found: Vec<Overgrant> = Vec::new();
        for (node, place) in self.places.iter().enumerate() {
            let class = &self.classes[place.class];
            let mut steps = Vec::new();
            place.usage.steps(i64::MIN, i64::MAX, |time, used| steps.push((time, *used)));
            for pair in steps.windows(2) {
                let ((start, used), (end, _)) = (pair[0], pair[1]);
                for (lane, used) in
                    used.into_iter().enumerate().filter(|(lane, used)| *used > class.capacity[*lane])
                {
                    found.push(Overgrant {
                        node: NodeIndex(node as u32),
                        interval: Interval { start, end },
                        what: what(lane, &class.kinds),
                        booked: u64::try_from(used).unwrap_or(0),
                        capacity: u64::try_from(class.capacity[lane]).unwrap_or(0),
                    });
                }
            }
        }
        found
    }

    fn steps_of(&self, node: u32, interval: Interval, kinds: &[GpuKind], steps: &mut Vec<Step>) {
        let place = &self.places[node as usize];
        let class = &self.classes[place.class];
        let lanes: Vec<usize> = (0..3)
            .chain(class.kinds.iter().filter_map(|kind| kinds.binary_search(kind).ok()).map(|kind| 3 + kind))
            .collect();
        let mut cuts: Vec<i64> = vec![interval.start];
        place.usage.steps(interval.start, interval.end, |time, _| cuts.push(time));
        for &(start, end) in place.closures.intervals() {
            cuts.extend(
                [start, end].into_iter().filter(|time| interval.start < *time && *time < interval.end),
            );
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut before = vec![(0_i64, 0_i64); lanes.len()];
        for time in cuts {
            let used = place.usage.most(time, time + 1);
            let closed = place.closures.next(time, 1) != time;
            for (at, lane) in lanes.iter().enumerate() {
                let free = if closed { 0 } else { class.capacity[at].saturating_sub(used[at]).max(0) };
                let now = (i64::from(used[at]), i64::from(free));
                if now != before[at] {
                    let (used, free) = (now.0 - before[at].0, now.1 - before[at].1);
                    steps.push(Step { time, lane: *lane, used, free });
                    before[at] = now;
                }
            }
        }
    }

    /// When the site is open and not in maintenance, cut to the interval.
    fn open_within(&self, interval: Interval) -> Vec<(i64, i64)> {
        let mut open = Vec::new();
        let mut time = interval.start;
        while let Some(start) = self.openings.next(time, 1).filter(|start| *start < interval.end) {
            let until = self.openings.open_until(start).min(interval.end);
            let mut from = start;
            while from < until {
                from = self.closures.next(from, 1);
                let to = self.closures.free_until(from).min(until);
                if from < to {
                    open.push((from, to));
                }
                from = from.max(to);
            }
            time = until;
        }
        union(open.into_iter())
    }
}

fn what(lane: usize, kinds: &[GpuKind]) -> What {
    match lane {
        0 => What::Cores,
        1 => What::Memory,
        2 => What::Disk,
        _ => kinds.get(lane - 3).cloned().map_or(What::AnyGpus, What::Gpus),
    }
}

fn pieces(steps: &[Step], open: &[(i64, i64)], interval: Interval, kinds: &[GpuKind]) -> Vec<Load> {
    let mut sums = vec![(0_i64, 0_i64); 4 + kinds.len()];
    let mut pieces: Vec<Load> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        sums[step.lane].0 += step.used;
        sums[step.lane].1 += step.free;
        let next = steps.get(at + 1).map_or(interval.end, |next| next.time);
        let (start, end) = (step.time.max(interval.start), next.min(interval.end));
        if start >= end {
            continue;
        }
        let is_open = open.get(open.partition_point(|one| one.1 <= start)).is_some_and(|one| one.0 <= start);
        let of = |pick: fn(&(i64, i64)) -> i64| Resources {
            cores: u32::try_from(pick(&sums[0])).unwrap_or(u32::MAX),
            memory_mib: u64::try_from(pick(&sums[1])).unwrap_or(0),
            disk_mib: u64::try_from(pick(&sums[2])).unwrap_or(0),
            gpus: kinds
                .iter()
                .zip(&sums[3..])
                .map(|(kind, sum)| (kind.clone(), u32::try_from(pick(sum)).unwrap_or(u32::MAX)))
                .filter(|(_, count)| *count > 0)
                .collect(),
        };
        let (used, free) = (of(|sum| sum.0), if is_open { of(|sum| sum.1) } else { Resources::default() });
        match pieces.last_mut() {
            Some(last) if (last.open, &last.used, &last.free) == (is_open, &used, &free) => {
                last.interval.end = end;
            }
            _ => pieces.push(Load { interval: Interval { start, end }, open: is_open, used, free }),
        }
    }
    pieces
}
