//! Software: the catalogue of containers that sessions run, from files of the operator and from users.

pub mod catalogue;
pub mod entry;
mod index;
mod markdown;
pub mod service;
mod store;
