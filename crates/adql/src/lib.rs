#![doc = include_str!("../README.md")]

pub mod ast;
mod catalogue;
mod complete;
mod error;
mod functions;
mod lexer;
mod nearest;
mod parser;
mod sky;
mod tokens;
mod translate;
mod words;

pub use ast::Query;
pub use catalogue::{Catalogue, Column, Kind, Table};
pub use complete::{Completion, CompletionKind, complete};
pub use error::{Error, ErrorKind, Span};
pub use parser::{MAX_DEPTH, MAX_TEXT_BYTES, parse};
pub use sky::sky_distance;
pub use tokens::{Token, TokenKind, tokens};
pub use translate::{MAX_SQL_DEPTH, Options, OutputColumn, Translated, translate};
pub use words::{RESERVED_WORDS, is_reserved, quote_identifier};

/// The least `sql_parser.recursion_limit` that the engine needs for what [`translate`] writes.
pub const SQL_RECURSION_LIMIT: usize = 2 * MAX_SQL_DEPTH;

/// The stack that a thread needs to plan whatever [`translate`] writes, in bytes. An unoptimised DataFusion takes
/// up to 100 kB for each function inside another, which is more than Rust's default of 2 MiB allows.
pub const PLANNER_STACK_BYTES: usize = 4 << 20;
