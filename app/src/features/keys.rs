//! Access keys: a user's SSH public keys, by which servers know them.

pub mod add_form;
pub mod api;
pub mod here;
pub mod key_item;
pub mod keys_page;
pub mod make_card;
pub mod model;
#[cfg(feature = "ssr")]
pub mod port;
pub mod sentences;
pub mod typed;
