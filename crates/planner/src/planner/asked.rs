//! A request made ready to be searched for: what each class of nodes would have to have free, and when nothing may start
//! whatever the node.

use super::Planner;
use super::limits::limited;
use crate::calendar::{Closures, Openings};
use crate::index::{Table, table};
use crate::node::{Class, LANES};
use crate::request::Request;
use crate::timeline::Spread;

/// Which rules count. All of them do, but when it is asked which of them is in the way.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each rule counts or does not, whatever the others do")]
pub(super) struct Rules {
    pub(super) openings: bool,
    pub(super) maintenance: bool,
    pub(super) limits: bool,
    pub(super) bookings: bool,
    pub(super) node_maintenance: bool,
}

impl Rules {
    pub(super) const ALL: Self =
        Self { openings: true, maintenance: true, limits: true, bookings: true, node_maintenance: true };
    pub(super) const NONE: Self =
        Self { openings: false, maintenance: false, limits: false, bookings: false, node_maintenance: false };
}

/// A request made ready.
pub(super) struct Asked<'a> {
    pub(super) planner: &'a Planner,
    pub(super) request: &'a Request,
    pub(super) length: i64,
    /// Over how many nodes.
    pub(super) nodes: usize,
    /// The pieces that are spread; 1 where nothing is.
    pub(super) pieces: u32,
    /// What each class would have to have; `None` where it does not fit at all.
    needs: Vec<Option<Spread<LANES>>>,
    /// The nodes that could take part, by index.
    pub(super) eligible: Vec<u32>,
    /// What each class could take by how much of it is used, and the lanes that matter.
    tables: Vec<Option<Table>>,
    lanes: Vec<usize>,
    /// How many pieces a node must be able to take to be of any use.
    pub(super) least: u32,
    user: Closures,
    /// The first instant at which a start is allowed, and whole multiples of what others are.
    first: i64,
    grid: i64,
}

impl Class {
    /// Whether it is of an architecture that is asked for.
    pub(super) fn suits(&self, request: &Request) -> bool {
        request.architectures.is_empty() || request.architectures.contains(&self.architecture)
    }

    /// Whether it has GPUs of all kinds that are asked for.
    fn has_kinds(&self, request: &Request) -> bool {
        request.resources.gpus.iter().all(|(kind, count)| *count == 0 || self.kinds.contains(kind))
    }
}

/// Over how many nodes it may go.
pub(super) fn most_nodes(request: &Request) -> usize {
    request.most_nodes.max(1) as usize
}

/// The equal pieces that a request is made of: one where it is not spread; else, where GPUs are asked for, as many as
/// divide the GPUs of each kind, else one for each core.
fn pieces(request: &Request) -> u32 {
    if request.most_nodes <= 1 {
        return 1;
    }
    let gpus = request.resources.gpus.values().copied().fold(0, common_divisor);
    if gpus > 0 { gpus } else { request.resources.cores.max(1) }
}

fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl<'a> Asked<'a> {
    /// From `first` on, on round times of that grid.
    pub(super) fn new(planner: &'a Planner, request: &'a Request, (first, grid): (i64, i64)) -> Self {
        let (nodes, pieces) = (most_nodes(request), pieces(request));
        let mut needs: Vec<_> = planner
            .classes
            .iter()
            .map(|class| {
                (class.suits(request) && class.has_kinds(request)).then(|| Spread {
                    capacity: class.capacity,
                    total: class.lanes(&request.resources),
                    pieces,
                    limit: [i32::MAX; LANES],
                })
            })
            .collect();
        // Whoever takes part must take what the others cannot, even if each of them takes the most that any can.
        let largest = needs.iter().flatten().map(|need| need.fitting(&[0; LANES])).max().unwrap_or(0);
        let others = u64::from(largest).saturating_mul(nodes as u64 - 1);
        let least = u64::from(pieces).saturating_sub(others).max(1);
        for need in &mut needs {
            if need.as_ref().is_some_and(|need| u64::from(need.fitting(&[0; LANES])) < least) {
                *need = None;
            }
            if let Some(need) = need {
                for lane in (0..LANES).filter(|lane| need.total[*lane] > 0) {
                    let share =
                        (u128::from(need.total[lane]) * u128::from(least)).div_ceil(u128::from(pieces));
                    need.limit[lane] = need.capacity[lane] - i32::try_from(share).unwrap_or(i32::MAX);
                }
            }
        }
        let known = !planner.index.is_empty();
        let tables = needs.iter().map(|need| need.as_ref().filter(|_| known).map(table)).collect();
        let asked_for = |lane: &usize| needs.iter().flatten().any(|need| need.total[*lane] > 0);
        let lanes = (0..LANES).filter(asked_for).collect();
        let eligible = (0..planner.places.len())
            .filter(|at| needs[planner.places[*at].class].is_some())
            .map(|at| at as u32)
            .collect();
        let user = planner.too_much(&request.user, limited(&request.resources), first);
        Self {
            planner,
            request,
            length: request.length.0,
            nodes,
            pieces,
            needs,
            eligible,
            tables,
            lanes,
            least: least as u32,
            user,
            first,
            grid,
        }
    }

    /// What a node would have to have.
    pub(super) fn need(&self, node: u32) -> Option<&Spread<LANES>> {
        self.needs[self.planner.places[node as usize].class].as_ref()
    }

    /// Whether anything is known and until when, and which nodes may be able to take how many pieces at most from a start from `from` to then; no others
    /// are of any use. None at all where they cannot take all together.
    pub(super) fn promising(&self, from: i64, found: &mut Vec<(u32, u32)>) -> (bool, i64) {
        found.clear();
        let (view, until) = self.planner.index.view(from, self.length);
        for node in &self.eligible {
            let fitting = match (&view, &self.tables[self.planner.places[*node as usize].class]) {
                (Some(view), Some(table)) => view.fitting(*node, &self.lanes, table, self.least),
                _ => self.pieces,
            };
            if fitting >= self.least {
                found.push((*node, fitting));
            }
        }
        if view.is_some() && !self.could_take_all(found) {
            found.clear();
        }
        (view.is_some(), until)
    }

    /// Whether nothing but what is booked can be in the way.
    pub(super) fn is_unrestricted(&self) -> bool {
        let planner = self.planner;
        matches!(planner.openings, Openings::Always)
            && planner.closures.intervals().is_empty()
            && self.user.intervals().is_empty()
            && self.eligible.iter().all(|node| planner.places[*node as usize].closures.intervals().is_empty())
    }

    fn could_take_all(&self, found: &[(u32, u32)]) -> bool {
        let mut fitting: Vec<u32> = found.iter().map(|(_, fitting)| *fitting).collect();
        if fitting.len() > self.nodes {
            fitting.select_nth_unstable_by_key(self.nodes - 1, |fitting| std::cmp::Reverse(*fitting));
        }
        fitting.iter().take(self.nodes).map(|fitting| u64::from(*fitting)).sum::<u64>()
            >= u64::from(self.pieces)
    }

    /// Whether it would fit if nothing were booked.
    pub(super) fn fits_empty(&self) -> bool {
        let mut fitting: Vec<_> = self
            .eligible
            .iter()
            .filter_map(|node| self.need(*node))
            .map(|need| u64::from(need.fitting(&[0; LANES])))
            .collect();
        fitting.sort_unstable_by_key(|pieces| std::cmp::Reverse(*pieces));
        fitting.iter().take(self.nodes).sum::<u64>() >= u64::from(self.pieces)
    }

    /// The earliest start from `from` to `last` that is allowed whatever the node.
    pub(super) fn next_allowed(&self, rules: Rules, from: i64, last: i64) -> Option<i64> {
        let mut start = from;
        loop {
            let before = start;
            if self.grid > 1 && start != self.first && start.rem_euclid(self.grid) != 0 {
                start += self.grid - start.rem_euclid(self.grid);
            }
            if rules.openings {
                start = self.planner.openings.next(start, self.length)?;
            }
            if rules.maintenance {
                start = self.planner.closures.next(start, self.length);
            }
            if rules.limits {
                start = self.user.next(start, self.length);
            }
            if start > last {
                return None;
            }
            if start == before {
                return Some(start);
            }
        }
    }
}
