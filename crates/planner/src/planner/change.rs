//! The operations. Each is done, or refused with nothing changed.

use super::asked::Asked;
use super::{Held, Planner};
use crate::booking::{Booking, BookingId, State};
use crate::node::Amounts;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::request::{Request, Window};
use crate::time::{Interval, Length, Time};

impl Planner {
    /// Holds an offer until it is accepted: what is asked for, from `start` on, on the nodes that are chosen as for an offer.
    ///
    /// # Errors
    /// [`Refusal::SameId`], [`Refusal::NotHeld`], or [`Refusal::No`] with the reasons that [`Planner::earliest`] would give
    /// for a window of that start alone.
    pub fn hold(
        &mut self,
        id: BookingId,
        request: &Request,
        start: Time,
        until: Time,
        now: Time,
    ) -> Result<Booking, Refusal> {
        if self.ids.contains_key(&id) {
            return Err(Refusal::SameId);
        }
        if until <= now {
            return Err(Refusal::NotHeld { until });
        }
        let parts = self.placed(request, start, now)?;
        let person = self.person(&request.user);
        let end = start.0 + request.length.0;
        Ok(self.write_shown(Held::new(id, person, (start.0, end), until.0, parts)))
    }

    /// Makes a booking of a hold.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Ended`], [`Refusal::Accepted`], [`Refusal::Expired`].
    pub fn accept(&mut self, id: &BookingId, now: Time) -> Result<Booking, Refusal> {
        let booking = self.lasting(id, now)?;
        match booking.state {
            State::Accepted => Err(Refusal::Accepted),
            State::Held { until } if until <= now => Err(Refusal::Expired { until }),
            State::Held { until } => {
                self.expiring.remove(&(until.0, *id));
                if let Some(held) = self.ids.get(id).and_then(|slot| self.slots[*slot as usize].as_mut()) {
                    held.until = i64::MAX;
                }
                Ok(Booking { state: State::Accepted, ..booking })
            }
        }
    }

