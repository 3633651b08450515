//! Random histories: at least ten thousand in each run, from seeds that are always the same, so that a failure comes again.
//! `PLANNER_SEED=N` runs the history of one seed alone.

use crate::history::{Source, Tally, check};

/// Splitmix64: short, and good enough to choose with.
struct Dice(u64);

impl Source for Dice {
    fn below(&mut self, count: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed % u64::from(count)) as u32
    }

    fn is_over(&self) -> bool {
        false
    }
}

/// Says on which seed it stopped.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("PLANNER_SEED={} fails", self.0);
        }
    }
}

fn histories(seeds: std::ops::Range<u64>) {
    let only: Option<u64> = std::env::var("PLANNER_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut all = Tally::default();
    for seed in seeds.clone().filter(|seed| only.is_none_or(|only| only == *seed)) {
        let _seed = Seed(seed);
        let tally = check(&mut Dice(seed << 20), 4 + (seed % 24) as u32);
        for (word, count) in tally.0 {
            *all.0.entry(word).or_default() += count;
        }
    }
    eprintln!("{seeds:?}: {all:?}");
    if only.is_none() {
        // Everything that can happen happened often.
        for word in WORDS {
            assert!(all.0.get(word).is_some_and(|count| *count > 20), "{word}: {all:?}");
        }
    }
}

const WORDS: [&str; 39] = [
    "offered",
    "spread",
    "held",
    "offer held",
    "accepted",
    "released",
    "extended",
    "shortened",
    "moved",
    "SameId",
    "NotHeld",
    "Unknown",
    "Ended",
    "Accepted",
    "Expired",
    "NotLater",
    "NotEarlier",
    "Begun",
    "NotYours",
    "NothingAsked",
    "NotInGroup",
    "TooLong",
    "LimitReached",
    "OverLimit",
    "WrongArchitecture",
    "NoGpu",
    "TooLarge",
    "NotOnOneNode",
    "WindowTooShort",
    "TooSoon",
    "TooFar",
    "Closed",
    "Maintenance",
    "LimitAtOnce",
    "Taken",
    "NeverTogether",
    "OnlyLater",
    "NothingUntil",
    "FreeUntil",
];

// Four tests, so that they run beside one another.
#[test]
fn histories_1() {
    histories(0..2500);
}

#[test]
fn histories_2() {
    histories(2500..5000);
}

#[test]
fn histories_3() {
    histories(5000..7500);
}

#[test]
fn histories_4() {
    histories(7500..10_000);
}
