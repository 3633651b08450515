//! The comment of a key: whatever somebody's machine wrote there, made fit to be shown and kept.

/// Longest comment that is kept, in characters.
const LONGEST: usize = 100;

/// The text on one line, without control characters and without those that are not seen or turn the writing round, its
/// white space single, and at most 100 characters of it. Cleaning what is clean changes nothing.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4 * LONGEST));
    let mut count = 0;
    let visible: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unseen(*c)).collect();
    for word in visible.split(' ').filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
            count += 1;
        }
        for c in word.chars().take(LONGEST - count.min(LONGEST)) {
            out.push(c);
            count += 1;
        }
        if count >= LONGEST {
            break;
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Control characters, and format characters of Unicode that hide or reorder what stands beside them.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}
