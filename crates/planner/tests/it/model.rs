//! The same rules as the planner's in the most obvious way: every start and every instant one after the other, and sums over
//! all bookings. Slow, and short enough to be believed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use planner::{
    Architecture, Booking, BookingId, Calendar, GpuKind, Interval, Length, Node, NodeIndex, Offer, Overgrant,
    Part, Reason, Refusal, Request, Resources, Site, State, Time, UserId, What, Window,
};

/// Instants are whole multiples of a unit, between these.
pub(crate) const LOW: i64 = -24;
pub(crate) const HIGH: i64 = 120;
const HOUR: i64 = 3_600_000_000;

/// Cores, memory, disk, GPUs of kind a, of kind b.
type Sums = [u64; 5];

#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) site: Site,
    pub(crate) unit: i64,
    pub(crate) bookings: BTreeMap<BookingId, Booking>,
    used: Vec<Vec<Sums>>,
    users: BTreeMap<UserId, Vec<Sums>>,
}

#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each rule counts or does not")]
struct Rules {
    open: bool,
    maintenance: bool,
    limits: bool,
    bookings: bool,
    node_maintenance: bool,
}

const NONE: Rules =
    Rules { open: false, maintenance: false, limits: false, bookings: false, node_maintenance: false };
const ALL: Rules =
    Rules { open: true, maintenance: true, limits: true, bookings: true, node_maintenance: true };

fn sums(resources: &Resources) -> Sums {
    [
        u64::from(resources.cores),
        resources.memory_mib,
        resources.disk_mib,
        u64::from(resources.gpus_of(&GpuKind::new("a"))),
        u64::from(resources.gpus_of(&GpuKind::new("b"))),
    ]
}

/// Bookings, cores, memory, disk, GPUs: what users are limited in.
fn limited(sums: Sums, bookings: u64) -> Sums {
    [bookings, sums[0], sums[1], sums[2], sums[3] + sums[4]]
}

fn what(lane: usize) -> What {
    match lane {
        0 => What::Cores,
        1 => What::Memory,
        2 => What::Disk,
        3 => What::Gpus(GpuKind::new("a")),
        _ => What::Gpus(GpuKind::new("b")),
    }
}

fn resources(sums: Sums) -> Resources {
    let count = |lane: usize| u32::try_from(sums[lane]).unwrap();
    Resources::cores(count(0))
        .memory_mib(sums[1])
        .disk_mib(sums[2])
        .gpus(GpuKind::new("a"), count(3))
        .gpus(GpuKind::new("b"), count(4))
}

fn within(interval: Interval, time: i64) -> bool {
    interval.start().micros() <= time && time < interval.end().micros()
}

impl Model {
    pub(crate) fn new(site: Site, unit: i64) -> Self {
        let mut model =
            Self { site, unit, bookings: BTreeMap::new(), used: Vec::new(), users: BTreeMap::new() };
        model.sum_up();
        model
    }

    fn index(&self, time: i64) -> usize {
        assert_eq!(time.rem_euclid(self.unit), 0, "{time} is between instants");
        usize::try_from(time / self.unit - LOW).unwrap()
    }

    /// What is used of each node and by each user at each instant.
    fn sum_up(&mut self) {
        let instants = usize::try_from(HIGH - LOW).unwrap();
        self.used = vec![vec![[0; 5]; instants]; self.site.nodes.len()];
        self.users.clear();
        for booking in self.bookings.values() {
            let span =
                self.index(booking.interval.start().micros())..self.index(booking.interval.end().micros());
            let of_user = self.users.entry(booking.user.clone()).or_insert_with(|| vec![[0; 5]; instants]);
            for instant in span {
                of_user[instant][0] += 1;
                for part in &booking.parts {
                    let amounts = sums(&part.resources);
                    let all = limited(amounts, 0);
                    for lane in 0..5 {
                        self.used[part.node.0 as usize][instant][lane] += amounts[lane];
                        of_user[instant][lane] += all[lane];
                    }
                }
            }
        }
    }

