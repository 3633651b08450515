//! Archives, near and far: the local one on its real data, TAP services that behave badly, and the list of them all.

mod cancel;
mod local;
mod refused;
mod support;
