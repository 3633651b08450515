//! FROM: tables, derived tables and joins.

use super::expression::{Aggregates, Context};
use super::scope::{Field, Scope, Source, span_of, written};
use super::{OutputColumn, Translator};
use crate::ast::{Join, JoinCondition, JoinKind, Name, TableReference};
use crate::catalogue::Table;
use crate::error::{Error, ErrorKind, Span};
use crate::nearest::nearest;
use crate::words::{quote_always, quote_identifier};

/// A part of FROM with what it brings into scope.
struct Relation {
    sql: String,
    sources: Vec<Source>,
    visible: Vec<Field>,
}

impl<'c> Translator<'c> {
    /// The SQL of FROM and the scope it makes.
    pub(super) fn from<'p>(
        &mut self,
        tables: &[TableReference],
        outer: Option<&'p Scope<'p>>,
    ) -> Result<(String, Scope<'p>), Error> {
        let mut scope = Scope { outer, ..Scope::default() };
        let mut parts = Vec::new();
        for table in tables {
            let relation = self.relation(table, outer)?;
            check_names(&scope.sources, &relation.sources, span(table))?;
            parts.push(relation.sql);
            scope.sources.extend(relation.sources);
            scope.visible.extend(relation.visible);
        }
        Ok((parts.join(", "), scope))
    }

    fn relation(&mut self, table: &TableReference, outer: Option<&Scope<'_>>) -> Result<Relation, Error> {
        match table {
            TableReference::Table { name, alias } => self.table(name, alias.as_ref()),
            TableReference::Derived { select, alias } => {
                let selected = self.select(select, None, None)?;
                let sql_alias = quote_always(&self.aliases.give(&alias.text));
                let sql = format!("({}) AS {sql_alias}", selected.sql);
                Ok(relation(sql, &sql_alias, vec![alias.text.clone()], selected.columns))
            }
            TableReference::Join(join) => self.join(join, outer),
        }
    }

    fn table(&mut self, name: &[Name], alias: Option<&Name>) -> Result<Relation, Error> {
        let table = self.find_table(name)?;
        let qualified = table.qualified_name();
        if !self.tables.contains(&qualified) {
            self.tables.push(qualified.clone());
        }
        let label = alias.map_or(table.name.as_str(), |alias| alias.text.as_str());
        let sql_alias = quote_always(&self.aliases.give(label));
        let schema = table.schema.as_ref().map(|schema| quote_always(schema) + ".").unwrap_or_default();
        let sql = format!("{schema}{} AS {sql_alias}", quote_always(&table.name));
        let names = match alias {
            Some(alias) => vec![alias.text.clone()],
            None => table.schema.iter().chain([&table.name]).cloned().collect(),
        };
        let columns = table.columns.iter().map(|column| OutputColumn {
            name: column.name.clone(),
            kind: Some(column.kind),
            source: Some((qualified.clone(), column.name.clone())),
            unit: column.unit.clone(),
            ucd: column.ucd.clone(),
            description: column.description.clone(),
        });
        Ok(relation(sql, &sql_alias, names, columns.collect()))
    }

    fn find_table(&self, name: &[Name]) -> Result<&'c Table, Error> {
        let span = span_of(name);
        let Some((last, schema)) = name.split_last() else {
            return Err(Error::new(
                span,
                ErrorKind::UnknownTable { name: String::new(), nearest: Vec::new() },
            ));
        };
        let in_schema = |table: &&Table| match (schema, &table.schema) {
            ([], _) => true,
            ([only], Some(own)) => only.matches(own),
            (several, Some(own)) => {
                let parts: Vec<&str> = own.split('.').collect();
                parts.len() == several.len() && several.iter().zip(parts).all(|(part, own)| part.matches(own))
            }
            (_, None) => false,
        };
        let found: Vec<&Table> = self
            .catalogue
            .named(&last.text)
            .filter(|table| last.matches(&table.name))
            .filter(in_schema)
            .collect();
        let exact: Vec<&&Table> = found.iter().filter(|table| table.name == last.text).collect();
        match (found.as_slice(), exact.as_slice()) {
            ([only], _) => Ok(only),
            ([], _) => Err(self.unknown_table(name, span)),
            (_, [only]) if !schema.is_empty() => Ok(only),
            (several, _) => {
                let candidates = several.iter().map(|table| table.qualified_name()).collect();
                Err(Error::new(span, ErrorKind::AmbiguousTable { name: written(name), candidates }))
            }
        }
    }

    fn unknown_table(&self, name: &[Name], span: Span) -> Error {
        if let [schema, _] = name
            && schema.text.eq_ignore_ascii_case("TAP_UPLOAD")
        {
            return Error::unsupported(span, "An uploaded table", "Query the tables of this archive.");
        }
        let text = written(name);
        let plain = name.iter().map(|part| part.text.as_str()).collect::<Vec<&str>>().join(".");
        let mut offered: Vec<String> = Vec::new();
        if let Some(last) = name.last() {
            let names: Vec<&str> = self.catalogue.tables().iter().map(|table| table.name.as_str()).collect();
            for similar in nearest(&last.text, names) {
                offered.extend(self.catalogue.named(&similar).map(Table::qualified_name));
            }
        }
        if offered.is_empty() {
            let qualified: Vec<String> = self.catalogue.tables().iter().map(Table::qualified_name).collect();
            offered = nearest(&plain, qualified.iter().map(String::as_str));
        }
        offered.truncate(3);
        Error::new(span, ErrorKind::UnknownTable { name: text, nearest: offered })
    }

    fn join(&mut self, join: &Join, outer: Option<&Scope<'_>>) -> Result<Relation, Error> {
        let left = self.relation(&join.left, outer)?;
        let right = self.relation(&join.right, outer)?;
        check_names(&left.sources, &right.sources, span(&join.right))?;
        let words = match join.kind {
            JoinKind::Inner => "INNER JOIN",
            JoinKind::Left => "LEFT JOIN",
            JoinKind::Right => "RIGHT JOIN",
            JoinKind::Full => "FULL JOIN",
        };
        let right_sql = match join.right {
            TableReference::Join(_) => format!("({})", right.sql),
            _ => right.sql.clone(),
        };
        let tables = format!("{} {words} {right_sql} ON ", left.sql);
        let mut sources = left.sources;
        sources.extend(right.sources);
        let shared = match &join.on {
            JoinCondition::On(condition) => {
                let visible = left.visible.into_iter().chain(right.visible).collect();
                let scope = Scope { outer, sources, visible };
                let context = Context::new(&scope, Aggregates::Forbidden("ON"));
                let on = self.condition(condition, &context)?;
                return Ok(Relation { sql: tables + &on, sources: scope.sources, visible: scope.visible });
            }
            JoinCondition::Using(names) => names.clone(),
            JoinCondition::Natural => natural(&left.visible, &right.visible, join.span),
        };
        let (mut visible, mut on) = (Vec::new(), Vec::new());
        let (mut lefts, mut rights) = (left.visible, right.visible);
        for name in &shared {
            let l = take(&mut lefts, name)?;
            let r = take(&mut rights, name)?;
            self.check_comparable(name.span, l.column.kind, r.column.kind)?;
            on.push(format!("{} = {}", l.sql, r.sql));
            visible.push(match join.kind {
                JoinKind::Inner | JoinKind::Left => l,
                JoinKind::Right => Field { column: OutputColumn { name: l.column.name, ..r.column }, ..r },
                JoinKind::Full => {
                    let column = OutputColumn { source: None, ..l.column };
                    Field { sql: first_of(&l.sql, &r.sql), column, table: l.table }
                }
            });
        }
        visible.extend(lefts);
        visible.extend(rights);
        let on = if on.is_empty() { "TRUE".to_owned() } else { on.join(" AND ") };
        Ok(Relation { sql: tables + &on, sources, visible })
    }
}

