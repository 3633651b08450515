//! How long and how much: one value for a whole [`Passage`](crate::Passage).

use std::time::Duration;

/// The limits of a passage. [`Limits::default`] is for upstreams on the same machine.
#[derive(Clone, Debug)]
pub struct Limits {
    /// To connect: 5 s.
    pub connect: Duration,
    /// From the request, or the last of its body that was taken, to the answer's head: 60 s; `None` for as long as it
    /// takes. Not for a request that accepts `text/event-stream`; [`Upstream::first_byte`](crate::Upstream::first_byte)
    /// is another limit for one upstream.
    pub first_byte: Option<Duration>,
    /// Between two pieces of an answer's body: 5 min. Not for `text/event-stream`.
    pub idle_body: Option<Duration>,
    /// Of silence in both directions of a WebSocket: none.
    pub idle_tunnel: Option<Duration>,
    /// Of silence after one side of a WebSocket has ended and the other has not: 1 min.
    pub half_closed: Duration,
    /// For the upstream's `100 Continue` before the body is sent without it (RFC 9110 section 10.1.1): 1 s.
    pub awaited_continue: Duration,
    /// A connection waits about this long for its next request: 30 s.
    pub pooled: Duration,
    /// So many connections wait for each upstream: 32.
    pub pooled_each: usize,
    /// The head of an answer, in bytes: 64 KiB.
    pub header_bytes: usize,
    /// The fields in it: 100.
    pub header_fields: usize,
    /// What is read from an upstream at once, at most, in bytes; no less than `header_bytes`: 512 KiB. A connection
    /// begins with 8 KiB and comes to this only while a long body comes faster than it is read.
    pub read_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Some(Duration::from_mins(1)),
            idle_body: Some(Duration::from_mins(5)),
            idle_tunnel: None,
            half_closed: Duration::from_mins(1),
            awaited_continue: Duration::from_secs(1),
            pooled: Duration::from_secs(30),
            pooled_each: 32,
            header_bytes: 64 << 10,
            header_fields: 100,
            read_bytes: 512 << 10,
        }
    }
}
