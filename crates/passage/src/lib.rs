#![doc = include_str!("../README.md")]

mod body;
mod cookies;
mod fault;
mod idle;
mod limits;
mod passage;
mod pool;
mod rewrite;
mod stream;
mod tunnel;
mod upload;
mod upstream;
mod wire;

pub use body::Body;
pub use cookies::Cookies;
pub use fault::{Fault, Flaw, Phase};
pub use limits::Limits;
pub use passage::Passage;
pub use rewrite::{Asked, rewrite_answer, rewrite_request};
pub use upstream::{Address, Client, Host, Upstream};