fn relation(sql: String, sql_alias: &str, names: Vec<String>, columns: Vec<OutputColumn>) -> Relation {
    let table =
        names.iter().map(|name| quote_identifier(name).into_owned()).collect::<Vec<String>>().join(".");
    let field = |column: OutputColumn| Field {
        sql: format!("{sql_alias}.{}", quote_always(&column.name)),
        table: table.clone(),
        column,
    };
    let fields: Vec<Field> = columns.into_iter().map(field).collect();
    Relation { sql, sources: vec![Source { names, fields: fields.clone() }], visible: fields }
}

/// The first that is not NULL. Flat, since DataFusion doubles the arguments of each COALESCE.
fn first_of(left: &str, right: &str) -> String {
    let inside = left.strip_prefix("coalesce(").and_then(|rest| rest.strip_suffix(')'));
    format!("coalesce({}, {right})", inside.unwrap_or(left))
}

/// The names of all columns that both sides have.
fn natural(left: &[Field], right: &[Field], span: Span) -> Vec<Name> {
    let both =
        |field: &&Field| right.iter().any(|other| other.column.name.eq_ignore_ascii_case(&field.column.name));
    let name = |field: &Field| Name { text: field.column.name.clone(), delimited: false, span };
    left.iter().filter(both).map(name).collect()
}

/// Takes the one column of this name out of one side of a join.
fn take(fields: &mut Vec<Field>, name: &Name) -> Result<Field, Error> {
    let scope = Scope { outer: None, sources: Vec::new(), visible: std::mem::take(fields) };
    let sql = scope.column(&[], name, name.span)?.0.sql.clone();
    *fields = scope.visible;
    let place = fields.iter().position(|field| field.sql == sql).unwrap_or_default();
    Ok(fields.remove(place))
}

fn check_names(before: &[Source], more: &[Source], span: Span) -> Result<(), Error> {
    for source in more {
        let same = |other: &&Source| {
            other.names.len() == source.names.len()
                && other.names.iter().zip(&source.names).all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        if before.iter().any(|other| same(&other)) {
            return Err(Error::new(span, ErrorKind::DuplicateTable { name: source.label() }));
        }
    }
    Ok(())
}

fn span(table: &TableReference) -> Span {
    match table {
        TableReference::Table { name, alias } => {
            alias.as_ref().map_or_else(|| span_of(name), |alias| alias.span)
        }
        TableReference::Derived { alias, .. } => alias.span,
        TableReference::Join(join) => span(&join.left).to(span(&join.right)),
    }
}
