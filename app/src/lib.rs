//! Skyport's pages, components, server functions and wire types.
//!
//! The crate builds twice: natively (`ssr`) for the server, which renders every page, and for wasm32 (`hydrate`),
//! which makes the same pages interactive. It knows nothing of databases, HTTP clients or sign-in: what a page needs
//! it asks of a port (`features/<noun>/port.rs`), which the server implements.
#![recursion_limit = "512"]
#![expect(clippy::needless_pass_by_value, reason = "the macro hands components their properties by value")]
#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::large_types_passed_by_value,
        reason = "the macro hands components their properties by value"
    )
)]

// Documentation is made without the flag.
#[cfg(not(any(erase_components, doc, doctest)))]
compile_error!(
    "build inside the clone and without RUSTFLAGS of your own: .cargo/config.toml sets a flag that both halves of the page must share"
);

pub mod error;
pub mod features;
pub mod frame;
pub mod selection;
pub mod text;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod asking;

pub use frame::app::{App, fetch_page};
#[cfg(feature = "ssr")]
pub use frame::shell::shell;
