//! Why there is no offer, in the domain's words: a sentence for each reason, with what to do next where there is something.

use std::fmt;

use crate::resources::{Architecture, GpuKind, What};
use crate::time::{Interval, Length, Time};

/// One reason. [`crate::Planner::earliest`] says which are given together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No core, or no time.
    NothingAsked,
    /// In none of the groups that may book here.
    NotInGroup {
        /// Those that may.
        groups: Vec<String>,
    },
    /// Longer than one booking may last here.
    TooLong {
        /// What was asked.
        asked: Length,
        /// The longest.
        longest: Length,
    },
    /// The user has as many bookings as allowed that have not ended.
    LimitReached {
        /// How many are allowed.
        limit: u32,
    },
    /// More than one user may ever have at once.
    OverLimit {
        /// Of what.
        what: What,
        /// What was asked.
        asked: u64,
        /// What is allowed.
        limit: u64,
    },
    /// No node of such an architecture.
    WrongArchitecture {
        /// What would do.
        asked: Vec<Architecture>,
        /// What there is.
        here: Vec<Architecture>,
    },
    /// No node (of the architecture) has a GPU of that kind.
    NoGpu {
        /// The kind.
        kind: GpuKind,
        /// Those that there are.
        here: Vec<GpuKind>,
    },
    /// More than the largest node has, or than the largest nodes have together over which it may be spread.
    TooLarge {
        /// Of what.
        what: What,
        /// What was asked.
        asked: u64,
        /// The most that can be had.
        largest: u64,
        /// On so many nodes.
        nodes: u32,
    },
    /// Enough of each resource, but never of all of them on the same node or nodes.
    NotOnOneNode {
        /// Over how many nodes it may be spread.
        nodes: u32,
    },
    /// The window is shorter than what is to fit into it.
    WindowTooShort {
        /// The window.
        window: Length,
        /// What was asked.
        asked: Length,
    },
    /// The window's last start is too soon, or past.
    TooSoon {
        /// The earliest start that is allowed.
        earliest: Time,
    },
    /// The window's first end is further ahead than can be booked.
    TooFar {
        /// The latest end that is allowed.
        until: Time,
    },
    /// Not open for long enough in the window.
    Closed {
        /// The next start at which it is open for long enough.
        opens: Option<Time>,
    },
    /// Maintenance leaves no room in the window.
    Maintenance {
        /// From when till when.
        interval: Interval,
        /// The node; `None` is the whole site.
        node: Option<String>,
    },
    /// With what the user has already booked, more than one user may have at once, all over the window.
    LimitAtOnce {
        /// Of what.
        what: What,
        /// What is allowed.
        limit: u64,
    },
    /// What fits is taken all over the window.
    Taken,
    /// Open, in service, within the limits and free, but never all of them for long enough at once.
    NeverTogether,
    /// Where the window ends later, this start would do.
    OnlyLater {
        /// The earliest start after the window's last.
        earliest: Time,
    },
    /// No start would do up to where one can book.
    NothingUntil {
        /// The latest end that is allowed.
        horizon: Time,
    },
    /// A booking cannot be extended that far, but so far.
    FreeUntil {
        /// The latest end that would do.
        until: Time,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingAsked => f.write_str("Nothing is asked for. Ask for at least one core and some time."),
            Self::NotInGroup { groups } => {
                write!(f, "Only members of {} may book here. Ask one of them to let you in.", either(groups, "nobody"))
            }
            Self::TooLong { asked, longest } => {
                write!(f, "{asked} is longer than one booking may last here. Ask for {longest} at most.")
            }
            Self::LimitReached { limit } => {
                let limit = What::Bookings.amount(u64::from(*limit));
                write!(f, "Your limit of {limit} is reached. End one of yours, or wait until one is over.")
            }
            Self::OverLimit { what, asked, limit } => {
                let (asked, limit) = (what.amount(*asked), what.amount(*limit));
                write!(f, "You ask for {asked}, and one person may have {limit} at once. Ask for less.")
            }
            Self::WrongArchitecture { asked, here } => {
                let (asked, here) = (either(asked, "nothing"), either(here, "nothing"));
                write!(f, "This needs {asked}, and the nodes here are {here}. Choose another image or another site.")
            }
            Self::NoGpu { kind, here } if here.is_empty() => {
                write!(f, "This needs a GPU of the kind {kind}, and there are no GPUs here. Choose another site.")
            }
            Self::NoGpu { kind, here } => {
                write!(f, "There is no {kind} GPU here. Choose {} or another site.", either(here, "none"))
            }
            Self::TooLarge { what, asked, largest, nodes: 1 } => {
                let (asked, largest) = (what.amount(*asked), what.amount(*largest));
                write!(f, "This needs {asked}, and the largest node has {largest}. Ask for less, or spread it.")
            }
            Self::TooLarge { what, asked, largest, nodes } => {
                let (asked, largest) = (what.amount(*asked), what.amount(*largest));
                write!(f, "This needs {asked}, and {nodes} nodes have {largest}. Ask for less, or for more nodes.")
            }
            Self::NotOnOneNode { nodes: 1 } => {
                f.write_str("No single node has all of this together. Ask for less of something, or spread it.")
            }
            Self::NotOnOneNode { nodes } => write!(
                f,
                "No {nodes} nodes have all of this in the proportions that you ask for. Ask for less, or for more nodes."
            ),
            Self::WindowTooShort { window, asked } => {
                write!(f, "{asked} does not fit into a window of {window}. Widen the window, or ask for less time.")
            }
            Self::TooSoon { earliest } => write!(f, "That is too soon. The earliest start allowed is {earliest}."),
            Self::TooFar { until } => {
                write!(f, "That is too far ahead. Bookings can be made here until {until} at present.")
            }
            Self::Closed { opens: Some(opens) } => {
                write!(f, "The site is not open for so long then. The next time that it is begins {opens}.")
            }
            Self::Closed { opens: None } => f.write_str("The site is never open for so long. Ask for less time."),
            Self::Maintenance { interval, node: None } => {
                write!(f, "There is maintenance of the whole site {interval}. Choose a time before or after it.")
            }
            Self::Maintenance { interval, node: Some(node) } => {
                write!(f, "There is maintenance of {node} {interval}. Choose a time before or after it.")
            }
            Self::LimitAtOnce { what, limit } => {
                let limit = what.amount(*limit);
                write!(f, "With your other bookings this would be more than the {limit} that you may have at once. Choose another time, or end one of yours.")
            }
            Self::Taken => f.write_str("All that would fit is taken then."),
            Self::NeverTogether => f.write_str(
                "What is open, in service, within your limits and free is never so for long enough. Widen the window, or ask for less time.",
            ),
            Self::OnlyLater { earliest } => write!(f, "It is free only later: the earliest start is {earliest}."),
            Self::NothingUntil { horizon } => {
                write!(f, "Nothing is free until {horizon}, as far as one can book. Ask for less, or ask again later.")
            }
            Self::FreeUntil { until } => write!(f, "It can be extended until {until} at most."),
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn either<T: fmt::Display>(things: &[T], none: &str) -> String {
    match things {
        [] => none.to_owned(),
        [one] => one.to_string(),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(ToString::to_string).collect();
            format!("{} or {last}", most.join(", "))
        }
    }
}
