//! The outside: router, layers, and the endpoints that are not pages.

pub mod assets;
pub mod caller;
pub mod client_address;
pub mod cookies;
mod door;
pub mod download;
pub mod error_page;
pub mod framed;
pub mod health;
pub mod layers;
pub mod pages;
pub mod router;
