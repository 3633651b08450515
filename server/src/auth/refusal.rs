//! Why a sign-in was refused: a closed set of problems for the page, and a reason for the log.

use crate::fault::chain;

/// What the sign-in page is told. Its sentences are in the app, one for each code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The provider does not answer, or says that it is out of order.
    Unreachable,
    /// The person cancelled there, or may not use it.
    Cancelled,
    /// The state is missing, unknown, expired, or belongs to another browser.
    State,
    /// The code was used before, or is no longer good.
    Replayed,
    /// The id token answers another request.
    Nonce,
    /// The id token's time is over.
    Expired,
    /// The answer comes from another issuer.
    Issuer,
    /// The id token is for another client.
    Audience,
    /// The id token's signature is wrong, or of no known key.
    Signature,
    /// The id token is not signed at all.
    AlgNone,
    /// The id token is from the future: the two clocks differ by more than two minutes.
    Skew,
    /// The token endpoint refused for any other reason.
    Token,
    /// The answer lacks what sign-in needs, or cannot be read.
    Claims,
    /// The operator has to correct the configuration, here or at the provider.
    Config,
    /// Too many attempts from this address.
    Rate,
}

impl Problem {
    /// The word in the sign-in page's address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Cancelled => "cancelled",
            Self::State => "state",
            Self::Replayed => "replayed",
            Self::Nonce => "nonce",
            Self::Expired => "expired",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Signature => "signature",
            Self::AlgNone => "alg_none",
            Self::Skew => "skew",
            Self::Token => "token",
            Self::Claims => "claims",
            Self::Config => "config",
            Self::Rate => "rate",
        }
    }
}

/// A refused sign-in. The reason is for the log and for `skyport check`; it never holds a code, token or secret.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// For the page.
    pub problem: Problem,
    /// For the log.
    pub reason: String,
}

impl Refusal {
    /// A refusal with a reason of ours.
    pub fn new(problem: Problem, reason: impl Into<String>) -> Self {
        Self { problem, reason: reason.into() }
    }

    /// A refusal that an error caused; the reason is its whole chain, cut where a provider talks too much.
    pub fn of(problem: Problem, error: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(problem, chain(error).chars().take(500).collect::<String>())
    }
}
