//! What of a result is shown, and how: the part of the result page that its address holds.

use super::draft::split_columns;
use super::filter::{Condition, Filter};
use super::model::{PlotQuestion, ResultColumn, Sort, WindowQuestion};
use crate::frame::query_string::{read_pairs, write_address};

/// How many rows a page without JavaScript shows, and a piece of the window with it.
pub const PAGE_ROWS: u64 = 50;

/// How many columns are shown where none were chosen.
pub const FIRST_COLUMNS: usize = 24;

/// The address of a result page, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultAddress {
    /// `sort=mag`, or `sort=-mag` for the largest first.
    pub sort: Option<Sort>,
    /// `f.<column>=<condition>`.
    pub filters: Vec<Filter>,
    /// `cols=a,b`; all where empty.
    pub columns: Vec<String>,
    /// First row shown, 0-based.
    pub offset: u64,
    /// Column of the plot's horizontal axis.
    pub x: String,
    /// Column of the plot's vertical axis; a histogram where empty.
    pub y: String,
}

impl ResultAddress {
    /// Reads a raw query string.
    pub fn read(search: &str) -> Self {
        let mut address = Self::default();
        for (name, value) in read_pairs(search) {
            match name.as_str() {
                "sort" => address.sort = read_sort(&value),
                "cols" => address.columns.extend(split_columns(&value).filter(|c| !c.is_empty())),
                "offset" => address.offset = value.parse().unwrap_or(0) / PAGE_ROWS * PAGE_ROWS,
                "x" => address.x = value,
                "y" => address.y = value,
                _ => {
                    if let Some(column) = name.strip_prefix("f.") {
                        address.set_filter(column, &value);
                    }
                }
            }
        }
        address
    }

    /// The address of this query's page that [`Self::read`] reads.
    pub fn address(&self, query: &str) -> String {
        write_address(&format!("/queries/{query}"), &self.pairs())
    }

    /// Names and values of the address, also the hidden fields of its forms.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut put = |name: &str, value: String| pairs.push((name.to_owned(), value));
        if let Some(sort) = &self.sort {
            put("sort", format!("{}{}", if sort.descending { "-" } else { "" }, sort.column));
        }
        for filter in &self.filters {
            put(&format!("f.{}", filter.column), filter.text.clone());
        }
        if !self.columns.is_empty() {
            put("cols", self.columns.join(","));
        }
        if self.offset > 0 {
            put("offset", self.offset.to_string());
        }
        if !self.x.is_empty() {
            put("x", self.x.clone());
        }
        if !self.y.is_empty() {
            put("y", self.y.clone());
        }
        pairs
    }

    /// The condition on a column, as typed.
    pub fn filter(&self, column: &str) -> &str {
        self.filters.iter().find(|f| f.column == column).map_or("", |f| f.text.as_str())
    }

    /// Sets, or with an empty text removes, the condition on a column; back to the first row.
    pub fn set_filter(&mut self, column: &str, text: &str) {
        self.offset = 0;
        let text = text.trim();
        match self.filters.iter().position(|f| f.column == column) {
            Some(at) if text.is_empty() => {
                self.filters.remove(at);
            }
            Some(at) => text.clone_into(&mut self.filters[at].text),
            None if text.is_empty() => {}
            None => self.filters.push(Filter { column: column.to_owned(), text: text.to_owned() }),
        }
    }

    /// The same rows in the next order of a column: smallest first, largest first, as they came.
    #[must_use]
    pub fn with_next_sort(&self, column: &str) -> Self {
        let sort = match &self.sort {
            Some(sort) if sort.column == column && sort.descending => None,
            Some(sort) if sort.column == column => Some(true),
            _ => Some(false),
        };
        let sort = sort.map(|descending| Sort { column: column.to_owned(), descending });
        Self { sort, offset: 0, ..self.clone() }
    }

    /// The `aria-sort` of a column.
    pub fn aria_sort(&self, column: &str) -> &'static str {
        match &self.sort {
            Some(sort) if sort.column == column && sort.descending => "descending",
            Some(sort) if sort.column == column => "ascending",
            _ => "none",
        }
    }

    /// The columns to show: as chosen, or the first [`FIRST_COLUMNS`] of the result.
    pub fn shown(&self, columns: &[ResultColumn]) -> Vec<ResultColumn> {
        let chosen: Vec<_> = self
            .columns
            .iter()
            .filter_map(|name| columns.iter().find(|c| c.name == *name))
            .cloned()
            .collect();
        if chosen.is_empty() { columns.iter().take(FIRST_COLUMNS).cloned().collect() } else { chosen }
    }

    /// What is wrong with the condition on a column, in a sentence.
    pub fn fault_of(&self, column: &ResultColumn) -> Option<String> {
        Condition::parse(self.filter(&column.name), column.kind.is_numeric()).err()
    }

    /// The same without what cannot be asked: conditions that cannot be read, columns that are not there.
    #[must_use]
    pub fn sound(&self, columns: &[ResultColumn]) -> Self {
        let column = |name: &str| columns.iter().find(|c| c.name == name);
        let readable = |f: &&Filter| column(&f.column).is_some_and(|c| self.fault_of(c).is_none());
        Self {
            sort: self.sort.clone().filter(|s| column(&s.column).is_some()),
            filters: self.filters.iter().filter(readable).cloned().collect(),
            ..self.clone()
        }
    }

    /// What to ask the server for some rows.
    pub fn window(&self, offset: u64, count: u64, columns: &[ResultColumn]) -> WindowQuestion {
        WindowQuestion {
            offset,
            count,
            sort: self.sort.clone(),
            filters: self.filters.clone(),
            columns: self.shown(columns).into_iter().map(|c| c.name).collect(),
        }
    }

    /// What to ask for the plot: every filter but those on its own axes, so that the picture shows what they cut off.
    pub fn plot(&self, x: String, y: Option<String>) -> PlotQuestion {
        let own = |f: &Filter| f.column == x || y.as_ref() == Some(&f.column);
        let filters = self.filters.iter().filter(|f| !own(f)).cloned().collect();
        PlotQuestion { x, y, filters }
    }
}

