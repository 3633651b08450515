#![doc = include_str!("../README.md")]

mod batch;
mod column;
mod error;
mod field;
mod limits;
pub mod meta;
mod model;
mod reader;
mod scalar;
mod source;
mod stream;
mod tabledata;
mod writer;

pub use error::{Error, ErrorKind, WriteError};
pub use field::{Datatype, Field, Shape};
pub use limits::Limits;
pub use model::{Event, Info, Param, Resource, Table};
pub use reader::Reader;
pub use writer::{Serialization, Writer};
