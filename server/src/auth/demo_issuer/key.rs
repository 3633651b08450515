//! The demo issuer's key, and signing with it (RFC 8037, RFC 7515).

use crate::clock::Entropy;
use crate::ids::new_id;
use crate::start::StartError;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _, SigningError};
use serde_json::{Value, json};

/// The head of a PKCS #8 document for an Ed25519 key (RFC 8410 section 7); the 32 bytes of the key follow.
const PKCS8_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// An Ed25519 key.
pub(super) struct Key {
    id: String,
    signing: CoreEdDsaPrivateSigningKey,
}

impl Key {
    /// A new one.
    pub(super) fn new(entropy: &Entropy) -> Result<Self, StartError> {
        let id = new_id(entropy);
        let der = [PKCS8_HEAD.as_slice(), &entropy.bytes::<32>()].concat();
        let pem =
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
        let signing =
            CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(id.clone())))?;
        Ok(Self { id, signing })
    }

    /// The public half.
    pub(super) fn public(&self) -> CoreJsonWebKey {
        self.signing.as_verification_key()
    }

    /// The claims as a signed token.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, SigningError> {
        let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": self.id});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(&header), part(claims));
        let signature = self.signing.sign(&CoreJwsSigningAlgorithm::EdDsa, input.as_bytes())?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
