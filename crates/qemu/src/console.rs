//! The console's log, read as plain text.

use crate::events::read_from;
use crate::folder::Folder;

/// The last bytes of all that the console showed, as plain text.
pub(crate) fn tail(folder: &Folder, bytes: usize) -> String {
    let mut all = read_from(&folder.older_console(), 0);
    all.extend(read_from(&folder.console(), 0));
    let mut from = all.len().saturating_sub(bytes);
    // Not in the middle of a character.
    while from < all.len() && all[from] & 0b1100_0000 == 0b1000_0000 {
        from += 1;
    }
    plain(&all[from..])
}

/// Valid text without control characters but newline and tab, and without the sequences that colour and move.
pub(crate) fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\u{1b}' => match characters.peek() {
                // CSI: until a letter or one of @[\]^_`{|}~ (ECMA-48, 5.4).
                Some('[') => {
                    characters.next();
                    while let Some(&next) = characters.peek() {
                        if !matches!(next, ' '..='?' | '@'..='~') {
                            break;
                        }
                        characters.next();
                        if matches!(next, '@'..='~') {
                            break;
                        }
                    }
                }
                // OSC: until BEL or ESC \.
                Some(']') => {
                    while let Some(next) = characters.next() {
                        if next == '\u{7}' || (next == '\u{1b}' && characters.next_if_eq(&'\\').is_some()) {
                            break;
                        }
                    }
                }
                _ => {
                    characters.next();
                }
            },
            '\n' | '\t' => out.push(c),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
