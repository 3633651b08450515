//! What the passage does to the head of a request and of an answer: all of it, and without any I/O.

mod answer;
mod framing;
mod hop;
mod request;

pub use answer::rewrite_answer;
pub(crate) use framing::Framing;
pub(crate) use hop::strip_trailers;
pub use request::{Asked, rewrite_request};
