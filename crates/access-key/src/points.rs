//! Whether a key is a point of its curve. OpenSSH checks that of ECDSA keys when it reads them; of an Ed25519 key nobody
//! notices until a sign-in fails.

use ssh_key::public::{EcdsaPublicKey, KeyData};

/// Whether the key can be one; true for what is no point (RSA).
pub(crate) fn is_on_curve(data: &KeyData) -> bool {
    match data {
        KeyData::Ed25519(key) => is_ed25519(&key.0),
        KeyData::SkEd25519(key) => is_ed25519(&key.public_key().0),
        KeyData::SkEcdsaSha2NistP256(key) => {
            p256::PublicKey::from_sec1_bytes(key.ec_point().as_bytes()).is_ok()
        }
        KeyData::Ecdsa(EcdsaPublicKey::NistP256(key)) => {
            p256::PublicKey::from_sec1_bytes(key.as_bytes()).is_ok()
        }
        KeyData::Ecdsa(EcdsaPublicKey::NistP384(key)) => {
            p384::PublicKey::from_sec1_bytes(key.as_bytes()).is_ok()
        }
        KeyData::Ecdsa(EcdsaPublicKey::NistP521(key)) => {
            p521::PublicKey::from_sec1_bytes(key.as_bytes()).is_ok()
        }
        _ => true,
    }
}

/// A point of the curve, and not one of the few that anybody can sign for.
fn is_ed25519(bytes: &[u8; 32]) -> bool {
    ed25519_dalek::VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak())
}
