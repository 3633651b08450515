//! What people are told where there is no offer: what is in the way, and what to do now.

use super::question::Fault;
use crate::clock::Micros;
use crate::features::bookings::HoldRefusal;
use crate::features::bookings::sentences::time;
use app::error::Error;
use app::features::software::model::Resources;
use planner::{Reason, What};

pub(super) use crate::features::bookings::sentences::reason;

pub(super) const NO_SOFTWARE: &str =
    "Choose what is to run first; resources alone can be planned, but not taken.";
pub(super) const GONE_SOFTWARE: &str =
    "This software is not in the catalogue any more, or not shared with you. Choose another.";
pub(super) const NO_SITE: &str =
    "There is no such site here (any more). Choose another offer; nothing was held.";
pub(super) const WINDOW_OVER: &str =
    "Your window is over, or what is left of it is too short. Choose another window; nothing was held.";

pub(super) fn no_version(title: &str, version: &str) -> String {
    format!("There is no version {version} of {title} (any more). Choose another.")
}

/// Where less is asked for than the software needs.
pub(super) fn too_small(title: &str, asked: &Resources, minimum: &Resources) -> Vec<Fault> {
    let gib = |gib: u64| gib.saturating_mul(1024);
    let amounts = [
        ("cores", What::Cores, u64::from(asked.cores), u64::from(minimum.cores)),
        ("memory_mib", What::Memory, asked.memory_mib, minimum.memory_mib),
        ("disk_gib", What::Disk, gib(asked.disk_gib), gib(minimum.disk_gib)),
        ("gpus", What::AnyGpus, u64::from(asked.gpus), u64::from(minimum.gpus)),
    ];
    let small = amounts.into_iter().filter(|(_, _, asked, minimum)| asked < minimum);
    let faults = small.map(|(field, what, _, minimum)| Fault {
        field,
        sentence: format!("{title} needs at least {}. Ask for that.", what.amount(minimum)),
    });
    faults.collect()
}

/// What somebody is told whose offer is not there any more.
pub(super) fn not_held(site: &str, refusal: HoldRefusal) -> Error {
    let (start_us, reasons, next_us) = match refusal {
        HoldRefusal::NoSite => return Error::Limit(NO_SITE.to_owned()),
        HoldRefusal::Database(error) => return crate::fault::report("holding an offer", &error),
        HoldRefusal::No { start_us, reasons, next_us } => (start_us, reasons, next_us),
    };
    let mut text = if reasons.contains(&Reason::Taken) || reasons.is_empty() {
        format!("Somebody was quicker: {site} has no room for this {} any more.", time(start_us))
    } else {
        // The next start is told below.
        let now = reasons.iter().filter(|one| !matches!(one, Reason::OnlyLater { .. }));
        now.map(reason).collect::<Vec<_>>().join(" ")
    };
    if let Some(next) = next_us {
        text.push_str(&next_start(next));
    } else if reasons.contains(&Reason::Taken) {
        text.push_str(" Nothing else is free there as far as one can book; ask another site, or for less.");
    }
    Error::Limit(text)
}

fn next_start(us: Micros) -> String {
    format!(" The next start there is {}: take that one, or ask another site.", time(us))
}
