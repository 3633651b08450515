//! The planner of one site: what is booked of it, and the questions and operations, each in a file of its own.

mod asked;
mod book;
mod change;
mod earliest;
mod fill;
mod limits;
mod load;
mod place;
mod spread;
mod why;

use std::collections::{BTreeMap, BTreeSet};

pub use load::{Load, Overgrant};

use crate::booking::{Booking, BookingId, Part, State, UserId};
use crate::calendar::{Closures, Openings};
use crate::index::Index;
use crate::node::{Amounts, Class, Place, Usage};
use crate::site::{NodeIndex, Site, SiteError};
use crate::time::{Interval, Time};

/// When it can run, and where, on one site. The same calls give the same answers, on every machine.
///
/// It never asks a clock: `now` is given to every call that needs it. What it holds are facts: holds that have expired count
/// until [`Planner::expire`] is called, bookings that are over stay until [`Planner::forget`] is.
#[derive(Debug, Clone)]
pub struct Planner {
    site: Site,
    names: BTreeMap<String, NodeIndex>,
    openings: Openings,
    closures: Closures,
    classes: Vec<Class>,
    places: Vec<Place>,
    index: Index,
    /// Every booking and hold; a place that was freed is used again.
    slots: Vec<Option<Held>>,
    free_slots: Vec<u32>,
    ids: BTreeMap<BookingId, u32>,
    /// Holds by when they expire.
    expiring: BTreeSet<(i64, BookingId)>,
    users: BTreeMap<UserId, u32>,
    people: Vec<Person>,
}

/// What a user has, by end.
#[derive(Debug, Clone)]
struct Person {
    id: UserId,
    open: Vec<(i64, u32)>,
}

/// A booking or hold, as small as can be.
#[derive(Debug, Clone)]
struct Held {
    id: BookingId,
    person: u32,
    start: i64,
    end: i64,
    /// When a hold expires; [`i64::MAX`] for what was accepted.
    until: i64,
    parts: Parts,
}

/// What on which node.
#[derive(Debug, Clone)]
enum Parts {
    /// On one node, with nothing in the other lanes.
    One(u32, [i32; 4]),
    Several(Box<[(u32, Amounts)]>),
}

impl Parts {
    fn new(parts: Vec<(u32, Amounts)>) -> Self {
        match parts[..] {
            [(node, [cores, memory, disk, gpus, 0, 0, 0, 0])] => Self::One(node, [cores, memory, disk, gpus]),
            _ => Self::Several(parts.into_boxed_slice()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::One(..) => 1,
            Self::Several(parts) => parts.len(),
        }
    }

    fn get(&self, at: usize) -> (u32, Amounts) {
        match self {
            Self::One(node, [cores, memory, disk, gpus]) => {
                (*node, [*cores, *memory, *disk, *gpus, 0, 0, 0, 0])
            }
            Self::Several(parts) => parts[at],
        }
    }

    fn iter(&self) -> impl Iterator<Item = (u32, Amounts)> + '_ {
        (0..self.len()).map(|at| self.get(at))
    }
}

impl Planner {
    /// Of a site with nothing booked.
    ///
    /// # Errors
    /// What the site says twice, or more than can be counted.
    pub fn new(site: Site) -> Result<Self, SiteError> {
        let names = site.check()?;
        let mut classes: Vec<Class> = Vec::new();
        let mut places = Vec::with_capacity(site.nodes.len());
        for node in &site.nodes {
            let class = Class::of(node);
            let number = classes.iter().position(|one| *one == class).unwrap_or_else(|| {
                classes.push(class);
                classes.len() - 1
            });
            places.push(Place {
                class: number,
                closures: Closures::new(node.maintenance.iter().map(|one| (one.start, one.end))),
                usage: Usage::new(&classes[number], Vec::new()),
            });
        }
        Ok(Self {
            openings: Openings::new(&site.calendar),
            closures: Closures::new(site.maintenance.iter().map(|one| (one.start, one.end))),
            site,
            names,
            classes,
            places,
            index: Index::default(),
            slots: Vec::new(),
            free_slots: Vec::new(),
            ids: BTreeMap::new(),
            expiring: BTreeSet::new(),
            users: BTreeMap::new(),
            people: Vec::new(),
        })
    }

    /// The site as it was given.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<NodeIndex> {
        self.names.get(name).copied()
    }

    /// A booking or hold.
    pub fn booking(&self, id: &BookingId) -> Option<Booking> {
        self.held(id).map(|held| self.show(held))
    }

    /// All bookings and holds, by id.
    pub fn bookings(&self) -> impl Iterator<Item = Booking> + '_ {
        self.ids.values().filter_map(|slot| self.slots[*slot as usize].as_ref()).map(|held| self.show(held))
    }

    /// A user's bookings and holds, by end.
    pub fn bookings_of(&self, user: &UserId) -> Vec<Booking> {
        let Some(person) = self.users.get(user) else { return Vec::new() };
        let slots = self.people[*person as usize].open.iter();
        slots
            .filter_map(|(_, slot)| self.slots[*slot as usize].as_ref())
            .map(|held| self.show(held))
            .collect()
    }

    fn held(&self, id: &BookingId) -> Option<&Held> {
        self.slots[*self.ids.get(id)? as usize].as_ref()
    }

    fn show(&self, held: &Held) -> Booking {
        let until = held.until;
        Booking {
            id: held.id,
            user: self.people[held.person as usize].id.clone(),
            interval: Interval { start: held.start, end: held.end },
            parts: held.parts.iter().map(|part| self.show_part(part)).collect(),
            state: if until == i64::MAX { State::Accepted } else { State::Held { until: Time(until) } },
        }
    }

    fn show_part(&self, (node, lanes): (u32, Amounts)) -> Part {
        let class = &self.classes[self.places[node as usize].class];
        Part { node: NodeIndex(node), resources: class.resources(&lanes) }
    }
}
