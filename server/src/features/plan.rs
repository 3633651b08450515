//! The rules of planning: every site is asked, and says when or why not.

mod answer;
mod load;
mod question;
mod sentences;
pub mod service;
mod sizes;
mod taking;
