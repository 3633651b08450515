//! Which tables and columns a name may mean.

use crate::ast::Name;
use crate::catalogue::Kind;
use crate::error::{Error, ErrorKind, Span};
use crate::nearest::nearest;
use crate::translate::OutputColumn;
use crate::words::quote_identifier;

/// A column that can be named.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The column as a query's answer would describe it.
    pub(super) column: OutputColumn,
    /// The SQL that reads it.
    pub(super) sql: String,
    /// What its table is called in the query, for suggestions.
    pub(super) table: String,
}

/// A table in FROM.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its alias, or schema and name: what may stand before a column.
    pub(super) names: Vec<String>,
    /// Its columns in order.
    pub(super) fields: Vec<Field>,
}

impl Source {
    /// What the query calls it.
    pub(super) fn label(&self) -> String {
        self.names.join(".")
    }

    /// Whether the qualifier names it: its last parts, in order.
    fn is_called(&self, qualifier: &[Name]) -> bool {
        // A schema may itself have a dot in it (catalog.schema).
        let wanted: Vec<&str> =
            self.names.iter().flat_map(|name| split_if(name, qualifier.len() > 2)).collect();
        let Some(skip) = wanted.len().checked_sub(qualifier.len()) else { return false };
        wanted.iter().skip(skip).zip(qualifier).all(|(name, part)| part.matches(name))
    }
}

fn split_if(name: &str, split: bool) -> Vec<&str> {
    if split { name.split('.').collect() } else { vec![name] }
}

/// The tables and columns of one FROM, inside those of the queries around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope<'p> {
    pub(super) outer: Option<&'p Scope<'p>>,
    pub(super) sources: Vec<Source>,
    /// What `*` gives and plain names may mean; a column of USING is here once.
    pub(super) visible: Vec<Field>,
}

impl Scope<'_> {
    /// The column that a name means, and whether it belongs to a query around this one.
    pub(super) fn column(
        &self,
        qualifier: &[Name],
        name: &Name,
        span: Span,
    ) -> Result<(&Field, bool), Error> {
        let mut scope = Some(self);
        let mut outer = false;
        let mut known = qualifier.is_empty();
        while let Some(here) = scope {
            let found = if qualifier.is_empty() {
                pick(here.visible.iter(), name, span)?
            } else {
                let sources: Vec<&Source> =
                    here.sources.iter().filter(|source| source.is_called(qualifier)).collect();
                known |= !sources.is_empty();
                let found = pick(sources.iter().flat_map(|source| &source.fields), name, span)?;
                if found.is_none() && !sources.is_empty() {
                    return Err(unknown_column(name, sources.iter().flat_map(|source| &source.fields)));
                }
                found
            };
            if let Some(field) = found {
                return Ok((field, outer));
            }
            scope = here.outer;
            outer = true;
        }
        if known {
            Err(unknown_column(name, self.visible.iter()))
        } else {
            Err(self.unknown_qualifier(qualifier))
        }
    }

    /// The columns of `qualifier.*`.
    pub(super) fn fields_of(&self, qualifier: &[Name]) -> Result<&[Field], Error> {
        let mut found = self.sources.iter().filter(|source| source.is_called(qualifier));
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(&only.fields),
            (Some(first), Some(second)) => {
                let candidates = vec![first.label(), second.label()];
                Err(Error::new(
                    span_of(qualifier),
                    ErrorKind::AmbiguousTable { name: written(qualifier), candidates },
                ))
            }
            (None, _) => Err(self.unknown_qualifier(qualifier)),
        }
    }

    fn unknown_qualifier(&self, qualifier: &[Name]) -> Error {
        let labels: Vec<String> = self.sources.iter().map(Source::label).collect();
        let name = written(qualifier);
        let mut nearest = nearest(&name, labels.iter().map(String::as_str));
        if nearest.is_empty() && labels.len() <= 3 {
            nearest = labels;
        }
        Error::new(span_of(qualifier), ErrorKind::UnknownQualifier { name, nearest })
    }
}

/// The one field of this name; if several differ only by case, the one spelt alike.
fn pick<'f>(
    fields: impl Iterator<Item = &'f Field>,
    name: &Name,
    span: Span,
) -> Result<Option<&'f Field>, Error> {
    let found: Vec<&Field> = fields.filter(|field| name.matches(&field.column.name)).collect();
    let exact: Vec<&&Field> = found.iter().filter(|field| field.column.name == name.text).collect();
    match (found.as_slice(), exact.as_slice()) {
        ([], _) => Ok(None),
        ([only], _) => Ok(Some(only)),
        (_, [only]) => Ok(Some(only)),
        (several, _) => {
            let quoted = |field: &&Field| format!("{}.{}", field.table, quote_identifier(&field.column.name));
            let candidates = several.iter().map(quoted).collect();
            Err(Error::new(span, ErrorKind::AmbiguousColumn { name: name.text.clone(), candidates }))
        }
    }
}

fn unknown_column<'f>(name: &Name, fields: impl Iterator<Item = &'f Field>) -> Error {
    let names: Vec<&str> = fields.map(|field| field.column.name.as_str()).collect();
    let mut nearest: Vec<String> =
        nearest(&name.text, names).iter().map(|name| quote_identifier(name).into_owned()).collect();
    nearest.dedup();
    let name_written =
        if name.delimited { crate::words::quote_always(&name.text) } else { name.text.clone() };
    Error::new(name.span, ErrorKind::UnknownColumn { name: name_written, nearest })
}

/// The parts joined by dots, as a person would write them.
pub(super) fn written(parts: &[Name]) -> String {
    let part = |name: &Name| {
        if name.delimited { crate::words::quote_always(&name.text) } else { name.text.clone() }
    };
    parts.iter().map(part).collect::<Vec<String>>().join(".")
}

/// From the first part to the last.
pub(super) fn span_of(parts: &[Name]) -> Span {
    match parts {
        [first, .., last] => first.span.to(last.span),
        [only] => only.span,
        [] => Span::default(),
    }
}

/// A value's kind in words.
pub(super) fn describe(kind: Option<Kind>) -> String {
    kind.map_or("NULL", Kind::describe).to_owned()
}
