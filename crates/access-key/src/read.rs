//! Reading: what was pasted, to one key or the one reason why not.
//!
//! What surprises: `ssh-key` takes everything behind the base64 for the comment, further lines too, and writes it out
//! again. So the text is taken apart here, the crate is given type and data alone, and the comment is put back cleaned.

use crate::comment;
use crate::error::ReadError;
use crate::foreign::Foreign;
use crate::key::AccessKey;
use crate::kind::Kind;
use crate::private::looks_private;
use ssh_key::public::{KeyData, PublicKey};

/// Largest text that is looked at, in bytes.
pub const LARGEST_BYTES: usize = 16 * 1024;
/// Shortest modulus of RSA that is accepted, in bits (NIST SP 800-57 part 1: 128 bits of strength).
pub const SMALLEST_RSA_BITS: u32 = 3072;
/// Longest modulus that OpenSSH reads, in bits.
pub const LARGEST_RSA_BITS: u32 = 16_384;

impl AccessKey {
    /// Reads what somebody pasted: one line of a `.pub` file. White space around it and a byte order mark do not
    /// matter. Reading [`AccessKey::line`] again gives the same line.
    ///
    /// # Errors
    /// A [`ReadError`] whose sentence says what the text is instead, and what to do.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        if looks_private(text) {
            return Err(ReadError::PrivateKey);
        }
        if text.len() > LARGEST_BYTES {
            return Err(ReadError::TooLarge);
        }
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(ReadError::Empty);
        }
        if let Some(foreign) = Foreign::of(text) {
            return Err(ReadError::Foreign(foreign));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(ReadError::Control);
        }
        if text.contains(['\n', '\r']) {
            let keys = text.split(['\n', '\r']).filter(|line| names_a_type(line)).count();
            return Err(if keys > 1 { ReadError::SeveralKeys } else { ReadError::SeveralLines });
        }
        read_line(text)
    }
}

/// Whether one of the words is the name of a type of key, accepted or not.
pub fn names_a_type(text: &str) -> bool {
    text.split_whitespace().any(is_type)
}

fn is_type(word: &str) -> bool {
    word == "ssh-dss" || is_certificate(word) || Kind::of_algorithm(word).is_some()
}

fn is_certificate(word: &str) -> bool {
    word.ends_with("-cert-v01@openssh.com") || word.ends_with("-cert-v00@openssh.com")
}

fn read_line(line: &str) -> Result<AccessKey, ReadError> {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or_default();
    if first == "ssh-dss" {
        return Err(ReadError::Dsa);
    }
    if is_certificate(first) {
        return Err(ReadError::Certificate);
    }
    let Some(kind) = Kind::of_algorithm(first) else {
        return Err(match () {
            () if first.starts_with("AAAA") => ReadError::NoType,
            () if names_a_type(line) => ReadError::Options,
            () => ReadError::UnknownType(name_of_type(first)),
        });
    };
    let data = words.next().ok_or(ReadError::Damaged)?;
    let rest = visible(words);
    if holds_a_key(&rest) {
        return Err(ReadError::SeveralKeys);
    }
    let key = PublicKey::from_openssh(&format!("{first} {data}")).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnknown => ReadError::Mismatch,
        _ => ReadError::Damaged,
    })?;
    let bits = check(key.key_data(), kind)?;
    let key = PublicKey::new(key.key_data().clone(), comment::clean(&rest));
    let key = AccessKey::new(key, kind, bits).map_err(|_| ReadError::Damaged)?;
    // Cleaning may have put together what was apart.
    if looks_private(key.line()) { Err(ReadError::PrivateKey) } else { Ok(key) }
}

/// The words without what is not seen, single spaces between them.
fn visible<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.collect();
    words.join(" ").chars().filter(|c| !comment::is_unseen(*c)).collect()
}

/// Whether a second key stands in the comment: a type, and data behind it.
fn holds_a_key(comment: &str) -> bool {
    let words: Vec<&str> = comment.split_whitespace().collect();
    words.windows(2).any(|pair| is_type(pair[0]) && pair[1].starts_with("AAAA"))
}

/// The word, where it has the form of an algorithm's name (RFC 4250 section 4.6.1) and so is nobody's secret.
fn name_of_type(word: &str) -> Option<String> {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.@".contains(&b);
    let is_name = word.len() <= 40
        && word.bytes().all(letters)
        && ["ssh-", "ecdsa-", "sk-", "rsa-", "x509v3-", "webauthn-", "pgp-", "spki-"]
            .iter()
            .any(|start| word.starts_with(start));
    is_name.then(|| word.to_owned())
}

/// The length in bits of a key that is worth having.
fn check(data: &KeyData, kind: Kind) -> Result<u32, ReadError> {
    if is_compressed(data) {
        return Err(ReadError::Damaged);
    }
    #[cfg(feature = "points")]
    if !crate::points::is_on_curve(data) {
        return Err(ReadError::Damaged);
    }
    match kind {
        Kind::Ed25519 | Kind::SkEd25519 | Kind::EcdsaP256 | Kind::SkEcdsaP256 => Ok(256),
        Kind::EcdsaP384 => Ok(384),
        Kind::EcdsaP521 => Ok(521),
        Kind::Rsa => check_rsa(data),
    }
}

/// SSH has points of ECDSA in full alone (RFC 5656 section 3.1, as OpenSSH reads it).
fn is_compressed(data: &KeyData) -> bool {
    match data {
        KeyData::Ecdsa(key) => key.as_sec1_bytes().first() != Some(&4),
        KeyData::SkEcdsaSha2NistP256(key) => key.ec_point().is_compressed(),
        _ => false,
    }
}

fn check_rsa(data: &KeyData) -> Result<u32, ReadError> {
    let key = data.rsa().ok_or(ReadError::Mismatch)?;
    let (n, e) = key.n.as_positive_bytes().zip(key.e.as_positive_bytes()).ok_or(ReadError::Damaged)?;
    let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last & 1 == 1);
    // A modulus is a product of odd primes; an exponent of 1 would hide nothing.
    if !odd(n) || !odd(e) || e == [1] {
        return Err(ReadError::Damaged);
    }
    let unused = n.first().map_or(0, |first| first.leading_zeros());
    let bits = u32::try_from(n.len() * 8).unwrap_or(u32::MAX).saturating_sub(unused);
    match bits {
        ..SMALLEST_RSA_BITS => Err(ReadError::ShortRsa { bits }),
        SMALLEST_RSA_BITS..=LARGEST_RSA_BITS => Ok(bits),
        _ => Err(ReadError::LongRsa { bits }),
    }
}
