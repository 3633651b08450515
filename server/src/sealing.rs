//! Secrets of users at rest: sealed with a key that is not in the database, each bound to what it belongs to.

use crate::clock::Entropy;
use crate::config::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use std::io::Write as _;
use std::path::Path;

/// Seals and opens.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    entropy: Entropy,
}

/// Why the key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file could not be read or made.
    #[error("The key file {path} can be neither read nor made. Check that the folder may be written to")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It holds something else.
    #[error(
        "The key file {0} does not hold a key of 32 bytes in base64. Restore it, or remove it: users then sign in at their sites again, and give the secrets of their private registries again"
    )]
    Damaged(String),
}

impl Sealer {
    /// With the key `tokens.key` in this folder, made where it is missing.
    ///
    /// # Errors
    /// Where the key can be neither read nor made.
    pub fn open(folder: &Path, entropy: &Entropy) -> Result<Self, KeyError> {
        let key = read_or_make(&folder.join("tokens.key"), entropy)?;
        Ok(Self { cipher: XChaCha20Poly1305::new(&key.into()), entropy: entropy.clone() })
    }

    /// The text sealed; it opens again with the same `bound` alone.
    pub fn seal(&self, bound: &str, text: &str) -> String {
        let nonce = self.entropy.bytes::<24>();
        let payload = Payload { msg: text.as_bytes(), aad: bound.as_bytes() };
        // Encrypting fails for messages of 256 GiB and more alone. What is empty opens as nothing.
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        STANDARD.encode([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed; none where it was bound to something else, or sealed with another key.
    pub fn unseal(&self, bound: &str, sealed: &str) -> Option<Secret> {
        let whole = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = whole.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        let text = self.cipher.decrypt(&XNonce::from(nonce), payload).ok()?;
        String::from_utf8(text).ok().map(Secret::new)
    }
}

fn read_or_make(path: &Path, entropy: &Entropy) -> Result<[u8; 32], KeyError> {
    let fault = |source| KeyError::File { path: path.display().to_string(), source };
    if !path.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let beside = path.with_extension(format!("new-{}", crate::ids::new_id(entropy)));
        let mut file = options.open(&beside).map_err(fault)?;
        file.write_all(STANDARD.encode(entropy.bytes::<32>()).as_bytes()).map_err(fault)?;
        file.sync_all().map_err(fault)?;
        // A link, not a renaming: where another process was quicker, its key stays.
        let linked = std::fs::hard_link(&beside, path);
        std::fs::remove_file(&beside).map_err(fault)?;
        if let Err(error) = linked
            && !path.exists()
        {
            return Err(fault(error));
        }
    }
    let text = std::fs::read_to_string(path).map_err(fault)?;
    let bytes = STANDARD.decode(text.trim()).ok();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| KeyError::Damaged(path.display().to_string()))
}
