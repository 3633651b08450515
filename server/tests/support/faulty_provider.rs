//! An OpenID provider over real HTTP with real signatures, which does one thing wrong when it is told to.

use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode, header};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};
use skyport::clock::{Clock, Entropy, SECOND};
use skyport::config::Config;
use skyport::config::sign_in::ProviderConfig;
use skyport::ids::{hash_secret, new_secret};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What it does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Sends the browser back with this error.
    SaysError(&'static str),
    /// Sends the browser back under another issuer (RFC 9207).
    AnswersAsAnother,
    /// Sends the browser back without its name, though it always gives it.
    AnswersAsNobody,
    WrongNonce,
    NoNonce,
    /// Ended this many seconds ago.
    Expired(i64),
    WrongIssuer,
    WrongAudience,
    SecondAudience,
    OtherParty,
    BadSignature,
    AlgNone,
    /// Signed with the client's secret, which is no secret here.
    Hmac,
    /// Issued this many seconds from now.
    IssuedIn(i64),
    /// Valid only from this many seconds from now.
    ValidIn(i64),
    NoIdToken,
    NoSubject,
    LongSubject,
    WrongAccessHash,
    /// The token endpoint redirects to itself under another path.
    Redirects,
    GiantToken,
    GiantDiscovery,
    OtherIssuerInDiscovery,
    TokenIsHtml,
    TokenIsDown,
    TokenRefuses(&'static str),
    /// The user endpoint speaks of somebody else.
    OtherUser,
    /// An access token that fits into no header.
    OddAccessToken,
    /// The id token has the subject alone; the rest is at the user endpoint.
    Sparse,
    /// Says that nobody has shown the address to be theirs; the user endpoint, which knows the groups, does not say it.
    UnverifiedMail,
}

struct Shared {
    issuer: String,
    clock: Clock,
    fault: Mutex<Fault>,
    key: Mutex<Key>,
    codes: Mutex<HashMap<String, (Option<String>, String)>>,
    /// Calls by path.
    calls: Mutex<HashMap<String, u32>>,
}

struct Key {
    id: String,
    signing: CoreEdDsaPrivateSigningKey,
}

/// The running provider.
#[derive(Clone)]
pub struct FaultyProvider {
    pub issuer: String,
    shared: Arc<Shared>,
}

impl FaultyProvider {
    pub async fn start(clock: Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            issuer: issuer.clone(),
            clock,
            fault: Mutex::new(Fault::None),
            key: Mutex::new(new_key()),
            codes: Mutex::default(),
            calls: Mutex::default(),
        });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/elsewhere", post(elsewhere).get(elsewhere))
            .route("/userinfo", get(user_info))
            .with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { issuer, shared }
    }

    /// Writes it into a configuration as `faulty`, alone.
    pub fn configure(&self, config: &mut Config) {
        configure(config, &self.issuer);
    }

    pub fn set(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap() = fault;
    }

    /// Signs with a new key from now on.
    pub fn rotate_key(&self) {
        *self.shared.key.lock().unwrap() = new_key();
    }

    /// How often a path was asked for.
    pub fn calls(&self, path: &str) -> u32 {
        self.shared.calls.lock().unwrap().get(path).copied().unwrap_or_default()
    }
}

/// Writes a provider at this issuer into a configuration as `faulty`, alone.
pub fn configure(config: &mut Config, issuer: &str) {
    config.sign_in.demo = Some(false);
    config.sign_in.provider_timeout_s = 2;
    config.sign_in.attempts_per_minute = 1000;
    config.sign_in.providers.insert(
        "faulty".to_owned(),
        ProviderConfig {
            name: "Faulty".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "client".to_owned(),
            client_secret: skyport::config::Secret::new("a-client-secret"),
            client_secret_file: None,
            scopes: vec!["profile".to_owned()],
            groups_claim: "groups".to_owned(),
        },
    );
}

fn new_key() -> Key {
    let id = new_secret(&Entropy::system());
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let der = STANDARD.encode([head.as_slice(), &Entropy::system().bytes::<32>()].concat());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    let signing =
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(id.clone()))).unwrap();
    Key { id, signing }
}

impl Shared {
    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap()
    }

    fn count(&self, path: &str) {
        *self.calls.lock().unwrap().entry(path.to_owned()).or_default() += 1;
    }
}

