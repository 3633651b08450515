//! Places in a text: browsers count UTF-16 units, the server counts bytes, people count lines and columns.

/// The byte offset of a place that a browser gives in UTF-16 units; kept inside the text and between characters.
pub fn byte_of_unit(text: &str, unit: usize) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= unit {
            return byte;
        }
        units += c.len_utf16();
    }
    text.len()
}

/// The place in UTF-16 units of a byte offset; kept inside the text.
pub fn unit_of_byte(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum()
}

/// The text with a byte range replaced; the range is moved to the nearest characters before it.
pub fn replace_range(text: &str, start: usize, end: usize, with: &str) -> String {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(start), floor(end.max(start)));
    format!("{}{with}{}", &text[..start], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::{byte_of_unit, replace_range, unit_of_byte};

    #[test]
    fn units_and_bytes_agree_between_characters() {
        let text = "SELECT 'θ😀é' FROM t";
        for (byte, _) in text.char_indices() {
            assert_eq!(byte_of_unit(text, unit_of_byte(text, byte)), byte);
        }
        assert_eq!(byte_of_unit(text, 10_000), text.len());
        assert_eq!(unit_of_byte("θ😀é", 2), 1);
        assert_eq!(unit_of_byte("θ😀é", 6), 3);
    }

    #[test]
    fn replaces_without_breaking_characters() {
        assert_eq!(replace_range("SELECT magg", 7, 11, "mag"), "SELECT mag");
        assert_eq!(replace_range("é", 1, 1, "x"), "xé");
        assert_eq!(replace_range("ab", 5, 1, "c"), "abc");
    }
}
