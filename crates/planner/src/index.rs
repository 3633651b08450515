//! A coarse look at all nodes side by side: for each stretch of a few hours, the least and the most that is used of each
//! node, in 255ths of what it has. It says quickly which nodes cannot take something that starts in a stretch, so that their
//! timelines need not be read. It never says so wrongly; and of stretches that are not here it says nothing.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::node::{Amounts, Class, LANES, Place};
use crate::time::Interval;
use crate::timeline::Spread;

/// How long a stretch is.
const STRETCH: i64 = 4 * 3_600_000_000;
/// From how many nodes on it is worth its while; a few where assertions are on, so that tests have it.
const WORTH: usize = if cfg!(debug_assertions) { 2 } else { 16 };
/// How many entries there may be, of 16 bytes each.
const MOST_ENTRIES: usize = 1 << 22;
/// How many of the stretches are looked at that something lasts over.
const LOOKS: i64 = 6;

type Shares = [u8; LANES];

#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    rows: BTreeMap<i64, Row>,
}

/// One stretch: each node's least, rounded down, and most, rounded up.
#[derive(Debug, Clone)]
struct Row {
    least: Vec<Shares>,
    most: Vec<Shares>,
}

/// For each lane and each share that is used at least: how many pieces fit at most.
pub(crate) type Table = Vec<[u32; 256]>;

fn stretch(time: i64) -> i64 {
    time.div_euclid(STRETCH)
}

fn shares((least, most): (Amounts, Amounts), class: &Class) -> (Shares, Shares) {
    let share = |used: i32, lane: usize, up: bool| {
        let (used, capacity) = (i64::from(used) * 255, i64::from(class.capacity[lane]));
        let whole = used.checked_div(capacity).unwrap_or(if used > 0 { 255 } else { 0 });
        u8::try_from(whole + i64::from(up && capacity > 0 && used % capacity > 0)).unwrap_or(255)
    };
    (
        std::array::from_fn(|lane| share(least[lane], lane, false)),
        std::array::from_fn(|lane| share(most[lane], lane, true)),
    )
}

/// What a request's need means in shares.
pub(crate) fn table(need: &Spread<LANES>) -> Table {
    let lanes = (0..LANES).map(|lane| {
        let (capacity, total) = (i64::from(need.capacity[lane]), need.total[lane]);
        std::array::from_fn(|share| {
            let used = (share as i64 * capacity + 254) / 255;
            let fitting = ((capacity - used) as u64 * u64::from(need.pieces)).checked_div(total);
            fitting.unwrap_or(u64::from(need.pieces)).min(u64::from(need.pieces)) as u32
        })
    });
    lanes.collect()
}

/// A stretch as it is asked for one request: its row, and rows of stretches that are lasted over from any start in it.
pub(crate) struct View<'a> {
    row: &'a Row,
    over: Vec<&'a Row>,
}

impl View<'_> {
    /// How many pieces a node can take at most from any start in the stretch; 0 where that is too few to be of any use.
    pub(crate) fn fitting(&self, node: u32, lanes: &[usize], table: &Table, least: u32) -> u32 {
        let node = node as usize;
        let fits = |shares: &Shares, less: u8| {
            let of = |lane: &usize| table[*lane][usize::from(shares[*lane].saturating_sub(less))];
            lanes.iter().map(of).min().unwrap_or(u32::MAX)
        };
        // Most nodes are out at the first look.
        let mut fitting = fits(&self.row.least[node], 0);
        for row in &self.over {
            if fitting < least {
                return 0;
            }
            // The most was rounded up.
            fitting = fitting.min(fits(&row.most[node], 1));
        }
        fitting
    }
}

impl Index {
    /// Of all that is booked over that interval.
    pub(crate) fn new(places: &[Place], classes: &[Class], booked: Option<Interval>) -> Self {
        let mut index = Self::default();
        if let Some(booked) = booked {
            index.make_rows(places, classes, &(stretch(booked.start)..=stretch(booked.end - 1)));
        }
        index
    }

    /// After something changed on a node from `start` to `end`.
    pub(crate) fn refresh(
        &mut self,
        places: &[Place],
        classes: &[Class],
        node: u32,
        (start, end): (i64, i64),
    ) {
        if places.len() < WORTH {
            return;
        }
        let stretches = stretch(start)..=stretch(end - 1);
        let node = node as usize;
        for (number, row) in self.rows.range_mut(stretches.clone()) {
            let bounds = places[node].usage.bounds(number * STRETCH, (number + 1) * STRETCH);
            (row.least[node], row.most[node]) = shares(bounds, &classes[places[node].class]);
        }
        self.make_rows(places, classes, &stretches);
    }

    /// Makes the rows that there are not, as far as there may be more.
    fn make_rows(&mut self, places: &[Place], classes: &[Class], stretches: &RangeInclusive<i64>) {
        if places.len() < WORTH {
            return;
        }
        let most = MOST_ENTRIES / places.len();
        for number in stretches.clone().take(most) {
            if self.rows.len() >= most {
                return;
            }
            self.rows.entry(number).or_insert_with(|| {
                let bounds = places.iter().map(|place| {
                    let bounds = place.usage.bounds(number * STRETCH, (number + 1) * STRETCH);
                    shares(bounds, &classes[place.class])
                });
                let (least, most) = bounds.unzip();
                Row { least, most }
            });
        }
    }

    /// Whether it knows nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Forgets the stretches that are over by then.
    pub(crate) fn forget(&mut self, before: i64) {
        self.rows = self.rows.split_off(&stretch(before));
    }

    /// From `start` on: its stretch as something of that length sees it and the last instant of that stretch; or, where
    /// nothing is known, the last instant of which nothing is.
    pub(crate) fn view(&self, start: i64, length: i64) -> (Option<View<'_>>, i64) {
        let number = stretch(start);
        let Some(row) = self.rows.get(&number) else {
            let next = self.rows.range(number..).next();
            return (None, next.map_or(i64::MAX, |(next, _)| next * STRETCH - 1));
        };
        // From any start in this stretch on, these are lasted over from beginning to end.
        let lasted = length / STRETCH - 1;
        let looks = lasted.clamp(0, LOOKS);
        let over = (1..=looks).filter_map(|look| self.rows.get(&(number + (look * lasted) / looks)));
        (Some(View { row, over: over.collect() }), (number + 1) * STRETCH - 1)
    }
}
