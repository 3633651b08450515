//! Software: the catalogue of containers that sessions run, from files of the operator and from users.

pub mod catalogue;
pub mod entry;
mod index;
mod markdown;
mod own;
mod remote;
mod room;
pub mod service;
mod store;
