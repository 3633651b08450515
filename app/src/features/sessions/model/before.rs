//! What is looked at before there is a session.

use serde::{Deserialize, Serialize};

/// What is looked at before an offer is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOf {
    /// How many sessions its owner has.
    Count,
    /// Their home folder.
    Home,
    /// The image of the software.
    Image,
    /// What the basket brings.
    Data,
}

/// How something stands that is looked at before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing is in the way.
    Good,
    /// It may go wrong, or nobody knows.
    Doubtful,
    /// It would not start.
    Bad,
}

/// One thing that was looked at before an offer is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What.
    pub of: CheckOf,
    /// How it stands.
    pub verdict: Verdict,
    /// In a sentence; where it is not good, with what to do.
    pub sentence: String,
}
