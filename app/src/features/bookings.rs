//! Resources that are held for a user over a time.

#[cfg(feature = "ssr")]
pub mod port;

pub mod api;
pub mod booking_actions;
pub mod booking_item;
pub mod booking_page;
pub mod bookings_page;
pub mod calendar;
pub mod feed_card;
pub mod model;
pub mod sentences;
