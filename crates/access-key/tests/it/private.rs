//! A private key is known in every form, whole or in part, and before anything else about the text.

use crate::data;
use access_key::{AccessKey, LARGEST_BYTES, ReadError, looks_private};
use std::process::Command;

const SENTENCE: &str = "This is your private key; it has not been sent on; paste the .pub file.";

fn refused(text: &str, what: &str) {
    let error = AccessKey::read(text).unwrap_err();
    assert_eq!(error, ReadError::PrivateKey, "{what}");
    assert_eq!(error.to_string(), SENTENCE);
    assert!(looks_private(text), "{what}");
}

/// Makes a key as people do.
fn made(kind: &str, bits: &str, passphrase: &str, form: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-b", bits, "-N", passphrase, "-C", "vera@rubin"])
        .args(form)
        .arg("-f")
        .arg(&file)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    std::fs::read_to_string(&file).unwrap()
}

#[test]
fn as_openssh_writes_them() {
    for (kind, bits) in [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "521"), ("rsa", "3072")] {
        for passphrase in ["", "a passphrase"] {
            for form in [&[][..], &["-m", "PEM"], &["-m", "PKCS8"]] {
                let what = format!("{kind} {bits} {form:?} with {passphrase:?}");
                let text = made(kind, bits, passphrase, form);
                refused(&text, &what);
                refused(&format!("\u{feff}\r\n{}", text.replace('\n', "\r\n")), &what);
                refused(&text.replace('\n', " "), &what);
                refused(&format!("{}\n{text}", data("ed25519.pub")), &what);
                refused(&format!("{text}{}", "x".repeat(LARGEST_BYTES)), &what);
                let without_first = text.split_once('\n').unwrap().1;
                refused(without_first, &what);
                let without_last = text.trim_end().rsplit_once('\n').unwrap().0;
                refused(without_last, &what);
                if passphrase.is_empty() {
                    let body = without_first.trim_end().rsplit_once('\n').unwrap().0;
                    refused(body, &format!("the inside of {what}"));
                    refused(&body.replace('\n', ""), &format!("the inside of {what} on one line"));
                }
            }
        }
    }
}

#[test]
fn as_others_write_them() {
    for text in [
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: me\nPublic-Lines: 2\nAAAA\n",
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\n",
        "Private-Lines: 1\nAAAAIHVr\nPrivate-MAC: 00ff",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"rsa\"\nP2/56w==\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOY",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFLT",
        "-----begin openssh private key-----\nb3Bl",
        "-----END EC PRIVATE KEY-----",
        "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ",
        r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qY"}"#,
        "Private-key-format: v1.3\nAlgorithm: 15 (ED25519)\nPrivateKey: xxx",
    ] {
        refused(text, text);
        refused(&format!("{} {text}", data("ed25519.pub").trim_end()), text);
    }
}

#[test]
fn one_that_comes_about_by_cleaning() {
    let line = data("ed25519.pub");
    let text = format!("{} -----BEGIN PRI\u{200b}VATE KEY", line.trim_end());
    assert_eq!(AccessKey::read(&text), Err(ReadError::PrivateKey));
}

#[test]
fn public_keys_do_not_look_private() {
    for entry in std::fs::read_dir(crate::folder()).unwrap() {
        let file = entry.unwrap().path();
        assert!(!looks_private(&std::fs::read_to_string(&file).unwrap()), "{}", file.display());
    }
    assert!(!looks_private("my private key of 2024"));
    assert!(!looks_private(""));
}