fn read_sort(text: &str) -> Option<Sort> {
    let (descending, column) = text.strip_prefix('-').map_or((false, text), |column| (true, column));
    (!column.is_empty()).then(|| Sort { column: column.to_owned(), descending })
}

#[cfg(test)]
mod tests {
    use super::ResultAddress;
    use crate::features::archives::model::ColumnKind;
    use crate::features::queries::model::ResultColumn;

    fn column(name: &str, kind: ColumnKind) -> ResultColumn {
        ResultColumn { name: name.into(), kind, unit: None, ucd: None, description: None }
    }

    #[test]
    fn asks_for_nothing_that_cannot_be() {
        let columns = [column("mag", ColumnKind::Number), column("name", ColumnKind::Text)];
        let address = ResultAddress::read("sort=gone&f.mag=bright&f.name=Ori&f.gone=1&cols=gone,name");
        let question = address.sound(&columns).window(0, 50, &columns);
        assert_eq!(question.sort, None);
        assert_eq!(question.filters.len(), 1);
        assert_eq!(question.filters[0].column, "name");
        assert_eq!(question.columns, ["name"]);
        assert!(address.fault_of(&columns[0]).is_some_and(|s| s.contains("bright")));
        assert_eq!(address.fault_of(&columns[1]), None);
    }

    #[test]
    fn shows_the_first_of_very_many_columns() {
        let columns: Vec<_> = (0..152).map(|i| column(&format!("c{i}"), ColumnKind::Number)).collect();
        assert_eq!(ResultAddress::default().shown(&columns).len(), super::FIRST_COLUMNS);
        assert_eq!(ResultAddress::read("cols=c151,c0").shown(&columns)[0].name, "c151");
    }

    #[test]
    fn survives_its_address() {
        let text = "sort=-mag&f.mag=%3C%2012&f.name=%25&cols=id%2C%22a%2Cb%22&offset=100&x=mag&y=bv";
        let address = ResultAddress::read(text);
        assert_eq!(address.address("q1"), format!("/queries/q1?{text}"));
        assert_eq!(ResultAddress::default().address("q1"), "/queries/q1");
    }

    #[test]
    fn sorting_goes_round() {
        let mut address = ResultAddress::read("offset=150");
        let mut seen = Vec::new();
        for _ in 0..3 {
            address = address.with_next_sort("mag");
            seen.push(address.aria_sort("mag"));
        }
        assert_eq!(seen, ["ascending", "descending", "none"]);
        assert_eq!(address.offset, 0, "another order begins at its first row");
        assert_eq!(address.with_next_sort("id").aria_sort("mag"), "none");
    }

    #[test]
    fn the_plot_is_not_cut_by_its_own_filter() {
        let address = ResultAddress::read("f.mag=6..9&f.bv=%3C1&f.name=Ori");
        let columns = |x: &str, y: Option<&str>| {
            let question = address.plot(x.into(), y.map(str::to_owned));
            question.filters.into_iter().map(|f| f.column).collect::<Vec<_>>()
        };
        assert_eq!(columns("mag", None), ["bv", "name"]);
        assert_eq!(columns("mag", Some("bv")), ["name"]);
    }

    #[test]
    fn odd_offsets_fall_on_a_page() {
        assert_eq!(ResultAddress::read("offset=77").offset, 50);
        assert_eq!(ResultAddress::read("offset=-1").offset, 0);
        assert_eq!(ResultAddress::read("sort=-").sort, None);
    }
}
