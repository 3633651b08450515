#![doc = include_str!("../README.md")]

mod abilities;
mod ask;
mod body;
mod end;
mod engine;
mod fault;
mod image;
mod logs;
mod look;
mod network;
mod refused;
mod start;
mod stats;
mod wish;

pub use abilities::{Abilities, CgroupVersion, Product};
pub use engine::{Engine, Reach};
pub use fault::Fault;
pub use image::{Image, Login, Progress};
pub use logs::{LogQuery, Said, Stream, hints_at_full_disk};
pub use look::{Ended, OutOfMemory, Seen, State};
pub use network::BRIDGE_PREFIX;
pub use stats::Stats;
pub use wish::{Access, Limits, Mount, Network, OPERATION_LABEL, Wish};
