//! Nova: sizes, keys, servers.

pub(crate) mod flavors;
pub(crate) mod keys;
pub(crate) mod limits;
pub(crate) mod servers;
pub(crate) mod version;
