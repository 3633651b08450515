//! The key that was read.

use crate::kind::Kind;
use md5::{Digest as _, Md5};
use ssh_key::HashAlg;
use ssh_key::public::{KeyData, PublicKey};
use std::fmt::Write as _;

/// An SSH public key. Two are equal where they are the same key, whatever their comments.
#[derive(Debug, Clone)]
pub struct AccessKey {
    key: PublicKey,
    blob: Vec<u8>,
    line: String,
    kind: Kind,
    bits: u32,
}

impl AccessKey {
    /// Puts together what was read; `key` has its comment cleaned.
    pub(crate) fn new(key: PublicKey, kind: Kind, bits: u32) -> ssh_key::Result<Self> {
        let (blob, line) = (key.to_bytes()?, key.to_openssh()?);
        Ok(Self { key, blob, line, kind, bits })
    }

    /// Its type.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The algorithm's name, as the line begins: `ssh-ed25519`.
    pub fn algorithm(&self) -> &'static str {
        self.kind.algorithm()
    }

    /// Its length: of RSA the exact one of the modulus, else that of the curve.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The fingerprint as `ssh-keygen -l` shows it: `SHA256:` and 43 letters of base64 (RFC 4648 section 4, unpadded).
    pub fn sha256(&self) -> String {
        self.key.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The older fingerprint that clouds show (RFC 4716 section 4): sixteen pairs of hexadecimal digits, `aa:bb:…`.
    /// It identifies; MD5 protects nothing.
    pub fn md5(&self) -> String {
        let mut out = String::with_capacity(47);
        for (i, byte) in Md5::digest(&self.blob).iter().enumerate() {
            // Writing into a string does not fail.
            let _ = write!(out, "{}{byte:02x}", if i == 0 { "" } else { ":" });
        }
        out
    }

    /// What its owner's machine wrote behind it, cleaned; often `user@host`, sometimes nothing.
    pub fn comment(&self) -> &str {
        self.key.comment()
    }

    /// The whole key on one line, for `authorized_keys`: type, base64 and comment, without a line break.
    pub fn line(&self) -> &str {
        &self.line
    }

    pub(crate) fn data(&self) -> &KeyData {
        self.key.key_data()
    }
}

impl PartialEq for AccessKey {
    fn eq(&self, other: &Self) -> bool {
        self.data() == other.data()
    }
}

impl Eq for AccessKey {}
