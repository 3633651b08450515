//! From a parsed query to SQL that DataFusion runs.
//!
//! The SQL is built from the tree alone, never from the query's text, and every name and literal in it is
//! quoted here: a query cannot smuggle anything through. All names are written in the catalogue's own
//! spelling, since DataFusion folds plain ones to lower case, and every table gets an alias of its own, so
//! that no name in the SQL can mean two things.

mod condition;
mod constant;
mod expression;
mod from;
mod function;
mod geometry;
mod scope;
mod select;

use std::collections::HashSet;

use crate::ast::Query;
use crate::catalogue::{Catalogue, Kind};
use crate::error::Error;

/// How to translate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Most rows that the whole query may give; the smaller of this and TOP becomes the LIMIT. To notice an
    /// overflow, ask for one row more than you show.
    pub max_rows: Option<u64>,
}

/// A translated query.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// One SQL statement for DataFusion.
    pub sql: String,
    /// The qualified names of the tables it reads, each once, in the order met.
    pub tables: Vec<String>,
    /// Its columns in order.
    pub columns: Vec<OutputColumn>,
    /// The number after TOP in the outermost SELECT.
    pub top: Option<u64>,
}

/// A column of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name, unique in the answer without regard to case.
    pub name: String,
    /// What it holds; none for a bare NULL.
    pub kind: Option<Kind>,
    /// The qualified table and the column it is an unchanged copy of.
    pub source: Option<(String, String)>,
    /// The unit of that column.
    pub unit: Option<String>,
    /// The UCD of that column.
    pub ucd: Option<String>,
    /// The description of that column.
    pub description: Option<String>,
}

/// Checks a query against the catalogue and writes it as SQL for DataFusion.
///
/// The engine must know each table as `"schema"."name"` and offer [`crate::sky_distance`]; set its
/// `sql_parser.recursion_limit` to at least [`crate::SQL_RECURSION_LIMIT`].
///
/// # Errors
/// The first name, function, type or feature that does not fit, with its place in the query text.
pub fn translate(query: &Query, catalogue: &Catalogue, options: Options) -> Result<Translated, Error> {
    let mut translator = Translator { catalogue, aliases: HashSet::new(), tables: Vec::new() };
    let limit = options.max_rows;
    let selected = translator.select(&query.select, None, limit)?;
    Ok(Translated {
        sql: selected.sql,
        tables: translator.tables,
        columns: selected.columns,
        top: query.select.top,
    })
}

/// What is known while a query is translated.
struct Translator<'c> {
    catalogue: &'c Catalogue,
    /// The table aliases given so far in the whole query, in lower case.
    aliases: HashSet<String>,
    /// The qualified names of the tables read so far.
    tables: Vec<String>,
}

/// `wanted`, or it with the first number that makes it new; remembers it.
fn unique(taken: &mut HashSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut next = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{wanted}_{next}");
        next += 1;
    }
    name
}
