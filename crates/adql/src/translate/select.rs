//! One SELECT: its list, its clauses and the columns it gives.

use super::depth::check_count;
use super::expression::{Aggregates, Context, Level, Value};
use super::function::{default_name, has_aggregate};
use super::scope::{Field, Scope};
use super::{Names, OutputColumn, Translator};
use crate::ast::{Expression, Node, Number, OrderTerm, Select, SelectItem};
use crate::error::{Error, ErrorKind, Span};
use crate::words::quote_always;

/// A translated SELECT.
pub(super) struct Selected {
    pub(super) sql: String,
    pub(super) columns: Vec<OutputColumn>,
}

/// An entry of the select list.
struct Item {
    sql: String,
    column: OutputColumn,
}

impl Translator<'_> {
    pub(super) fn select(
        &mut self,
        select: &Select,
        outer: Option<&Scope<'_>>,
        max_rows: Option<u64>,
    ) -> Result<Selected, Error> {
        let (from, scope) = self.from(&select.from, outer)?;
        let mut clauses = vec![format!("FROM {from}")];
        if let Some(condition) = &select.condition {
            let context = Context::new(&scope, Aggregates::Forbidden("WHERE"));
            clauses.push(format!("WHERE {}", self.condition(condition, &context)?));
        }
        let groups = self.groups(select, &scope)?;
        if !select.group_by.is_empty() {
            clauses.push(format!("GROUP BY {}", groups.as_deref().unwrap_or_default().join(", ")));
        }
        let context = Context { scope: &scope, groups: groups.as_deref(), aggregates: Aggregates::Allowed };
        let items = self.items(&select.items, &context)?;
        if let Some(having) = &select.having {
            clauses.push(format!("HAVING {}", self.condition(having, &context)?));
        }
        if !select.order_by.is_empty() {
            let mut terms = Vec::new();
            for term in &select.order_by {
                terms.push(self.order(term, select, &items, &context)?);
            }
            clauses.push(format!("ORDER BY {}", terms.join(", ")));
        }
        let limit = [select.top, max_rows].into_iter().flatten().min();
        clauses.extend(limit.map(|rows| format!("LIMIT {rows}")));
        clauses.extend(select.offset.map(|rows| format!("OFFSET {rows}")));
        let written: Vec<String> =
            items.iter().map(|item| format!("{} AS {}", item.sql, quote_always(&item.column.name))).collect();
        let distinct = if select.distinct { "DISTINCT " } else { "" };
        let sql = format!("SELECT {distinct}{} {}", written.join(", "), clauses.join(" "));
        Ok(Selected { sql, columns: items.into_iter().map(|item| item.column).collect() })
    }

    /// The SQL of the GROUP BY terms; none if the query is not grouped.
    fn groups(&mut self, select: &Select, scope: &Scope<'_>) -> Result<Option<Vec<String>>, Error> {
        let context = Context::new(scope, Aggregates::Forbidden("GROUP BY"));
        let mut groups = Vec::new();
        for term in &select.group_by {
            if let Node::Number(_) | Node::Text(_) | Node::Null = term.node {
                let hint = "Write the column or expression itself.";
                return Err(Error::unsupported(term.span, "GROUP BY a number or text", hint));
            }
            let value = match self.value(term, &context) {
                Err(error) => match alias_of(term, &select.items) {
                    Some(expression) => self.value(expression, &context)?,
                    None => return Err(error),
                },
                found => found?,
            };
            groups.push(value.sql);
        }
        let value = |item: &SelectItem| matches!(item, SelectItem::Value { expression, .. } if has_aggregate(expression));
        let grouped = !select.group_by.is_empty()
            || select.having.is_some()
            || select.items.iter().any(value)
            || select.order_by.iter().any(|term| has_aggregate(&term.expression));
        Ok(grouped.then_some(groups))
    }

    fn items(&mut self, items: &[SelectItem], context: &Context<'_>) -> Result<Vec<Item>, Error> {
        let mut names = Names::default();
        let mut all = Vec::new();
        for item in items {
            check_count("columns", all.len(), item_span(item))?;
            match item {
                SelectItem::Value { expression, alias } => {
                    let value = self.value(expression, context)?;
                    let name = match (alias, &value.column) {
                        (Some(alias), _) => alias.text.clone(),
                        (None, Some(column)) => column.name.clone(),
                        (None, None) => default_name(expression, all.len() + 1),
                    };
                    all.push(output(value, names.give(&name)));
                }
                SelectItem::All(_) => {
                    Self::expand(&context.scope.visible, item_span(item), context, &mut names, &mut all)?;
                }
                SelectItem::AllOf(qualifier) => {
                    Self::expand(
                        context.scope.fields_of(qualifier)?,
                        item_span(item),
                        context,
                        &mut names,
                        &mut all,
                    )?;
                }
            }
        }
        Ok(all)
    }

    fn expand(
        fields: &[Field],
        span: Span,
        context: &Context<'_>,
        names: &mut Names,
        all: &mut Vec<Item>,
    ) -> Result<(), Error> {
        for field in fields {
            let name = &field.column.name;
            if context.groups.is_some_and(|groups| !groups.contains(&field.sql)) {
                return Err(Error::new(span, ErrorKind::NotGrouped { name: name.clone() }));
            }
            let column = OutputColumn { name: names.give(name), ..field.column.clone() };
            all.push(Item { sql: field.sql.clone(), column });
        }
        Ok(())
    }

    /// One term of ORDER BY; what the query selects is named by its position, which nothing can shadow. NULLs
    /// come last both ways.
    fn order(
        &mut self,
        term: &OrderTerm,
        select: &Select,
        items: &[Item],
        context: &Context<'_>,
    ) -> Result<String, Error> {
        let direction = if term.descending { "DESC" } else { "ASC" };
        let place = match &term.expression.node {
            Node::Number(number) => Some(position(*number, &term.expression, items.len())?),
            _ => self.selected_place(&term.expression, select, items, context),
        };
        if let Some(place) = place {
            return Ok(format!("{place} {direction} NULLS LAST"));
        }
        let value = self.value(&term.expression, context)?;
        if select.distinct {
            return Err(Error::new(term.expression.span, ErrorKind::NotSelected));
        }
        if value.constant.is_some() || matches!(term.expression.node, Node::Text(_) | Node::Null) {
            let hint = "Write a column, an expression with columns, or the number of a selected column.";
            return Err(Error::unsupported(term.expression.span, "ORDER BY a constant", hint));
        }
        Ok(format!("{} {direction} NULLS LAST", value.at(Level::Primary)))
    }

    /// The position of the selected column that a term means: by its alias, else by its SQL.
    fn selected_place(
        &mut self,
        expression: &Expression,
        select: &Select,
        items: &[Item],
        context: &Context<'_>,
    ) -> Option<usize> {
        if let Node::Column { qualifier, name } = &expression.node
            && qualifier.is_empty()
        {
            let aliased = select.items.iter().any(
                |item| matches!(item, SelectItem::Value { alias: Some(alias), .. } if name.matches(&alias.text)),
            );
            let place = items.iter().position(|item| name.matches(&item.column.name));
            if aliased && place.is_some() {
                return place.map(|place| place + 1);
            }
        }
        let value = self.value(expression, context).ok()?;
        let place = items.iter().position(|item| item.sql == value.sql);
        place.map(|place| place + 1)
    }
}

