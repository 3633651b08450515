#![doc = include_str!("../README.md")]

pub mod ast;
mod catalogue;
mod error;
mod functions;
mod lexer;
mod nearest;
mod parser;
mod sky;
mod translate;
mod words;

pub use ast::Query;
pub use catalogue::{Catalogue, Column, Kind, Table};
pub use error::{Error, ErrorKind, Span};
pub use parser::{MAX_CHAIN, MAX_DEPTH, MAX_TEXT_BYTES, parse};
pub use sky::sky_distance;
pub use translate::{Options, OutputColumn, Translated, translate};
pub use words::{RESERVED_WORDS, is_reserved, quote_identifier};

/// How deep the translated SQL may nest: the least `sql_parser.recursion_limit` that the engine needs. A
/// level of ADQL becomes at most four of SQL, some functions being guarded.
pub const SQL_RECURSION_LIMIT: usize = 4 * MAX_DEPTH + 32;
