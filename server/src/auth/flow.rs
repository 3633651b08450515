//! The authorization code flow with PKCE, from the address we send people to, to who came back (OpenID Connect Core 1.0
//! section 3.1, RFC 7636, RFC 9207).

use super::identity::{self, Identity};
use super::oidc::{IdClaims, IdToken, Metadata, TokenAnswer, TokenRefusal, UserClaims};
use super::providers::Provider;
use super::refusal::{Problem, Refusal};
use super::remote::RemoteError;
use crate::clock::{Clock, Entropy, SECOND};
use crate::config::Secret;
use crate::ids::new_secret;
use chrono::{DateTime, Utc};
use openidconnect::core::{CoreErrorResponseType, CoreResponseType};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, CsrfToken, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _, UserInfoError,
};

/// How far the provider's clock may be off, in seconds.
const SKEW_S: i64 = 120;

/// A sign-in on its way to the provider.
pub struct Begun {
    /// Where the browser goes.
    pub address: String,
    /// Comes back with the answer.
    pub state: String,
    /// Comes back inside the id token.
    pub nonce: String,
    /// Proves at the token endpoint that we began.
    pub pkce_verifier: String,
}

/// Makes the address at the provider.
///
/// # Errors
/// Where its discovery document cannot be had.
pub async fn begin(provider: &Provider, clock: &Clock, entropy: &Entropy) -> Result<Begun, Refusal> {
    let metadata = provider.metadata(clock).await?;
    let (state, nonce, verifier) = (new_secret(entropy), new_secret(entropy), new_secret(entropy));
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
    let (kept_state, kept_nonce) = (state.clone(), nonce.clone());
    let (address, _, _) = provider
        .client(&metadata)
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            move || CsrfToken::new(kept_state),
            move || Nonce::new(kept_nonce),
        )
        .add_scopes(provider.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        .url();
    Ok(Begun { address: address.into(), state, nonce, pkce_verifier: verifier })
}

/// Checks that the answer is of this issuer (RFC 9207 section 2.4).
///
/// # Errors
/// [`Problem::Issuer`] where it names another, or names none though the provider always does.
pub async fn check_issuer(provider: &Provider, clock: &Clock, iss: Option<&str>) -> Result<(), Refusal> {
    let named = if let Some(iss) = iss {
        iss == provider.issuer.as_str()
    } else {
        let metadata = provider.metadata(clock).await?;
        metadata.additional_metadata().authorization_response_iss_parameter_supported != Some(true)
    };
    if named {
        Ok(())
    } else {
        Err(Refusal::new(Problem::Issuer, "The answer names another issuer, or none"))
    }
}

/// What a provider says of somebody, and the token with which they are known elsewhere.
pub struct Vouched {
    /// Who it is.
    pub identity: Identity,
    /// For the sites that take it.
    pub access_token: Secret,
}

/// Trades the code for tokens, verifies the id token, and says who it is.
///
/// # Errors
/// Any [`Problem`] but those of the browser's side.
pub async fn finish(
    provider: &Provider,
    clock: &Clock,
    code: String,
    nonce: String,
    pkce_verifier: String,
) -> Result<Vouched, Refusal> {
    let metadata = provider.metadata(clock).await?;
    let client = provider.client(&metadata);
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| Refusal::of(Problem::Config, &error))?
        .set_pkce_verifier(PkceCodeVerifier::new(pkce_verifier))
        .request_async(&provider.remote)
        .await
        .map_err(|error| Refusal::of(problem_at_token_endpoint(&error), &error))?;
    let token = tokens
        .id_token()
        .ok_or_else(|| Refusal::new(Problem::Claims, "The provider's answer has no id token"))?;
    let nonce = Nonce::new(nonce);
    let claims = match verify(provider, &metadata, clock, token, &nonce, &tokens) {
        Err(Unverified::UnknownKey(refusal)) => match provider.newer_keys(clock).await {
            Some(newer) => verify(provider, &newer, clock, token, &nonce, &tokens),
            None => Err(Unverified::Refused(refusal)),
        },
        verified => verified,
    }
    .map_err(|(Unverified::UnknownKey(refusal) | Unverified::Refused(refusal))| refusal)?;
    let user = ask_user_endpoint(provider, &metadata, claims, &tokens).await?;
    let identity = Identity::new(claims, user.as_ref(), &provider.groups_claim)?;
    Ok(Vouched { identity, access_token: Secret::new(tokens.access_token().secret()) })
}

