//! Software: containers that a session can run, from the catalogue and from users.

pub mod address;
pub mod api;
pub mod card;
pub mod container;
pub mod container_form;
pub mod entry_page;
pub mod facets;
pub mod facts;
pub mod model;
pub mod new_page;
pub mod owner_actions;
#[cfg(feature = "ssr")]
pub mod port;
pub mod sentences;
pub mod software_page;
pub mod versions;
pub mod where_card;
