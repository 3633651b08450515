//! What is used of one node over time: a step function of a few lanes (cores, memory, disk, one for each kind of GPU), in
//! blocks of some ninety steps. Each block knows the least and the most of each lane, so that a search skips a block that
//! is all too full, or all free enough, without reading it.
//!
//! Always in its shortest form: no step has the values of the one before it, before the first step and from the last on
//! nothing is used. So it does not grow with what came and
//! went.

mod build;
mod search;
mod segments;

pub(crate) use segments::{Change, Scratch, Spread};

/// Steps of a block: how many it is made with, and how many it may have. Few where assertions are on, so that tests see
/// many blocks split and grow together.
const FILL: usize = if cfg!(debug_assertions) { 4 } else { 64 };
const FULL: usize = if cfg!(debug_assertions) { 6 } else { 96 };

/// Blocks by their first step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timeline<const L: usize> {
    firsts: Vec<i64>,
    bounds: Vec<Bounds<L>>,
    blocks: Vec<Block<L>>,
}

/// The least and the most that is used in a block.
#[derive(Debug, Clone, Copy)]
struct Bounds<const L: usize> {
    least: [i32; L],
    most: [i32; L],
}

/// Each step's beginning, and what is used from then until the next.
#[derive(Debug, Clone)]
struct Block<const L: usize> {
    times: Vec<i64>,
    used: Vec<[i32; L]>,
}

/// A step: block and place in it. The place may be one past the block's last.
#[derive(Debug, Clone, Copy)]
struct At {
    block: usize,
    step: usize,
}

impl<const L: usize> Block<L> {
    fn bounds(&self) -> Bounds<L> {
        let mut bounds = Bounds { least: [i32::MAX; L], most: [0; L] };
        for used in &self.used {
            for (lane, used) in used.iter().enumerate() {
                bounds.least[lane] = bounds.least[lane].min(*used);
                bounds.most[lane] = bounds.most[lane].max(*used);
            }
        }
        bounds
    }
}

/// Whether some lane is over its limit.
#[inline]
fn over<const L: usize>(used: &[i32; L], limit: &[i32; L]) -> bool {
    let mut any = false;
    for lane in 0..L {
        any |= used[lane] > limit[lane];
    }
    any
}
