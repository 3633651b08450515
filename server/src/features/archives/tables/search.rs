//! Finding tables by words.

use super::Table;
use std::sync::Arc;

/// See [`super::TableSet::search`].
pub(super) fn search<'t>(tables: &'t [Arc<Table>], words: &str, most: usize) -> (Vec<&'t Arc<Table>>, u64) {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let (mut by_name, mut others, mut matching) = (Vec::new(), Vec::new(), 0);
    for table in tables {
        let Some(named) = find(table, &words) else { continue };
        matching += 1;
        let list = if named { &mut by_name } else { &mut others };
        if list.len() < most {
            list.push(table);
        }
    }
    by_name.extend(others);
    by_name.truncate(most);
    (by_name, matching)
}

/// Whether all words are somewhere in the table, and if so, whether all are in its name.
fn find(table: &Table, words: &[String]) -> Option<bool> {
    let mut named = true;
    for word in words {
        if !holds(&table.name, word) {
            named = false;
            let told = table.description.as_deref().is_some_and(|text| holds(text, word));
            if !told && !in_columns(table, word) {
                return None;
            }
        }
    }
    Some(named)
}

fn in_columns(table: &Table, word: &str) -> bool {
    table.columns.iter().flatten().any(|column| {
        holds(&column.name, word)
            || column.ucd.as_deref().is_some_and(|ucd| holds(ucd, word))
            || column.description.as_deref().is_some_and(|text| holds(text, word))
    })
}

/// Whether `text` contains the word, which is in small letters.
fn holds(text: &str, word: &str) -> bool {
    if text.is_ascii() && word.is_ascii() {
        let (text, word) = (text.as_bytes(), word.as_bytes());
        return word.is_empty() || text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
}
