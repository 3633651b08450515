//! VOSI availability (VOSI 1.1 section 3).

use std::io::Read;

use super::xml::{Doc, Trouble};

/// Whether a service says that it works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Availability {
    /// Whether it accepts requests.
    pub available: bool,
    /// Since when, as written (ISO 8601).
    pub up_since: Option<String>,
    /// When it will go down, as written (ISO 8601).
    pub down_at: Option<String>,
    /// When it will be back, as written (ISO 8601).
    pub back_at: Option<String>,
    /// What the operators say.
    pub notes: Vec<String>,
}

pub(crate) fn read_availability<R: Read>(doc: &mut Doc<R>) -> Result<Availability, Trouble> {
    let mut out = Availability::default();
    doc.root(&["availability"])?;
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "available" => out.available = matches!(doc.text()?.as_deref(), Some("true" | "1")),
            "upSince" => out.up_since = doc.text()?,
            "downAt" => out.down_at = doc.text()?,
            "backAt" => out.back_at = doc.text()?,
            "note" if out.notes.len() < 100 => out.notes.extend(doc.text()?),
            _ => doc.skip()?,
        }
    }
    Ok(out)
}
