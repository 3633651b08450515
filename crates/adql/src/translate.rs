//! From a parsed query to SQL that DataFusion runs.
//!
//! The SQL is built from the tree alone, never from the query's text, and every name and literal in it is
//! quoted here: a query cannot smuggle anything through. All names are written in the catalogue's own
//! spelling, since DataFusion folds plain ones to lower case, and every table gets an alias of its own, so
//! that no name in the SQL can mean two things.

mod condition;
mod constant;
mod depth;
mod expression;
mod from;
mod function;
mod geometry;
mod scope;
mod select;

use std::collections::HashMap;

pub use depth::MAX_SQL_DEPTH;

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
    depth::check(&query.select)?;
    let mut translator = Translator { catalogue, aliases: Names::default(), tables: Vec::new() };
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
    /// The table aliases given so far in the whole query.
    aliases: Names,
    /// The qualified names of the tables read so far.
    tables: Vec<String>,
}

/// Names given so far, without regard to case, each with the next number to try.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    /// `wanted`, or it with the first number that makes it new.
    fn give(&mut self, wanted: &str) -> String {
        let lower = wanted.to_lowercase();
        let Some(mut next) = self.0.get(&lower).copied() else {
            self.0.insert(lower, 2);
            return wanted.to_owned();
        };
        while self.0.contains_key(&format!("{lower}_{next}")) {
            next += 1;
        }
        self.0.insert(format!("{lower}_{next}"), 2);
        self.0.insert(lower, next + 1);
        format!("{wanted}_{next}")
    }
}
