#![doc = include_str!("../README.md")]

mod comment;
mod error;
mod foreign;
mod key;
mod kind;
#[cfg(feature = "make")]
mod make;
#[cfg(feature = "points")]
mod points;
mod private;
mod read;

pub use comment::clean as clean_comment;
pub use error::ReadError;
pub use foreign::Foreign;
pub use key::AccessKey;
pub use kind::Kind;
#[cfg(feature = "make")]
pub use make::{MadeKey, MakeError, make_ed25519};
pub use private::looks_private;
pub use read::{LARGEST_BYTES, LARGEST_RSA_BITS, SMALLEST_RSA_BITS, names_a_type};
