//! The mark by which what we made is found again.

use serde::{Deserialize, Serialize};

/// The id of one piece of work, minted by the caller before the first call and the same in every repetition. It is
/// written on everything that is made: as tag and metadata of a server, as description of a floating address. Nova has
/// no idempotency key of its own, so looking for this mark before repeating is what keeps one press one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Operation(String);

impl Operation {
    /// Takes 1 to 40 letters, digits and hyphens: a UUID, for one.
    pub fn new(id: impl Into<String>) -> Option<Self> {
        let id = id.into();
        let fits = (1..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        fits.then_some(Self(id))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A tag has no comma or slash and at most 60 characters (Nova, "Server tags").
    pub(crate) fn tag(&self, label: &str) -> String {
        format!("{label}-op-{}", self.0)
    }

    pub(crate) fn metadata_key(label: &str) -> String {
        format!("{label}.operation")
    }

    pub(crate) fn description(&self, label: &str) -> String {
        format!("{label}:{}", self.0)
    }

    /// Nova takes request ids of exactly this form from outside (from 2.46), and writes them in its log.
    pub(crate) fn request_id(&self) -> Option<String> {
        let uuid = self.0.len() == 36
            && self.0.bytes().enumerate().all(|(i, b)| match i {
                8 | 13 | 18 | 23 => b == b'-',
                _ => b.is_ascii_hexdigit() && !b.is_ascii_uppercase(),
            });
        uuid.then(|| format!("req-{}", self.0))
    }
}

impl TryFrom<String> for Operation {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(id).ok_or("an operation is 1 to 40 letters, digits and hyphens")
    }
}

impl From<Operation> for String {
    fn from(operation: Operation) -> Self {
        operation.0
    }
}
