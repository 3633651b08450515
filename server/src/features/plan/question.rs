//! A question in full: what was left to its defaults filled in, and what no site could answer said at once.

use super::{sentences, sizes};
use crate::clock::{Micros, SECOND};
use crate::features::bookings::request;
use crate::features::software::service::Seen;
use app::asking::Caller;
use app::features::plan::model::{NamedSize, PlanQuestion, PlannedSoftware, When};
use app::features::software::model::Resources;
use planner::{Length, Request, Time, Window};

/// Where nobody said how long, in minutes.
const USUAL_MINUTES: u32 = 60;
/// Where nobody said until when: a week.
const USUAL_WINDOW: Micros = 7 * 86_400 * SECOND;
/// Starts that are offered at each site, and how far apart.
const STARTS: u32 = 3;
const APART: Length = Length::hours(1);

/// A question that sites can be asked.
pub(super) struct Asked {
    pub(super) question: PlanQuestion,
    pub(super) seen: Option<Seen>,
    /// Why no site could, whatever it has.
    pub(super) faults: Vec<Fault>,
}

/// Something that makes a question impossible everywhere: the field of the form, and a sentence.
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) sentence: String,
}

/// Fills in what was left out.
pub(super) fn complete(
    question: &PlanQuestion,
    seen: Option<Seen>,
    largest: Resources,
    now: Micros,
) -> Asked {
    let mut question = question.clone();
    let mut faults = Vec::new();
    let minimum = minimum(seen.as_ref());
    question.nodes = question.nodes.max(1);
    if let When::Within { from_us, to_us } = &mut question.when {
        *from_us = if *from_us == 0 { now } else { *from_us };
        *to_us = if *to_us == 0 { from_us.saturating_add(USUAL_WINDOW) } else { *to_us };
    }
    if question.minutes == 0 {
        question.minutes = USUAL_MINUTES;
    }
    let proposed = match &seen {
        Some(seen) => sizes::proposed(seen.entry.recommended, minimum, largest),
        None => medium(&sizes::named(largest, minimum)),
    };
    let asked = &mut question.resources;
    if *asked == Resources::default() {
        *asked = proposed;
    }
    if asked.cores == 0 {
        asked.cores = proposed.cores;
    }
    if asked.memory_mib == 0 {
        asked.memory_mib = proposed.memory_mib;
    }
    if asked.disk_gib == 0 {
        asked.disk_gib = proposed.disk_gib;
    }
    if let Some(seen) = &seen {
        match seen.entry.find_version(&question.version) {
            Some(version) => question.version.clone_from(&version.version),
            None => faults.push(Fault {
                field: "version",
                sentence: sentences::no_version(&seen.entry.title, &question.version),
            }),
        }
        faults.extend(sentences::too_small(&seen.entry.title, &question.resources, &minimum));
    }
    Asked { question, seen, faults }
}

fn medium(sizes: &[NamedSize]) -> Resources {
    let medium = sizes.iter().find(|size| size.key == "medium").or(sizes.first());
    medium.map(|size| size.resources).unwrap_or_default()
}

/// What a software needs at least; nothing where none was chosen.
pub(super) fn minimum(seen: Option<&Seen>) -> Resources {
    seen.map(|seen| seen.entry.minimum).unwrap_or_default()
}

/// The software for the page.
pub(super) fn software(seen: &Seen) -> PlannedSoftware {
    let entry = &seen.entry;
    PlannedSoftware {
        name: entry.name.clone(),
        title: entry.title.clone(),
        purpose: entry.purpose.clone(),
        kind: entry.kind,
        versions: entry.versions.clone(),
        minimum: entry.minimum,
        recommended: entry.recommended,
    }
}

impl Asked {
    /// What a site's planner is asked.
    pub(super) fn request(&self, caller: &Caller) -> Request {
        let architectures = self.seen.as_ref().map_or(&[][..], |seen| &seen.entry.architectures);
        request(&self.question, architectures, caller.user().unwrap_or_default(), &caller.groups)
    }

    /// When it may run at a site that can be booked for so long.
    pub(super) fn window(&self, horizon: Length, grid: Length, now: Micros) -> Window {
        let now = Time::from_micros(now);
        let (from, to) = match self.question.when {
            When::Now => (now, now + horizon),
            When::Within { from_us, to_us } => {
                let from = Time::from_micros(from_us).max(now);
                // One that is over is short of everything.
                (from, Time::from_micros(to_us).max(from))
            }
        };
        Window::new(from, to).starts(STARTS, APART).grid(grid)
    }
}
