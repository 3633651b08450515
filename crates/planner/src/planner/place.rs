//! Which nodes a request goes to at a given start, by a rule that leaves no choice.

use super::asked::{Asked, Rules};
use crate::node::{Amounts, LANES};
use crate::timeline::Spread;

/// A node that has room, and what is used of it at most.
struct Room<'a> {
    node: u32,
    need: &'a Spread<LANES>,
    used: Amounts,
    /// How many pieces fit.
    pieces: u32,
}

impl Room<'_> {
    /// What would be left of it beside that amount, what is scarcest first.
    fn left(&self, amount: &Amounts) -> (i64, i32, i32, i32, u32) {
        let left = |lane: usize| {
            self.need.capacity[lane].saturating_sub(self.used[lane]).saturating_sub(amount[lane])
        };
        let gpus = (3..LANES).map(|lane| i64::from(left(lane))).sum();
        (gpus, left(0), left(1), left(2), self.node)
    }

    /// The share of `pieces` pieces, of which `done` are elsewhere already. All shares together are exactly what is asked.
    fn share(&self, done: u32, pieces: u32) -> Amounts {
        let upto = |lane: usize, pieces: u32| {
            u128::from(self.need.total[lane]) * u128::from(pieces) / u128::from(self.need.pieces.max(1))
        };
        std::array::from_fn(|lane| {
            i32::try_from(upto(lane, done + pieces) - upto(lane, done)).unwrap_or(i32::MAX)
        })
    }
}

impl Asked<'_> {
    /// What goes where at that start, by node; `None` if it does not fit there and then. Not checked: whether a start is
    /// allowed then whatever the node.
    ///
    /// What fits one node goes to the one on which least is left free of GPUs, then cores, memory, disk, then to the first
    /// of the list. Otherwise the node that can take most pieces (then the first) is filled, until the rest fits one node,
    /// which is chosen as before.
    pub(super) fn place(&self, start: i64) -> Option<Vec<(u32, Amounts)>> {
        let mut promising = Vec::new();
        self.promising(start, &mut promising);
        let mut rooms: Vec<_> = promising.iter().filter_map(|(node, _)| self.room(*node, start)).collect();
        let mut parts = Vec::new();
        let mut done = 0;
        while parts.len() < self.nodes {
            let rest = self.pieces - done;
            let all = rooms.iter().filter(|room| room.pieces >= rest);
            if let Some(room) = all.min_by_key(|room| room.left(&room.share(done, rest))) {
                parts.push((room.node, room.share(done, rest)));
                parts.sort_unstable();
                return Some(parts);
            }
            let largest =
                (0..rooms.len()).max_by_key(|at| (rooms[*at].pieces, std::cmp::Reverse(rooms[*at].node)))?;
            let room = rooms.swap_remove(largest);
            parts.push((room.node, room.share(done, room.pieces)));
            done += room.pieces;
        }
        None
    }

    fn room(&self, node: u32, start: i64) -> Option<Room<'_>> {
        let (place, need) = (&self.planner.places[node as usize], self.need(node)?);
        if place.closures.next(start, self.length) != start {
            return None;
        }
        let used = place.usage.most(start, start + self.length);
        if (0..LANES).any(|lane| used[lane] > need.limit[lane]) {
            return None;
        }
        let pieces = if self.pieces == 1 { 1 } else { need.fitting(&used) };
        Some(Room { node, need, used, pieces })
    }

    /// What goes where at that start, if it is allowed then.
    pub(super) fn place_allowed(&self, start: i64) -> Option<Vec<(u32, Amounts)>> {
        self.next_allowed(Rules::ALL, start, start)?;
        self.place(start)
    }
}
