//! How numbers, sizes, durations and times are written for people, the same on both sides of the wire.

/// `118216` as `118,216`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 row`, `412 rows`, `2 queries`: a count and its noun, which takes an `s`, or `ies` for the `ry` at its end.
pub fn counted(number: u64, noun: &str) -> String {
    let count = count(number);
    match (number, noun.strip_suffix("ry")) {
        (1, _) => format!("{count} {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ries"),
        (_, None) => format!("{count} {noun}s"),
    }
}

/// Bytes in the units people read: `31 kB`, `1.8 GB` (powers of 1000).
pub fn bytes(number: u64) -> String {
    let (mut value, mut unit) = (number as f64, "B");
    for next in ["kB", "MB", "GB", "TB"] {
        if value < 999.5 {
            break;
        }
        (value, unit) = (value / 1000.0, next);
    }
    if unit == "B" || value >= 9.95 { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

/// A duration given in microseconds: `0.08 s`, `3 min 12 s`, `2 h 5 min`, `3 days`.
pub fn duration(micros: i64) -> String {
    let seconds = micros.max(0) as f64 / 1e6;
    let whole = seconds.round() as i64;
    match whole {
        _ if seconds < 9.995 => format!("{seconds:.2} s"),
        0..60 => format!("{seconds:.0} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        3600..172_800 => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
        _ => format!("{} days", whole / 86_400),
    }
}

/// UTC microseconds since 1970 as ISO 8601 `2026-11-22T16:09:18Z`, for the `datetime` attribute.
pub fn iso_utc(micros: i64) -> String {
    let (days, in_day) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000) / 1_000_000);
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", in_day / 3600, in_day / 60 % 60, in_day % 60)
}

/// The same instant as people read it in UTC: `2026-11-22 16:09 UTC`.
pub fn utc(micros: i64) -> String {
    let iso = iso_utc(micros);
    format!("{} {} UTC", &iso[..10], &iso[11..16])
}

/// An instant as a field of a form writes it, in UTC: `2026-11-22T16:09`.
pub fn field(micros: i64) -> String {
    iso_utc(micros)[..16].to_owned()
}

/// What [`field`] writes, read again: with `T` or a blank between, with or without seconds and the `Z` at the end.
pub fn of_field(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('Z');
    let (date, time) = text.split_once(['T', ' '])?;
    let numbers = |text: &str, mark: char| -> Option<Vec<i64>> {
        text.split(mark)
            .map(|part| part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())))
            .collect()
    };
    let &[year, month, day] = numbers(date, '-')?.as_slice() else { return None };
    let (hour, minute, second) = match *numbers(time, ':')?.as_slice() {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let in_range =
        (1..=9999).contains(&year) && (1..=12).contains(&month) && hour < 24 && minute < 60 && second < 60;
    let days = in_range.then(|| days_from_civil(year, month, day))?;
    (civil_from_days(days) == (year, month, day))
        .then_some((days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000)
}

/// Minutes in words: `45 min`, `2 h`, `1 h 30 min`, `3 days`.
pub fn minutes(number: u32) -> String {
    match (number / 60, number % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours @ 48.., 0) if hours.is_multiple_of(24) => format!("{} days", hours / 24),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// How long it is until something, in whole seconds or more coarsely: `9 s`, `4 min 12 s`, `2 h 5 min`.
pub fn left(micros: i64) -> String {
    let whole = micros.max(0) / 1_000_000;
    if whole < 10 { format!("{whole} s") } else { duration(whole * 1_000_000) }
}

/// Day number (days since 1970-01-01) of a Gregorian date; the inverse of [`civil_from_days`].
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Gregorian date of a day number (days since 1970-01-01), by counting in 400-year eras that begin on 1 March.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests;
