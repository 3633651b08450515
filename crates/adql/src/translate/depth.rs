//! How deep the SQL will nest, checked before it is written.
//!
//! This crate keeps chains flat, but SQL parsers and planners read `a + b + c` as nested pairs and recurse into
//! them, DataFusion by some 20 kB of stack a level when unoptimised.

use crate::ast::{Arithmetic, Expression, Join, JoinCondition, Node, Select, SelectItem, TableReference};
use crate::error::{Error, ErrorKind, Span};
use crate::functions::{Form, find};

/// Deepest nesting of the SQL that is written.
pub const MAX_SQL_DEPTH: usize = 64;

/// ANDs and ORs longer than this are written as trees of so many branches.
pub(super) const JUNCTION: usize = 4;

/// Levels of a guard against zero, which is a function call itself.
const GUARD: usize = 4;

/// Levels that count for a function call: parsing one takes the stack of several levels, and some become two or
/// three. COALESCE counts most, since DataFusion rewrites it into a CASE that holds its arguments twice.
fn call_weight(function: &str) -> usize {
    match find(function).map(|function| function.form) {
        Some(Form::Coalesce | Form::Logarithm(_)) => 12,
        Some(Form::Partial(_) | Form::Root | Form::Power | Form::Mod | Form::Decimals(_)) => 9,
        _ => 5,
    }
}

/// Levels of a subquery: query, body, table or predicate.
const SUBQUERY: usize = 5;

/// Most tables in one FROM, and terms of one GROUP BY or ORDER BY, each of which is compared with all others.
const MANY_TERMS: usize = 256;
/// Most columns of one SELECT.
const MANY_COLUMNS: usize = 4096;

/// Refuses one more column than there may be, before it is added to `count`.
pub(super) fn check_count(what: &'static str, count: usize, span: Span) -> Result<(), Error> {
    let limit = if what == "columns" { MANY_COLUMNS } else { MANY_TERMS };
    if count < limit { Ok(()) } else { Err(Error::new(span, ErrorKind::TooMany { what, limit })) }
}

/// Refuses a query whose SQL would nest too deep, at the outermost expression that does.
pub(super) fn check(select: &Select) -> Result<(), Error> {
    select_depth(select).map(drop)
}

fn limited(depth: usize, expression: &Expression) -> Result<usize, Error> {
    if depth > MAX_SQL_DEPTH {
        return Err(Error::new(expression.span, ErrorKind::TooDeep { limit: MAX_SQL_DEPTH }));
    }
    Ok(depth)
}

fn deepest<'e>(all: impl IntoIterator<Item = &'e Expression>) -> Result<usize, Error> {
    all.into_iter().try_fold(0, |depth, one| Ok(depth.max(expression_depth(one)?)))
}

fn select_depth(select: &Select) -> Result<usize, Error> {
    let items = select.items.iter().filter_map(|item| match item {
        SelectItem::Value { expression, .. } => Some(expression),
        SelectItem::All(_) | SelectItem::AllOf(_) => None,
    });
    let clauses = select.condition.iter().chain(&select.having).chain(&select.group_by);
    let order = select.order_by.iter().map(|term| &term.expression);
    if let Some(term) = select.group_by.get(MANY_TERMS) {
        check_count("terms in GROUP BY", MANY_TERMS, term.span)?;
    }
    if let Some(term) = select.order_by.get(MANY_TERMS) {
        check_count("terms in ORDER BY", MANY_TERMS, term.expression.span)?;
    }
    check_count("tables in FROM", select.from.len(), select.span)?;
    let mut depth = deepest(items.chain(clauses).chain(order))?;
    for table in &select.from {
        depth = depth.max(table_depth(table)?);
    }
    if depth > MAX_SQL_DEPTH {
        return Err(Error::new(select.span, ErrorKind::TooDeep { limit: MAX_SQL_DEPTH }));
    }
    Ok(depth + SUBQUERY)
}

fn table_depth(table: &TableReference) -> Result<usize, Error> {
    match table {
        TableReference::Table { .. } => Ok(1),
        TableReference::Derived { select, .. } => select_depth(select),
        TableReference::Join(join) => join_depth(join),
    }
}

fn join_depth(join: &Join) -> Result<usize, Error> {
    let condition = match &join.on {
        JoinCondition::On(condition) => expression_depth(condition)?,
        JoinCondition::Using(columns) => columns.len().min(MAX_SQL_DEPTH),
        JoinCondition::Natural => 1,
    };
    Ok(condition.max(table_depth(&join.left)?).max(table_depth(&join.right)?) + 1)
}

fn expression_depth(expression: &Expression) -> Result<usize, Error> {
    let depth = match &expression.node {
        Node::Number(_) | Node::Text(_) | Node::Null | Node::Column { .. } => 1,
        Node::Negate(operand) | Node::Not(operand) => expression_depth(operand)? + 2,
        Node::IsNull { operand, .. } => expression_depth(operand)? + 1,
        Node::Chain { first, rest } => {
            let mut depth = operand_depth(first)?;
            for (operator, operand) in rest {
                let guarded = *operator == Arithmetic::Divide && !matches!(operand.node, Node::Number(_));
                let guard = if guarded { GUARD } else { 0 };
                depth = depth.max(operand_depth(operand)? + guard) + 1;
            }
            depth
        }
        Node::Concatenate(all) => all
            .iter()
            .try_fold(0, |depth: usize, one| Ok::<_, Error>(depth.max(operand_depth(one)? + 1) + 1))?,
        Node::Call { function, arguments, .. } => deepest(arguments)? + call_weight(&function.text),
        Node::Compare { left, right, .. } => deepest([&**left, &**right])? + 2,
        Node::Like { operand, pattern, .. } => deepest([&**operand, &**pattern])? + 1,
        Node::Between { operand, low, high, .. } => deepest([&**operand, &**low, &**high])? + 1,
        Node::InList { operand, list, .. } => deepest(list)?.max(expression_depth(operand)?) + 1,
        Node::InSelect { operand, select, .. } => select_depth(select)?.max(expression_depth(operand)?) + 1,
        Node::Exists(select) => select_depth(select)? + 1,
        Node::And(all) | Node::Or(all) => {
            let mut levels = 0;
            let mut parts = all.len();
            while parts > 1 {
                levels += JUNCTION;
                parts = parts.div_ceil(JUNCTION);
            }
            deepest(all)? + levels
        }
    };
    limited(depth, expression)
}

/// The depth of an operand, which gets parentheses if it is a chain itself.
fn operand_depth(expression: &Expression) -> Result<usize, Error> {
    let parentheses = usize::from(!matches!(
        expression.node,
        Node::Number(_) | Node::Text(_) | Node::Null | Node::Column { .. } | Node::Call { .. }
    ));
    Ok(expression_depth(expression)? + parentheses)
}