    fn used_at(&self, node: usize, time: i64) -> Sums {
        self.used[node].get(self.index(time)).copied().unwrap_or_default()
    }

    fn used_by(&self, user: &UserId, time: i64) -> Sums {
        self.users.get(user).and_then(|all| all.get(self.index(time))).copied().unwrap_or_default()
    }

    fn instants(&self, start: i64, end: i64) -> impl Iterator<Item = i64> + use<> {
        (start..end).step_by(usize::try_from(self.unit).unwrap())
    }

    fn is_open(&self, time: i64) -> bool {
        match &self.site.calendar {
            Calendar::Always => true,
            Calendar::Only(intervals) => intervals.iter().any(|one| within(*one, time)),
            Calendar::Weekly { ahead_minutes, openings } => {
                // Hours since some Monday 00:00 on the site's clocks, and the same hour of the next week.
                let hour = (time + i64::from(*ahead_minutes) * (HOUR / 60)).div_euclid(HOUR) + 3 * 24;
                let minute = hour.rem_euclid(168) * 60;
                openings.iter().any(|one| {
                    let midnight = one.day as i64 * 1440;
                    let (from, to) =
                        (midnight + i64::from(one.from_minute), midnight + i64::from(one.to_minute));
                    [minute, minute + 168 * 60, minute + 336 * 60]
                        .iter()
                        .any(|minute| from <= *minute && *minute < to)
                })
            }
        }
    }

    fn limits(&self) -> [(What, Option<u64>); 5] {
        let at_once = &self.site.policy.at_once;
        [
            (What::Bookings, at_once.bookings.map(u64::from)),
            (What::Cores, at_once.cores.map(u64::from)),
            (What::Memory, at_once.memory_mib),
            (What::Disk, at_once.disk_mib),
            (What::AnyGpus, at_once.gpus.map(u64::from)),
        ]
    }

    fn suits(node: &Node, request: &Request) -> bool {
        request.architectures.is_empty() || request.architectures.contains(&node.architecture)
    }

    /// Into how many equal pieces a request is cut.
    fn pieces(request: &Request) -> u64 {
        let gpus: Vec<u64> = request.resources.gpus.values().map(|count| u64::from(*count)).collect();
        match (request.most_nodes, gpus.iter().max()) {
            (0 | 1, _) => 1,
            (_, None) => u64::from(request.resources.cores),
            (_, Some(most)) => {
                (1..=*most).rev().find(|one| gpus.iter().all(|count| count % one == 0)).unwrap()
            }
        }
    }

    /// How many pieces a node can take at that start.
    fn fitting(&self, node: usize, request: &Request, start: i64, rules: Rules) -> u64 {
        let one = &self.site.nodes[node];
        if !Self::suits(one, request) {
            return 0;
        }
        let (capacity, total, pieces) =
            (sums(&one.capacity), sums(&request.resources), Self::pieces(request));
        let instants = self.instants(start, start + request.length.as_micros());
        instants
            .map(|time| {
                if rules.node_maintenance && one.maintenance.iter().any(|closed| within(*closed, time)) {
                    return 0;
                }
                let used = if rules.bookings { self.used_at(node, time) } else { [0; 5] };
                let fits = |count: &u64| {
                    (0..5).all(|lane| {
                        total[lane] == 0
                            || (total[lane] * count).div_ceil(pieces) + used[lane] <= capacity[lane]
                    })
                };
                (0..=pieces).rev().find(fits).unwrap_or(0)
            })
            .min()
            .unwrap_or(0)
    }

    fn fits(&self, request: &Request, start: i64, rules: Rules) -> bool {
        let mut fitting: Vec<_> =
            (0..self.site.nodes.len()).map(|node| self.fitting(node, request, start, rules)).collect();
        fitting.sort_unstable_by_key(|count| Reverse(*count));
        fitting.iter().take(request.most_nodes.max(1) as usize).sum::<u64>() >= Self::pieces(request)
    }

