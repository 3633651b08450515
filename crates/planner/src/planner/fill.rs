//! Loading what was booked before, all at once.

use std::collections::BTreeSet;

use super::{Held, Planner};
use crate::booking::{Booking, BookingId, Part, State};
use crate::index::Index;
use crate::node::{Amounts, Class, LANES, Usage};
use crate::refusal::LoadFault;
use crate::time::Interval;

/// One in so many of what is there already.
const FEW: usize = 32;

impl Planner {
    /// Writes down bookings and holds as they are: no rule is asked, also not whether there is enough
    /// ([`Planner::overgrants`] says where there is not). Fast for many at once. What cannot be loaded is left out and given
    /// back with the reason.
    #[must_use = "what could not be loaded is not counted"]
    pub fn load(&mut self, bookings: impl IntoIterator<Item = Booking>) -> Vec<LoadFault> {
        let (mut faults, mut loaded, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut changes: Vec<Vec<(i64, Amounts)>> = vec![Vec::new(); self.places.len()];
        for booking in bookings {
            match self.read(&booking) {
                Ok(held) if seen.insert(held.id) => {
                    for (node, amount) in held.parts.iter() {
                        changes[node as usize].push((held.start, amount));
                        changes[node as usize].push((held.end, amount.map(|one| -one)));
                    }
                    loaded.push(held);
                }
                Ok(held) => faults.push(LoadFault::SameId { id: held.id }),
                Err(fault) => faults.push(fault),
            }
        }
        drop(seen);
        // A few beside many are no reason to build everything anew.
        if loaded.len() < self.ids.len() / FEW {
            self.write_all(loaded, &mut faults);
            return faults;
        }
        for (place, changes) in
            self.places.iter().zip(&mut changes).filter(|(_, changes)| !changes.is_empty())
        {
            place.usage.changes(changes);
            changes.sort_unstable_by_key(|change| change.0);
        }
        if changes.iter().all(|changes| can_be_counted(changes)) {
            for (place, changes) in
                self.places.iter_mut().zip(changes).filter(|(_, changes)| !changes.is_empty())
            {
                place.usage = Usage::new(&self.classes[place.class], changes);
            }
            let start = self.slots.iter().flatten().chain(&loaded).map(|held| held.start).min();
            let end = self.slots.iter().flatten().chain(&loaded).map(|held| held.end).max();
            let booked = start.zip(end).map(|(start, end)| Interval { start, end });
            self.index = Index::new(&self.places, &self.classes, booked);
            for held in loaded {
                self.register(held);
            }
        } else {
            // Somewhere it is more than can be counted: one after the other, to see with which.
            self.write_all(loaded, &mut faults);
        }
        faults
    }

    /// One after the other.
    fn write_all(&mut self, loaded: Vec<Held>, faults: &mut Vec<LoadFault>) {
        for held in loaded {
            if self.can_be_added(&held) {
                self.write(held);
            } else {
                faults.push(LoadFault::TooMuch { id: held.id });
            }
        }
    }

    fn read(&mut self, booking: &Booking) -> Result<Held, LoadFault> {
        let id = booking.id;
        if self.ids.contains_key(&id) {
            return Err(LoadFault::SameId { id });
        }
        let mut parts: Vec<(u32, Amounts)> = Vec::with_capacity(booking.parts.len());
        for part in &booking.parts {
            let place = self.places.get(part.node.0 as usize).ok_or(LoadFault::UnknownNode { id })?;
            let amount = count(&self.classes[place.class], id, part)?;
            match parts.iter_mut().find(|(node, _)| *node == part.node.0) {
                // Never made here, but rows may say so: together they are what the node gives.
                Some((_, sum)) => {
                    for (sum, more) in sum.iter_mut().zip(amount) {
                        *sum = sum.checked_add(more).ok_or(LoadFault::TooMuch { id })?;
                    }
                }
                None => parts.push((part.node.0, amount)),
            }
        }
        let until = match booking.state {
            State::Held { until } => until.0,
            State::Accepted => i64::MAX,
        };
        let person = self.person(&booking.user);
        Ok(Held::new(id, person, (booking.interval.start, booking.interval.end), until, parts))
    }

    fn can_be_added(&self, held: &Held) -> bool {
        held.parts.iter().all(|(node, amount)| {
            let most = self.places[node as usize].usage.most(held.start, held.end);
            (0..LANES).all(|lane| most[lane].checked_add(amount[lane]).is_some())
        })
    }
}

fn count(class: &Class, id: BookingId, part: &Part) -> Result<Amounts, LoadFault> {
    let mut gpus = part.resources.gpus.iter().filter(|(_, count)| **count > 0);
    if let Some((kind, _)) = gpus.find(|(kind, _)| !class.kinds.contains(kind)) {
        return Err(LoadFault::UnknownGpu { id, kind: kind.clone() });
    }
    let mut amounts = [0; LANES];
    for (amount, lane) in amounts.iter_mut().zip(class.lanes(&part.resources)) {
        *amount = i32::try_from(lane).map_err(|_| LoadFault::TooMuch { id })?;
    }
    Ok(amounts)
}

/// Whether every sum fits a lane, of changes by time.
fn can_be_counted(changes: &[(i64, Amounts)]) -> bool {
    let mut used = [0_i64; LANES];
    changes.iter().enumerate().all(|(at, (time, change))| {
        for lane in 0..LANES {
            used[lane] += i64::from(change[lane]);
        }
        changes.get(at + 1).is_some_and(|next| next.0 == *time)
            || used.iter().all(|sum| i32::try_from(*sum).is_ok())
    })
}

impl Usage {
    /// Adds what it holds as changes.
    fn changes(&self, changes: &mut Vec<(i64, Amounts)>) {
        let mut before: Amounts = [0; LANES];
        self.steps(i64::MIN, i64::MAX, |time, used| {
            changes.push((time, std::array::from_fn(|lane| used[lane] - before[lane])));
            before = *used;
        });
    }
}