fn item_span(item: &SelectItem) -> Span {
    match item {
        SelectItem::All(span) => *span,
        SelectItem::AllOf(qualifier) => super::scope::span_of(qualifier),
        SelectItem::Value { expression, .. } => expression.span,
    }
}

fn output(value: Value, name: String) -> Item {
    let sql = if value.kind.is_none() { format!("CAST({} AS VARCHAR)", value.sql) } else { value.sql };
    let column = match value.column {
        Some(column) => OutputColumn { name, ..column },
        None => {
            OutputColumn { name, kind: value.kind, source: None, unit: None, ucd: None, description: None }
        }
    };
    Item { sql, column }
}

/// The expression that a plain name is an alias of.
fn alias_of<'i>(term: &Expression, items: &'i [SelectItem]) -> Option<&'i Expression> {
    let Node::Column { qualifier, name } = &term.node else { return None };
    if !qualifier.is_empty() {
        return None;
    }
    items.iter().find_map(|item| match item {
        SelectItem::Value { expression, alias: Some(alias) } if name.matches(&alias.text) => Some(expression),
        _ => None,
    })
}

fn position(number: Number, expression: &Expression, columns: usize) -> Result<usize, Error> {
    let (written, place) = match number {
        Number::Integer(integer) => (integer.to_string(), usize::try_from(integer).ok()),
        Number::Float(float) => (float.to_string(), None),
    };
    place
        .filter(|place| (1..=columns).contains(place))
        .ok_or_else(|| Error::new(expression.span, ErrorKind::UnknownPosition { position: written, columns }))
}
