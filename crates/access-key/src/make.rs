//! Making a pair.

use crate::comment;
use crate::key::AccessKey;
use crate::kind::Kind;
use ssh_key::private::{Ed25519Keypair, Ed25519PrivateKey, KeypairData};
use ssh_key::public::{Ed25519PublicKey, PublicKey};
use ssh_key::{LineEnding, PrivateKey};
use zeroize::{Zeroize as _, Zeroizing};

/// A new pair.
pub struct MadeKey {
    /// The secret half, as OpenSSH keeps it in a file (PROTOCOL.key), without a passphrase. Wiped when it goes.
    pub private_openssh: Zeroizing<String>,
    /// The half that servers get.
    pub public: AccessKey,
}

impl std::fmt::Debug for MadeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeKey").field("private_openssh", &"***").field("public", &self.public).finish()
    }
}

/// The pair could not be written; does not happen with what is given here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The key could not be written. Try again.")]
pub struct MakeError;

/// Makes the Ed25519 pair (RFC 8032) of a seed, which must be 32 bytes from the system's random generator.
///
/// # Errors
/// [`MakeError`], where the form could not be written.
pub fn make_ed25519(mut entropy: [u8; 32], comment: &str) -> Result<MadeKey, MakeError> {
    let comment = comment::clean(comment);
    let signing = ed25519_dalek::SigningKey::from_bytes(&entropy);
    let public = Ed25519PublicKey(signing.verifying_key().to_bytes());
    let pair = Ed25519Keypair { public, private: Ed25519PrivateKey::from_bytes(&entropy) };
    entropy.zeroize();
    let private = PrivateKey::new(KeypairData::Ed25519(pair), comment.clone()).map_err(|_| MakeError)?;
    let private_openssh = private.to_openssh(LineEnding::LF).map_err(|_| MakeError)?;
    let public = AccessKey::new(PublicKey::new(public.into(), comment), Kind::Ed25519, 256);
    Ok(MadeKey { private_openssh, public: public.map_err(|_| MakeError)? })
}
