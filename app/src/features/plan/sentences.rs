//! What the page of the plan says.

use super::model::{DataSummary, PartView, SiteAnswer};
use crate::features::software::model::Resources;
use crate::features::software::sentences::resources;
use crate::text::{bytes, counted};

/// Under the heading.
pub const LEAD: &str =
    "Say what should run, how large and for how long. Every site answers when it can, or why not.";
/// Nothing to run was chosen.
pub const NO_SOFTWARE: &str = "Nothing to run is chosen yet. You can see when there is room all the same; to hold an offer, choose software first.";
/// What was chosen is not in the catalogue.
pub const GONE_SOFTWARE: &str = "There is no software under that name. It may have been removed, or it belongs to somebody else. Choose another.";
/// Nothing in the basket.
pub const EMPTY_BASKET: &str = "Your basket is empty, so the session starts without data.";
/// Under the environment of a batch run.
pub const ENVIRONMENT_HINT: &str =
    "One NAME=value a line. It is never put into an address, but whoever can open the session can read it.";
/// Under the command of a batch run.
pub const COMMAND_HINT: &str =
    "One argument a line, in place of the software's own command. Left empty, the software's own runs.";
/// No site at all.
pub const NO_SITES: &str = "No site runs sessions for this Skyport at the moment. Ask its operator.";
/// Why offers are held.
pub const HOLDING: &str = "Holding an offer keeps it for you for five minutes, so that you can look at it once more. Nothing starts before you accept it.";
/// An offer over several nodes.
pub const ONE_NODE: &str = "A session runs on one node, so this one cannot be held. Ask for at most one node to see when there is room.";
/// An offer without software.
pub const CHOOSE_FIRST: &str = "Choose software first: an offer is held for something to run.";

/// What the basket would bring.
pub fn basket(data: DataSummary) -> String {
    let mut parts = vec![counted(data.items, "item")];
    if data.results > 0 {
        parts.push(counted(data.results, "whole result"));
    }
    parts.push(counted(data.rows, "row"));
    if data.bytes > 0 {
        parts.push(bytes(data.bytes));
    }
    parts.join(", ")
}

/// What it has, in words; never empty.
pub fn size(size: &Resources) -> String {
    resources(size).unwrap_or_else(|| "nothing asked for".to_owned())
}

/// Where the parts of an offer are.
pub fn place(site: &str, parts: &[PartView]) -> String {
    match parts {
        [] => site.to_owned(),
        [one] => format!("{site}, {}", one.node),
        several => format!("{site}, on {}", counted(several.len() as u64, "node")),
    }
}

/// What was found, for people who do not see the page change.
pub fn found(sites: &[SiteAnswer]) -> String {
    let offers: usize = sites.iter().map(|site| site.offers.len()).sum();
    match offers {
        0 => "No offers; each site says why".to_owned(),
        offers => counted(offers as u64, "offer"),
    }
}

/// How full a site is, for people who do not see the drawing.
pub fn load(answer: &SiteAnswer) -> String {
    let open: Vec<_> = answer.load.iter().filter(|load| load.open).collect();
    let (least, most) = (open.iter().map(|l| l.percent).min(), open.iter().map(|l| l.percent).max());
    match (least, most) {
        (Some(least), Some(most)) if least == most => format!("{least} % booked while it is open"),
        (Some(least), Some(most)) => format!("between {least} % and {most} % booked"),
        _ => "closed all the time shown".to_owned(),
    }
}
