//! The documents of VOSI 1.1 (availability, capabilities, tables) as services write them: namespaces and
//! versions vary, so elements are told by their local names alone.

pub(crate) mod availability;
pub(crate) mod capabilities;
pub(crate) mod tables;
pub(crate) mod xml;

#[cfg(test)]
mod tests;
