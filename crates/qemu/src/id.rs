//! A machine's id, minted by the caller: the name of its folder.

use crate::fault::Fault;

/// Checked once, then a plain name: 24 letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Id(String);

impl Id {
    pub(crate) const LENGTH: usize = 24;

    pub(crate) fn parse(id: &str) -> Result<Self, Fault> {
        if id.len() == Self::LENGTH && id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self(id.to_owned()))
        } else {
            Err(Fault::BadId { id: id.chars().take(40).collect() })
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
