//! The shape of an unfinished query: its parentheses, its clauses, the tables of its FROM.

use super::Source;
use crate::catalogue::{Catalogue, Column, Kind, Table};
use crate::lexer::{Lexeme, LexemeKind};
use crate::words::is_reserved;

/// Subqueries inside subqueries whose columns are worked out.
const DEEPEST: usize = 4;
/// Tables whose columns are offered.
const TABLES: usize = 32;

/// The clause that the cursor is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    Start,
    Select,
    From,
    /// WHERE, ON and HAVING.
    Where,
    Group,
    Order,
}

/// The lexemes between one pair of parentheses, those inside inner pairs apart.
#[derive(Default)]
struct Frame {
    parent: Option<usize>,
    parts: Vec<Part>,
}

#[derive(Clone, Copy)]
enum Part {
    /// Place in `lexemes`.
    Lexeme(usize),
    /// Place in `frames`.
    Inner(usize),
}

pub(super) struct Outline<'t> {
    text: &'t str,
    lexemes: Vec<Lexeme>,
    frames: Vec<Frame>,
    /// The frame that the cursor is in.
    here: usize,
    /// How many lexemes stand before the cursor.
    before: usize,
}

impl<'t> Outline<'t> {
    pub(super) fn read(text: &'t str, lexemes: Vec<Lexeme>, cursor: usize) -> Self {
        let before = lexemes.iter().take_while(|lexeme| lexeme.span.start < cursor).count();
        let mut outline = Self { text, lexemes, frames: vec![Frame::default()], here: 0, before };
        let mut frame = 0;
        for place in 0..outline.lexemes.len() {
            if place == before {
                outline.here = frame;
            }
            match outline.written(place) {
                "(" => {
                    let inner = outline.frames.len();
                    outline.push(frame, Part::Inner(inner));
                    outline.frames.push(Frame { parent: Some(frame), parts: Vec::new() });
                    frame = inner;
                }
                ")" => frame = outline.frames.get(frame).and_then(|frame| frame.parent).unwrap_or(frame),
                _ => outline.push(frame, Part::Lexeme(place)),
            }
        }
        if before >= outline.lexemes.len() {
            outline.here = frame;
        }
        outline
    }

