//! Asking a timeline.

use super::{At, Timeline, over};

impl<const L: usize> Timeline<L> {
    /// The block in which the step at `time` is; `None` before the first.
    pub(super) fn block_of(&self, time: i64) -> Option<usize> {
        self.firsts.partition_point(|first| *first <= time).checked_sub(1)
    }

    /// The step at `time`. Before the first, and there alone, the block does not exist or begins later.
    pub(super) fn find(&self, time: i64) -> At {
        match self.block_of(time) {
            None => At { block: 0, step: 0 },
            Some(block) => {
                let step = self.blocks[block].times.partition_point(|one| *one <= time) - 1;
                At { block, step }
            }
        }
    }

    /// Whether nothing has begun at `time`.
    pub(super) fn before_all(&self, time: i64) -> bool {
        self.firsts.first().is_none_or(|first| time < *first)
    }

    /// The first instant from `from` on at which some lane is over its limit; anything after `stop` may be given as
    /// later. With the step it is in.
    pub(super) fn next_over(&self, mut at: At, from: i64, stop: i64, limit: &[i32; L]) -> (At, i64) {
        while at.block < self.blocks.len() && (at.step > 0 || self.firsts[at.block] < stop) {
            if over(&self.bounds[at.block].most, limit) {
                let block = &self.blocks[at.block];
                if let Some(step) = block.used[at.step..].iter().position(|used| over(used, limit)) {
                    at.step += step;
                    return (at, block.times[at.step].max(from));
                }
            }
            at = At { block: at.block + 1, step: 0 };
        }
        (at, i64::MAX)
    }

    /// The first instant from `from` on at which no lane is over its limit, which is nowhere below 0.
    fn next_within(&self, mut at: At, from: i64, limit: &[i32; L]) -> (At, i64) {
        while at.block < self.blocks.len() {
            if !over(&self.bounds[at.block].least, limit) {
                let block = &self.blocks[at.block];
                if let Some(step) = block.used[at.step..].iter().position(|used| !over(used, limit)) {
                    at.step += step;
                    return (at, block.times[at.step].max(from));
                }
            }
            at = At { block: at.block + 1, step: 0 };
        }
        (at, from)
    }

    /// The earliest start from `from` to `last` of an interval of that length in which no lane is over its limit.
    pub(crate) fn next_fit(&self, from: i64, length: i64, last: i64, limit: &[i32; L]) -> Option<i64> {
        let mut start = from;
        let mut at = self.find(from);
        if !self.before_all(from) {
            (at, start) = self.next_within(at, start, limit);
        }
        while start <= last {
            let full;
            (at, full) = self.next_over(at, start, start + length, limit);
            if full >= start + length {
                return Some(start);
            }
            (at, start) = self.next_within(at, full, limit);
        }
        None
    }

    /// The most that is used at any instant of `[start, end)`, lane by lane.
    pub(crate) fn most(&self, start: i64, end: i64) -> [i32; L] {
        let mut most = [0; L];
        let mut at = self.find(start);
        let mut see = |used: &[i32; L]| {
            for lane in 0..L {
                most[lane] = most[lane].max(used[lane]);
            }
        };
        while at.block < self.blocks.len() && self.firsts[at.block] < end {
            let block = &self.blocks[at.block];
            if at.step == 0 && self.firsts.get(at.block + 1).is_some_and(|next| *next <= end) {
                see(&self.bounds[at.block].most);
            } else {
                let to = at.step + block.times[at.step..].partition_point(|time| *time < end);
                block.used[at.step..to].iter().for_each(&mut see);
            }
            at = At { block: at.block + 1, step: 0 };
        }
        most
    }

    /// The least and the most that is used at any instant of `[start, end)`, lane by lane.
    pub(crate) fn bounds(&self, start: i64, end: i64) -> ([i32; L], [i32; L]) {
        let (mut least, mut most) = ([i32::MAX; L], [0; L]);
        self.steps(start, end, |_, used| {
            for lane in 0..L {
                least[lane] = least[lane].min(used[lane]);
                most[lane] = most[lane].max(used[lane]);
            }
        });
        (least, most)
    }

    /// Each step of `[start, end)`, cut to it, from its beginning.
    pub(crate) fn steps(&self, start: i64, end: i64, mut visit: impl FnMut(i64, &[i32; L])) {
        if self.before_all(start) {
            visit(start, &[0; L]);
        }
        let mut at = self.find(start);
        while at.block < self.blocks.len() {
            let block = &self.blocks[at.block];
            for (time, used) in block.times[at.step..].iter().zip(&block.used[at.step..]) {
                if *time >= end {
                    return;
                }
                visit((*time).max(start), used);
            }
            at = At { block: at.block + 1, step: 0 };
        }
    }
}
