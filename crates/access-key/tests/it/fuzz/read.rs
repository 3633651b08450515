//! Any text is a key or a reason; a key reads again as itself, and is one line that is safe to write anywhere.

use access_key::{AccessKey, ReadError, looks_private};

/// Panics where it does not hold.
pub(crate) fn check(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    match AccessKey::read(text) {
        Ok(key) => {
            let line = key.line();
            assert!(!line.chars().any(char::is_control) && line.trim() == line, "{line:?}");
            assert!(line.starts_with(&format!("{} AAAA", key.algorithm())), "{line:?}");
            assert!(key.comment().chars().count() <= 100 && !looks_private(text));
            let again = AccessKey::read(line).expect("what was written can be read");
            assert_eq!((again.line(), again.comment(), again.bits()), (line, key.comment(), key.bits()));
            assert_eq!(again, key);
            assert_eq!((key.sha256().len(), key.md5().len()), (50, 47));
        }
        Err(ReadError::PrivateKey) => {}
        Err(_) => assert!(!looks_private(text)),
    }
}
