//! Real machines: made, started, reached by ssh, ended in every way, found again.

mod debian;
mod faults;
mod half_made;
mod life;
mod many;
mod outlive;
mod place;