    fn over_limit(&self, user: &UserId, amounts: Sums, time: i64) -> Vec<(What, u64)> {
        let now = self.used_by(user, time);
        let limits = self.limits().into_iter().enumerate();
        limits
            .filter_map(|(at, (what, limit))| {
                limit.filter(|limit| now[at] + amounts[at] > *limit).map(|limit| (what, limit))
            })
            .collect()
    }

    /// Whether it may start then whatever the node.
    fn is_allowed(&self, request: &Request, start: i64, rules: Rules) -> bool {
        let amounts = limited(sums(&request.resources), 1);
        self.instants(start, start + request.length.as_micros()).all(|time| {
            (!rules.open || self.is_open(time))
                && (!rules.maintenance || !self.site.maintenance.iter().any(|one| within(*one, time)))
                && (!rules.limits || self.over_limit(&request.user, amounts, time).is_empty())
        })
    }

    fn starts(&self, first: i64, from: i64, last: i64, grid: i64) -> impl Iterator<Item = i64> + use<> {
        let from = from.div_euclid(self.unit) * self.unit
            + if from.rem_euclid(self.unit) == 0 { 0 } else { self.unit };
        self.instants(from, last + 1)
            .filter(move |start| grid < 2 || *start == first || start.rem_euclid(grid) == 0)
    }

    pub(crate) fn earliest(
        &self,
        request: &Request,
        window: &Window,
        now: Time,
    ) -> Result<Vec<Offer>, Vec<Reason>> {
        let (first, last) = self.permitted(request, window, now)?;
        let (mut offers, mut from) = (Vec::new(), first);
        let grid = window.grid.as_micros();
        while offers.len() < window.starts.max(1) as usize {
            let good = |start: &i64| self.is_allowed(request, *start, ALL) && self.fits(request, *start, ALL);
            let Some(start) = self.starts(first, from, last, grid).find(good) else { break };
            let interval =
                Interval::new(Time::from_micros(start), Time::from_micros(start) + request.length).unwrap();
            offers.push(Offer { interval, parts: self.place(request, start) });
            from = start + window.apart.as_micros().max(1);
        }
        if offers.is_empty() { Err(self.in_the_way(request, first, last, grid, now)) } else { Ok(offers) }
    }

    /// What goes where, by the rule that the planner's README states.
    fn place(&self, request: &Request, start: i64) -> Vec<Part> {
        let (total, pieces) = (sums(&request.resources), Self::pieces(request));
        let mut rooms: Vec<_> = (0..self.site.nodes.len())
            .map(|node| (node, self.fitting(node, request, start, ALL)))
            .filter(|(_, count)| *count > 0)
            .collect();
        let (mut done, mut parts) = (0, Vec::new());
        while done < pieces {
            let rest = pieces - done;
            let share = |count: u64| -> Sums {
                std::array::from_fn(|lane| {
                    total[lane] * (done + count) / pieces - total[lane] * done / pieces
                })
            };
            let left = |node: usize| {
                let free: Vec<i64> = (0..5)
                    .map(|lane| {
                        let instants = self.instants(start, start + request.length.as_micros());
                        let used = instants.map(|time| self.used_at(node, time)[lane]).max().unwrap();
                        let capacity = sums(&self.site.nodes[node].capacity)[lane];
                        i64::try_from(capacity).unwrap() - i64::try_from(used + share(rest)[lane]).unwrap()
                    })
                    .collect();
                (free[3] + free[4], free[0], free[1], free[2], node)
            };
            let whole = rooms.iter().filter(|(_, count)| *count >= rest).min_by_key(|(node, _)| left(*node));
            let (node, count) = match whole {
                Some((node, _)) => (*node, rest),
                None => *rooms.iter().min_by_key(|(node, count)| (Reverse(*count), *node)).unwrap(),
            };
            parts.push(Part {
                node: NodeIndex(u32::try_from(node).unwrap()),
                resources: resources(share(count)),
            });
            rooms.retain(|(one, _)| *one != node);
            done += count;
        }
        parts.sort_by_key(|part| part.node);
        parts
    }

