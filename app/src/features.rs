//! One module for each noun of the product: its wire types, server functions, port and pages.

pub mod account;
pub mod archives;
pub mod basket;
pub mod home;
pub mod keys;
pub mod queries;
pub mod servers;
pub mod software;
