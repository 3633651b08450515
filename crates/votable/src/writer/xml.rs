//! Text into XML: escaped, and free of the characters that XML 1.0 (section 2.2) has no form for.

/// What stands for a character that XML cannot hold.
pub(super) const REPLACEMENT: &str = "\u{FFFD}";

/// Appends ` name="value"`.
pub(super) fn write_attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    write_escaped(out, value, true);
    out.push(b'"');
}

/// Appends text for an element.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    write_escaped(out, text, false);
}

fn write_escaped(out: &mut Vec<u8>, text: &str, attribute: bool) {
    let bytes = text.as_bytes();
    let mut written = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let (escape, length): (&str, usize) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'\r' => ("&#13;", 1),
            b'"' if attribute => ("&quot;", 1),
            b'\n' if attribute => ("&#10;", 1),
            b'\t' if attribute => ("&#9;", 1),
            b'\n' | b'\t' => continue,
            0..=0x1F => (REPLACEMENT, 1),
            // U+FFFE and U+FFFF
            0xEF if matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])) => (REPLACEMENT, 3),
            _ => continue,
        };
        out.extend_from_slice(&bytes[written..at]);
        out.extend_from_slice(escape.as_bytes());
        written = at + length;
    }
    out.extend_from_slice(&bytes[written..]);
}

/// May be an XML ID (here only with ASCII letters).
pub(super) fn is_id(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
