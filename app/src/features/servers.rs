//! Servers: virtual machines with an address, an access user and the owner's access key in them.

pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
