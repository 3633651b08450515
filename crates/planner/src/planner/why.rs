//! Why there is no offer.

use super::Planner;
use super::asked::{Asked, Rules, most_nodes};
use super::limits::limited;
use crate::booking::UserId;
use crate::node::Class;
use crate::reason::Reason;
use crate::request::{Request, Window};
use crate::resources::What;
use crate::time::{Interval, Length, Time};

impl Planner {
    /// The first and the last start that the rules allow in the window, whatever is booked.
    pub(super) fn permitted(
        &self,
        request: &Request,
        window: &Window,
        now: Time,
    ) -> Result<(i64, i64), Vec<Reason>> {
        if request.resources.cores == 0 || request.length == Length::ZERO {
            return Err(vec![Reason::NothingAsked]);
        }
        let mut reasons = self.not_allowed(request, now);
        self.not_there(request, &mut reasons);
        let policy = &self.site.policy;
        let (length, earliest, horizon) =
            (request.length.0, (now + policy.notice).0, (now + policy.horizon).0);
        let (start, end) = (window.earliest.0, window.latest.0);
        let (first, last) = (start.max(earliest), end.min(horizon) - length);
        if end - start < length {
            reasons
                .push(Reason::WindowTooShort { window: Length::micros(end - start), asked: request.length });
        } else {
            if earliest > end - length {
                reasons.push(Reason::TooSoon { earliest: Time(earliest) });
            }
            if start + length > horizon || (first > last && earliest <= end - length) {
                reasons.push(Reason::TooFar { until: Time(horizon) });
            }
        }
        if reasons.is_empty() { Ok((first, last)) } else { Err(reasons) }
    }

    /// What the policy does not allow this user.
    fn not_allowed(&self, request: &Request, now: Time) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let policy = &self.site.policy;
        if let Some(groups) = &policy.groups
            && !request.groups.iter().any(|group| groups.contains(group))
        {
            reasons.push(Reason::NotInGroup { groups: groups.iter().cloned().collect() });
        }
        if let Some(longest) = policy.longest.filter(|longest| request.length > *longest) {
            reasons.push(Reason::TooLong { asked: request.length, longest });
        }
        if let Some(limit) = policy.most_bookings
            && self.count_after(&request.user, now.0) >= limit as usize
        {
            reasons.push(Reason::LimitReached { limit });
        }
        for ((what, limit), asked) in policy.at_once.limits().into_iter().zip(limited(&request.resources)) {
            if let Some(limit) = limit.filter(|limit| asked > *limit) {
                reasons.push(Reason::OverLimit { what, asked, limit });
            }
        }
        reasons
    }

    /// What the site does not have, booked or not.
    fn not_there(&self, request: &Request, reasons: &mut Vec<Reason>) {
        let suiting: Vec<&Class> = self.classes.iter().filter(|class| class.suits(request)).collect();
        if suiting.is_empty() {
            let mut here: Vec<_> = self.classes.iter().map(|class| class.architecture.clone()).collect();
            here.sort();
            here.dedup();
            reasons.push(Reason::WrongArchitecture { asked: request.architectures.clone(), here });
            return;
        }
        let before = reasons.len();
        let nodes = most_nodes(request);
        for (what, asked) in request.resources.amounts() {
            let mut amounts: Vec<u64> = self
                .site
                .nodes
                .iter()
                .zip(&self.places)
                .filter(|(_, place)| self.classes[place.class].suits(request))
                .map(|(node, _)| node.capacity.of(&what))
                .collect();
            amounts.sort_unstable_by_key(|amount| std::cmp::Reverse(*amount));
            let largest = amounts.iter().take(nodes).sum();
            match what {
                What::Gpus(kind) if largest == 0 => {
                    let mut here: Vec<_> = suiting.iter().flat_map(|class| class.kinds.clone()).collect();
                    here.sort();
                    here.dedup();
                    reasons.push(Reason::NoGpu { kind, here });
                }
                what if largest < asked => {
                    reasons.push(Reason::TooLarge { what, asked, largest, nodes: nodes as u32 });
                }
                _ => {}
            }
        }
        if reasons.len() == before && !Asked::new(self, request, (0, 0)).fits_empty() {
            reasons.push(Reason::NotOnOneNode { nodes: nodes as u32 });
        }
    }

    /// What is in the way of every start from `first` to `last`, where none would do.
    pub(super) fn in_the_way(&self, asked: &Asked<'_>, first: i64, last: i64, now: Time) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let horizon = now + self.site.policy.horizon;
        let latest = horizon.0 - asked.length;
        let window = Interval { start: first, end: last + asked.length };
        let alone = |rules: Rules| asked.earliest(rules, first, last).is_none();
        let openings = Rules { openings: true, ..Rules::NONE };
        if asked.next_allowed(openings, first, last).is_none() {
            let opens = asked.next_allowed(openings, first, latest).map(Time);
            reasons.push(Reason::Closed { opens });
        }
        if asked.next_allowed(Rules { maintenance: true, ..Rules::NONE }, first, last).is_none() {
            let during = self.site.maintenance.iter().filter(|one| one.overlaps(window));
            reasons.extend(during.map(|one| Reason::Maintenance { interval: *one, node: None }));
        }
        if asked.next_allowed(Rules { limits: true, ..Rules::NONE }, first, last).is_none() {
            let amounts = limited(&asked.request.resources);
            reasons.extend(self.limits_touched(&asked.request.user, amounts, window));
        }
        if asked.is_unrestricted() || alone(Rules { bookings: true, ..Rules::NONE }) {
            reasons.push(Reason::Taken);
        }
        if alone(Rules { node_maintenance: true, ..Rules::NONE }) {
            reasons.extend(asked.eligible.iter().flat_map(|node| {
                let node = &self.site.nodes[*node as usize];
                let during = node.maintenance.iter().filter(|one| one.overlaps(window));
                during.map(|one| Reason::Maintenance { interval: *one, node: Some(node.name.clone()) })
            }));
        }
        if reasons.is_empty() {
            reasons.push(Reason::NeverTogether);
        }
        reasons.push(match asked.earliest(Rules::ALL, last + 1, latest) {
            Some(earliest) => Reason::OnlyLater { earliest: Time(earliest) },
            None => Reason::NothingUntil { horizon },
        });
        reasons
    }

    /// The limits that the user would go over with that at some instant of the window.
    pub(super) fn limits_touched(&self, user: &UserId, asked: [u64; 5], window: Interval) -> Vec<Reason> {
        let limits = self.site.policy.at_once.limits().into_iter().enumerate();
        limits
            .filter_map(|(number, (what, limit))| {
                let over = self.too_much_of(number, user, asked, window.start);
                (over.free_until(window.start) < window.end).then_some((what, limit?))
            })
            .map(|(what, limit)| Reason::LimitAtOnce { what, limit })
            .collect()
    }
}
