//! Codes and access tokens that are out: short-lived, in memory, each code good for one use.

use super::users::DemoUser;
use crate::clock::{Clock, Entropy, Micros, SECOND};
use crate::ids::new_secret;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A code is traded within this time.
const CODE_LIFETIME: Micros = 60 * SECOND;
/// An access token opens the user endpoint for this time.
pub(super) const TOKEN_LIFETIME: Micros = 300 * SECOND;
/// Most codes, and most tokens, at once.
const MOST: usize = 1000;

/// What a code stands for.
#[derive(Clone)]
pub(super) struct Grant {
    /// Who was chosen.
    pub(super) user: &'static DemoUser,
    /// The PKCE challenge.
    pub(super) challenge: String,
    /// The nonce of the request.
    pub(super) nonce: Option<String>,
}

/// Codes and access tokens that are out.
pub(super) struct Grants {
    clock: Clock,
    entropy: Entropy,
    codes: Mutex<HashMap<String, (Grant, Micros)>>,
    tokens: Mutex<HashMap<String, (&'static DemoUser, Micros)>>,
}

impl Grants {
    pub(super) fn new(clock: &Clock, entropy: &Entropy) -> Self {
        Self {
            clock: clock.clone(),
            entropy: entropy.clone(),
            codes: Mutex::default(),
            tokens: Mutex::default(),
        }
    }

    /// A code for the grant; none where too many are out.
    pub(super) fn new_code(&self, grant: Grant) -> Option<String> {
        self.put(&self.codes, grant, CODE_LIFETIME)
    }

    /// What the code stands for, once.
    pub(super) fn take_code(&self, code: &str) -> Option<Grant> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let (grant, ends) = codes.remove(code)?;
        (ends > self.clock.now()).then_some(grant)
    }

    /// An access token for the user; none where too many are out.
    pub(super) fn new_token(&self, user: &'static DemoUser) -> Option<String> {
        self.put(&self.tokens, user, TOKEN_LIFETIME)
    }

    /// Whose access token it is.
    pub(super) fn find_token(&self, token: &str) -> Option<&'static DemoUser> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(token).filter(|(_, ends)| *ends > self.clock.now()).map(|(user, _)| *user)
    }

    fn put<T>(
        &self,
        map: &Mutex<HashMap<String, (T, Micros)>>,
        value: T,
        lifetime: Micros,
    ) -> Option<String> {
        let now = self.clock.now();
        let mut map = map.lock().unwrap_or_else(PoisonError::into_inner);
        map.retain(|_, (_, ends)| *ends > now);
        if map.len() >= MOST {
            return None;
        }
        let secret = new_secret(&self.entropy);
        map.insert(secret.clone(), (value, now + lifetime));
        Some(secret)
    }
}
