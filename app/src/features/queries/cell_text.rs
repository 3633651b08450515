//! How a value of a result is written for people, in its table and in the basket alike. Downloads and copies keep the
//! value as it came.

use crate::features::archives::model::ColumnKind;

/// A value with true minus signs (U+2212) where a hyphen stands before a number: −5.39, 1.2e−7. Texts keep their
/// hyphens, and so do the dates and names inside of other values.
pub fn shown(text: &str, kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Number | ColumnKind::Integer => text.replace('-', "\u{2212}"),
        ColumnKind::Text | ColumnKind::Boolean => text.to_owned(),
        ColumnKind::Other => {
            let mut before = ' ';
            let sign = |c: char| {
                let negative = c == '-' && !before.is_alphanumeric();
                before = c;
                if negative { '\u{2212}' } else { c }
            };
            text.chars().map(sign).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::features::archives::model::ColumnKind;

    #[test]
    fn only_numbers_have_minus_signs() {
        assert_eq!(shown("-5.39", ColumnKind::Number), "\u{2212}5.39");
        assert_eq!(shown("1.2e-7", ColumnKind::Number), "1.2e\u{2212}7");
        assert_eq!(shown("-3", ColumnKind::Integer), "\u{2212}3");
        assert_eq!(shown("HD 1-2 -3", ColumnKind::Text), "HD 1-2 -3");
        assert_eq!(shown("[-1, 2, -3]", ColumnKind::Other), "[\u{2212}1, 2, \u{2212}3]");
        assert_eq!(shown("2026-11-22", ColumnKind::Other), "2026-11-22");
    }
}