    /// Gives up a booking or a hold, and gives it back as it was.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub fn release(&mut self, id: &BookingId) -> Result<Booking, Refusal> {
        let booking = self.booking(id).ok_or(Refusal::Unknown)?;
        self.cross_out(id);
        Ok(booking)
    }

    /// Releases the holds that have expired, and says which, in the order in which they did.
    pub fn expire(&mut self, now: Time) -> Vec<BookingId> {
        let expired: Vec<_> =
            self.expiring.iter().take_while(|(until, _)| *until <= now.0).map(|(_, id)| *id).collect();
        for id in &expired {
            self.cross_out(id);
        }
        expired
    }

    /// When the first of the holds expires; [`Planner::expire`] releases nothing before.
    pub fn next_expiry(&self) -> Option<Time> {
        self.expiring.first().map(|(until, _)| Time(*until))
    }

    /// Forgets what was over by then, and says how many that were.
    pub fn forget(&mut self, before: Time) -> usize {
        let over: Vec<_> =
            self.slots.iter().flatten().filter(|held| held.end <= before.0).map(|held| held.id).collect();
        for id in &over {
            self.cross_out(id);
        }
        self.index.forget(before.0);
        over.len()
    }

    /// Lets it end later, on the same nodes.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Ended`], [`Refusal::NotLater`], or [`Refusal::No`] with all that is in the way of
    /// the time added and, last, until when it could be extended if at all.
    pub fn extend(&mut self, id: &BookingId, end: Time, now: Time) -> Result<Booking, Refusal> {
        let booking = self.lasting(id, now)?;
        if end <= booking.interval.end() {
            return Err(Refusal::NotLater { end: booking.interval.end() });
        }
        let reasons = self.held(id).map_or_else(Vec::new, |held| self.against_extending(held, end.0, now));
        if !reasons.is_empty() {
            return Err(Refusal::No(reasons));
        }
        self.change_end(id, end)
    }

    /// Lets it end earlier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Ended`], [`Refusal::NotEarlier`].
    pub fn shorten(&mut self, id: &BookingId, end: Time, now: Time) -> Result<Booking, Refusal> {
        let Interval { start, end: before } = self.lasting(id, now)?.interval;
        let from = Time((start + 1).max(now.0));
        if end < from || end.0 >= before {
            return Err(Refusal::NotEarlier { from, before: Time(before) });
        }
        self.change_end(id, end)
    }

    /// Lets it begin at another time, with all that is asked for now; what was held or accepted stays so. It may be placed on
    /// other nodes, and what it had before does not stand in its way.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Ended`], [`Refusal::Begun`], [`Refusal::NotYours`], or [`Refusal::No`] as for
    /// [`Planner::hold`].
    pub fn move_to(
        &mut self,
        id: &BookingId,
        request: &Request,
        start: Time,
        now: Time,
    ) -> Result<Booking, Refusal> {
        let booking = self.lasting(id, now)?;
        if booking.user != request.user {
            return Err(Refusal::NotYours);
        }
        if booking.interval.start() <= now {
            return Err(Refusal::Begun { at: booking.interval.start() });
        }
        let before = self.cross_out(id).ok_or(Refusal::Unknown)?;
        match self.placed(request, start, now) {
            Ok(parts) => {
                let interval = (start.0, start.0 + request.length.0);
                Ok(self.write_shown(Held::new(*id, before.person, interval, before.until, parts)))
            }
            Err(refusal) => {
                self.write(before);
                Err(refusal)
            }
        }
    }

    /// A booking or hold that is not over.
    fn lasting(&self, id: &BookingId, now: Time) -> Result<Booking, Refusal> {
        let booking = self.booking(id).ok_or(Refusal::Unknown)?;
        let at = booking.interval.end();
        if at <= now { Err(Refusal::Ended { at }) } else { Ok(booking) }
    }

    /// What would go where at exactly that start.
    fn placed(&self, request: &Request, start: Time, now: Time) -> Result<Vec<(u32, Amounts)>, Refusal> {
        let window = Window::new(start, start + request.length);
        let (first, last) = self.permitted(request, &window, now).map_err(Refusal::No)?;
        let asked = Asked::new(self, request, (first, 0));
        asked.place_allowed(first).ok_or_else(|| Refusal::No(self.in_the_way(&asked, first, last, now)))
    }

    fn write_shown(&mut self, held: Held) -> Booking {
        let booking = self.show(&held);
        self.write(held);
        booking
    }

    fn change_end(&mut self, id: &BookingId, end: Time) -> Result<Booking, Refusal> {
        let mut held = self.cross_out(id).ok_or(Refusal::Unknown)?;
        held.end = end.0;
        Ok(self.write_shown(held))
    }

    fn against_extending(&self, held: &Held, end: i64, now: Time) -> Vec<Reason> {
        let (from, policy) = (held.end, &self.site.policy);
        let added = Interval { start: from, end };
        let mut reasons = Vec::new();
        // Until when each rule would let it go on.
        let mut until = i64::MAX;
        let mut see = |free: i64, reason: &mut dyn FnMut() -> Vec<Reason>| {
            until = until.min(free);
            if free < end {
                reasons.extend(reason());
            }
        };
        if let Some(longest) = policy.longest {
            let asked = Length::micros(end - held.start);
            see(held.start + longest.0, &mut || vec![Reason::TooLong { asked, longest }]);
        }
        let horizon = now + policy.horizon;
        see(horizon.0, &mut || vec![Reason::TooFar { until: horizon }]);
        see(self.openings.open_until(from), &mut || {
            let opens = self.openings.next(from, end - from).filter(|opens| opens + end - from <= horizon.0);
            vec![Reason::Closed { opens: opens.map(Time) }]
        });
        let during = |intervals: &[Interval], node: Option<&String>| -> Vec<Reason> {
            let during = intervals.iter().filter(|one| one.overlaps(added));
            during.map(|one| Reason::Maintenance { interval: *one, node: node.cloned() }).collect()
        };
        see(self.closures.free_until(from), &mut || during(&self.site.maintenance, None));
        let user = &self.people[held.person as usize].id;
        let asked = held.limited();
        let over = self.too_much(user, asked, from);
        see(over.free_until(from), &mut || self.limits_touched(user, asked, added));
        let mut taken = i64::MAX;
        for (node, amount) in held.parts.iter() {
            let place = &self.places[node as usize];
            let node = &self.site.nodes[node as usize];
            see(place.closures.free_until(from), &mut || during(&node.maintenance, Some(&node.name)));
            let capacity = self.classes[place.class].capacity;
            let limit: Amounts = std::array::from_fn(|lane| match amount[lane] {
                0 => i32::MAX,
                amount => capacity[lane].saturating_sub(amount),
            });
            // The node may have become smaller than what is booked of it.
            let fits = limit.iter().all(|lane| *lane >= 0);
            taken = taken.min(if fits { place.usage.free_until(from, &limit) } else { from });
        }
        see(taken, &mut || vec![Reason::Taken]);
        if !reasons.is_empty() && until > from {
            reasons.push(Reason::FreeUntil { until: Time(until) });
        }
        reasons
    }
}
