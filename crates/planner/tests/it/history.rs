//! One history: a site, and questions and operations on it, each answered by the planner and by the model alike.

use std::collections::{BTreeMap, BTreeSet};

use planner::{
    Architecture, AtOnce, Booking, BookingId, Calendar, GpuKind, Interval, Length, Node, NodeIndex, Opening,
    Part, Planner, Policy, Refusal, Request, Resources, Site, State, Time, Weekday, Window, check_placement,
};

use crate::model::{HIGH, LOW, Model};

/// Where choices come from.
pub(crate) trait Source {
    /// A number below `count`, which is not 0.
    fn below(&mut self, count: u32) -> u32;
    /// Whether there are no more choices.
    fn is_over(&self) -> bool;
}

/// What came of it, to see that histories are worth their time.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally(pub(crate) BTreeMap<String, u32>);

impl Tally {
    fn count(&mut self, word: &str) {
        *self.0.entry(word.to_owned()).or_default() += 1;
    }

    /// By the name of its kind.
    fn count_kind(&mut self, thing: &impl std::fmt::Debug) {
        let text = format!("{thing:?}");
        self.count(text.split([' ', '(', '{']).next().unwrap_or_default());
    }

    fn count_answer(&mut self, word: &str, answer: &Result<Booking, Refusal>) {
        match answer {
            Ok(_) => self.count(word),
            Err(Refusal::No(reasons)) => reasons.iter().for_each(|reason| self.count_kind(reason)),
            Err(refusal) => self.count_kind(refusal),
        }
    }
}

struct History<'a, S> {
    source: &'a mut S,
    unit: i64,
    now: i64,
    planner: Planner,
    model: Model,
    next_id: u32,
    tally: Tally,
}

/// Runs one.
///
/// # Panics
/// Where the planner and the model differ.
pub(crate) fn check(source: &mut impl Source, steps: u32) -> Tally {
    let hours = source.below(3) == 0;
    let unit = if hours { 3_600_000_000 } else { 1 };
    let now = i64::from(source.below(30)) - 15;
    let site = site(source, unit, hours, now);
    let planner = Planner::new(site.clone()).expect("a site that can be planned");
    let model = Model::new(site, unit);
    let mut history = History { source, unit, now, planner, model, next_id: 0, tally: Tally::default() };
    history.load();
    for _ in 0..steps {
        if history.source.is_over() {
            break;
        }
        history.step();
        assert!(history.planner.bookings().eq(history.model.bookings.values().cloned()));
    }
    history.compare_loads();
    history.tally
}

fn interval(source: &mut impl Source, unit: i64, from: i64, spread: u32, longest: u32) -> Interval {
    let start = from + i64::from(source.below(spread));
    let end = start + 1 + i64::from(source.below(longest));
    Interval::new(Time::from_micros(start * unit), Time::from_micros(end * unit))
        .expect("it ends after it starts")
}

fn intervals(source: &mut impl Source, unit: i64, now: i64, count: u32, longest: u32) -> Vec<Interval> {
    (0..count).map(|_| interval(source, unit, now - 4, 50, longest)).collect()
}

fn length(source: &mut impl Source, unit: i64, most: u32) -> Length {
    Length::micros(i64::from(source.below(most)) * unit)
}

fn sometimes<T>(source: &mut impl Source, one_in: u32, value: impl FnOnce(u32) -> T) -> Option<T> {
    (source.below(one_in) == 0).then(|| value(source.below(8)))
}

fn resources(source: &mut impl Source, cores: u32, kinds: u32) -> Resources {
    let gpus = |source: &mut dyn FnMut(u32) -> u32| if source(kinds) == 0 { source(4) } else { 0 };
    let mut below = |count| source.below(count);
    Resources::cores(below(cores))
        .memory_mib(u64::from(below(20)))
        .disk_mib(u64::from(below(6) * below(2)))
        .gpus(GpuKind::new("a"), gpus(&mut below))
        .gpus(GpuKind::new("b"), gpus(&mut below))
}

