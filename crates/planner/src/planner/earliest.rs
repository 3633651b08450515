//! The earliest starts.

use super::Planner;
use super::asked::{Asked, Rules};
use crate::reason::Reason;
use crate::request::{Offer, Request, Window};
use crate::time::{Interval, Time};

impl Planner {
    /// The earliest starts within a window, as many as were asked for or as there are: the first is the earliest start of
    /// all, each other the earliest that is at least [`Window::apart`] after the one before. Each offer stands by itself:
    /// when one is held, the others may no longer do.
    ///
    /// # Errors
    /// Why there is none. Either everything that no change of what is booked could help (in this order: group, length,
    /// limits, architecture, kind of GPU, size, window); or, if there is nothing of that sort, each of these that by itself
    /// rules out every start of the window: opening hours, maintenance of the site, the user's limits at once, what is
    /// booked, maintenance of nodes; [`Reason::NeverTogether`] if none does by itself; and then the earliest start
    /// after the window or that there is none.
    pub fn earliest(&self, request: &Request, window: &Window, now: Time) -> Result<Vec<Offer>, Vec<Reason>> {
        let (first, last) = self.permitted(request, window, now)?;
        let asked = Asked::new(self, request, (first, window.grid.0));
        let mut offers = Vec::new();
        let mut from = first;
        while let Some((start, parts)) = asked.earliest_placed(from, last) {
            let interval = Interval { start, end: start + asked.length };
            offers.push(Offer {
                interval,
                parts: parts.into_iter().map(|part| self.show_part(part)).collect(),
            });
            from = start + window.apart.0.max(1);
            if offers.len() >= window.starts as usize || from > last {
                break;
            }
        }
        if offers.is_empty() { Err(self.in_the_way(&asked, first, last, now)) } else { Ok(offers) }
    }
}

impl Asked<'_> {
    /// The earliest start from `from` to `last`, and what would go where.
    fn earliest_placed(&self, from: i64, last: i64) -> Option<(i64, Vec<(u32, crate::node::Amounts)>)> {
        let from = self.next_allowed(Rules::ALL, from, last)?;
        if self.nodes > 1
            && let Some(parts) = self.place(from)
        {
            return Some((from, parts));
        }
        let start = self.earliest(Rules::ALL, from, last)?;
        Some((start, self.place(start)?))
    }

    /// The earliest start from `from` to `last` by these rules.
    pub(super) fn earliest(&self, rules: Rules, from: i64, last: i64) -> Option<i64> {
        let from = self.next_allowed(rules, from, last)?;
        if !rules.bookings {
            // What is booked does not matter, and of nothing else does the index know.
            return self.earliest_within(rules, &self.everyone(), from, last);
        }
        if self.nodes > 1 {
            self.earliest_spread(rules, from, last)
        } else {
            self.earliest_single(rules, from, last)
        }
    }

    /// On any one node; `from` is allowed.
    fn earliest_single(&self, rules: Rules, mut from: i64, last: i64) -> Option<i64> {
        let mut promising = Vec::new();
        loop {
            let until = self.promising(from, &mut promising).1.min(last);
            let (mut best, mut before) = (None, until);
            for (node, _) in &promising {
                if let Some(start) = self.earliest_on(*node, rules, from, before) {
                    best = Some(start);
                    if start == from {
                        break;
                    }
                    before = start - 1;
                }
            }
            if best.is_some() || until >= last {
                return best;
            }
            from = self.next_allowed(rules, until + 1, last)?;
        }
    }

    /// On this one node.
    fn earliest_on(&self, node: u32, rules: Rules, from: i64, last: i64) -> Option<i64> {
        let (place, need) = (&self.planner.places[node as usize], self.need(node)?);
        let mut start = from;
        loop {
            let before = start;
            if rules.node_maintenance {
                start = place.closures.next(start, self.length);
            }
            if start > last {
                return None;
            }
            if rules.bookings {
                start = place.usage.next_fit(start, self.length, last, &need.limit)?;
            }
            if start == before {
                return Some(start);
            }
            start = self.next_allowed(rules, start, last)?;
        }
    }
}
