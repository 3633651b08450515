//! The table of texts that are refused, each for its own reason.

use crate::data;
use access_key::{AccessKey, Foreign, LARGEST_BYTES, ReadError};
use std::collections::HashSet;

/// Each text with the reason that it is refused for.
fn table() -> Vec<(String, ReadError)> {
    use ReadError as E;
    let ed = data("ed25519.pub").trim_end().to_owned();
    let (rsa, ecdsa) =
        (data("rsa-3072.pub").trim_end().to_owned(), data("ecdsa-p256.pub").trim_end().to_owned());
    let base64 = ed.split(' ').nth(1).unwrap().to_owned();
    let rsa64 = rsa.split(' ').nth(1).unwrap().to_owned();
    let row = |text: &str, reason: E| (text.to_owned(), reason);
    let file = |name: &str, reason: E| (data(name), reason);
    let unknown = |word: &str| E::UnknownType(Some(word.to_owned()));
    let mut rows = vec![
        row("", E::Empty),
        row(" \r\n\t ", E::Empty),
        row("\u{feff}\n", E::Empty),
        row(&" ".repeat(LARGEST_BYTES + 1), E::TooLarge),
        row(&format!("{ed} {}", "x".repeat(LARGEST_BYTES)), E::TooLarge),
        row(&format!("{ed}\0"), E::Control),
        row(&format!("{ed} a\u{7}b"), E::Control),
        row(&format!("\u{1b}[1m{ed}"), E::Control),
        row(&format!("{ed}\u{85}x"), E::Control),
        row(&format!("{ed}\n{rsa}\n"), E::SeveralKeys),
        row(&format!("{ed}\r{rsa}"), E::SeveralKeys),
        row(&format!("{ed}\r\n\r\n{ed}"), E::SeveralKeys),
        row(&format!("{ed} {rsa}"), E::SeveralKeys),
        row(&format!("{ed} me ssh-r\u{200b}sa {rsa64}"), E::SeveralKeys),
        row(&format!("{ed}\n{}", data("dsa-1024.pub")), E::SeveralKeys),
        row(&format!("{ed}\nssh-ed25519 evil"), E::SeveralKeys),
        row(&format!("{ed}\nand more"), E::SeveralLines),
        row(&format!("# my key\n{ed}"), E::SeveralLines),
        row(&rsa.replacen("AAAA", "AA\nAA", 1), E::SeveralLines),
        row(&rsa.replacen(' ', "\n", 1), E::SeveralLines),
        row(&format!("no-pty {ed}"), E::Options),
        row(&format!("command=\"rm -rf /\",no-pty {ed}"), E::Options),
        row(&format!("from=\"10.0.0.0/8\" {rsa}"), E::Options),
        row(&format!("cert-authority {ed}"), E::Options),
        row(&format!("github.example {ed}"), E::Options),
        row(&format!("256 {ed}"), E::Options),
        file("ed25519-cert.pub", E::Certificate),
        row("ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA", E::Certificate),
        row(&ed.replacen("ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com", 1), E::Certificate),
        file("dsa-1024.pub", E::Dsa),
        row("ssh-dss AAAA", E::Dsa),
        file("rsa-1024.pub", E::ShortRsa { bits: 1024 }),
        file("rsa-2048.pub", E::ShortRsa { bits: 2048 }),
        file("rsa-3071.pub", E::ShortRsa { bits: 3070 }),
        file("rsa-16385.pub", E::LongRsa { bits: 16_385 }),
        file("rsa-even.pub", E::Damaged),
        file("rsa-one.pub", E::Damaged),
        file("rsa-negative.pub", E::Damaged),
        file("ed25519-off-curve.pub", E::Damaged),
        file("ed25519-weak.pub", E::Damaged),
        file("ed25519-short.pub", E::Damaged),
        file("ed25519-trailing.pub", E::Damaged),
        file("ecdsa-off-curve.pub", E::Damaged),
        file("ecdsa-infinity.pub", E::Mismatch),
        file("ecdsa-compressed.pub", E::Damaged),
        file("ecdsa-wrong-curve.pub", E::Mismatch),
        row("ssh-ed25519", E::Damaged),
        row("ssh-ed25519 vera@rubin", E::Damaged),
        row(&format!("ssh-ed25519 {}", &base64[..40]), E::Damaged),
        row(&format!("ssh-ed25519 {}", &base64[..base64.len() - 1]), E::Damaged),
        row(&format!("ssh-ed25519 {base64}="), E::Damaged),
        row(&format!("ssh-ed25519 {base64}AAAA"), E::Damaged),
        row(&format!("ssh-ed25519 {}", base64.replace('I', "*")), E::Damaged),
        row(&format!("ssh-ed25519 {}…", &base64[..30]), E::Damaged),
        row(&format!("ssh-rsa {}", &rsa64[..rsa64.len() / 2]), E::Damaged),
        row(&format!("ssh-rsa {}", &rsa64[..rsa64.len() - 4]), E::Damaged),
        row(&rsa.replacen("ssh-rsa", "ssh-ed25519", 1), E::Mismatch),
        row(&ed.replacen("ssh-ed25519", "ssh-rsa", 1), E::Mismatch),
        row(&ecdsa.replacen("nistp256", "nistp384", 1), E::Mismatch),
        row(&base64, E::NoType),
        row(&format!("{rsa64} vera@rubin"), E::NoType),
        file("ed448.pub", unknown("ssh-ed448")),
        file("webauthn.pub", unknown("webauthn-sk-ecdsa-sha2-nistp256@openssh.com").without_word()),
        row(&format!("rsa-sha2-512 {rsa64}"), unknown("rsa-sha2-512")),
        row("ssh-xmss@openssh.com AAAA", unknown("ssh-xmss@openssh.com")),
        row("SSH-ED25519 AAAA", E::UnknownType(None)),
        row("hunter2", E::UnknownType(None)),
        row("my password is hunter2", E::UnknownType(None)),
        row("https://portal.example/keys", E::UnknownType(None)),
        row("2048 65537 1234567890 old@rsa1", E::UnknownType(None)),
        row("<script>alert(1)</script>", E::UnknownType(None)),
        file("rfc4716.txt", E::Foreign(Foreign::Rfc4716)),
        file("pkcs8.pem", E::Foreign(Foreign::Pkcs8Pem)),
        file("pkcs1.pem", E::Foreign(Foreign::Pkcs1Pem)),
        row("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", E::Foreign(Foreign::X509)),
        row("-----BEGIN CERTIFICATE REQUEST-----\nMIIB", E::Foreign(Foreign::X509)),
        row("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQEN", E::Foreign(Foreign::Pgp)),
        row("-----BEGIN PGP SIGNATURE-----", E::Foreign(Foreign::Pgp)),
        row("SHA256:clVD6WoAaPZRj9ieFcDhDsNyQQGtojqwjeaLTsoSRRc", E::Foreign(Foreign::Fingerprint)),
        row(
            "256 SHA256:clVD6WoAaPZRj9ieFcDhDsNyQQGtojqwjeaLTsoSRRc v (ED25519)",
            E::Foreign(Foreign::Fingerprint),
        ),
        row("MD5:3c:9d:aa:00:11:22:33:44:55:66:77:88:99:aa:bb:cc", E::Foreign(Foreign::Fingerprint)),
        row("3c:9d:aa:00:11:22:33:44:55:66:77:88:99:aa:bb:cc", E::Foreign(Foreign::Fingerprint)),
        row(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg"}"#, E::Foreign(Foreign::Jwk)),
    ];
    // Every truncation of the base64 is refused, wherever it is cut.
    rows.extend(
        (1..base64.len()).step_by(5).map(|at| (format!("ssh-ed25519 {}", &base64[..at]), E::Damaged)),
    );
    rows
}

trait WithoutWord {
    fn without_word(self) -> Self;
}

impl WithoutWord for ReadError {
    /// The word is longer than the names that are repeated.
    fn without_word(self) -> Self {
        ReadError::UnknownType(None)
    }
}

#[test]
fn each_for_its_own_reason() {
    let table = table();
    assert!(table.len() >= 60, "{} rows", table.len());
    for (text, reason) in table {
        let shown: String = text.chars().take(120).collect();
        assert_eq!(AccessKey::read(&text).unwrap_err(), reason, "{shown:?}");
    }
}

#[test]
fn each_reason_has_a_sentence_of_its_own() {
    let mut kinds = HashSet::new();
    let sentences: HashSet<String> = table()
        .into_iter()
        .filter(|(_, reason)| kinds.insert(format!("{reason:?}")))
        .map(|(_, reason)| reason.to_string())
        .collect();
    assert_eq!(sentences.len(), kinds.len());
    for sentence in &sentences {
        assert!(sentence.ends_with('.') && sentence.len() > 40, "{sentence}");
    }
    assert!(ReadError::ShortRsa { bits: 2048 }.to_string().contains("2048 bits"));
}

/// What was typed may be anything: no reason repeats more of it than the name of a type.
#[test]
fn no_reason_repeats_what_was_typed() {
    for (text, reason) in table() {
        let said = format!("{reason} {reason:?}");
        for word in text.split_whitespace().filter(|word| word.len() > 12) {
            let is_name = matches!(&reason, ReadError::UnknownType(Some(name)) if name == word);
            let is_ours = ["ssh-ed25519", "-----BEGIN"].contains(&word);
            assert!(is_name || is_ours || !said.contains(word), "{said} repeats {word}");
        }
    }
}
