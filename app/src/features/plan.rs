//! When and where software can run: a question, and what every site answers.

#[cfg(feature = "ssr")]
pub mod port;

pub mod address;
pub mod amount_field;
pub mod answers;
pub mod api;
pub mod load_line;
pub mod model;
pub mod plan_form;
pub mod plan_page;
pub mod sentences;
