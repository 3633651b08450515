//! The table of texts that are keys.

use crate::data;
use access_key::{AccessKey, Kind, clean_comment};

/// File, kind, bits and comment.
const KEYS: &[(&str, Kind, u32, &str)] = &[
    ("ed25519.pub", Kind::Ed25519, 256, "vera@rubin"),
    ("sk-ed25519.pub", Kind::SkEd25519, 256, "vera@token"),
    ("ecdsa-p256.pub", Kind::EcdsaP256, 256, "vera@rubin"),
    ("ecdsa-p384.pub", Kind::EcdsaP384, 384, "vera@rubin"),
    ("ecdsa-p521.pub", Kind::EcdsaP521, 521, "vera@rubin"),
    ("sk-ecdsa-p256.pub", Kind::SkEcdsaP256, 256, "vera@token"),
    ("rsa-3072.pub", Kind::Rsa, 3072, "vera@rubin"),
    ("rsa-4096.pub", Kind::Rsa, 4096, "vera@rubin"),
    ("rsa-8192.pub", Kind::Rsa, 8192, "vera@rubin"),
    ("rsa-16384.pub", Kind::Rsa, 16_384, "long@enough"),
];

/// What may stand around a line and in its comment: before, between type and data, behind; and the comment of it.
const AROUND: &[(&str, &str, &str, &str)] = &[
    ("", " ", "", ""),
    ("", " ", "\n", ""),
    ("", " ", " \r\n\r\n", ""),
    ("\n\n  ", " ", "  ", ""),
    ("\u{feff}", " ", " me\n", "me"),
    ("\t", "\t", "\tme@here", "me@here"),
    ("", "   ", "   two   words ", "two words"),
    ("", "\u{a0}", "\u{a0}me", "me"),
    ("", " ", " Ådne Østergård 🔭", "Ådne Østergård 🔭"),
    ("", " ", " نجمة", "نجمة"),
    ("", " ", " a\u{202e}b\u{200b}c\u{feff}d", "abcd"),
    ("", " ", " <script>alert(1)</script>", "<script>alert(1)</script>"),
    ("", " ", " \"quoted\" 'and' $(run) `me`; #x", "\"quoted\" 'and' $(run) `me`; #x"),
    ("", " ", " ssh-rsa", "ssh-rsa"),
    ("", " ", " AAAAC3NzaC1lZDI1NTE5", "AAAAC3NzaC1lZDI1NTE5"),
    ("", " ", " my private key of 2024", "my private key of 2024"),
];

#[test]
fn each_kind_is_read_and_written_again() {
    for (file, kind, bits, comment) in KEYS {
        let text = data(file);
        let key = AccessKey::read(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!((key.kind(), key.bits(), key.comment()), (*kind, *bits, *comment), "{file}");
        assert_eq!(key.algorithm(), text.split(' ').next().unwrap(), "{file}");
        assert_eq!(key.line(), text.trim_end(), "{file}");
        assert_eq!(Kind::of_algorithm(key.algorithm()), Some(*kind), "{file}");
    }
}

#[test]
fn what_stands_around_does_not_matter() {
    for (file, ..) in KEYS {
        let plain = AccessKey::read(&data(file)).unwrap();
        let mut words = plain.line().split(' ');
        let (kind, base64) = (words.next().unwrap(), words.next().unwrap());
        for (before, between, behind, comment) in AROUND {
            let text = format!("{before}{kind}{between}{base64}{behind}");
            let key = AccessKey::read(&text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
            assert_eq!(key.comment(), *comment, "{text:?}");
            let joint = if comment.is_empty() { "" } else { " " };
            assert_eq!(key.line(), format!("{kind} {base64}{joint}{comment}"), "{text:?}");
            let again = AccessKey::read(key.line()).unwrap();
            assert_eq!(again.line(), key.line(), "reading it again changes nothing");
            assert_eq!(key, plain, "the same key under another comment");
            assert_eq!((key.sha256(), key.md5()), (plain.sha256(), plain.md5()));
        }
    }
}

#[test]
fn keys_differ() {
    let keys: Vec<_> = KEYS.iter().map(|(file, ..)| AccessKey::read(&data(file)).unwrap()).collect();
    for (i, one) in keys.iter().enumerate() {
        for (j, other) in keys.iter().enumerate() {
            assert_eq!(one == other, i == j);
            assert_eq!(one.sha256() == other.sha256(), i == j);
        }
    }
}

#[test]
fn comments_are_bounded_and_cleaning_is_done_once() {
    let mut texts: Vec<String> = AROUND.iter().map(|(_, _, behind, _)| (*behind).to_owned()).collect();
    texts.extend([
        "x".repeat(500),
        format!("{} {}", "x".repeat(99), "y".repeat(9)),
        format!("{} {}", "x".repeat(100), "y".repeat(9)),
        "é ".repeat(200),
        "\u{7}\u{1b}[31mred".to_owned(),
    ]);
    for text in texts {
        let clean = clean_comment(&text);
        assert!(clean.chars().count() <= 100, "{clean:?}");
        assert_eq!(clean_comment(&clean), clean);
        assert_eq!(clean.trim(), clean);
    }
    assert_eq!(clean_comment("\u{7}\u{1b}[31mred"), "[31mred");
}
