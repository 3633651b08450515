//! Wire types of the home page: what a user has besides queries, in few words, so that the first visit stays light.

use crate::ui::Tone;
use serde::{Deserialize, Serialize};

/// Which part of the page a row stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// It runs now.
    Now,
    /// It waits for its time.
    Booked,
    /// Its owner should look.
    Look,
}

/// A session, or an offer that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeRow {
    /// Where it stands.
    pub part: Part,
    /// How its state is meant.
    pub tone: Tone,
    /// Its state in a word.
    pub word: String,
    /// Its name.
    pub title: String,
    /// Its page.
    pub page: String,
    /// What it is, or why it ended.
    pub about: String,
    /// What comes next: `until`, `starts`; nothing where empty.
    pub next: String,
    /// When that comes; UTC microseconds.
    pub next_us: i64,
    /// What the button to its page says.
    pub label: String,
    /// Whether its interface can be opened.
    pub opens: bool,
}
