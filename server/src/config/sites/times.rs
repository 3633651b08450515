//! Lines of opening hours and of maintenance.

use chrono::NaiveDateTime;
use planner::{Interval, Opening, Time, Weekday};

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
const DAY_MINUTES: u32 = 24 * 60;

/// `mon 08:00-18:00`; an end that is not after the start is on the next day.
pub(super) fn read_opening(line: &str) -> Result<Opening, String> {
    let wrong = || format!("{line:?} is not a day and its hours, such as \"mon 08:00-18:00\"");
    let (day, hours) = line.trim().split_once(' ').ok_or_else(wrong)?;
    let (_, day) = DAYS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(day)).ok_or_else(wrong)?;
    let (from, to) = hours.trim().split_once('-').ok_or_else(wrong)?;
    let (from_minute, to_minute) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
    let to_minute = if to_minute <= from_minute { to_minute + DAY_MINUTES } else { to_minute };
    Ok(Opening { day, from_minute, to_minute })
}

/// `08:30`, up to `24:00`.
fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two = |text: &str| if text.len() == 2 { text.parse::<u32>().ok() } else { None };
    let (hour, minute) = (two(hour)?, two(minute)?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY_MINUTES).then_some(minutes)
}

/// `2026-12-01T08:00Z/2026-12-01T12:00Z`.
pub(super) fn read_maintenance(line: &str) -> Result<Interval, String> {
    let wrong = || {
        format!(
            "{line:?} is not a start and a later end in UTC, such as \"2026-12-01T08:00Z/2026-12-01T12:00Z\""
        )
    };
    let (from, to) = line.trim().split_once('/').ok_or_else(wrong)?;
    let (from, to) = (instant(from).ok_or_else(wrong)?, instant(to).ok_or_else(wrong)?);
    Interval::new(from, to).ok_or_else(wrong)
}

fn instant(text: &str) -> Option<Time> {
    let read = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%MZ").ok()?;
    Some(Time::from_micros(read.and_utc().timestamp_micros()))
}
