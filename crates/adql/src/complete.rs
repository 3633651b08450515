//! What may be written at the cursor.
//!
//! The query is unfinished by nature, so nothing here parses it: the lexemes are grouped by
//! parentheses, the SELECT around the cursor is found, and its FROM is read as far as it goes, even
//! when it stands after the cursor.

mod outline;

use std::collections::HashSet;

use crate::catalogue::{Catalogue, Column, Table};
use crate::error::Span;
use crate::functions::FUNCTIONS;
use crate::lexer::{Bad, Lexeme, LexemeKind, lexemes};
use crate::parser::MAX_TEXT_BYTES;
use crate::words::{is_reserved, quote_always, quote_identifier};
use outline::{Clause, Outline};

/// Most completions given at once.
const OFFERED: usize = 100;

/// Something that may be written at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that it replaces: the word under the cursor, or nothing.
    pub replace: Span,
    /// What to write there, quoted where it must be.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A line about it; may be empty.
    pub detail: String,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A table of the catalogue.
    Table,
    /// A column of a table in scope.
    Column,
    /// A function; its text ends with the opening parenthesis.
    Function,
    /// A keyword or two.
    Keyword,
}

/// What may be written at byte `cursor` of `text`, best first: tables after FROM and JOIN, elsewhere the
/// columns of the tables of this SELECT, functions and keywords. Nothing inside comments, text and
/// numbers. Any text and any cursor will do.
pub fn complete(text: &str, cursor: usize, catalogue: &Catalogue) -> Vec<Completion> {
    if text.len() > MAX_TEXT_BYTES {
        return Vec::new();
    }
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let Some(word) = Word::at(text, cursor) else { return Vec::new() };
    let all = lexemes(text).filter(|lexeme| lexeme.kind != LexemeKind::Comment && lexeme.span != word.lexeme);
    let outline = Outline::read(text, all.collect(), word.replace.start);
    let mut offers = Offers { word, found: Vec::new(), seen: HashSet::new() };
    let qualifier = outline.qualifier();
    if outline.wants_table() {
        offers.tables(&qualifier, catalogue);
        if qualifier.is_empty() && outline.after_parenthesis() {
            offers.keywords(&["SELECT"]);
        }
    } else if !qualifier.is_empty() {
        offers.qualified(&qualifier, &outline, catalogue);
    } else if outline.after_operand() {
        offers.keywords(next_words(outline.clause()));
    } else if outline.clause() == Clause::Start {
        offers.keywords(&["SELECT"]);
    } else {
        offers.columns(&outline, catalogue);
        offers.functions();
        offers.keywords(first_words(outline.clause()));
    }
    offers.finish()
}

/// Keywords that may follow a value or a name.
fn next_words(clause: Clause) -> &'static [&'static str] {
    match clause {
        Clause::Start => &["SELECT"],
        Clause::Select => &["FROM", "AS"],
        Clause::From => &["WHERE", "JOIN", "LEFT JOIN", "ON", "USING", "AS", "GROUP BY", "ORDER BY"],
        Clause::Where => {
            &["AND", "OR", "BETWEEN", "IN", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL", "GROUP BY", "ORDER BY"]
        }
        Clause::Group => &["HAVING", "ORDER BY"],
        Clause::Order => &["DESC", "ASC", "OFFSET"],
    }
}

/// Keywords that may stand where a value is wanted.
fn first_words(clause: Clause) -> &'static [&'static str] {
    match clause {
        Clause::Select => &["DISTINCT", "TOP"],
        Clause::Where => &["NOT", "EXISTS", "NULL"],
        Clause::Start | Clause::From | Clause::Group | Clause::Order => &[],
    }
}

/// The word being written.
struct Word {
    replace: Span,
    /// The lexeme it is part of; empty if the cursor stands free.
    lexeme: Span,
    /// Its letters before the cursor in lower case, without quotes.
    prefix: String,
    delimited: bool,
}

impl Word {
    /// None if nothing can be completed there.
    fn at(text: &str, cursor: usize) -> Option<Self> {
        let under = |lexeme: &Lexeme| lexeme.span.start < cursor && cursor <= lexeme.span.end;
        let free = Self {
            replace: Span::new(cursor, cursor),
            lexeme: Span::default(),
            prefix: String::new(),
            delimited: false,
        };
        let Some(lexeme) = lexemes(text).take_while(|lexeme| lexeme.span.start < cursor).find(under) else {
            return Some(free);
        };
        let inside = cursor < lexeme.span.end;
        let start = lexeme.span.start;
        let before = Span::new(start, cursor).slice(text);
        let delimited = before.starts_with('"');
        let end = match lexeme.kind {
            LexemeKind::Operator => return Some(free),
            LexemeKind::Text if !inside => return Some(free),
            LexemeKind::Word | LexemeKind::Delimited | LexemeKind::Bad(Bad::IrregularName) => lexeme.span.end,
            LexemeKind::Bad(Bad::UnterminatedName | Bad::EmptyName) => cursor,
            LexemeKind::Text | LexemeKind::Number | LexemeKind::Comment | LexemeKind::Bad(_) => return None,
        };
        if lexeme.kind == LexemeKind::Delimited && !inside {
            return Some(free);
        }
        let prefix = before.trim_start_matches('"').replace("\"\"", "\"").to_lowercase();
        Some(Self { replace: Span::new(start, end), lexeme: lexeme.span, prefix, delimited })
    }

