//! Why a request was not carried, or its answer ended early.

use std::io;
use std::time::Duration;

use http::StatusCode;

use crate::Address;

/// What kept a request from its answer. `Display` is for a log, [`sentence`](Self::sentence) for the person who waits,
/// [`status`](Self::status) for their browser.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The request is of a kind that is not carried to anybody.
    #[error("the request cannot be carried")]
    BadRequest(#[source] Flaw),
    /// Nothing listens at the upstream's address: it has not started yet, or is over.
    #[error("nothing listens at {address}")]
    NotListening {
        /// Where.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// The system would not connect, for example for want of permission or of free sockets.
    #[error("no connection to {address}")]
    Refused {
        /// Where.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// A limit has passed.
    #[error("{phase} took longer than {limit:?}")]
    TimedOut {
        /// What was waited for.
        phase: Phase,
        /// How long.
        limit: Duration,
    },
    /// The upstream closed the connection instead of answering.
    #[error("the upstream closed the connection before it had answered")]
    ClosedBeforeAnswering(#[source] Option<hyper::Error>),
    /// The upstream's answer is not HTTP, or such as no two readers would read alike.
    #[error("the upstream's answer is malformed")]
    Malformed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The head of the upstream's answer has more bytes or fields than the limits allow.
    #[error("the head of the upstream's answer is larger than {bytes} bytes or {fields} fields")]
    HeaderTooLarge {
        /// [`Limits::header_bytes`](crate::Limits::header_bytes).
        bytes: usize,
        /// [`Limits::header_fields`](crate::Limits::header_fields).
        fields: usize,
    },
    /// The request's own body ended early: whoever asked went away, or a limit in front of the passage cut it.
    #[error("the request's body ended early")]
    Upload(#[source] hyper::Error),
    /// The answer's body ended early. Only a [`Body`](crate::Body) gives this.
    #[error("the answer's body ended early")]
    Cut(#[source] hyper::Error),
    /// The caller ended it, by [`Upstream::until`](crate::Upstream::until).
    #[error("the caller ended it")]
    Ended,
}

/// What has a limit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Connecting.
    Connect,
    /// Waiting for the head of the answer.
    FirstByte,
    /// Waiting for more of the answer.
    Body,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting to the upstream",
            Self::FirstByte => "the upstream's answer",
            Self::Body => "the next piece of the upstream's answer",
        })
    }
}

/// What is wrong with a message: of a request when in [`Fault::BadRequest`], of an answer in [`Fault::Malformed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// `CONNECT` and `TRACE` (RFC 9110 sections 9.3.6 and 9.3.8).
    #[error("this method is for proxies of another kind")]
    Method,
    /// RFC 9112 section 6.3, rule 3: an attempt at smuggling.
    #[error("it has both Content-Length and Transfer-Encoding")]
    TwoFramings,
    /// Several, or not a number (RFC 9112 section 6.3, rule 5).
    #[error("its Content-Length is not one number")]
    Length,
    /// Anything but `chunked` alone (RFC 9112 section 6.1); nobody was told that another is welcome.
    #[error("its Transfer-Encoding is something else than chunked")]
    Encoding,
    /// The body's own length is another than the head says.
    #[error("its body is not as long as its head says")]
    BodyLength,
    /// None, several, or another than the target's (RFC 9112 sections 3.2 and 3.2.2).
    #[error("it does not name exactly one host")]
    Host,
    /// A `101 Switching Protocols` that nobody asked for, or to another protocol.
    #[error("it switches to a protocol that was not asked for")]
    Upgrade,
}

impl Fault {
    /// The status with which a gateway says it (RFC 9110 sections 15.5 and 15.6).
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(Flaw::Method) => StatusCode::NOT_IMPLEMENTED,
            Self::BadRequest(_) | Self::Upload(_) => StatusCode::BAD_REQUEST,
            Self::NotListening { .. } | Self::Refused { .. } | Self::Ended => StatusCode::SERVICE_UNAVAILABLE,
            Self::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::ClosedBeforeAnswering(_)
            | Self::Malformed(_)
            | Self::HeaderTooLarge { .. }
            | Self::Cut(_) => StatusCode::BAD_GATEWAY,
        }
    }

    /// What happened and what to do now, to be shown: no addresses, nothing from the upstream.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "The request is not valid HTTP and was not passed on. Reload the page.",
            Self::NotListening { .. } => {
                "The program does not answer yet, or has ended. Try again in a moment."
            }
            Self::Refused { .. } => "The program cannot be reached just now. Try again in a moment.",
            Self::TimedOut { .. } => {
                "The program took too long to answer. It may be busy; try again in a moment."
            }
            Self::ClosedBeforeAnswering(_) => {
                "The program ended the connection without an answer. Try again; it may be restarting."
            }
            Self::Malformed(_) => {
                "The program gave an answer that is not valid HTTP. It may speak another protocol on this port."
            }
            Self::HeaderTooLarge { .. } => {
                "The program's answer has a head that is too large. Removing this site's cookies may help."
            }
            Self::Upload(_) => "What was being sent ended early. Send it again.",
            Self::Cut(_) => "The program ended in the middle of its answer. Try again.",
            Self::Ended => "This was ended while it went on.",
        }
    }
}
