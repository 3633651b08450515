//! The names most like a mistyped one.

use std::collections::BTreeSet;

/// Most names offered at once.
const OFFERED: usize = 3;
/// Longest name compared letter by letter, in characters; longer ones are cut.
const COMPARED: usize = 64;

/// The candidates most like `name`, best first: at most three, none if none is alike.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<String> {
    let wanted = prepare(name);
    let mut scored = BTreeSet::new();
    for candidate in candidates {
        let other = prepare(candidate);
        let longer = wanted.len().max(other.len());
        let contained = wanted.len() >= 3 && contains(&other, &wanted);
        if wanted.len().abs_diff(other.len()) * 2 > longer && !contained {
            continue;
        }
        let distance = edits(&wanted, &other);
        if distance * 3 <= longer || contained {
            let score = if contained { distance.min(1) } else { distance };
            scored.insert((score, other.len(), candidate));
            if scored.len() > OFFERED {
                scored.pop_last();
            }
        }
    }
    scored.into_iter().map(|(_, _, candidate)| candidate.to_owned()).collect()
}

fn prepare(name: &str) -> Vec<char> {
    name.chars().take(COMPARED).map(|c| c.to_ascii_lowercase()).collect()
}

fn contains(whole: &[char], part: &[char]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
