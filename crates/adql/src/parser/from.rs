//! Tables, derived tables and joins (ADQL 2.1, section 2.2.2).

use super::Parser;
use crate::ast::{Join, JoinCondition, JoinKind, TableReference};
use crate::error::{Error, Span};

impl Parser<'_> {
    /// A table and the joins that follow it, from left to right.
    pub(super) fn table_reference(&mut self) -> Result<TableReference, Error> {
        let mut left = self.table_primary()?;
        let mut joins = 0;
        loop {
            let start = self.span().start;
            let natural = self.take_word("NATURAL");
            let Some(kind) = self.join_kind(natural)? else { return Ok(left) };
            joins += 1;
            if joins > super::MAX_DEPTH {
                let kind = crate::ErrorKind::TooDeep { limit: super::MAX_DEPTH };
                return Err(Error::new(Span::new(start, self.end()), kind));
            }
            let words = Span::new(start, self.end());
            let right = self.table_primary()?;
            let on = self.join_condition(natural)?;
            left = TableReference::Join(Box::new(Join { left, right, kind, on, span: words }));
        }
    }

    /// The words up to and with JOIN, or nothing if no join follows.
    fn join_kind(&mut self, natural: bool) -> Result<Option<JoinKind>, Error> {
        if self.is_word("CROSS") {
            return Err(Error::unsupported(
                self.span(),
                "CROSS JOIN",
                "Write a comma between the tables instead.",
            ));
        }
        let named = [("LEFT", JoinKind::Left), ("RIGHT", JoinKind::Right), ("FULL", JoinKind::Full)];
        let kind = if let Some((_, kind)) = named.into_iter().find(|(word, _)| self.take_word(word)) {
            self.take_word("OUTER");
            kind
        } else if self.take_word("INNER") || natural || self.is_word("JOIN") {
            JoinKind::Inner
        } else {
            return Ok(None);
        };
        self.need_word("JOIN", "JOIN")?;
        Ok(Some(kind))
    }

    fn join_condition(&mut self, natural: bool) -> Result<JoinCondition, Error> {
        if natural {
            return Ok(JoinCondition::Natural);
        }
        if self.take_word("ON") {
            return self.condition().map(JoinCondition::On);
        }
        if self.take_word("USING") {
            self.need_operator("(", "( after USING")?;
            let columns = self.separated(|parser| parser.name("a column"))?;
            self.need_operator(")", "a comma or )")?;
            return Ok(JoinCondition::Using(columns));
        }
        Err(self.fail("ON or USING, which say how the rows of the two tables match"))
    }

    fn table_primary(&mut self) -> Result<TableReference, Error> {
        if self.is_operator("(") {
            return self.parenthesised_table();
        }
        let mut name = vec![self.name("a table")?];
        while name.len() < 3 && self.take_operator(".") {
            name.push(self.name("a table after the dot")?);
        }
        if self.is_operator("(") {
            let span = name.first().map(|first| first.span).unwrap_or_default();
            return Err(Error::unsupported(span, "A function in FROM", "Name a table instead."));
        }
        let alias = self.alias("a name after AS")?;
        Ok(TableReference::Table { name, alias })
    }

    /// A derived table or a join in parentheses.
    fn parenthesised_table(&mut self) -> Result<TableReference, Error> {
        self.enter()?;
        self.at += 1;
        let derived = self.is_word("SELECT");
        let table = if derived {
            let select = Box::new(self.select()?);
            self.need_operator(")", ") at the end of the subquery")?;
            let Some(alias) = self.alias("a name after AS")? else {
                return Err(self.fail("AS and a name for the subquery"));
            };
            TableReference::Derived { select, alias }
        } else {
            let start = self.span().start;
            let joined = self.table_reference()?;
            if !matches!(joined, TableReference::Join(_)) && !self.is_operator("(") {
                let span = Span::new(start, self.end());
                if self.is_operator(")") {
                    return Err(Error::unsupported(span, "A single table in parentheses", "Remove them."));
                }
            }
            self.need_operator(")", "JOIN or )")?;
            joined
        };
        self.leave();
        Ok(table)
    }
}
