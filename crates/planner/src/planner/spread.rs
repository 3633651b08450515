//! The earliest start of what is spread over several nodes: how many pieces each node can take changes with the start, and
//! the first start is searched at which those that can take most can together take all.

use super::asked::{Asked, Rules};
use crate::node::LANES;
use crate::timeline::{Change, Scratch};

/// How many pieces the nodes can take, the most first; those that can take none are left out.
#[derive(Default)]
struct Ranking {
    pieces: Vec<u32>,
}

impl Ranking {
    fn change(&mut self, before: u32, after: u32) {
        if before > 0 {
            let at = self.pieces.partition_point(|one| *one > before);
            self.pieces.remove(at);
        }
        if after > 0 {
            let at = self.pieces.partition_point(|one| *one > after);
            self.pieces.insert(at, after);
        }
    }

    /// What the first `nodes` can take together.
    fn sum(&self, nodes: usize) -> u64 {
        self.pieces.iter().take(nodes).map(|pieces| u64::from(*pieces)).sum()
    }
}

impl Asked<'_> {
    /// Over several nodes; `from` is allowed. Looks at one stretch after the other, so that what is soon found costs little;
    /// where the index knows nothing, each is longer than the one before.
    pub(super) fn earliest_spread(&self, rules: Rules, mut from: i64, last: i64) -> Option<i64> {
        let (mut promising, mut stretch) = (Vec::new(), self.length);
        loop {
            let (known, until) = self.promising(from, &mut promising);
            let to = if known { until } else { until.min(from.saturating_add(stretch)) }.min(last);
            if let Some(start) = self.earliest_within(rules, &promising, from, to) {
                return Some(start);
            }
            if to >= last {
                return None;
            }
            from = self.next_allowed(rules, to + 1, last)?;
            stretch = stretch.saturating_mul(2);
        }
    }

    /// The nodes that could take part, for those who know nothing better.
    pub(super) fn everyone(&self) -> Vec<(u32, u32)> {
        self.eligible.iter().map(|node| (*node, self.pieces)).collect()
    }

    /// On some of these nodes; no others are of any use.
    pub(super) fn earliest_within(
        &self,
        rules: Rules,
        nodes: &[(u32, u32)],
        from: i64,
        last: i64,
    ) -> Option<i64> {
        let (mut changes, mut scratch) = (Vec::new(), Scratch::default());
        for (node, _) in nodes {
            self.changes_of(*node, rules, (from, last), &mut scratch, &mut changes);
        }
        changes.sort_unstable_by_key(|change| change.start);
        let mut fitting = vec![0; self.planner.places.len()];
        let mut ranking = Ranking::default();
        let mut at = 0;
        while let Some(start) = changes.get(at).map(|change| change.start).filter(|start| *start <= last) {
            while let Some(change) = changes.get(at).filter(|change| change.start == start) {
                let before = std::mem::replace(&mut fitting[change.node as usize], change.pieces);
                ranking.change(before, change.pieces);
                at += 1;
            }
            if ranking.sum(self.nodes) >= u64::from(self.pieces) {
                let until = changes.get(at).map_or(last, |change| last.min(change.start - 1));
                if let Some(start) = self.next_allowed(rules, start, until) {
                    return Some(start);
                }
            }
        }
        None
    }

    /// How the pieces that a node can take change with the start.
    fn changes_of(
        &self,
        node: u32,
        rules: Rules,
        (from, last): (i64, i64),
        scratch: &mut Scratch,
        changes: &mut Vec<Change>,
    ) {
        let place = &self.planner.places[node as usize];
        let Some(need) = self.need(node) else { return };
        let mut from = from;
        while from <= last {
            let mut to = last;
            if rules.node_maintenance {
                from = place.closures.next(from, self.length);
                to = place.closures.last_of(from, self.length, last);
            }
            if from > last {
                return;
            }
            let mut emit = |start, pieces| changes.push(Change { start, node, pieces });
            if rules.bookings {
                place.usage.segments((from, to), self.length, need, scratch, emit);
            } else {
                emit(from, need.fitting(&[0; LANES]));
                emit(to + 1, 0);
            }
            from = to + 1;
        }
    }
}
