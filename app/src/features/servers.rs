//! Servers: virtual machines with an address, an access user and the owner's access key in them.

pub mod api;
pub mod choices;
pub mod connect_card;
pub mod failure_card;
pub mod model;
pub mod more_options;
pub mod new_server_page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod sentences;
pub mod server_actions;
pub mod server_facts;
pub mod server_item;
pub mod server_page;
pub mod servers_page;
pub mod steps_card;
pub mod stream;
pub mod token_form;
pub mod usage_bars;
pub mod wish;
pub mod wish_form;