fn site(source: &mut impl Source, unit: i64, hours: bool, now: i64) -> Site {
    let nodes = 1 + source.below(5);
    let alike = source.below(2) == 0;
    let mut nodes: Vec<Node> = (0..nodes)
        .map(|number| {
            let architecture = Architecture::new(if source.below(5) == 0 { "arm64" } else { "amd64" });
            let mut capacity = resources(source, 9, 3);
            capacity.cores += 1 + source.below(4);
            capacity.memory_mib += 4 + u64::from(source.below(20));
            let mut node = Node::new(format!("n{number}"), architecture, capacity);
            let closed = source.below(6).saturating_sub(3);
            node.maintenance = intervals(source, unit, now, closed, 6);
            node
        })
        .collect();
    if alike {
        let first = nodes[0].clone();
        for node in &mut nodes {
            node.capacity = first.capacity.clone();
        }
    }
    let closed = source.below(6).saturating_sub(3);
    Site {
        nodes,
        calendar: calendar(source, unit, hours, now),
        maintenance: intervals(source, unit, now, closed, 6),
        policy: policy(source, unit),
    }
}

fn calendar(source: &mut impl Source, unit: i64, hours: bool, now: i64) -> Calendar {
    const DAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    match source.below(5) {
        0..3 => Calendar::Always,
        3 if hours => Calendar::Weekly {
            ahead_minutes: 60 * (source.below(29) as i32 - 14),
            openings: (0..=source.below(7))
                .map(|_| {
                    let from = source.below(25);
                    let longest = if source.below(8) == 0 { 169 } else { 20 };
                    let to = from + source.below(longest);
                    let day = DAYS[source.below(7) as usize];
                    Opening { day, from_minute: from * 60, to_minute: to * 60 }
                })
                .collect(),
        },
        _ => {
            let count = source.below(8);
            Calendar::Only(intervals(source, unit, now - 4, count, 30))
        }
    }
}

fn policy(source: &mut impl Source, unit: i64) -> Policy {
    if source.below(3) > 0 {
        return Policy { horizon: Length::micros(50 * unit), ..Policy::default() };
    }
    Policy {
        longest: sometimes(source, 4, |most| Length::micros((i64::from(most) + 1) * unit)),
        horizon: Length::micros((10 + i64::from(source.below(40))) * unit),
        notice: if source.below(3) == 0 { length(source, unit, 4) } else { Length::ZERO },
        most_bookings: sometimes(source, 4, |most| most),
        at_once: AtOnce {
            bookings: sometimes(source, 4, |most| most / 2),
            cores: sometimes(source, 4, |most| most + 1),
            memory_mib: sometimes(source, 6, |most| u64::from(most) * 3),
            disk_mib: sometimes(source, 6, u64::from),
            gpus: sometimes(source, 6, |most| most / 2),
        },
        groups: sometimes(source, 6, |_| BTreeSet::from(["radio".to_owned(), "solar".to_owned()])),
    }
}

