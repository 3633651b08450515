//! One module for each noun of the product: its wire types, server functions, port and pages.

pub mod account;
pub mod archives;
pub mod basket;
pub mod bookings;
pub mod home;
pub mod keys;
pub mod plan;
pub mod queries;
pub mod servers;
pub mod sessions;
pub mod software;
