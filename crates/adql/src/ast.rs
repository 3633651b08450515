//! A parsed query. Every part knows the bytes it was written in.

use crate::error::Span;

/// A whole query: one SELECT.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The outermost SELECT.
    pub select: Select,
}

/// A SELECT with its clauses (ADQL 2.1, section 2.2).
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// From SELECT to its last clause.
    pub span: Span,
    /// Whether DISTINCT was written.
    pub distinct: bool,
    /// The number after TOP.
    pub top: Option<u64>,
    /// The select list.
    pub items: Vec<SelectItem>,
    /// The tables of FROM, those between commas apart.
    pub from: Vec<TableReference>,
    /// The WHERE condition.
    pub condition: Option<Expression>,
    /// The GROUP BY terms.
    pub group_by: Vec<Expression>,
    /// The HAVING condition.
    pub having: Option<Expression>,
    /// The ORDER BY terms.
    pub order_by: Vec<OrderTerm>,
    /// The number after OFFSET.
    pub offset: Option<u64>,
}

/// One entry of a select list.
#[derive(Debug, Clone, PartialEq)]
pub enum SelectItem {
    /// `*`
    All(Span),
    /// `table.*`
    AllOf(Vec<Name>),
    /// `expression [AS alias]`
    Value {
        /// What is computed.
        expression: Expression,
        /// The name it gets.
        alias: Option<Name>,
    },
}

/// An identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its text without quotes.
    pub text: String,
    /// Whether it was written in double quotes and so is case-sensitive (section 2.1.3).
    pub delimited: bool,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// Whether it names `candidate`: exactly if delimited, else without regard to case.
    pub fn matches(&self, candidate: &str) -> bool {
        if self.delimited { self.text == candidate } else { self.text.eq_ignore_ascii_case(candidate) }
    }
}

/// A table, a derived table or a join.
#[derive(Debug, Clone, PartialEq)]
pub enum TableReference {
    /// `[schema.]table [AS alias]`
    Table {
        /// The parts between dots.
        name: Vec<Name>,
        /// Its name in this query.
        alias: Option<Name>,
    },
    /// `(SELECT ...) AS alias`
    Derived {
        /// The subquery.
        select: Box<Select>,
        /// Its name in this query.
        alias: Name,
    },
    /// `left JOIN right`
    Join(Box<Join>),
}

/// A join of two tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The left table.
    pub left: TableReference,
    /// The right table.
    pub right: TableReference,
    /// Which unmatched rows stay.
    pub kind: JoinKind,
    /// How rows match.
    pub on: JoinCondition,
    /// The words from NATURAL, LEFT, JOIN... on.
    pub span: Span,
}

/// Which unmatched rows of a join stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// None.
    Inner,
    /// Those of the left table.
    Left,
    /// Those of the right table.
    Right,
    /// Those of both.
    Full,
}

/// How the rows of a join match.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinCondition {
    /// `ON condition`
    On(Expression),
    /// `USING (columns)`
    Using(Vec<Name>),
    /// `NATURAL`: all columns of the same name.
    Natural,
}

/// One term of ORDER BY.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderTerm {
    /// A column, an alias, the position of a column, or an expression.
    pub expression: Expression,
    /// Whether DESC was written.
    pub descending: bool,
}

/// A value or a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// Where it stands, without parentheses around it.
    pub span: Span,
    /// What it is.
    pub node: Node,
}

/// A number literal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Digits only, or hexadecimal.
    Integer(i64),
    /// With a point or an exponent.
    Float(f64),
}

/// Arithmetic between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>` or `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The forms of values and conditions. Chains of one precedence are flat, so that a thousand ORs are
/// one node and not a thousand levels.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A number literal.
    Number(Number),
    /// A character string literal, without its quotes.
    Text(String),
    /// NULL
    Null,
    /// A column, perhaps with its table before it.
    Column {
        /// The parts before the last dot.
        qualifier: Vec<Name>,
        /// The column.
        name: Name,
    },
    /// `-x`
    Negate(Box<Expression>),
    /// `a + b - c` or `a * b / c`, from left to right.
    Chain {
        /// The first operand.
        first: Box<Expression>,
        /// Each further operand with the operator before it.
        rest: Vec<(Arithmetic, Expression)>,
    },
    /// `a || b || c`
    Concatenate(Vec<Expression>),
    /// `f(a, b)`, `COUNT(*)`, `COUNT(DISTINCT a)`
    Call {
        /// The function as written.
        function: Name,
        /// Whether DISTINCT stands before the argument.
        distinct: bool,
        /// Whether the argument is `*`.
        star: bool,
        /// The arguments.
        arguments: Vec<Expression>,
    },
    /// `a < b`
    Compare {
        /// The operator.
        operator: Comparison,
        /// Its left side.
        left: Box<Expression>,
        /// Its right side.
        right: Box<Expression>,
    },
    /// `a [NOT] BETWEEN low AND high`
    Between {
        /// Whether NOT was written.
        negated: bool,
        /// The value.
        operand: Box<Expression>,
        /// The lower bound, included.
        low: Box<Expression>,
        /// The upper bound, included.
        high: Box<Expression>,
    },
    /// `a [NOT] IN (list)`
    InList {
        /// Whether NOT was written.
        negated: bool,
        /// The value.
        operand: Box<Expression>,
        /// The list.
        list: Vec<Expression>,
    },
    /// `a [NOT] IN (SELECT ...)`
    InSelect {
        /// Whether NOT was written.
        negated: bool,
        /// The value.
        operand: Box<Expression>,
        /// The subquery of one column.
        select: Box<Select>,
    },
    /// `a [NOT] LIKE pattern`
    Like {
        /// Whether NOT was written.
        negated: bool,
        /// Whether it is ILIKE.
        ignore_case: bool,
        /// The text.
        operand: Box<Expression>,
        /// The pattern.
        pattern: Box<Expression>,
    },
    /// `a IS [NOT] NULL`
    IsNull {
        /// Whether NOT was written.
        negated: bool,
        /// The value.
        operand: Box<Expression>,
    },
    /// `EXISTS (SELECT ...)`
    Exists(Box<Select>),
    /// `NOT a`
    Not(Box<Expression>),
    /// `a AND b AND c`
    And(Vec<Expression>),
    /// `a OR b OR c`
    Or(Vec<Expression>),
}

impl Node {
    /// Whether it is true or false rather than a value.
    pub fn is_condition(&self) -> bool {
        matches!(
            self,
            Self::Compare { .. }
                | Self::Between { .. }
                | Self::InList { .. }
                | Self::InSelect { .. }
                | Self::Like { .. }
                | Self::IsNull { .. }
                | Self::Exists(_)
                | Self::Not(_)
                | Self::And(_)
                | Self::Or(_)
        )
    }
}