    fn permitted(&self, request: &Request, window: &Window, now: Time) -> Result<(i64, i64), Vec<Reason>> {
        let (site, policy) = (&self.site, &self.site.policy);
        if request.resources.cores == 0 || request.length == Length::ZERO {
            return Err(vec![Reason::NothingAsked]);
        }
        let mut reasons = Vec::new();
        if let Some(groups) = &policy.groups
            && !request.groups.iter().any(|one| groups.contains(one))
        {
            reasons.push(Reason::NotInGroup { groups: groups.iter().cloned().collect() });
        }
        if let Some(longest) = policy.longest.filter(|longest| *longest < request.length) {
            reasons.push(Reason::TooLong { asked: request.length, longest });
        }
        let open = self.bookings.values().filter(|one| one.user == request.user && one.interval.end() > now);
        if let Some(limit) = policy.most_bookings
            && open.count() >= limit as usize
        {
            reasons.push(Reason::LimitReached { limit });
        }
        for ((what, limit), asked) in self.limits().into_iter().zip(limited(sums(&request.resources), 1)) {
            if let Some(limit) = limit.filter(|limit| asked > *limit) {
                reasons.push(Reason::OverLimit { what, asked, limit });
            }
        }
        let suiting: Vec<_> = site.nodes.iter().filter(|node| Self::suits(node, request)).collect();
        let nodes = request.most_nodes.max(1);
        if suiting.is_empty() {
            let mut here: Vec<Architecture> =
                site.nodes.iter().map(|node| node.architecture.clone()).collect();
            here.sort();
            here.dedup();
            reasons.push(Reason::WrongArchitecture { asked: request.architectures.clone(), here });
        } else {
            let before = reasons.len();
            for (lane, asked) in
                sums(&request.resources).into_iter().enumerate().filter(|(_, asked)| *asked > 0)
            {
                let mut all: Vec<_> = suiting.iter().map(|node| sums(&node.capacity)[lane]).collect();
                all.sort_unstable_by_key(|amount| Reverse(*amount));
                let largest: u64 = all.iter().take(nodes as usize).sum();
                if let (What::Gpus(kind), 0) = (what(lane), largest) {
                    let mut here: Vec<_> =
                        suiting.iter().flat_map(|node| node.capacity.gpus.keys().cloned()).collect();
                    here.sort();
                    here.dedup();
                    reasons.push(Reason::NoGpu { kind, here });
                } else if largest < asked {
                    reasons.push(Reason::TooLarge { what: what(lane), asked, largest, nodes });
                }
            }
            if reasons.len() == before && !self.fits(request, 0, NONE) {
                reasons.push(Reason::NotOnOneNode { nodes });
            }
        }
        let (start, end, length) =
            (window.earliest.micros(), window.latest.micros(), request.length.as_micros());
        let (soonest, horizon) = (now + policy.notice, now + policy.horizon);
        let (first, last) = (start.max(soonest.micros()), end.min(horizon.micros()) - length);
        if end - start < length {
            reasons
                .push(Reason::WindowTooShort { window: Length::micros(end - start), asked: request.length });
        } else {
            let too_soon = soonest.micros() > end - length;
            if too_soon {
                reasons.push(Reason::TooSoon { earliest: soonest });
            }
            if start + length > horizon.micros() || (!too_soon && first > last) {
                reasons.push(Reason::TooFar { until: horizon });
            }
        }
        if reasons.is_empty() { Ok((first, last)) } else { Err(reasons) }
    }

