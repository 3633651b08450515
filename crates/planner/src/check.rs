//! One placement beside the rows of its node, without a planner: what a transaction repeats before it commits.

use crate::refusal::Overfull;
use crate::resources::Resources;
use crate::time::{Interval, Time};

/// Checks that `wanted` fits a node of that `capacity` at every instant of `interval`, beside what is `booked` of the node.
/// Bookings that do not overlap the interval do not matter, so it is enough to give those that do. A resource that is not
/// wanted is not looked at, also where too much of it is booked. Takes `n log n` for `n` bookings.
///
/// # Errors
/// The first instant at which it does not fit.
pub fn check_placement<'a>(
    capacity: &Resources,
    booked: impl IntoIterator<Item = (Interval, &'a Resources)>,
    interval: Interval,
    wanted: &Resources,
) -> Result<(), Overfull> {
    let wanted = wanted.amounts();
    // At its beginning each booking takes, at its end it gives back; an end comes before a beginning at the same instant.
    let mut changes = vec![(interval.start, true, None)];
    for (other, resources) in booked.into_iter().filter(|(other, _)| other.overlaps(interval)) {
        changes.push((other.start.max(interval.start), true, Some(resources)));
        changes.push((other.end, false, Some(resources)));
    }
    changes.sort_by_key(|change| (change.0, change.1));
    let mut used = vec![0_u64; wanted.len()];
    for (at, (time, begins, resources)) in changes.iter().enumerate() {
        for ((what, _), used) in wanted.iter().zip(&mut used) {
            let amount = resources.map_or(0, |resources| resources.of(what));
            *used = if *begins { used.saturating_add(amount) } else { used.saturating_sub(amount) };
        }
        if *time >= interval.end || changes.get(at + 1).is_some_and(|next| next.0 == *time) {
            continue;
        }
        for ((what, asked), used) in wanted.iter().zip(&used) {
            let left = capacity.of(what).saturating_sub(*used);
            if left < *asked {
                return Err(Overfull { at: Time(*time), what: what.clone(), asked: *asked, left });
            }
        }
    }
    Ok(())
}
