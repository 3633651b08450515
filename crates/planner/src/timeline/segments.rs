//! How many pieces of a request a node can take, as a function of when it starts.

use std::collections::VecDeque;

use super::Timeline;

/// From this start on, the node can take so many pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) start: i64,
    pub(crate) node: u32,
    pub(crate) pieces: u32,
}

/// What is spread, as one node sees it.
#[derive(Debug, Clone)]
pub(crate) struct Spread<const L: usize> {
    /// All that the node has.
    pub(crate) capacity: [i32; L],
    /// All that is asked for, in all.
    pub(crate) total: [u64; L],
    /// The pieces of which that is made.
    pub(crate) pieces: u32,
    /// What may be used where the node can take as many pieces as it needs to count at all.
    pub(crate) limit: [i32; L],
}

/// Room to work in, kept from one node to the next.
#[derive(Default)]
pub(crate) struct Scratch {
    steps: Vec<(i64, u32)>,
    /// Steps in sight, the least first, each the least from its own on.
    sight: VecDeque<usize>,
}

impl<const L: usize> Spread<L> {
    /// How many pieces fit beside what is used: so many that their share of everything, rounded up, is free.
    pub(crate) fn fitting(&self, used: &[i32; L]) -> u32 {
        let mut most = u64::from(self.pieces);
        for ((capacity, used), total) in self.capacity.iter().zip(used).zip(self.total) {
            let free = u64::try_from(i64::from(*capacity) - i64::from(*used)).unwrap_or(0);
            most = most.min((free * u64::from(self.pieces)).checked_div(total).unwrap_or(most));
        }
        most as u32
    }
}

impl<const L: usize> Timeline<L> {
    /// How many pieces fit for each start of `[from, last]`, where that is enough to count: a change to each number and,
    /// after the last start of a run, one to 0. Before the first change it is 0.
    pub(crate) fn segments(
        &self,
        (from, last): (i64, i64),
        length: i64,
        spread: &Spread<L>,
        scratch: &mut Scratch,
        mut emit: impl FnMut(i64, u32),
    ) {
        let mut start = from;
        while let Some(run) = self.next_fit(start, length, last, &spread.limit) {
            let end = self.free_until(run, last + length, &spread.limit).min(last + length);
            let steps = &mut scratch.steps;
            steps.clear();
            self.steps(run, end, |time, used| {
                let fitting = spread.fitting(used);
                if steps.last().is_none_or(|(_, before)| *before != fitting) {
                    steps.push((time, fitting));
                }
            });
            slide(scratch, length, end - length, &mut emit);
            start = end - length + 1;
            if start > last {
                return;
            }
        }
    }

    /// The first instant from `from` on at which some lane is over its limit; `stop` or later where there is none before.
    pub(crate) fn free_until(&self, from: i64, stop: i64, limit: &[i32; L]) -> i64 {
        self.next_over(self.find(from), from, stop, limit).1
    }
}

/// The least of the steps that a window of that length sees, for each of its starts from the first step to `last`.
fn slide(scratch: &mut Scratch, length: i64, last: i64, emit: &mut impl FnMut(i64, u32)) {
    let Scratch { steps, sight } = scratch;
    sight.clear();
    let Some(&(mut start, _)) = steps.first() else { return };
    let (mut entering, mut said) = (0, None);
    loop {
        while steps.get(entering).is_some_and(|(time, _)| *time < start + length) {
            while sight.back().is_some_and(|at| steps[*at].1 >= steps[entering].1) {
                sight.pop_back();
            }
            sight.push_back(entering);
            entering += 1;
        }
        while sight.front().is_some_and(|at| steps.get(at + 1).is_some_and(|(time, _)| *time <= start)) {
            sight.pop_front();
        }
        let Some(&front) = sight.front() else { return };
        if said != Some(steps[front].1) {
            said = Some(steps[front].1);
            emit(start, steps[front].1);
        }
        let leaves = steps.get(front + 1).map_or(i64::MAX, |(time, _)| *time);
        let enters = steps.get(entering).map_or(i64::MAX, |(time, _)| time - length + 1);
        start = leaves.min(enters);
        if start > last {
            break;
        }
    }
    emit(last + 1, 0);
}
