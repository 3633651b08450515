//! Software that runs inside a booking.

#[cfg(feature = "ssr")]
pub mod port;

pub mod api;
pub mod before_card;
pub mod end_card;
pub mod end_warning;
pub mod level_bar;
pub mod log_card;
pub mod model;
pub mod sentences;
pub mod session_actions;
pub mod session_facts;
pub mod session_item;
pub mod session_page;
pub mod sessions_page;
pub mod share_card;
