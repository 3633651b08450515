//! The same fingerprints as OpenSSH's own tool, and the same opinion of what is a key.

use crate::{data, folder};
use access_key::AccessKey;
use std::process::Command;

/// What `ssh-keygen -l` says of a file: bits and fingerprint.
fn listed(file: &std::path::Path, hash: &str) -> Option<(u32, String)> {
    let output = Command::new("ssh-keygen").args(["-l", "-E", hash, "-f"]).arg(file).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut words = text.split(' ');
    let bits = words.next()?.parse().ok()?;
    Some((bits, words.next()?.to_owned()))
}

#[test]
fn fingerprints_and_bits_are_the_same() {
    let mut compared = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().path();
        let Ok(key) = AccessKey::read(&std::fs::read_to_string(&file).unwrap()) else { continue };
        let (bits, sha256) = listed(&file, "sha256").expect("what is read here is read there");
        let (_, md5) = listed(&file, "md5").unwrap();
        assert_eq!(
            (key.bits(), key.sha256(), format!("MD5:{}", key.md5())),
            (bits, sha256, md5),
            "{}",
            file.display()
        );
        compared += 1;
    }
    assert_eq!(compared, 10);
}

#[test]
fn the_line_is_what_authorized_keys_needs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authorized_keys");
    let names = ["ed25519.pub", "ecdsa-p521.pub", "rsa-4096.pub", "sk-ed25519.pub"];
    let lines: Vec<String> = names
        .iter()
        .map(|name| {
            AccessKey::read(&format!("{} \"$(x)\" #\u{2029}y", data(name).trim_end()))
                .unwrap()
                .line()
                .to_owned()
        })
        .collect();
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let output = Command::new("ssh-keygen").args(["-l", "-f"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), names.len());
}
