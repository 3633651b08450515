//! Wire types of access keys.

use serde::{Deserialize, Serialize};

/// Longest name of a key, in characters.
pub const LONGEST_NAME: u32 = 60;

/// A key to add.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// The name that it gets; where empty, one is made of the key's comment.
    pub name: String,
    /// What was pasted.
    pub key: String,
}

/// The caller's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysView {
    /// By name.
    pub keys: Vec<KeyView>,
    /// As many as one user may have.
    pub most: u64,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its type for people: `ed25519`, `ecdsa nistp256`, `rsa`.
    pub kind: String,
    /// Its length.
    pub bits: u32,
    /// `SHA256:` and base64, as `ssh-keygen -l` shows it.
    pub sha256: String,
    /// `aa:bb:…`, as clouds show it.
    pub md5: String,
    /// The line for `authorized_keys`.
    pub public_key: String,
    /// When it was added, UTC microseconds.
    pub added_us: i64,
    /// When it was last put into a server, UTC microseconds.
    pub last_used_us: Option<i64>,
    /// The servers that carry it, newest first; the first few of them.
    pub servers: Vec<KeyUse>,
    /// All servers that carry it.
    pub server_count: u64,
}

/// A server that carries a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// The server's id.
    pub server: String,
    /// Its name.
    pub name: String,
}
