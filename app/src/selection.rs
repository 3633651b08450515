//! A set of row numbers, kept as ranges: compact in a form or an address, quick for a million rows.

use serde::{Deserialize, Serialize};

/// Row numbers of a result, 0-based, as sorted ranges that neither touch nor overlap. Written `0-4,9,12-20`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Selection(Vec<(u64, u64)>);

/// Why a text is not a selection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a list of rows. Write row numbers and ranges such as 0-4,9.")]
pub struct NotASelection(String);

impl Selection {
    /// All rows of a result of this length.
    pub fn all(rows: u64) -> Self {
        if rows == 0 { Self::default() } else { Self(vec![(0, rows - 1)]) }
    }

    /// How many rows.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|(a, b)| b - a + 1).sum()
    }

    /// Whether no row is selected.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the row is selected.
    pub fn contains(&self, row: u64) -> bool {
        let after = self.0.partition_point(|(a, _)| *a <= row);
        after > 0 && self.0[after - 1].1 >= row
    }

    /// Selects the rows `from..=to`, in either order.
    pub fn insert(&mut self, from: u64, to: u64) {
        let (mut from, mut to) = (from.min(to), from.max(to));
        let first = self.0.partition_point(|(_, b)| b.saturating_add(1) < from);
        let last = self.0.partition_point(|(a, _)| *a <= to.saturating_add(1));
        if first < last {
            from = from.min(self.0[first].0);
            to = to.max(self.0[last - 1].1);
        }
        self.0.splice(first..last, [(from, to)]);
    }

    /// Deselects one row.
    pub fn remove(&mut self, row: u64) {
        let after = self.0.partition_point(|(a, _)| *a <= row);
        if after == 0 || self.0[after - 1].1 < row {
            return;
        }
        let (a, b) = self.0[after - 1];
        let mut parts = Vec::with_capacity(2);
        if a < row {
            parts.push((a, row - 1));
        }
        if row < b {
            parts.push((row + 1, b));
        }
        self.0.splice(after - 1..after, parts);
    }

    /// Selects the row if it is not, deselects it if it is.
    pub fn toggle(&mut self, row: u64) {
        if self.contains(row) { self.remove(row) } else { self.insert(row, row) }
    }

    /// The ranges, both ends included, in order.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.0
    }
}

impl std::fmt::Display for Selection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, (a, b)) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            if a == b { write!(f, "{comma}{a}")? } else { write!(f, "{comma}{a}-{b}")? }
        }
        Ok(())
    }
}

impl std::str::FromStr for Selection {
    type Err = NotASelection;

    fn from_str(text: &str) -> Result<Self, NotASelection> {
        let no = || NotASelection(text.chars().take(40).collect());
        let mut ranges = Vec::new();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (a, b) = part.split_once('-').unwrap_or((part, part));
            let (a, b) = (a.parse().map_err(|_| no())?, b.parse().map_err(|_| no())?);
            if a > b || b >= 1 << 53 {
                return Err(no());
            }
            ranges.push((a, b));
        }
        // Sorted first, each range goes to the end: any order costs the same.
        ranges.sort_unstable();
        let mut selection = Self::default();
        for (a, b) in ranges {
            selection.insert(a, b);
        }
        Ok(selection)
    }
}

impl TryFrom<String> for Selection {
    type Error = NotASelection;
    fn try_from(text: String) -> Result<Self, NotASelection> {
        text.parse()
    }
}

impl From<Selection> for String {
    fn from(selection: Selection) -> Self {
        selection.to_string()
    }
}

#[cfg(test)]
mod tests;
