//! Time as whole microseconds: instants, lengths, half-open intervals. Nothing here asks a clock.

use std::fmt;
use std::ops::{Add, Sub};

/// Where time begins and ends: some 36,000 years either way, so that no sum of two overflows.
const EDGE: i64 = 1 << 60;
const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
pub(crate) const WEEK: i64 = 7 * DAY;

/// An instant: microseconds of UTC since 1970-01-01, as in the portal's tables. Out of range is cut to [`Time::MIN`] and
/// [`Time::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub(crate) i64);

impl Time {
    /// The earliest instant.
    pub const MIN: Self = Self(-EDGE);
    /// The latest instant.
    pub const MAX: Self = Self(EDGE);

    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros > EDGE {
            EDGE
        } else if micros < -EDGE {
            -EDGE
        } else {
            micros
        })
    }

    /// From seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(SECOND))
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl Add<Length> for Time {
    type Output = Self;
    fn add(self, length: Length) -> Self {
        Self::from_micros(self.0.saturating_add(length.0))
    }
}

impl Sub<Length> for Time {
    type Output = Self;
    fn sub(self, length: Length) -> Self {
        Self::from_micros(self.0.saturating_sub(length.0))
    }
}

/// As people write it: `Tue 2026-11-24 15:00 UTC`, with seconds where they are not 0.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        let (days, second) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY) / SECOND);
        let (year, month, day) = civil(days);
        let name = DAYS[days.rem_euclid(7) as usize];
        write!(f, "{name} {year:04}-{month:02}-{day:02} {:02}:{:02}", second / 3600, second / 60 % 60)?;
        if second % 60 != 0 {
            write!(f, ":{:02}", second % 60)?;
        }
        f.write_str(" UTC")
    }
}

/// Year, month and day of a day since 1970 in the Gregorian calendar: years are counted from March, so that the day that
/// leap years add is the last one of a year.
fn civil(days: i64) -> (i64, i64, i64) {
    let since = days + 719_468;
    let (era, day_of_era) = (since.div_euclid(146_097), since.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// How long: microseconds, never less than none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Length(pub(crate) i64);

impl Length {
    /// None at all.
    pub const ZERO: Self = Self(0);
    /// The longest.
    pub const MAX: Self = Self(EDGE);

    /// From microseconds; less than none is none, more than [`Length::MAX`] is that.
    pub const fn micros(micros: i64) -> Self {
        Self(if micros < 0 {
            0
        } else if micros > EDGE {
            EDGE
        } else {
            micros
        })
    }

    /// From seconds.
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds as i64 * SECOND)
    }

    /// From minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes as i64 * 60 * SECOND)
    }

    /// From hours.
    pub const fn hours(hours: u32) -> Self {
        Self::micros((hours as i64).saturating_mul(3600 * SECOND))
    }

    /// From days of 24 hours.
    pub const fn days(days: u32) -> Self {
        Self::micros((days as i64).saturating_mul(DAY))
    }

    /// In microseconds.
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

/// The two largest units that it has: `2 h`, `1 d 12 h`, `90 s` as `1 min 30 s`.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units =
            [(DAY, "d"), (3600 * SECOND, "h"), (60 * SECOND, "min"), (SECOND, "s"), (1000, "ms"), (1, "µs")];
        let Some(at) = units.iter().position(|(unit, _)| self.0 >= *unit) else { return f.write_str("0 s") };
        let (unit, name) = units[at];
        write!(f, "{} {name}", self.0 / unit)?;
        match units.get(at + 1) {
            Some((next, name)) if self.0 % unit >= *next => write!(f, " {} {name}", self.0 % unit / next),
            _ => Ok(()),
        }
    }
}

/// From an instant to a later one, without that one: half-open, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl Interval {
    /// `[start, end)`; none where `end` is not after `start`.
    pub const fn new(start: Time, end: Time) -> Option<Self> {
        if start.0 < end.0 { Some(Self { start: start.0, end: end.0 }) } else { None }
    }

    /// Its first instant.
    pub const fn start(self) -> Time {
        Time(self.start)
    }

    /// The first instant after it.
    pub const fn end(self) -> Time {
        Time(self.end)
    }

    /// How long it is.
    pub const fn length(self) -> Length {
        Length::micros(self.end - self.start)
    }

    /// Whether they have an instant in common.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// `from Tue 2026-11-24 15:00 UTC to Tue 2026-11-24 17:00 UTC`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {} to {}", self.start(), self.end())
    }
}