enum Unverified {
    UnknownKey(Refusal),
    Refused(Refusal),
}

fn verify<'t>(
    provider: &Provider,
    metadata: &Metadata,
    clock: &Clock,
    token: &'t IdToken,
    nonce: &Nonce,
    tokens: &TokenAnswer,
) -> Result<&'t IdClaims, Unverified> {
    let now = clock.now();
    let instant = |micros: i64| DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default();
    let (earliest, latest) = (instant(now - SKEW_S * SECOND), instant(now + SKEW_S * SECOND));
    let client = provider.client(metadata);
    let verifier = client.id_token_verifier().set_time_fn(move || earliest);
    let claims = token.claims(&verifier, nonce).map_err(|error| {
        let refusal = Refusal::of(problem_of_claims(&error), &error);
        match error {
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                Unverified::UnknownKey(refusal)
            }
            _ => Unverified::Refused(refusal),
        }
    })?;
    let refused = |problem, reason: &str| Err(Unverified::Refused(Refusal::new(problem, reason)));
    if claims.issue_time() > latest {
        return refused(Problem::Skew, "The id token was issued more than two minutes in the future");
    }
    let not_before = claims.additional_claims().0.get("nbf").map(serde_json::Value::as_f64);
    if not_before.is_some_and(|nbf| nbf.is_none_or(|nbf| nbf > latest.timestamp() as f64)) {
        return refused(Problem::Skew, "The id token is not valid yet for more than two minutes");
    }
    if claims.authorized_party().is_some_and(|party| *party != provider.client_id) {
        return refused(Problem::Audience, "The id token was issued to another party");
    }
    if let Some(expected) = claims.access_token_hash() {
        let found = token
            .signing_alg()
            .ok()
            .zip(token.signing_key(&verifier).ok())
            .and_then(|(alg, key)| AccessTokenHash::from_token(tokens.access_token(), alg, key).ok());
        if found.as_ref() != Some(expected) {
            return refused(Problem::Claims, "The access token does not belong to the id token");
        }
    }
    Ok(claims)
}

/// Asks the user endpoint for what the id token leaves out.
async fn ask_user_endpoint(
    provider: &Provider,
    metadata: &Metadata,
    claims: &IdClaims,
    tokens: &TokenAnswer,
) -> Result<Option<UserClaims>, Refusal> {
    if metadata.userinfo_endpoint().is_none() || !identity::is_sparse(claims, &provider.groups_claim) {
        return Ok(None);
    }
    let access = tokens.access_token();
    // The library panics on an access token that does not fit into a header.
    if !access.secret().bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Refusal::new(Problem::Claims, "The access token has characters that no token may have"));
    }
    let client = provider.client(metadata);
    let question = client
        .user_info(access.clone(), Some(claims.subject().clone()))
        .map_err(|error| Refusal::of(Problem::Config, &error))?;
    let answer: Result<UserClaims, _> = question.request_async(&provider.remote).await;
    answer.map(Some).map_err(|error| {
        let problem = match &error {
            UserInfoError::Request(RemoteError::Away(_) | RemoteError::OutOfOrder(_)) => Problem::Unreachable,
            _ => Problem::Claims,
        };
        Refusal::of(problem, &error)
    })
}

fn problem_at_token_endpoint(error: &RequestTokenError<RemoteError, TokenRefusal>) -> Problem {
    match error {
        RequestTokenError::Request(RemoteError::Away(_) | RemoteError::OutOfOrder(_)) => Problem::Unreachable,
        RequestTokenError::ServerResponse(refusal) => match refusal.error() {
            CoreErrorResponseType::InvalidGrant => Problem::Replayed,
            CoreErrorResponseType::InvalidClient
            | CoreErrorResponseType::UnauthorizedClient
            | CoreErrorResponseType::UnsupportedGrantType
            | CoreErrorResponseType::InvalidScope => Problem::Config,
            _ => Problem::Token,
        },
        RequestTokenError::Parse(..) | RequestTokenError::Request(_) => Problem::Claims,
        RequestTokenError::Other(_) => Problem::Token,
    }
}

fn problem_of_claims(error: &ClaimsVerificationError) -> Problem {
    match error {
        ClaimsVerificationError::Expired(_) => Problem::Expired,
        ClaimsVerificationError::InvalidAudience(_) => Problem::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => Problem::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => Problem::Nonce,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoSignature) => {
            Problem::AlgNone
        }
        ClaimsVerificationError::SignatureVerification(_) => Problem::Signature,
        _ => Problem::Claims,
    }
}