impl<S: Source> History<'_, S> {
    fn time(&mut self, after: i64, spread: u32) -> Time {
        let time = (self.now + after + i64::from(self.source.below(spread))).min(HIGH - 1);
        Time::from_micros(time * self.unit)
    }

    fn now(&self) -> Time {
        Time::from_micros(self.now * self.unit)
    }

    fn user(&mut self) -> &'static str {
        ["vera", "edwin", "cecilia"][self.source.below(3) as usize]
    }

    fn id(&mut self) -> BookingId {
        self.next_id += 1;
        let number = if self.source.below(12) == 0 { self.any_number() } else { self.next_id };
        BookingId::new(&format!("b{number:03}")).expect("a short text")
    }

    fn any_number(&mut self) -> u32 {
        self.source.below(self.next_id + 1)
    }

    fn some_id(&mut self) -> BookingId {
        if self.source.below(8) > 0 && !self.model.bookings.is_empty() {
            let at = self.source.below(self.model.bookings.len() as u32) as usize;
            return *self.model.bookings.keys().nth(at).expect("so many there are");
        }
        let number = self.any_number();
        BookingId::new(&format!("b{number:03}")).expect("a short text")
    }

    fn request(&mut self) -> Request {
        let user = self.user();
        let small = self.source.below(3) > 0;
        let mut resources = resources(self.source, if small { 4 } else { 8 }, 8);
        if small {
            resources.memory_mib %= 6;
            resources.disk_mib %= 2;
        }
        if self.source.below(20) > 0 {
            resources.cores = resources.cores.max(1);
        }
        let mut request = Request::new(user, resources, length(self.source, self.unit, 9));
        if self.source.below(20) > 0 {
            request.length = request.length.max(Length::micros(self.unit));
        }
        if self.source.below(2) == 0 {
            request.most_nodes = self.source.below(5);
            if self.source.below(3) > 0 {
                // More than one node has, and with that little else.
                request.resources.cores += 4 + self.source.below(10);
                request.resources.disk_mib = u64::from(self.source.below(2));
                if self.source.below(2) == 0 {
                    request.resources.gpus.clear();
                }
            }
        }
        if self.source.below(6) == 0 {
            let names: &[&str] = [&["amd64"][..], &["arm64"], &["amd64", "arm64"], &["riscv64"]]
                [self.source.below(4) as usize];
            request.architectures = names.iter().map(|name| Architecture::new(*name)).collect();
        }
        if self.source.below(6) > 0 {
            request.groups = vec!["solar".to_owned()];
        }
        request
    }

    /// Rows from before: whatever they say, also more than there is.
    fn load(&mut self) {
        let wild = self.source.below(6) == 0;
        let count = self.source.below(12);
        let mut rows = Vec::new();
        for _ in 0..count {
            self.next_id += 1;
            let id = BookingId::new(&format!("b{:03}", self.next_id)).expect("a short text");
            let user = self.user().into();
            let interval = interval(self.source, self.unit, self.now - 6, 40, 8);
            let first = self.source.below(self.model.site.nodes.len() as u32);
            let parts = 1 + self.source.below(2);
            let nodes: BTreeSet<u32> =
                (first..first + parts).map(|node| node % self.model.site.nodes.len() as u32).collect();
            let parts: Vec<Part> = nodes
                .into_iter()
                .map(|node| {
                    let capacity = &self.model.site.nodes[node as usize].capacity;
                    let mut resources = resources(self.source, 5, 4);
                    resources.gpus.retain(|kind, _| capacity.gpus.contains_key(kind));
                    Part { node: NodeIndex(node), resources }
                })
                .collect();
            let state = match self.source.below(3) {
                0 => State::Held { until: self.time(-2, 10) },
                _ => State::Accepted,
            };
            let booking = Booking { id, user, interval, parts, state };
            let fits = |part: &Part| {
                let node = &self.model.site.nodes[part.node.0 as usize];
                let others: Vec<_> = self.model.bookings.values().collect();
                let on_node = others.iter().flat_map(|other| {
                    other
                        .parts
                        .iter()
                        .filter(|one| one.node == part.node)
                        .map(|one| (other.interval, &one.resources))
                });
                check_placement(&node.capacity, on_node, interval, &part.resources).is_ok()
            };
            if wild || booking.parts.iter().all(fits) {
                self.model.load(booking.clone());
                rows.push(booking);
            }
        }
        let middle = self.source.below(rows.len() as u32 + 1) as usize;
        assert_eq!(self.planner.load(rows.drain(middle..)), []);
        assert_eq!(self.planner.load(rows), []);
        assert_eq!(self.model.spelled_out(&self.planner.overgrants()), self.model.overfull());
    }

    fn step(&mut self) {
        let before = self.model.overfull();
        match self.source.below(12) {
            0..4 => self.ask(),
            4..6 => self.hold(),
            6 => self.accept(),
            7 => self.extend(),
            8 => self.shorten_or_release(),
            9 => self.move_to(),
            10 => self.hold_an_offer(),
            _ => self.time_passes(),
        }
        // Nothing that is granted is ever more than there is: where it was too much before, it may become less.
        let after = self.model.overfull();
        assert!(after.iter().all(|one| {
            before
                .iter()
                .any(|other| other.0 == one.0 && other.1 == one.1 && other.2 == one.2 && other.3 >= one.3)
        }));
    }

    fn window(&mut self) -> Window {
        let earliest = self.time(-3, 20);
        let spread = if self.source.below(3) == 0 { 16 } else { 60 };
        let latest = earliest + length(self.source, self.unit, spread);
        // What is not a whole number of units apart, the model cannot see.
        let apart = length(self.source, self.unit, 6).max(Length::micros(self.unit));
        let window = Window::new(earliest, latest).starts(self.source.below(5), apart);
        if self.source.below(3) == 0 { window.grid(length(self.source, self.unit, 7)) } else { window }
    }

    fn ask(&mut self) {
        let (request, window, now) = (self.request(), self.window(), self.now());
        let answer = self.planner.earliest(&request, &window, now);
        assert_eq!(answer, self.model.earliest(&request, &window, now), "{request:?} {window:?} {now:?}");
        match answer {
            Ok(offers) => {
                self.tally.count("offered");
                if offers.iter().any(|offer| offer.parts.len() > 1) {
                    self.tally.count("spread");
                }
            }
            Err(reasons) => {
                for reason in &reasons {
                    self.tally.count_kind(reason);
                }
                assert!(
                    !reasons.is_empty() && reasons.iter().all(|reason| reason.to_string().ends_with('.'))
                );
            }
        }
    }

    fn hold(&mut self) {
        let (id, request) = (self.id(), self.request());
        let (start, until, now) = (self.time(-1, 25), self.time(0, 12), self.now());
        let answer = self.planner.hold(id, &request, start, until, now);
        self.tally.count_answer("held", &answer);
        assert_eq!(answer, self.model.hold(id, &request, start, until, now), "{request:?} {start:?}");
    }

    /// As people do: what was offered a moment ago is what is held.
    fn hold_an_offer(&mut self) {
        let (id, request, now) = (self.id(), self.request(), self.now());
        let window =
            Window::new(now, now + Length::micros(45 * self.unit)).starts(3, Length::micros(self.unit));
        let Ok(offers) = self.planner.earliest(&request, &window, now) else { return };
        let offer = &offers[self.source.below(offers.len() as u32) as usize];
        let until = now + Length::micros(5 * self.unit);
        let answer = self.planner.hold(id, &request, offer.interval.start(), until, now);
        if let Ok(booking) = &answer {
            assert_eq!((booking.interval, &booking.parts), (offer.interval, &offer.parts));
        }
        self.tally.count_answer("offer held", &answer);
        assert_eq!(answer, self.model.hold(id, &request, offer.interval.start(), until, now));
    }

    fn accept(&mut self) {
        let (id, now) = (self.some_id(), self.now());
        let answer = self.planner.accept(&id, now);
        self.tally.count_answer("accepted", &answer);
        assert_eq!(answer, self.model.accept(&id, now));
    }

    fn extend(&mut self) {
        let (id, now) = (self.some_id(), self.now());
        let end = match self.model.bookings.get(&id) {
            Some(booking) => booking.interval.end() + length(self.source, self.unit, 10),
            None => self.time(0, 20),
        };
        let answer = self.planner.extend(&id, end, now);
        self.tally.count_answer("extended", &answer);
        assert_eq!(answer, self.model.extend(&id, end, now), "{id} {end:?} {now:?}");
    }

    fn shorten_or_release(&mut self) {
        let (id, now) = (self.some_id(), self.now());
        if self.source.below(2) == 0 {
            let answer = self.planner.release(&id);
            self.tally.count_answer("released", &answer);
            assert_eq!(answer, self.model.release(&id));
        } else {
            let end = match self.model.bookings.get(&id) {
                Some(booking) => booking.interval.start() + length(self.source, self.unit, 8),
                None => now,
            };
            let answer = self.planner.shorten(&id, end, now);
            self.tally.count_answer("shortened", &answer);
            assert_eq!(answer, self.model.shorten(&id, end, now));
        }
    }

    fn move_to(&mut self) {
        let (id, mut request, start, now) = (self.some_id(), self.request(), self.time(-1, 25), self.now());
        if let Some(booking) = self.model.bookings.get(&id).filter(|_| self.source.below(8) > 0) {
            request.user = booking.user.clone();
        }
        let answer = self.planner.move_to(&id, &request, start, now);
        self.tally.count_answer("moved", &answer);
        assert_eq!(answer, self.model.move_to(&id, &request, start, now), "{id} {request:?} {start:?}");
    }

    fn time_passes(&mut self) {
        self.now = (self.now + i64::from(self.source.below(4))).min(25);
        let now = self.now();
        if self.source.below(2) == 0 {
            assert_eq!(self.planner.expire(now), self.model.expire(now));
        }
        if self.source.below(4) == 0 {
            assert_eq!(self.planner.forget(now), self.model.forget(now));
        }
    }

    fn compare_loads(&mut self) {
        let whole = interval(self.source, self.unit, LOW + 1, 40, 60);
        let nodes = (0..self.model.site.nodes.len() as u32).map(|node| Some(NodeIndex(node)));
        for node in nodes.chain([None]) {
            let pieces = self.planner.load_over(node, whole);
            let mut time = whole.start();
            for (at, piece) in pieces.iter().enumerate() {
                assert_eq!(piece.interval.start(), time);
                time = piece.interval.end();
                let next = pieces.get(at + 1);
                assert!(next.is_none_or(
                    |next| (piece.open, &piece.used, &piece.free) != (next.open, &next.used, &next.free)
                ));
                for instant in (piece.interval.start().micros()..time.micros()).step_by(self.unit as usize) {
                    let load = self.model.load_at(node.map(|node| node.0 as usize), instant);
                    assert_eq!((piece.open, piece.used.clone(), piece.free.clone()), load);
                }
            }
            assert_eq!(time, whole.end());
        }
    }
}