    fn quote(&self, name: &str) -> String {
        if self.delimited { quote_always(name) } else { quote_identifier(name).into_owned() }
    }
}

/// The completions found so far with how well each fits.
struct Offers {
    word: Word,
    found: Vec<(u8, Completion)>,
    seen: HashSet<String>,
}

impl Offers {
    /// Offers `text` if the word begins, or is in, what people may type for it.
    fn add(&mut self, keys: &[&str], text: String, kind: CompletionKind, detail: String) {
        let rank = |key: &&str| {
            let key = key.to_lowercase();
            match key.find(&self.word.prefix) {
                Some(0) => Some(0),
                Some(_) if self.word.prefix.chars().count() > 1 => Some(1),
                _ => None,
            }
        };
        let Some(rank) = keys.iter().filter_map(rank).min() else { return };
        if self.seen.insert(text.clone()) {
            self.found.push((rank, Completion { replace: self.word.replace, text, kind, detail }));
        }
    }

    fn finish(mut self) -> Vec<Completion> {
        self.found.sort_by_key(|(rank, _)| *rank);
        self.found.into_iter().map(|(_, completion)| completion).take(OFFERED).collect()
    }

    fn keywords(&mut self, words: &[&str]) {
        if !self.word.delimited {
            for word in words {
                self.add(&[word], (*word).to_owned(), CompletionKind::Keyword, String::new());
            }
        }
    }

    fn functions(&mut self) {
        if !self.word.delimited {
            for function in &FUNCTIONS {
                let detail = format!("{}: {}", function.signature, function.meaning);
                self.add(&[function.name], format!("{}(", function.name), CompletionKind::Function, detail);
            }
        }
    }

    fn tables(&mut self, qualifier: &[String], catalogue: &Catalogue) {
        let prefix = qualifier.join(".");
        for table in catalogue.tables() {
            let detail = table.description.clone().unwrap_or_default();
            let name = self.word.quote(&table.name);
            let in_schema = table.schema.as_ref().is_some_and(|schema| schema.eq_ignore_ascii_case(&prefix));
            match &table.schema {
                _ if !qualifier.is_empty() && !in_schema => {}
                Some(schema) if qualifier.is_empty() => {
                    let parts: Vec<String> = schema.split('.').map(|part| self.word.quote(part)).collect();
                    let text = format!("{}.{name}", parts.join("."));
                    self.add(&[&table.qualified_name(), &table.name], text, CompletionKind::Table, detail);
                }
                _ => self.add(&[&table.name], name, CompletionKind::Table, detail),
            }
        }
    }

    /// After `a.`: the columns of the table of that name or alias, else the tables of that schema.
    fn qualified(&mut self, qualifier: &[String], outline: &Outline<'_>, catalogue: &Catalogue) {
        let sources = outline.sources(catalogue);
        let mut known = false;
        for source in sources.iter().filter(|source| source.is_called(qualifier)) {
            known = true;
            for column in &source.columns {
                let text = self.word.quote(&column.name);
                self.add(&[&column.name], text, CompletionKind::Column, describe(column));
            }
        }
        if !known {
            self.tables(qualifier, catalogue);
        }
    }

    fn columns(&mut self, outline: &Outline<'_>, catalogue: &Catalogue) {
        let sources = outline.sources(catalogue);
        for source in &sources {
            for column in &source.columns {
                let shared = sources
                    .iter()
                    .filter(|other| {
                        other.columns.iter().any(|one| one.name.eq_ignore_ascii_case(&column.name))
                    })
                    .count();
                let name = self.word.quote(&column.name);
                let text = if shared > 1 && !self.word.delimited {
                    format!("{}.{name}", quote_identifier(source.label()))
                } else {
                    name
                };
                self.add(&[&column.name], text, CompletionKind::Column, describe(column));
            }
        }
        for source in &sources {
            let label = source.label();
            if !is_reserved(label) {
                let text = self.word.quote(label);
                self.add(&[label], text, CompletionKind::Table, String::new());
            }
        }
    }
}

/// Kind, unit and meaning of a column in a line.
fn describe(column: &Column) -> String {
    let mut words = column.kind.label().to_owned();
    if let Some(unit) = column.unit.as_ref().filter(|unit| !unit.is_empty()) {
        words = format!("{words}, {unit}");
    }
    match &column.description {
        Some(description) => format!("{words}: {description}"),
        None => words,
    }
}

/// A table's columns under the names that a query has for it.
pub(crate) struct Source {
    /// The alias, or schema and name.
    names: Vec<String>,
    columns: Vec<Column>,
}

impl Source {
    fn of(table: &Table, alias: Option<String>) -> Self {
        let names = match alias {
            Some(alias) => vec![alias],
            None => table.schema.iter().chain([&table.name]).cloned().collect(),
        };
        Self { names, columns: table.columns.clone() }
    }

    fn label(&self) -> &str {
        self.names.last().map(String::as_str).unwrap_or_default()
    }

    fn is_called(&self, qualifier: &[String]) -> bool {
        let Some(skip) = self.names.len().checked_sub(qualifier.len()) else { return false };
        self.names.iter().skip(skip).zip(qualifier).all(|(name, part)| name.eq_ignore_ascii_case(part))
    }
}
