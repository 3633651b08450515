//! Search over everything that an entry says, in memory: the words of all entries, each with the entries that have it.
//!
//! A searched word is looked for in every different word there is, so that a part of one finds it too; there are far fewer
//! of these than of entries' texts. What stands in a title counts more than what stands in a description, and a whole word
//! more than a part.

use super::entry::Entry;
use std::collections::HashMap;
use std::sync::Arc;

/// From so many letters on, a word is found inside others; shorter ones only at their beginning.
const INSIDE_FROM: usize = 3;
/// Most words of a search that count.
const MOST_WORDS: usize = 12;

/// Entries and their words.
#[derive(Default)]
pub(crate) struct Index {
    entries: Vec<Arc<Entry>>,
    words: Vec<(Box<str>, Vec<Posting>)>,
}

/// Where a word stands: in which entry, and how much it counts there.
#[derive(Clone, Copy)]
struct Posting {
    entry: u32,
    weight: u8,
}

/// An entry that was found, and how well.
#[derive(Clone)]
pub(crate) struct Hit {
    pub(crate) entry: Arc<Entry>,
    pub(crate) score: u32,
}

impl Index {
    pub(crate) fn new(entries: Vec<Arc<Entry>>) -> Self {
        let mut words: HashMap<Box<str>, Vec<Posting>> = HashMap::new();
        for (number, entry) in (0..).zip(&entries) {
            for (text, weight) in texts(entry) {
                add(&mut words, &text, number, weight);
            }
        }
        Self { entries, words: words.into_iter().collect() }
    }

    pub(crate) fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The entries that have all of the words; all entries where there are none.
    pub(crate) fn search(&self, words: &str) -> Vec<Hit> {
        let words = searched(words);
        let mut totals: Option<Vec<u32>> = None;
        for word in &words {
            let mut best = vec![0; self.entries.len()];
            for (known, postings) in &self.words {
                let Some(fit) = fit(known, word) else { continue };
                for Posting { entry, weight } in postings {
                    let place = &mut best[*entry as usize];
                    *place = (*place).max(fit * u32::from(*weight));
                }
            }
            if let Some(totals) = &totals {
                for (place, total) in best.iter_mut().zip(totals) {
                    *place = if *total == 0 || *place == 0 { 0 } else { *place + total };
                }
            }
            totals = Some(best);
        }
        let totals = totals.unwrap_or_else(|| vec![1; self.entries.len()]);
        let found = self.entries.iter().zip(totals).filter(|(_, score)| *score > 0);
        found.map(|(entry, score)| Hit { entry: entry.clone(), score }).collect()
    }
}

/// How well a known word fits the searched one.
fn fit(known: &str, word: &str) -> Option<u32> {
    if known.len() < word.len() {
        return None;
    }
    if known.starts_with(word) {
        return Some(if known.len() == word.len() { 4 } else { 2 });
    }
    (word.len() >= INSIDE_FROM && known.contains(word)).then_some(1)
}

/// The words of a search, in small letters.
fn searched(words: &str) -> Vec<String> {
    let words = words.split_whitespace().map(trimmed).filter(|word| !word.is_empty());
    words.take(MOST_WORDS).map(str::to_lowercase).collect()
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
}

/// What is searched, and how much it counts.
fn texts(entry: &Entry) -> Vec<(String, u8)> {
    let join = |texts: &[String]| texts.join(" ");
    let versions: Vec<_> = entry.versions.iter().flat_map(|v| [v.version.clone(), v.tag.clone()]).collect();
    vec![
        (format!("{} {}", entry.title, entry.name), 24),
        (join(&entry.tags), 12),
        (format!("{} {}", entry.kind.word(), entry.domain), 8),
        (join(&versions), 8),
        (entry.purpose.clone(), 6),
        (format!("{} {} {} {}", entry.image, entry.maintainer, entry.licence, entry.citation), 3),
        (entry.description.clone(), 1),
    ]
}

/// Adds the words of a text: each as it stands between blanks, and its parts.
fn add(words: &mut HashMap<Box<str>, Vec<Posting>>, text: &str, entry: u32, weight: u8) {
    let text = text.to_lowercase();
    for whole in text.split_whitespace().map(trimmed) {
        put(words, whole, entry, weight);
        let parts = whole.split(|c: char| !c.is_alphanumeric());
        for part in parts.filter(|part| part.len() < whole.len()) {
            put(words, part, entry, weight);
        }
    }
}

fn put(words: &mut HashMap<Box<str>, Vec<Posting>>, word: &str, entry: u32, weight: u8) {
    if word.is_empty() {
        return;
    }
    let postings = match words.get_mut(word) {
        Some(postings) => postings,
        None => words.entry(word.into()).or_default(),
    };
    match postings.last_mut() {
        // Entries come one after the other, and what counts most comes first.
        Some(last) if last.entry == entry => last.weight = last.weight.max(weight),
        _ => postings.push(Posting { entry, weight }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::read_file;
    use super::Index;
    use std::sync::Arc;

    fn index() -> Index {
        let entry = |name: &str, title: &str, purpose: &str, tags: &str, version: &str| {
            let text = format!(
                "title = \"{title}\"\npurpose = \"{purpose}\"\nkind = \"batch\"\nimage = \"x.example/{name}\"\n\
                 tags = [{tags}]\n[[versions]]\nversion = \"{version}\"\n"
            );
            Arc::new(read_file(name, "x.toml", &text).unwrap())
        };
        Index::new(vec![
            entry("casa", "CASA", "Reduces radio interferometry", "\"radio\"", "6.5.4-9"),
            entry("casa-next", "CASA 7", "The same, later", "\"radio\", \"preview\"", "7.0"),
            entry("topcat", "TOPCAT", "Tables; opens results of CASA too", "\"tables\", \"c++\"", "4.10"),
        ])
    }

    fn found(words: &str) -> Vec<String> {
        let mut hits = index().search(words);
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
        hits.iter().map(|hit| hit.entry.name.clone()).collect()
    }

    #[test]
    fn all_words_are_needed_and_parts_are_enough() {
        assert_eq!(found("casa").len(), 3);
        assert_eq!(found("Casa")[2], "topcat", "a title counts more than a purpose");
        assert_eq!(found("casa radio preview"), ["casa-next"]);
        assert_eq!(found("casa 6.5"), ["casa"]);
        assert_eq!(found("casa 6"), ["casa"]);
        assert_eq!(found("interfero"), ["casa"]);
        assert_eq!(found("ferom"), ["casa"], "inside a word");
        assert_eq!(found("at"), Vec::<String>::new(), "too short to be looked for inside");
        assert_eq!(found("C++"), ["topcat"]);
        assert_eq!(found("(tables)"), ["topcat"]);
        assert_eq!(found("x.example/topcat"), ["topcat"]);
        assert_eq!(found("casa nothing"), Vec::<String>::new());
        assert_eq!(found("").len(), 3);
        assert_eq!(found(" ,. ").len(), 3);
    }
}
