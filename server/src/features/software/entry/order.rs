//! Versions in the order in which they came out.

use app::features::software::model::Version;
use std::cmp::Ordering;

/// Newest first: by date where each has one, else by what they are called.
pub(super) fn newest_first(versions: &mut [Version]) {
    let dated = versions.iter().all(|version| !version.date.is_empty());
    versions.sort_by(|a, b| {
        let by_date = if dated { b.date.cmp(&a.date) } else { Ordering::Equal };
        by_date.then_with(|| compare(&b.version, &a.version))
    });
}

/// A piece of a version's name, in rising order: what announces a release comes before the release itself.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Piece<'a> {
    Before(&'a str),
    End,
    Word(&'a str),
    Number(u64),
}

/// Numbers as numbers: `6.10` after `6.9`, `6.5` after `6.5rc1`.
fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (pieces(a), pieces(b));
    loop {
        match (a.next().unwrap_or(Piece::End), b.next().unwrap_or(Piece::End)) {
            (Piece::End, Piece::End) => return Ordering::Equal,
            (a, b) if a != b => return a.cmp(&b),
            _ => {}
        }
    }
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let first = rest.chars().next()?;
        let digit = first.is_ascii_digit();
        let end =
            rest.find(|c: char| c.is_ascii_digit() != digit || !c.is_alphanumeric()).unwrap_or(rest.len());
        let (piece, more) = rest.split_at(end);
        rest = more;
        let before = ["rc", "a", "b", "alpha", "beta", "dev", "pre"].contains(&piece);
        Some(match piece.parse() {
            Ok(number) => Piece::Number(number),
            Err(_) if before => Piece::Before(piece),
            // A number of twenty digits is a word.
            Err(_) => Piece::Word(piece),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{compare, newest_first};
    use app::features::software::model::Version;

    #[test]
    fn numbers_count_as_numbers() {
        let rising = [
            "5.9",
            "6.5rc1",
            "6.5rc2",
            "6.5",
            "6.5.1",
            "6.10.1",
            "6.10.4-9",
            "6.10.4-10",
            "2024.1",
            "2024-05-27",
        ];
        for pair in rising.windows(2) {
            assert!(compare(pair[0], pair[1]).is_lt(), "{} before {}", pair[0], pair[1]);
            assert!(compare(pair[1], pair[0]).is_gt(), "{} after {}", pair[1], pair[0]);
        }
        assert!(compare("v6.5", "v6.10").is_lt() && compare("1.0", "1-0").is_eq());
    }

    #[test]
    fn dates_go_before_names() {
        let version = |name: &str, date: &str| Version {
            version: name.into(),
            date: date.into(),
            ..Version::default()
        };
        let names = |versions: &[Version]| versions.iter().map(|v| v.version.clone()).collect::<Vec<_>>();
        let mut dated =
            [version("3.0", "2024-01-01"), version("2.9", "2025-01-01"), version("1", "2023-01-01")];
        newest_first(&mut dated);
        assert_eq!(names(&dated), ["2.9", "3.0", "1"]);
        let mut partly = [version("2.9", "2025-01-01"), version("3.0", "")];
        newest_first(&mut partly);
        assert_eq!(names(&partly), ["3.0", "2.9"]);
    }
}
