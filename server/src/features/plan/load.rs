//! How full a site is over the time that the page shows, in slots that a person can see.

use crate::clock::{Micros, SECOND};
use app::features::plan::model::{LoadView, OfferView, When};
use planner::{Interval, Load, Planner, Resources, Time};

const HOUR: Micros = 3600 * SECOND;
const DAY: Micros = 24 * HOUR;
/// Most slots that are shown.
const MOST: Micros = 96;
/// How long a slot may be; the shortest with which there are not too many.
const SLOTS: [Micros; 9] = [HOUR / 4, HOUR / 2, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY];
/// The longest time that is shown.
const LONGEST: Micros = MOST * 7 * DAY;

/// The time that the page shows: a day from now on or as long as the offers reach, or the window.
pub(super) fn shown(when: When, offers: &[OfferView], now: Micros) -> (Micros, Micros) {
    let last = offers.iter().map(|offer| offer.end_us).max().unwrap_or(now);
    let (from, to) = match when {
        When::Within { from_us, to_us } if to_us > now.max(from_us) => (from_us.max(now), to_us),
        When::Now | When::Within { .. } => (now, last.max(now + DAY)),
    };
    (from, to.min(from.saturating_add(LONGEST)))
}

/// The load of a site over that time. Slots begin on round times of UTC but for the first.
pub(super) fn over(planner: &Planner, (from, to): (Micros, Micros)) -> Vec<LoadView> {
    let Some(interval) = Interval::new(Time::from_micros(from), Time::from_micros(to)) else {
        return Vec::new();
    };
    let slot = SLOTS.into_iter().find(|slot| (to - from) / slot < MOST).unwrap_or(7 * DAY);
    let pieces = planner.load_over(None, interval);
    let mut first = 0;
    let (mut start, mut slots) = (from, Vec::new());
    while start < to {
        let end = (start - start.rem_euclid(slot) + slot).min(to);
        while pieces.get(first).is_some_and(|piece| piece.interval.end().micros() <= start) {
            first += 1;
        }
        let within = pieces[first.min(pieces.len())..]
            .iter()
            .take_while(|piece| piece.interval.start().micros() < end);
        slots.push(slot_of(within, (start, end)));
        start = end;
    }
    slots
}

fn slot_of<'a>(pieces: impl Iterator<Item = &'a Load>, (from_us, to_us): (Micros, Micros)) -> LoadView {
    let (mut open_for, mut percent) = (0, 0);
    for piece in pieces.filter(|piece| piece.open) {
        open_for += piece.interval.end().micros().min(to_us) - piece.interval.start().micros().max(from_us);
        percent = percent.max(fullest(&piece.used, &piece.free));
    }
    LoadView { from_us, to_us, open: open_for * 2 > to_us - from_us, percent }
}

/// The share of the resource of which most is used, in percent, rounded up: one core of a thousand is not nothing.
fn fullest(used: &Resources, free: &Resources) -> u8 {
    let gpus = |resources: &Resources| resources.gpus.values().map(|count| u64::from(*count)).sum::<u64>();
    let lanes = [
        (u64::from(used.cores), u64::from(free.cores)),
        (used.memory_mib, free.memory_mib),
        (used.disk_mib, free.disk_mib),
        (gpus(used), gpus(free)),
    ];
    let share = |(used, free): (u64, u64)| match used.saturating_add(free) {
        0 => 0,
        all => (used.saturating_mul(100)).div_ceil(all).min(100),
    };
    lanes.into_iter().map(share).max().and_then(|most| u8::try_from(most).ok()).unwrap_or(0)
}
