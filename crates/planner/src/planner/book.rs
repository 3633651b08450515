//! Writing down what is booked, and crossing it out, everywhere at once.

use super::{Held, Parts, Person, Planner};
use crate::booking::{BookingId, UserId};
use crate::node::Amounts;

impl Planner {
    /// Writes it down; the caller has seen that it fits and that the id is new.
    pub(super) fn write(&mut self, held: Held) {
        for (node, amount) in held.parts.iter() {
            self.places[node as usize].usage.add(held.start, held.end, &amount);
            self.index.refresh(&self.places, &self.classes, node, (held.start, held.end));
        }
        self.register(held);
    }

    /// Writes it down but for the nodes' timelines.
    pub(super) fn register(&mut self, held: Held) {
        let slot = self.free_slots.pop().unwrap_or_else(|| {
            self.slots.push(None);
            (self.slots.len() - 1) as u32
        });
        self.ids.insert(held.id, slot);
        if held.until != i64::MAX {
            self.expiring.insert((held.until, held.id));
        }
        let open = &mut self.people[held.person as usize].open;
        let key = (held.end, slot);
        let at = open.partition_point(|one| *one < key);
        open.insert(at, key);
        self.slots[slot as usize] = Some(held);
    }

    /// Crosses it out.
    pub(super) fn cross_out(&mut self, id: &BookingId) -> Option<Held> {
        let slot = self.ids.remove(id)?;
        let held = self.slots[slot as usize].take()?;
        self.free_slots.push(slot);
        self.expiring.remove(&(held.until, *id));
        let open = &mut self.people[held.person as usize].open;
        if let Ok(at) = open.binary_search(&(held.end, slot)) {
            open.remove(at);
        }
        for (node, amount) in held.parts.iter() {
            self.places[node as usize].usage.subtract(held.start, held.end, &amount);
            self.index.refresh(&self.places, &self.classes, node, (held.start, held.end));
        }
        Some(held)
    }

    /// The user's number, a new one where there is none.
    pub(super) fn person(&mut self, user: &UserId) -> u32 {
        if let Some(person) = self.users.get(user) {
            return *person;
        }
        let person = self.people.len() as u32;
        self.people.push(Person { id: user.clone(), open: Vec::new() });
        self.users.insert(user.clone(), person);
        person
    }

    /// A user's bookings that end after `time`.
    pub(super) fn open_after(&self, user: &UserId, time: i64) -> impl Iterator<Item = &Held> {
        let open = self.users.get(user).map_or(&[][..], |person| &self.people[*person as usize].open);
        let first = open.partition_point(|one| one.0 <= time);
        open[first..].iter().filter_map(|(_, slot)| self.slots[*slot as usize].as_ref())
    }

    /// How many bookings a user has that end after `time`.
    pub(super) fn count_after(&self, user: &UserId, time: i64) -> usize {
        let open = self.users.get(user).map_or(&[][..], |person| &self.people[*person as usize].open);
        open.len() - open.partition_point(|one| one.0 <= time)
    }
}

impl Held {
    /// One of each thing that users are limited in, in the order of [`crate::AtOnce::limits`].
    pub(super) fn limited(&self) -> [u64; 5] {
        let mut sums = [1, 0, 0, 0, 0];
        for (_, amount) in self.parts.iter() {
            for (lane, amount) in amount.iter().enumerate() {
                sums[1 + lane.min(3)] += u64::try_from(*amount).unwrap_or(0);
            }
        }
        sums
    }

    pub(super) fn new(
        id: BookingId,
        person: u32,
        (start, end): (i64, i64),
        until: i64,
        parts: Vec<(u32, Amounts)>,
    ) -> Self {
        Self { id, person, start, end, until, parts: Parts::new(parts) }
    }
}
