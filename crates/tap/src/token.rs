//! A bearer token that cannot be printed by accident.

use std::fmt;

use reqwest::header::HeaderValue;

use crate::Error;

/// A bearer token (RFC 6750). Shown as `***` by `Debug` and `Display`; it leaves this crate only in the
/// `Authorization` header of a request to the archive it was given for.
#[derive(Clone)]
pub struct SecretToken(HeaderValue);

impl SecretToken {
    /// Takes the token without the word "Bearer".
    ///
    /// # Errors
    /// [`Error::BadToken`] if it is empty or has characters that no header may carry.
    pub fn new(token: &str) -> Result<Self, Error> {
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::BadToken);
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Error::BadToken)?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(***)")
    }
}

impl fmt::Display for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
