//! Ids and secrets, minted before they are used.

use crate::clock::Entropy;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A new id: 120 random bits in 24 characters that are safe in addresses and file names on any system (small letters and
/// digits that are not mistaken for one another).
pub fn new_id(entropy: &Entropy) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    entropy.bytes::<24>().iter().map(|b| char::from(LETTERS[usize::from(b & 31)])).collect()
}

/// A new secret of 256 random bits, for a cookie or a state parameter.
pub fn new_secret(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())
}

/// What is kept of a secret: its SHA-256, as text. A secret of 256 random bits needs no salt.
pub fn hash_secret(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}
