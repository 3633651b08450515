//! A site said no: why, in our words and in its own, and what to do after it.

use std::time::Duration;

/// A site said no, or nothing.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason:?}{}", words.as_ref().map(|w| format!(": {w}")).unwrap_or_default())]
pub struct Fault {
    /// Our reason.
    pub reason: Reason,
    /// The site's own words, at most 500 characters of plain text.
    pub words: Option<String>,
    /// The site's number of the request.
    pub request: Option<String>,
}

impl Fault {
    /// A fault without words.
    pub fn of(reason: Reason) -> Self {
        Self { reason, words: None, request: None }
    }

    /// The same with the site's words.
    #[must_use]
    pub fn with_words(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into().chars().take(500).collect());
        self
    }
}

/// Why a site said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A quota is used up.
    Quota {
        /// "cores", "floatingip".
        resource: String,
        /// Asked for now.
        requested: Option<u64>,
        /// In use.
        used: Option<u64>,
        /// The limit.
        limit: Option<u64>,
    },
    /// The site's rules do not let this user do it.
    NotAllowed,
    /// The image is not there, or not for this user.
    NoImage,
    /// The size is not there.
    NoFlavor,
    /// The image needs more memory or disk than the size has.
    TooSmall,
    /// The site does not take this access key.
    BadKey,
    /// A name that is taken by something that is not ours.
    NameTaken,
    /// The site did not take the user data.
    BadUserData,
    /// Several networks, and none was chosen; or the chosen one is not there.
    NoNetwork,
    /// No public address is left, or none can be had in this network.
    NoAddress,
    /// No token, or it is over.
    SignInNeeded,
    /// The user is not a member of a group that may use the site.
    NotAMember,
    /// The site's sign-in is not set up as configured.
    SignInSetup,
    /// Too many calls; again after this.
    Busy(Duration),
    /// It cannot be done in the machine's present state, or it is locked.
    WrongState,
    /// No host has room for it.
    NoHost,
    /// The site tried to make it and gave up.
    BuildFailed,
    /// It belongs to somebody else at the site.
    NotYours,
    /// The site could not be reached; nothing was done.
    Unreachable,
    /// The call was cut, timed out, or ended with a fault of the site's: it may have been done.
    OutcomeUnknown,
    /// Something that the site needs is missing or broken, for its operator.
    Broken,
}

/// What to do after a [`Reason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same again gives the same no.
    No,
    /// Again, not before this.
    After(Duration),
    /// Again when there is a token.
    SignIn,
}

impl Reason {
    /// What to do after it. Since every call looks first, one whose outcome is unknown may simply be made again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Busy(wait) => Retry::After(*wait),
            Self::Unreachable | Self::OutcomeUnknown => Retry::After(Duration::ZERO),
            Self::WrongState => Retry::After(Duration::from_secs(2)),
            Self::SignInNeeded => Retry::SignIn,
            _ => Retry::No,
        }
    }
}
