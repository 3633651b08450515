//! The demo issuer's endpoints (OpenID Connect Core 1.0 section 3.1, Discovery 1.0, RFC 7636 with S256 alone, RFC 9207).

use super::grants::{Grant, TOKEN_LIFETIME};
use super::users::{self, DemoUser};
use super::{CLIENT_ID, Demo, page};
use crate::clock::SECOND;
use crate::ids::{hash_secret, new_secret};
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;

type Shared = State<Arc<Demo>>;

/// All endpoints.
pub(super) fn router(demo: Arc<Demo>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(keys))
        .route("/authorize", get(ask).post(answer))
        .route("/token", post(token))
        .route("/userinfo", get(user_info).post(user_info))
        .with_state(demo)
}

async fn discovery(State(demo): Shared) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", demo.issuer);
    Json(json!({
        "issuer": demo.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(demo): Shared) -> Json<Value> {
    Json(json!({"keys": [demo.key.public()]}))
}

/// An authorization request, and with `user` the choice that was made.
#[derive(Deserialize)]
struct Request {
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    scope: String,
    state: Option<String>,
    nonce: Option<String>,
    #[serde(default)]
    code_challenge: String,
    #[serde(default)]
    code_challenge_method: String,
    user: Option<String>,
}

impl Request {
    /// The error of RFC 6749 section 4.1.2.1 that this request deserves.
    fn fault(&self) -> Option<&'static str> {
        if self.response_type != "code" {
            Some("unsupported_response_type")
        } else if !self.scope.split(' ').any(|s| s == "openid") {
            Some("invalid_scope")
        } else if self.code_challenge_method != "S256" || self.code_challenge.len() != 43 {
            Some("invalid_request")
        } else {
            None
        }
    }
}

async fn ask(State(demo): Shared, request: Result<Query<Request>, QueryRejection>) -> Response {
    let Some(request) = request.ok().map(|Query(r)| r).filter(|r| demo.knows(r)) else {
        return demo.wrong();
    };
    if let Some(fault) = request.fault() {
        return demo.send_back(&request, "error", fault);
    }
    let mut fields = vec![
        ("client_id", &*request.client_id),
        ("redirect_uri", &request.redirect_uri),
        ("response_type", &request.response_type),
        ("scope", &request.scope),
        ("code_challenge", &request.code_challenge),
        ("code_challenge_method", &request.code_challenge_method),
    ];
    fields.extend(request.state.as_deref().map(|s| ("state", s)));
    fields.extend(request.nonce.as_deref().map(|n| ("nonce", n)));
    demo.html(StatusCode::OK, |nonce| page::choose(&fields, nonce))
}

async fn answer(State(demo): Shared, request: Result<Form<Request>, FormRejection>) -> Response {
    let Some(request) = request.ok().map(|Form(r)| r).filter(|r| demo.knows(r)) else {
        return demo.wrong();
    };
    if let Some(fault) = request.fault() {
        return demo.send_back(&request, "error", fault);
    }
    let Some(user) = request.user.as_deref().and_then(users::find) else {
        return demo.send_back(&request, "error", "access_denied");
    };
    let grant = Grant { user, challenge: request.code_challenge.clone(), nonce: request.nonce.clone() };
    match demo.grants.new_code(grant) {
        Some(code) => demo.send_back(&request, "code", &code),
        None => demo.send_back(&request, "error", "temporarily_unavailable"),
    }
}

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: String,
    client_id: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

async fn token(State(demo): Shared, request: Result<Form<TokenRequest>, FormRejection>) -> Response {
    let Ok(Form(request)) = request else { return refuse("invalid_request") };
    if request.grant_type != "authorization_code" {
        return refuse("unsupported_grant_type");
    }
    if request.client_id != CLIENT_ID {
        return refuse("invalid_client");
    }
    let proven = |grant: &Grant| {
        request.redirect_uri == demo.redirect && hash_secret(&request.code_verifier) == grant.challenge
    };
    let Some(grant) = demo.grants.take_code(&request.code).filter(proven) else {
        return refuse("invalid_grant");
    };
    let now_s = demo.clock.now() / SECOND;
    let lifetime_s = TOKEN_LIFETIME / SECOND;
    let mut claims = claims_of(grant.user);
    claims["iss"] = json!(demo.issuer);
    claims["aud"] = json!(CLIENT_ID);
    claims["iat"] = json!(now_s);
    claims["exp"] = json!(now_s + lifetime_s);
    if let Some(nonce) = grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    match (demo.grants.new_token(grant.user), demo.key.sign(&claims)) {
        (Some(access), Ok(id_token)) => {
            let answer = json!({
                "access_token": access, "token_type": "Bearer", "expires_in": lifetime_s, "id_token": id_token,
            });
            ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        _ => refuse("temporarily_unavailable"),
    }
}

async fn user_info(State(demo): Shared, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    match bearer.and_then(|b| b.strip_prefix("Bearer ")).and_then(|t| demo.grants.find_token(t)) {
        Some(user) => ([(header::CACHE_CONTROL, "no-store")], Json(claims_of(user))).into_response(),
        None => (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")])
            .into_response(),
    }
}

fn claims_of(user: &DemoUser) -> Value {
    json!({
        "sub": user.subject, "name": user.name, "preferred_username": user.subject, "email": user.email,
        "groups": user.groups,
    })
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")], Json(json!({"error": error})))
        .into_response()
}

impl Demo {
    /// Whether the answer may be sent back at all: our client, and exactly our address.
    fn knows(&self, request: &Request) -> bool {
        request.client_id == CLIENT_ID && request.redirect_uri == self.redirect
    }

    fn send_back(&self, request: &Request, name: &str, value: &str) -> Response {
        let Ok(mut address) = Url::parse(&self.redirect) else { return self.wrong() };
        address.query_pairs_mut().append_pair(name, value).append_pair("iss", &self.issuer);
        if let Some(state) = &request.state {
            address.query_pairs_mut().append_pair("state", state);
        }
        let location = (header::LOCATION, String::from(address));
        (StatusCode::SEE_OTHER, [location, (header::CACHE_CONTROL, "no-store".to_owned())]).into_response()
    }

    fn wrong(&self) -> Response {
        let sentence = "The demo issuer only serves the Skyport that started it, at the address it was started with. Go back to Skyport and sign in from there.";
        self.html(StatusCode::BAD_REQUEST, |nonce| page::wrong(sentence, nonce))
    }

    /// A page that may load nothing but its own style. Its form may lead to the portal: browsers check where a form's
    /// answer redirects to as well.
    fn html(&self, status: StatusCode, write: impl FnOnce(&str) -> String) -> Response {
        let nonce = new_secret(&self.entropy);
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
            self.portal
        );
        let mut response = (status, axum::response::Html(write(&nonce))).into_response();
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        for (name, value) in [
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
