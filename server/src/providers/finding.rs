//! What `skyport check` finds out of a site.

/// One thing that was found out, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It is as it should be.
    Fine(String),
    /// No servers can be made now, or not as meant.
    Amiss(String),
    /// Skyport does not start like this.
    Wrong(String),
}