    fn in_the_way(&self, request: &Request, first: i64, last: i64, grid: i64, now: Time) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let length = request.length.as_micros();
        let horizon = now + self.site.policy.horizon;
        let latest = horizon.micros() - length;
        let window = Interval::new(Time::from_micros(first), Time::from_micros(last + length)).unwrap();
        let find = |from: i64, last: i64, rules: Rules| {
            self.starts(first, from, last, grid)
                .find(|start| self.is_allowed(request, *start, rules) && self.fits(request, *start, rules))
                .map(Time::from_micros)
        };
        let alone = |rules: Rules| find(first, last, rules).is_none();
        let open = Rules { open: true, ..NONE };
        if alone(open) {
            reasons.push(Reason::Closed { opens: find(first, latest, open) });
        }
        if alone(Rules { maintenance: true, ..NONE }) {
            let during = self.site.maintenance.iter().filter(|one| one.overlaps(window));
            reasons.extend(during.map(|one| Reason::Maintenance { interval: *one, node: None }));
        }
        if alone(Rules { limits: true, ..NONE }) {
            let amounts = limited(sums(&request.resources), 1);
            reasons.extend(self.limits_over(&request.user, amounts, (first, last + length)));
        }
        if alone(Rules { bookings: true, ..NONE }) {
            reasons.push(Reason::Taken);
        }
        if alone(Rules { node_maintenance: true, ..NONE }) {
            let useful = self.least(request);
            for (at, node) in self.site.nodes.iter().enumerate() {
                if self.fitting(at, request, 0, NONE) >= useful {
                    let during = node.maintenance.iter().filter(|one| one.overlaps(window));
                    let name = || Some(node.name.clone());
                    reasons.extend(during.map(|one| Reason::Maintenance { interval: *one, node: name() }));
                }
            }
        }
        if reasons.is_empty() {
            reasons.push(Reason::NeverTogether);
        }
        reasons.push(match find(last + 1, latest, ALL) {
            Some(earliest) => Reason::OnlyLater { earliest },
            None => Reason::NothingUntil { horizon },
        });
        reasons
    }

    /// How many pieces a node must be able to take to be of any use.
    fn least(&self, request: &Request) -> u64 {
        let largest =
            (0..self.site.nodes.len()).map(|node| self.fitting(node, request, 0, NONE)).max().unwrap_or(0);
        let others = u64::from(request.most_nodes.max(1)) - 1;
        Self::pieces(request).saturating_sub(largest * others).max(1)
    }

    fn limits_over(&self, user: &UserId, amounts: Sums, (start, end): (i64, i64)) -> Vec<Reason> {
        let mut touched: Vec<(usize, u64)> = Vec::new();
        for time in self.instants(start, end) {
            for (what, limit) in self.over_limit(user, amounts, time) {
                touched.push((self.limits().iter().position(|one| one.0 == what).unwrap(), limit));
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched
            .into_iter()
            .map(|(at, limit)| Reason::LimitAtOnce { what: self.limits()[at].0.clone(), limit })
            .collect()
    }

    // Operations.

    fn placed(&self, request: &Request, start: Time, now: Time) -> Result<Vec<Part>, Refusal> {
        let window = Window::new(start, start + request.length);
        let offers = self.earliest(request, &window, now).map_err(Refusal::No)?;
        Ok(offers[0].parts.clone())
    }

    fn insert(&mut self, booking: Booking) -> Booking {
        self.bookings.insert(booking.id, booking.clone());
        self.sum_up();
        booking
    }

    /// As rows say, without asking any rule.
    pub(crate) fn load(&mut self, booking: Booking) {
        self.insert(booking);
    }

    pub(crate) fn hold(
        &mut self,
        id: BookingId,
        request: &Request,
        start: Time,
        until: Time,
        now: Time,
    ) -> Result<Booking, Refusal> {
        if self.bookings.contains_key(&id) {
            return Err(Refusal::SameId);
        }
        if until <= now {
            return Err(Refusal::NotHeld { until });
        }
        let parts = self.placed(request, start, now)?;
        let interval = Interval::new(start, start + request.length).unwrap();
        Ok(self.insert(Booking {
            id,
            user: request.user.clone(),
            interval,
            parts,
            state: State::Held { until },
        }))
    }

    fn lasting(&self, id: &BookingId, now: Time) -> Result<Booking, Refusal> {
        let booking = self.bookings.get(id).ok_or(Refusal::Unknown)?.clone();
        if booking.interval.end() <= now {
            Err(Refusal::Ended { at: booking.interval.end() })
        } else {
            Ok(booking)
        }
    }

    pub(crate) fn accept(&mut self, id: &BookingId, now: Time) -> Result<Booking, Refusal> {
        let booking = self.lasting(id, now)?;
        match booking.state {
            State::Accepted => Err(Refusal::Accepted),
            State::Held { until } if until <= now => Err(Refusal::Expired { until }),
            State::Held { .. } => Ok(self.insert(Booking { state: State::Accepted, ..booking })),
        }
    }

    pub(crate) fn release(&mut self, id: &BookingId) -> Result<Booking, Refusal> {
        let booking = self.bookings.remove(id).ok_or(Refusal::Unknown)?;
        self.sum_up();
        Ok(booking)
    }

    pub(crate) fn expire(&mut self, now: Time) -> Vec<BookingId> {
        let mut gone: Vec<_> = self
            .bookings
            .values()
            .filter_map(|one| match one.state {
                State::Held { until } if until <= now => Some((until, one.id)),
                _ => None,
            })
            .collect();
        gone.sort();
        self.bookings.retain(|id, _| !gone.iter().any(|one| one.1 == *id));
        self.sum_up();
        gone.into_iter().map(|one| one.1).collect()
    }

    pub(crate) fn forget(&mut self, before: Time) -> usize {
        let count = self.bookings.len();
        self.bookings.retain(|_, one| one.interval.end() > before);
        self.sum_up();
        count - self.bookings.len()
    }

    pub(crate) fn shorten(&mut self, id: &BookingId, end: Time, now: Time) -> Result<Booking, Refusal> {
        let booking = self.lasting(id, now)?;
        let from = (booking.interval.start() + Length::micros(1)).max(now);
        if end < from || end >= booking.interval.end() {
            return Err(Refusal::NotEarlier { from, before: booking.interval.end() });
        }
        let interval = Interval::new(booking.interval.start(), end).unwrap();
        Ok(self.insert(Booking { interval, ..booking }))
    }

    pub(crate) fn move_to(
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
        let mut without = self.clone();
        without.release(id).unwrap();
        let parts = without.placed(request, start, now)?;
        let interval = Interval::new(start, start + request.length).unwrap();
        Ok(self.insert(Booking { interval, parts, ..booking }))
    }

    pub(crate) fn extend(&mut self, id: &BookingId, end: Time, now: Time) -> Result<Booking, Refusal> {
        let booking = self.lasting(id, now)?;
        let before = booking.interval.end();
        if end <= before {
            return Err(Refusal::NotLater { end: before });
        }
        let reasons = self.against(&booking, end, now);
        if !reasons.is_empty() {
            let ends = self.instants(before.micros(), end.micros()).skip(1).map(Time::from_micros);
            let until = ends.filter(|end| self.against(&booking, *end, now).is_empty()).last();
            let until = until.map(|until| Reason::FreeUntil { until });
            return Err(Refusal::No(reasons.into_iter().chain(until).collect()));
        }
        let interval = Interval::new(booking.interval.start(), end).unwrap();
        Ok(self.insert(Booking { interval, ..booking }))
    }

    /// What is in the way of extending it.
    fn against(&self, booking: &Booking, end: Time, now: Time) -> Vec<Reason> {
        let (policy, mut reasons) = (&self.site.policy, Vec::new());
        let added = Interval::new(booking.interval.end(), end).unwrap();
        let (start, until) = (added.start().micros(), added.end().micros());
        let asked = Length::micros(until - booking.interval.start().micros());
        if let Some(longest) = policy.longest.filter(|longest| asked > *longest) {
            reasons.push(Reason::TooLong { asked, longest });
        }
        let horizon = now + policy.horizon;
        if end > horizon {
            reasons.push(Reason::TooFar { until: horizon });
        }
        if self.instants(start, until).any(|time| !self.is_open(time)) {
            let all = |from: i64| self.instants(from, from + until - start).all(|time| self.is_open(time));
            let opens = self.instants(start, horizon.micros() - (until - start) + 1).find(|from| all(*from));
            reasons.push(Reason::Closed { opens: opens.map(Time::from_micros) });
        }
        let during = |intervals: &[Interval], node: Option<&String>| -> Vec<Reason> {
            let during = intervals.iter().filter(|one| one.overlaps(added));
            during.map(|one| Reason::Maintenance { interval: *one, node: node.cloned() }).collect()
        };
        reasons.extend(during(&self.site.maintenance, None));
        let mut all = [0; 5];
        for part in &booking.parts {
            let amounts = sums(&part.resources);
            all.iter_mut().zip(amounts).for_each(|(all, amount)| *all += amount);
        }
        reasons.extend(self.limits_over(&booking.user, limited(all, 1), (start, until)));
        for part in &booking.parts {
            let node = &self.site.nodes[part.node.0 as usize];
            reasons.extend(during(&node.maintenance, Some(&node.name)));
        }
        let taken = |part: &Part| {
            let (node, amounts) = (part.node.0 as usize, sums(&part.resources));
            let capacity = sums(&self.site.nodes[node].capacity);
            self.instants(start, until).any(|time| {
                let used = self.used_at(node, time);
                (0..5).any(|lane| amounts[lane] > 0 && used[lane] + amounts[lane] > capacity[lane])
            })
        };
        if booking.parts.iter().any(taken) {
            reasons.push(Reason::Taken);
        }
        reasons
    }

    // What is free when.

    /// Whether it is open, and what is used and free, of a node or of all, at an instant.
    pub(crate) fn load_at(&self, node: Option<usize>, time: i64) -> (bool, Resources, Resources) {
        let open = self.is_open(time) && !self.site.maintenance.iter().any(|one| within(*one, time));
        let nodes = node.map_or_else(|| (0..self.site.nodes.len()).collect(), |node| vec![node]);
        let (mut used, mut free) = ([0; 5], [0; 5]);
        for node in nodes {
            let capacity = sums(&self.site.nodes[node].capacity);
            let closed = self.site.nodes[node].maintenance.iter().any(|one| within(*one, time));
            let now = self.used_at(node, time);
            for lane in 0..5 {
                used[lane] += now[lane];
                free[lane] += if open && !closed { capacity[lane].saturating_sub(now[lane]) } else { 0 };
            }
        }
        (open, resources(used), resources(free))
    }

    /// Node, instant, resource, booked and capacity wherever more is booked than there is.
    pub(crate) fn overfull(&self) -> Vec<(usize, i64, What, u64, u64)> {
        let mut all = Vec::new();
        for (node, used) in self.used.iter().enumerate() {
            let capacity = sums(&self.site.nodes[node].capacity);
            for (instant, used) in used.iter().enumerate() {
                let time = (LOW + i64::try_from(instant).unwrap()) * self.unit;
                let over = (0..5).filter(|lane| used[*lane] > capacity[*lane]);
                all.extend(over.map(|lane| (node, time, what(lane), used[lane], capacity[lane])));
            }
        }
        all.sort();
        all
    }

    /// The same from what the planner says.
    pub(crate) fn spelled_out(&self, overgrants: &[Overgrant]) -> Vec<(usize, i64, What, u64, u64)> {
        let mut all: Vec<_> = overgrants
            .iter()
            .flat_map(|one| {
                let instants = self.instants(one.interval.start().micros(), one.interval.end().micros());
                instants.map(|time| (one.node.0 as usize, time, one.what.clone(), one.booked, one.capacity))
            })
            .collect();
        all.sort();
        all
    }
}