    fn push(&mut self, frame: usize, part: Part) {
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.parts.push(part);
        }
    }

    fn written(&self, place: usize) -> &'t str {
        self.lexemes.get(place).map(|lexeme| lexeme.span.slice(self.text)).unwrap_or_default()
    }

    /// The keyword at this place in upper case; empty if it is none.
    fn keyword(&self, place: usize) -> String {
        match self.lexemes.get(place) {
            Some(lexeme) if lexeme.kind == LexemeKind::Word => self.written(place).to_ascii_uppercase(),
            _ => String::new(),
        }
    }

    /// The name at this place without its quotes.
    fn name(&self, place: usize) -> Option<String> {
        let written = self.written(place);
        match self.lexemes.get(place)?.kind {
            LexemeKind::Word if !is_reserved(written) => Some(written.to_owned()),
            LexemeKind::Delimited => {
                let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
                Some(inner.replace("\"\"", "\""))
            }
            _ => None,
        }
    }

    fn previous(&self, back: usize) -> Option<usize> {
        self.before.checked_sub(back)
    }

    /// The names before the dots right before the cursor.
    pub(super) fn qualifier(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut back = 1;
        while let (Some(dot), Some(name)) = (self.previous(back), self.previous(back + 1)) {
            match self.name(name).filter(|_| self.written(dot) == ".") {
                Some(name) => names.insert(0, name),
                None => break,
            }
            back += 2;
        }
        names
    }

    /// Whether the lexeme before the cursor ends a value or a name.
    pub(super) fn after_operand(&self) -> bool {
        let Some(last) = self.previous(1) else { return false };
        match self.lexemes.get(last).map(|lexeme| lexeme.kind) {
            Some(LexemeKind::Number) => self.previous(2).is_none_or(|place| self.keyword(place) != "TOP"),
            Some(LexemeKind::Text | LexemeKind::Delimited) => true,
            Some(LexemeKind::Word) => !is_reserved(self.written(last)) || self.keyword(last) == "NULL",
            Some(LexemeKind::Operator) => match self.written(last) {
                ")" => true,
                "*" => self.previous(2).is_some_and(|place| {
                    matches!(self.keyword(place).as_str(), "SELECT" | "DISTINCT" | "ALL")
                        || [",", "."].contains(&self.written(place))
                }),
                _ => false,
            },
            _ => false,
        }
    }

    pub(super) fn after_parenthesis(&self) -> bool {
        self.previous(1).is_some_and(|place| self.written(place) == "(")
    }

    /// Whether a table should stand at the cursor.
    pub(super) fn wants_table(&self) -> bool {
        let names = self.qualifier().len() * 2;
        let Some(last) = self.previous(names + 1) else { return false };
        if matches!(self.keyword(last).as_str(), "FROM" | "JOIN") {
            return true;
        }
        match self.written(last) {
            "," => {
                let clause = self.clause_in(self.here, last);
                clause == Some(Clause::From)
                    || (clause == Some(Clause::Where) && self.word_in(self.here, last) == "ON")
            }
            "(" => self
                .previous(names + 2)
                .is_some_and(|place| matches!(self.keyword(place).as_str(), "FROM" | "JOIN")),
            _ => false,
        }
    }

    /// The clause around the cursor, through parentheses that hold no SELECT of their own.
    pub(super) fn clause(&self) -> Clause {
        let mut frame = Some(self.here);
        while let Some(here) = frame {
            if let Some(clause) = self.clause_in(here, self.before) {
                return clause;
            }
            frame = self.frames.get(here).and_then(|frame| frame.parent);
        }
        Clause::Start
    }

    fn clause_in(&self, frame: usize, before: usize) -> Option<Clause> {
        Some(match self.word_in(frame, before).as_str() {
            "SELECT" => Clause::Select,
            "FROM" | "JOIN" | "USING" => Clause::From,
            "ON" | "WHERE" | "HAVING" => Clause::Where,
            "GROUP" => Clause::Group,
            "ORDER" => Clause::Order,
            _ => return None,
        })
    }

    /// The last word before a place that opens a clause in this frame.
    fn word_in(&self, frame: usize, before: usize) -> String {
        const OPENING: [&str; 9] =
            ["SELECT", "FROM", "JOIN", "USING", "ON", "WHERE", "HAVING", "GROUP", "ORDER"];
        let own = self.frames.get(frame).map(|frame| frame.parts.as_slice()).unwrap_or_default();
        let places = own.iter().rev().filter_map(|part| match part {
            Part::Lexeme(place) if *place < before => Some(self.keyword(*place)),
            _ => None,
        });
        places.into_iter().find(|word| OPENING.contains(&word.as_str())).unwrap_or_default()
    }

    /// The tables of the SELECT around the cursor, and of those around it.
    pub(super) fn sources(&self, catalogue: &Catalogue) -> Vec<Source> {
        let mut all = Vec::new();
        let mut frame = Some(self.here);
        while let Some(here) = frame.filter(|_| all.len() < TABLES) {
            if self.is_select(here) {
                self.tables_of(here, catalogue, 0, &mut all);
            }
            frame = self.frames.get(here).and_then(|frame| frame.parent);
        }
        all
    }

    fn is_select(&self, frame: usize) -> bool {
        let first = self.frames.get(frame).and_then(|frame| frame.parts.first());
        matches!(first, Some(Part::Lexeme(place)) if self.keyword(*place) == "SELECT")
    }

    /// Reads the tables of a SELECT, or of a join in parentheses, in this frame.
    fn tables_of(&self, frame: usize, catalogue: &Catalogue, depth: usize, all: &mut Vec<Source>) {
        let Some(parts) = self.frames.get(frame).map(|frame| frame.parts.as_slice()) else { return };
        let mut wanted = !self.is_select(frame);
        let mut in_from = wanted;
        let mut at = 0;
        while let Some(part) = parts.get(at).filter(|_| all.len() < TABLES) {
            at += 1;
            match *part {
                Part::Inner(inner) if wanted => {
                    if !self.is_select(inner) {
                        if depth < DEEPEST {
                            self.tables_of(inner, catalogue, depth + 1, all);
                        }
                    } else if let Some(alias) = self.alias(parts, &mut at) {
                        let columns = self.columns_of(inner, catalogue, depth + 1);
                        all.push(Source { names: vec![alias], columns });
                    }
                    wanted = false;
                }
                Part::Inner(_) => {}
                Part::Lexeme(place) => match self.keyword(place).as_str() {
                    "FROM" => (in_from, wanted) = (true, true),
                    "JOIN" => wanted = in_from,
                    "WHERE" | "GROUP" | "HAVING" | "ORDER" | "OFFSET" => (in_from, wanted) = (false, false),
                    _ if self.written(place) == "," => wanted = in_from,
                    _ if wanted => {
                        wanted = false;
                        at -= 1;
                        let table = self.table(parts, &mut at, catalogue);
                        let alias = self.alias(parts, &mut at);
                        all.extend(table.map(|table| Source::of(table, alias)));
                        at = at.max(1);
                    }
                    _ => {}
                },
            }
        }
    }

    /// `schema.table` at `at`, which moves past it.
    fn table<'c>(&self, parts: &[Part], at: &mut usize, catalogue: &'c Catalogue) -> Option<&'c Table> {
        let mut names: Vec<String> = Vec::new();
        while let Some(Part::Lexeme(place)) = parts.get(*at) {
            *at += 1;
            names.extend(self.name(*place));
            match parts.get(*at) {
                Some(Part::Lexeme(dot)) if self.written(*dot) == "." => *at += 1,
                _ => break,
            }
        }
        let (last, schema) = names.split_last()?;
        let schema = schema.join(".");
        catalogue.named(last).find(|table| {
            schema.is_empty() || table.schema.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&schema))
        })
    }

    fn alias(&self, parts: &[Part], at: &mut usize) -> Option<String> {
        let mut next = *at;
        if let Some(Part::Lexeme(place)) = parts.get(next)
            && self.keyword(*place) == "AS"
        {
            next += 1;
        }
        let Some(Part::Lexeme(place)) = parts.get(next) else { return None };
        let name = self.name(*place)?;
        *at = next + 1;
        Some(name)
    }

    /// The columns that a subquery gives, as far as they have names.
    fn columns_of(&self, frame: usize, catalogue: &Catalogue, depth: usize) -> Vec<Column> {
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut sources = Vec::new();
        self.tables_of(frame, catalogue, depth, &mut sources);
        let known = sources.iter().flat_map(|source| &source.columns);
        let parts = self.frames.get(frame).map(|frame| frame.parts.as_slice()).unwrap_or_default();
        let list = parts.iter().skip(1).map_while(|part| match part {
            Part::Lexeme(place) if self.keyword(*place) == "FROM" => None,
            other => Some(*other),
        });
        let mut columns = Vec::new();
        let list: Vec<Part> = list.collect();
        for item in list.split(|part| matches!(part, Part::Lexeme(place) if self.written(*place) == ",")) {
            let Some(Part::Lexeme(end)) = item.last() else { continue };
            if self.written(*end) == "*" {
                columns.extend(sources.iter().flat_map(|source| source.columns.clone()));
            } else if let Some(name) = self.name(*end) {
                let same = known.clone().find(|column| column.name.eq_ignore_ascii_case(&name));
                columns.push(same.cloned().unwrap_or_else(|| Column::new(name, Kind::Other)));
            }
        }
        columns
    }
}
