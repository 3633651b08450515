//! Wire types of planning: what is asked for, and what every site answers.

use crate::features::software::model::{Kind, Resources, Version};
use serde::{Deserialize, Serialize};

/// What is to run, how large, how long and when. It stands in the address of the page, so that it can be shared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanQuestion {
    /// The entry of the catalogue; empty where only resources are asked for, which can be planned but not taken.
    pub software: String,
    /// Its version; empty for the newest.
    pub version: String,
    /// What is asked for in all. Zeros: what the software is best given.
    pub resources: Resources,
    /// On at most so many nodes; 0 and 1: on one.
    pub nodes: u32,
    /// How long, in minutes; 0: an hour.
    pub minutes: u32,
    /// When it may begin.
    pub when: When,
    /// Whether the basket's data comes along.
    pub data: bool,
}

/// When a session may begin. UTC microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// As soon as it can.
    #[default]
    Now,
    /// Within this window: not before `from_us`, and over by `to_us`.
    Within {
        /// Earliest start; 0: now.
        from_us: i64,
        /// Latest end; 0: a week after the earliest start.
        to_us: i64,
    },
}

/// The page: the question in full, and every site's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// A new one for this page: sent twice with [`Take`], it holds one offer.
    pub request: String,
    /// The question with everything filled in that was left to its defaults.
    pub question: PlanQuestion,
    /// What is to run; none where nothing was chosen, or what was chosen is not there (any more).
    pub software: Option<PlannedSoftware>,
    /// Small, medium, large: what can be chosen by one press.
    pub sizes: Vec<NamedSize>,
    /// Most that any site could give one session, for the sliders' ends.
    pub largest: Resources,
    /// The longest that any site allows, in minutes.
    pub longest_minutes: u32,
    /// What the basket would bring.
    pub data: DataSummary,
    /// Every site; those with offers first, the best first.
    pub sites: Vec<SiteAnswer>,
    /// Now, UTC microseconds.
    pub now_us: i64,
    /// Whether somebody is signed in; visitors can plan and not take.
    pub signed_in: bool,
}

/// What is to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSoftware {
    /// Its name in addresses.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// In one line.
    pub purpose: String,
    /// What it is.
    pub kind: Kind,
    /// All versions, newest first.
    pub versions: Vec<Version>,
    /// What it needs at least.
    pub minimum: Resources,
    /// What it is best given.
    pub recommended: Resources,
}

/// A size with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedSize {
    /// `small`, in addresses.
    pub key: String,
    /// "Small".
    pub title: String,
    /// What it is.
    pub resources: Resources,
}

/// What is in the caller's basket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSummary {
    /// Items.
    pub items: u64,
    /// Whole results among them.
    pub results: u64,
    /// Rows in all.
    pub rows: u64,
    /// Bytes, as they are kept here.
    pub bytes: u64,
}

/// One site's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteAnswer {
    /// Its key.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// What it has, in words: "2 nodes, 8 cores and 16 GiB each".
    pub has: String,
    /// Offers, soonest first; empty where there is none.
    pub offers: Vec<OfferView>,
    /// Why there is none, each with what to do; empty where there are offers.
    pub reasons: Vec<String>,
    /// How full it is over the time that the page shows.
    pub load: Vec<LoadView>,
}

/// One concrete offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// The site's key.
    pub site: String,
    /// UTC microseconds.
    pub start_us: i64,
    /// UTC microseconds.
    pub end_us: i64,
    /// Where: name of the node, cores and MiB there.
    pub parts: Vec<PartView>,
    /// Why it is a good one, in a few words: "Now", "The earliest in your window".
    pub why: String,
    /// The best of all sites'.
    pub best: bool,
}

/// What of it is on one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartView {
    /// The node's name.
    pub node: String,
    /// What of it.
    pub resources: Resources,
}

/// How full a site is during a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadView {
    /// UTC microseconds.
    pub from_us: i64,
    /// UTC microseconds.
    pub to_us: i64,
    /// Whether it is open.
    pub open: bool,
    /// How much of its fullest resource is booked, in percent.
    pub percent: u8,
}

/// An offer that the caller wants held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Take {
    /// Minted with the page: sent twice, it holds one.
    pub request: String,
    /// What was asked.
    pub question: PlanQuestion,
    /// The offer as the page's buttons send it, `<start_us>@<site>`; what is in it goes before `site` and `start_us`.
    pub offer: String,
    /// The offer's site.
    pub site: String,
    /// The offer's start, UTC microseconds; 0: now, or as soon as it can.
    pub start_us: i64,
    /// For batch: the command with its arguments, in place of the software's own; one argument a line.
    pub command: String,
    /// `NAME=value`, one a line.
    pub environment: String,
    /// The user's name for the session; empty: the software's title.
    pub title: String,
}

impl Take {
    /// The offer that a button names, in `site` and `start_us`, where the port looks.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if let Some((start, site)) = self.offer.split_once('@') {
            self.start_us = start.parse().unwrap_or_default();
            self.site = site.to_owned();
            self.offer.clear();
        }
        self
    }
}
