//! The crate from outside, in one binary: linking once is quicker than six times.

mod documents;
mod faults;
mod fixtures;
mod hostile;
mod mutations;
mod reading;
mod round_trip;
