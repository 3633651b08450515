//! When a site is open: always, some hours of each week, or intervals that were named. And when it is not, whatever the
//! hours: maintenance.

use crate::time::{DAY, Interval, WEEK};

const MINUTE: i64 = 60_000_000;
/// 1970-01-01 was a Thursday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "seven names that everybody knows")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Open on one day of each week, from one minute of the day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opening {
    /// The day it opens.
    pub day: Weekday,
    /// Minutes after midnight when it opens, at most 1440.
    pub from_minute: u32,
    /// Minutes after that midnight when it closes; over 1440 is on a later day, at most a week after opening. An
    /// opening that closes before it opens is none.
    pub to_minute: u32,
}

/// When a site is open. A booking lies within one opening; two that touch are one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Calendar {
    /// Day and night.
    #[default]
    Always,
    /// Some hours of each week, on clocks that show so many minutes more than UTC all year long. Where clocks change
    /// with the season, name the openings of the coming year with [`Calendar::Only`] instead.
    Weekly {
        /// Minutes by which the site's clocks are ahead of UTC, at most a day either way.
        ahead_minutes: i32,
        /// The hours; in any order, and they may overlap.
        openings: Vec<Opening>,
    },
    /// In these intervals and never else; in any order, and they may overlap.
    Only(Vec<Interval>),
}

/// The same in the form that is asked.
#[derive(Debug, Clone)]
pub(crate) enum Openings {
    Always,
    /// Within the week that begins on Monday 00:00 UTC: start and end, by start, apart from one another also across the
    /// end of the week, over which the last may reach.
    Weekly(Vec<(i64, i64)>),
    /// By start, apart from one another.
    Only(Vec<(i64, i64)>),
}

impl Openings {
    pub(crate) fn new(calendar: &Calendar) -> Self {
        match calendar {
            Calendar::Always => Self::Always,
            Calendar::Weekly { ahead_minutes, openings } => weekly(i64::from(*ahead_minutes), openings),
            Calendar::Only(intervals) => Self::Only(union(intervals.iter().map(|one| (one.start, one.end)))),
        }
    }

    /// The earliest start from `from` on of an interval of that length that is all open.
    pub(crate) fn next(&self, from: i64, length: i64) -> Option<i64> {
        let fits = |(start, end): (i64, i64)| {
            let start = start.max(from);
            (start + length <= end).then_some(start)
        };
        match self {
            Self::Always => Some(from),
            Self::Only(intervals) => {
                let first = intervals.partition_point(|one| one.1 <= from);
                intervals[first..].iter().copied().find_map(fits)
            }
            Self::Weekly(week) => {
                let monday = from - (from - FIRST_MONDAY).rem_euclid(WEEK);
                // From the week before, whose last opening may reach into this one, to the next but one.
                (-1..=2).find_map(|weeks| {
                    let base = monday + weeks * WEEK;
                    week.iter().find_map(|one| fits((base + one.0, base + one.1)))
                })
            }
        }
    }

    /// Until when it is open without a break from `from` on, or `from` where it is closed.
    pub(crate) fn open_until(&self, from: i64) -> i64 {
        let ends = |(start, end): (i64, i64)| (start <= from && from < end).then_some(end);
        match self {
            Self::Always => i64::MAX,
            Self::Only(intervals) => intervals.iter().copied().find_map(ends).unwrap_or(from),
            Self::Weekly(week) => {
                let monday = from - (from - FIRST_MONDAY).rem_euclid(WEEK);
                let pieces = [-WEEK, 0].into_iter().flat_map(|weeks| {
                    week.iter().map(move |one| (monday + weeks + one.0, monday + weeks + one.1))
                });
                pieces.into_iter().find_map(ends).unwrap_or(from)
            }
        }
    }
}

fn weekly(ahead: i64, openings: &[Opening]) -> Openings {
    let ahead = ahead.clamp(-1440, 1440) * MINUTE;
    let pieces = openings.iter().filter(|one| one.from_minute < one.to_minute).flat_map(|one| {
        let midnight = one.day as i64 * DAY - ahead;
        let start = midnight + i64::from(one.from_minute.min(1440)) * MINUTE;
        let length = (i64::from(one.to_minute) * MINUTE + midnight - start).min(WEEK);
        let start = start.rem_euclid(WEEK);
        // What reaches over the end of the week is also at its beginning.
        [(start, (start + length).min(WEEK)), (0, start + length - WEEK)]
    });
    let mut week = union(pieces.filter(|one| one.0 < one.1));
    if week == [(0, WEEK)] {
        return Openings::Always;
    }
    if let (Some(&(0, reach)), Some(&(_, WEEK))) = (week.first(), week.last()) {
        week.remove(0);
        if let Some(last) = week.last_mut() {
            last.1 += reach;
        }
    }
    Openings::Weekly(week)
}

/// When nothing may run: by start, apart from one another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Closures(Vec<(i64, i64)>);

impl Closures {
    pub(crate) fn new(intervals: impl Iterator<Item = (i64, i64)>) -> Self {
        Self(union(intervals))
    }

    /// The earliest start from `from` on of an interval of that length without a closed instant.
    pub(crate) fn next(&self, mut from: i64, length: i64) -> i64 {
        if self.0.is_empty() {
            return from;
        }
        let first = self.0.partition_point(|one| one.1 <= from);
        for one in &self.0[first..] {
            if from + length <= one.0 {
                break;
            }
            from = one.1;
        }
        from
    }
}

impl Closures {
    /// The last start up to `last` of an interval of that length without a closed instant, where `from` is one, and all
    /// between them are.
    pub(crate) fn last_of(&self, from: i64, length: i64, last: i64) -> i64 {
        let next = self.0.partition_point(|one| one.1 <= from);
        self.0.get(next).map_or(last, |one| last.min(one.0 - length))
    }

    /// The first closed instant from `from` on.
    pub(crate) fn free_until(&self, from: i64) -> i64 {
        let next = self.0.partition_point(|one| one.1 <= from);
        self.0.get(next).map_or(i64::MAX, |one| one.0.max(from))
    }

    /// Its intervals.
    pub(crate) fn intervals(&self) -> &[(i64, i64)] {
        &self.0
    }
}

/// The same instants as intervals by start, none touching another.
pub(crate) fn union(intervals: impl Iterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    let mut sorted: Vec<_> = intervals.collect();
    sorted.sort_unstable();
    let mut united: Vec<(i64, i64)> = Vec::with_capacity(sorted.len());
    for one in sorted {
        match united.last_mut() {
            Some(last) if one.0 <= last.1 => last.1 = last.1.max(one.1),
            _ => united.push(one),
        }
    }
    united
}
