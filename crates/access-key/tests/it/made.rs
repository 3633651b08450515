//! A pair that is made here is one that OpenSSH uses.

use access_key::{AccessKey, Kind, make_ed25519};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

fn keygen(args: &[&str], file: &Path) -> String {
    let output = Command::new("ssh-keygen").args(args).arg(file).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// RFC 8032 section 7.1, test 1.
#[test]
fn of_a_known_seed() {
    let seed = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
        0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
    ];
    let made = make_ed25519(seed, "").unwrap();
    assert_eq!(
        made.public.line(),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    );
}

#[test]
fn openssh_reads_signs_and_agrees() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..20_u8 {
        let made = make_ed25519([seed; 32], "vera @ the\u{202e} dome").unwrap();
        assert_eq!((made.public.kind(), made.public.comment()), (Kind::Ed25519, "vera @ the dome"));
        let file = folder.path().join(format!("key{seed}"));
        std::fs::write(&file, made.private_openssh.as_bytes()).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(keygen(&["-y", "-f"], &file).trim_end(), made.public.line());
        assert_eq!(AccessKey::read(made.public.line()).unwrap(), made.public, "it passes our own reading");
        assert!(made.private_openssh.ends_with("-----END OPENSSH PRIVATE KEY-----\n"));
        assert!(access_key::looks_private(&made.private_openssh));
        assert!(!format!("{made:?}").contains("BEGIN"), "nothing secret is printed by accident");
    }
    // Signing needs the whole pair to be right.
    let (file, message) = (folder.path().join("key3"), folder.path().join("message"));
    std::fs::write(&message, "clear skies").unwrap();
    let signed = Command::new("ssh-keygen")
        .args(["-Y", "sign", "-n", "test", "-f"])
        .arg(&file)
        .arg(&message)
        .output()
        .unwrap();
    assert!(signed.status.success(), "{signed:?}");
    let signers = folder.path().join("signers");
    let line = make_ed25519([3; 32], "").unwrap().public.line().to_owned();
    std::fs::write(&signers, format!("vera {line}\n")).unwrap();
    let verified = Command::new("ssh-keygen")
        .args(["-Y", "verify", "-I", "vera", "-n", "test", "-f"])
        .arg(&signers)
        .arg("-s")
        .arg(folder.path().join("message.sig"))
        .stdin(std::fs::File::open(&message).unwrap())
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
}
