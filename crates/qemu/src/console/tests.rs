//! What a console's bytes become.

use super::{plain, tail};
use crate::folder::Folder;

#[test]
fn escape_sequences_and_control_characters_are_left_out() {
    let cases: [(&[u8], &str); 8] = [
        (b"Debian\r\nlogin:\t", "Debian\nlogin:\t"),
        (b"\x1b[0;32mOK\x1b[0m done", "OK done"),
        (b"\x1b]0;title\x07after", "after"),
        (b"\x1b]0;title\x1b\\after", "after"),
        (b"\x1bcreset", "reset"),
        (b"a\x00\x08\x7fb", "ab"),
        (b"cut \x1b[", "cut "),
        (b"\xff\xc3\xa9", "\u{fffd}\u{e9}"),
    ];
    for (bytes, text) in cases {
        assert_eq!(plain(bytes), text, "{bytes:?}");
    }
}

#[test]
fn the_tail_begins_at_a_character() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("console.log"), "aéé").unwrap();
    let folder = Folder(folder.path().to_owned());
    assert_eq!(tail(&folder, 3), "é");
    assert_eq!(tail(&folder, 4), "éé");
    assert_eq!(tail(&folder, 100), "aéé");
    assert_eq!(tail(&folder, 0), "");
}
