//! Making a timeline, and changing it.

use super::{At, Block, FILL, FULL, Timeline};

impl<const L: usize> Timeline<L> {
    /// From changes in any order: at that instant, so much more or less. What is used must fit the lanes at any instant.
    pub(crate) fn from_changes(mut changes: Vec<(i64, [i32; L])>) -> Self {
        changes.sort_unstable_by_key(|change| change.0);
        let mut timeline = Self::default();
        let mut block = Block { times: Vec::with_capacity(FILL), used: Vec::with_capacity(FILL) };
        let (mut used, mut before) = ([0_i32; L], [0_i32; L]);
        for (at, change) in changes.iter().enumerate() {
            for (used, change) in used.iter_mut().zip(change.1) {
                // At one instant what begins may be counted before what ends: only the sum is sure to fit.
                *used = used.wrapping_add(change);
            }
            if changes.get(at + 1).is_some_and(|next| next.0 == change.0) || used == before {
                continue;
            }
            if block.times.len() == FILL {
                let next = Block { times: Vec::with_capacity(FILL), used: Vec::with_capacity(FILL) };
                timeline.push(std::mem::replace(&mut block, next));
            }
            block.times.push(change.0);
            block.used.push(used);
            before = used;
        }
        if !block.times.is_empty() {
            timeline.push(block);
        }
        timeline
    }

    fn push(&mut self, block: Block<L>) {
        self.firsts.push(block.times[0]);
        self.bounds.push(block.bounds());
        self.blocks.push(block);
    }

    /// Uses so much more over `[start, end)`; a caller has seen that the lanes can hold it.
    pub(crate) fn add(&mut self, start: i64, end: i64, amount: &[i32; L]) {
        self.change(start, end, |used| {
            for lane in 0..L {
                used[lane] = used[lane].saturating_add(amount[lane]);
            }
        });
    }

    /// Uses so much less over `[start, end)`, which was added before.
    pub(crate) fn subtract(&mut self, start: i64, end: i64, amount: &[i32; L]) {
        self.change(start, end, |used| {
            for lane in 0..L {
                used[lane] = used[lane].saturating_sub(amount[lane]);
            }
        });
    }

    fn change(&mut self, start: i64, end: i64, apply: impl Fn(&mut [i32; L])) {
        self.cut(start);
        self.cut(end);
        let mut at = self.find(start);
        while at.block < self.blocks.len() {
            let block = &mut self.blocks[at.block];
            let to = block.times.partition_point(|time| *time < end);
            block.used[at.step.min(to)..to].iter_mut().for_each(&apply);
            let whole = to == block.times.len();
            self.bounds[at.block] = block.bounds();
            if !whole {
                break;
            }
            at = At { block: at.block + 1, step: 0 };
        }
        self.heal(end);
        self.heal(start);
    }

    /// Makes a step begin at `time`.
    fn cut(&mut self, time: i64) {
        let Some(number) = self.block_of(time) else {
            // Before everything: nothing is used then.
            if let Some(block) = self.blocks.first_mut() {
                block.times.insert(0, time);
                block.used.insert(0, [0; L]);
                self.firsts[0] = time;
                self.bounds[0].least = [0; L];
                self.split(0);
            } else {
                self.push(Block { times: vec![time], used: vec![[0; L]] });
            }
            return;
        };
        let block = &mut self.blocks[number];
        let step = block.times.partition_point(|one| *one < time);
        if block.times.get(step) == Some(&time) {
            return;
        }
        if block.times.len() == block.times.capacity() {
            block.times.reserve_exact(FULL / 4);
            block.used.reserve_exact(FULL / 4);
        }
        let used = block.used[step - 1];
        block.times.insert(step, time);
        block.used.insert(step, used);
        self.split(number);
    }

    fn split(&mut self, number: usize) {
        let block = &mut self.blocks[number];
        if block.times.len() <= FULL {
            return;
        }
        let middle = block.times.len() / 2;
        let rest = Block { times: block.times.split_off(middle), used: block.used.split_off(middle) };
        block.times.shrink_to(FILL);
        block.used.shrink_to(FILL);
        self.bounds[number] = block.bounds();
        self.firsts.insert(number + 1, rest.times[0]);
        self.bounds.insert(number + 1, rest.bounds());
        self.blocks.insert(number + 1, rest);
    }

    /// Takes away the step at `time` if it changes nothing.
    fn heal(&mut self, time: i64) {
        let Some(number) = self.block_of(time) else { return };
        let block = &self.blocks[number];
        let step = block.times.partition_point(|one| *one < time);
        if block.times.get(step) != Some(&time) {
            return;
        }
        let before = match (step, number) {
            (0, 0) => [0; L],
            (0, _) => self.blocks[number - 1].used[self.blocks[number - 1].used.len() - 1],
            _ => block.used[step - 1],
        };
        if block.used[step] != before {
            return;
        }
        let block = &mut self.blocks[number];
        block.times.remove(step);
        block.used.remove(step);
        self.settle(number);
    }

    /// After a step was taken out of a block: it goes when it is empty, and two small ones become one.
    fn settle(&mut self, number: usize) {
        if self.blocks[number].times.is_empty() {
            self.take(number);
            return;
        }
        self.firsts[number] = self.blocks[number].times[0];
        self.bounds[number] = self.blocks[number].bounds();
        for first in [number, number.wrapping_sub(1)] {
            let Some(next) = self.blocks.get(first.wrapping_add(1)) else { continue };
            if first < self.blocks.len() && self.blocks[first].times.len() + next.times.len() <= FILL / 2 {
                let next = self.take(first + 1);
                let block = &mut self.blocks[first];
                block.times.extend(next.times);
                block.used.extend(next.used);
                self.bounds[first] = block.bounds();
            }
        }
    }

    fn take(&mut self, number: usize) -> Block<L> {
        self.firsts.remove(number);
        self.bounds.remove(number);
        self.blocks.remove(number)
    }
}
