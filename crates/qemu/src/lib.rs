#![doc = include_str!("../README.md")]

mod accelerator;
mod address;
mod banner;
mod command;
mod console;
mod events;
mod fault;
mod folder;
mod host;
mod host_key;
mod id;
mod image;
mod lock;
mod logs;
mod look;
mod making;
mod qmp;
mod record;
mod running;
mod seed;
mod settings;
mod spec;
mod tool;

pub use accelerator::{Accelerator, Kind};
pub use banner::{NoBanner, probe_ssh};
pub use fault::{Fault, OpenError};
pub use host::{Host, PoweredDown, Usage};
pub use image::Image;
pub use look::{OffReason, Power, Ready, Seen};
pub use settings::{Accelerate, Addresses, ExtraImage, Fill, PROXY, Settings, Sources};
pub use spec::{Made, Spec};