async fn discovery(State(it): State<Arc<Shared>>) -> Response {
    it.count("discovery");
    let at = |path: &str| format!("{}{path}", it.issuer);
    let mut document = json!({
        "issuer": it.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    match it.fault() {
        Fault::GiantDiscovery => document["padding"] = json!("x".repeat(2 * 1024 * 1024)),
        Fault::OtherIssuerInDiscovery => document["issuer"] = json!("https://other.example"),
        _ => {}
    }
    Json(document).into_response()
}

async fn keys(State(it): State<Arc<Shared>>) -> Json<Value> {
    it.count("jwks");
    Json(json!({"keys": [it.key.lock().unwrap().signing.as_verification_key()]}))
}

type Fields = HashMap<String, String>;

async fn authorize(State(it): State<Arc<Shared>>, Query(asked): Query<Fields>) -> Response {
    let mut back = url::Url::parse(&asked["redirect_uri"]).unwrap();
    back.query_pairs_mut().append_pair("state", &asked["state"]);
    match it.fault() {
        Fault::AnswersAsAnother => {
            back.query_pairs_mut().append_pair("iss", "https://other.example");
        }
        Fault::AnswersAsNobody => {}
        _ => {
            back.query_pairs_mut().append_pair("iss", &it.issuer);
        }
    }
    if let Fault::SaysError(error) = it.fault() {
        back.query_pairs_mut().append_pair("error", error).append_pair("error_description", "No.");
    } else {
        let code = new_secret(&Entropy::system());
        let grant = (asked.get("nonce").cloned(), asked["code_challenge"].clone());
        it.codes.lock().unwrap().insert(code.clone(), grant);
        back.query_pairs_mut().append_pair("code", &code);
    }
    Redirect::to(back.as_str()).into_response()
}

async fn elsewhere(State(it): State<Arc<Shared>>) -> &'static str {
    it.count("elsewhere");
    "here the code would be known"
}

async fn token(State(it): State<Arc<Shared>>, Form(asked): Form<Fields>) -> Response {
    it.count("token");
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    match it.fault() {
        Fault::Redirects => {
            let to = format!("{}/elsewhere", it.issuer);
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
        Fault::TokenIsHtml => return axum::response::Html("<h1>Welcome</h1>").into_response(),
        Fault::TokenIsDown => return StatusCode::BAD_GATEWAY.into_response(),
        Fault::TokenRefuses(error) => return refuse(error),
        _ => {}
    }
    let grant = it.codes.lock().unwrap().remove(&asked["code"]);
    let Some((nonce, challenge)) = grant else { return refuse("invalid_grant") };
    if hash_secret(&asked["code_verifier"]) != challenge {
        return refuse("invalid_grant");
    }
    let mut answer = json!({"access_token": "access", "token_type": "Bearer", "id_token": id_token(&it, nonce.as_deref())});
    match it.fault() {
        Fault::NoIdToken => answer["id_token"] = Value::Null,
        Fault::GiantToken => answer["padding"] = json!("x".repeat(2 * 1024 * 1024)),
        Fault::OddAccessToken => answer["access_token"] = json!("a\nb"),
        _ => {}
    }
    Json(answer).into_response()
}

fn id_token(it: &Shared, nonce: Option<&str>) -> String {
    let now_s = it.clock.now() / SECOND;
    let mut claims = json!({
        "iss": it.issuer, "aud": "client", "sub": "s-1", "iat": now_s, "exp": now_s + 300, "nonce": nonce,
        "name": "Vera Rubin", "email": "vera@example.org", "groups": ["galaxies"],
    });
    match it.fault() {
        Fault::WrongNonce => claims["nonce"] = json!("another"),
        Fault::NoNonce => drop(claims.as_object_mut().unwrap().remove("nonce")),
        Fault::Expired(ago) => claims["exp"] = json!(now_s - ago),
        Fault::WrongIssuer => claims["iss"] = json!("https://other.example"),
        Fault::WrongAudience => claims["aud"] = json!("another"),
        Fault::SecondAudience => claims["aud"] = json!(["client", "another"]),
        Fault::OtherParty => claims["azp"] = json!("another"),
        Fault::IssuedIn(seconds) => claims["iat"] = json!(now_s + seconds),
        Fault::ValidIn(seconds) => claims["nbf"] = json!(now_s + seconds),
        Fault::NoSubject => claims["sub"] = json!(""),
        Fault::LongSubject => claims["sub"] = json!("s".repeat(256)),
        Fault::WrongAccessHash => claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA"),
        Fault::Sparse | Fault::OtherUser | Fault::OddAccessToken => {
            for left_out in ["name", "email", "groups"] {
                claims.as_object_mut().unwrap().remove(left_out);
            }
        }
        Fault::UnverifiedMail => {
            claims["email_verified"] = json!(false);
            claims.as_object_mut().unwrap().remove("groups");
        }
        _ => {}
    }
    let key = it.key.lock().unwrap();
    let (alg, kid) = match it.fault() {
        Fault::AlgNone => ("none", Value::Null),
        Fault::Hmac => ("HS256", Value::Null),
        _ => ("EdDSA", json!(key.id)),
    };
    let mut head = json!({"alg": alg, "typ": "JWT"});
    if !kid.is_null() {
        head["kid"] = kid;
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(&head), part(&claims));
    let signature = match it.fault() {
        Fault::AlgNone => Vec::new(),
        Fault::BadSignature => {
            new_key().signing.sign(&CoreJwsSigningAlgorithm::EdDsa, input.as_bytes()).unwrap()
        }
        Fault::Hmac => openidconnect::core::CoreHmacKey::new("a-client-secret")
            .sign(&CoreJwsSigningAlgorithm::HmacSha256, input.as_bytes())
            .unwrap(),
        _ => key.signing.sign(&CoreJwsSigningAlgorithm::EdDsa, input.as_bytes()).unwrap(),
    };
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn user_info(State(it): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    it.count("userinfo");
    if headers.get(header::AUTHORIZATION).is_none_or(|v| v != "Bearer access") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let subject = if it.fault() == Fault::OtherUser { "s-2" } else { "s-1" };
    Json(json!({"sub": subject, "name": "Vera R.", "email": "v@example.org", "groups": ["dark-matter"]}))
        .into_response()
}
