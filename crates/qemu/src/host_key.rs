//! A machine's own ssh key: made here, so that its first contact can be checked.

use crate::fault::Fault;
use ed25519_dalek::SigningKey;
use ssh_key::private::{Ed25519Keypair, Ed25519PrivateKey, KeypairData};
use ssh_key::public::Ed25519PublicKey;
use ssh_key::{LineEnding, PrivateKey, PublicKey};

/// Both halves as files have them.
pub(crate) struct HostKey {
    pub(crate) private: String,
    pub(crate) public: String,
}

impl HostKey {
    /// An ed25519 pair from 32 random bytes.
    pub(crate) fn of(seed: &[u8; 32], comment: &str) -> Result<Self, Fault> {
        let signing = SigningKey::from_bytes(seed);
        let pair = Ed25519Keypair {
            public: Ed25519PublicKey(signing.verifying_key().to_bytes()),
            private: Ed25519PrivateKey::from_bytes(seed),
        };
        let unmade = |error: ssh_key::Error| Fault::BadSpec { what: "host key", why: error.to_string() };
        let key = PrivateKey::new(KeypairData::Ed25519(pair), comment).map_err(unmade)?;
        Ok(Self {
            private: key.to_openssh(LineEnding::LF).map_err(unmade)?.to_string(),
            public: key.public_key().to_openssh().map_err(unmade)?,
        })
    }
}

const BEGIN: &str = "-----BEGIN SSH HOST KEY KEYS-----";
pub(crate) const END: &str = "-----END SSH HOST KEY KEYS-----";

/// The host keys that a console shows between the lines of cloud-init; the last such block.
pub(crate) fn read_console(text: &str) -> Vec<String> {
    let Some((_, after)) = text.rsplit_once(BEGIN) else { return Vec::new() };
    let Some((block, _)) = after.split_once(END) else { return Vec::new() };
    let keys = block.lines().filter_map(|line| PublicKey::from_openssh(line.trim()).ok());
    keys.filter_map(|key| key.to_openssh().ok()).take(8).collect()
}
