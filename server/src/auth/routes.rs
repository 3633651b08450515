//! `/auth`: the plain HTTP of signing in and out.
//!
//! What surprises: `/auth/start` does not redirect but answers with a page that moves on at once. Browsers check the
//! pages' `form-action 'self'` against every redirect that follows a form, so a redirect to the provider, or from there to
//! another one, would be blocked; a page in between ends that chain.

mod answers;

use super::flow;
use super::refusal::{Problem, Refusal};
use crate::http::client_address::client_address;
use crate::http::cookies::{self, Purpose};
use crate::http::error_page;
use crate::ids::{hash_secret, new_secret};
use crate::start::Skyport;
use answers::{go, leave_for, with_cookie};
use app::asking::Caller;
use app::frame::address;
use axum::Router;
use axum::extract::{Form, FromRequest as _, Query, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, header};
use serde::Deserialize;
use std::time::Duration;

/// The routes, for the access table: method and path.
pub const ROUTES: &[(&str, &str)] = &[
    ("POST", "/auth/start"),
    ("GET", "/auth/callback"),
    ("POST", "/auth/sign-out"),
    ("POST", "/auth/sign-out-everywhere"),
];

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new()
        .route("/auth/start", post(start))
        .route("/auth/callback", get(callback))
        .route("/auth/sign-out", post(sign_out))
        .route("/auth/sign-out-everywhere", post(sign_out_everywhere))
}

/// A secret of ours has this many characters.
const SECRET_LENGTH: usize = 43;

#[derive(Default, Deserialize)]
struct Start {
    #[serde(default)]
    provider: String,
    #[serde(default)]
    next: String,
}

async fn start(State(skyport): State<Skyport>, request: Request) -> Response {
    let headers = request.headers().clone();
    let from = client_address(&skyport.config, request.extensions(), &headers);
    let form = Form::<Start>::from_request(request, &()).await.map(|Form(form)| form).unwrap_or_default();
    let next = address::inside(&form.next);
    if let Err(wait_s) = skyport.auth.0.starts.take(from) {
        return answers::too_often(next, wait_s);
    }
    if let Some(here) = other_name_of_this_machine(&skyport, &headers) {
        tracing::debug!(server.asked = %here, "sign-in was begun under another name of this machine");
        return go(&format!("{}{}", skyport.origin, address::sign_in(next)));
    }
    let providers = skyport.auth.providers();
    let only = match providers.all() {
        [only] if form.provider.is_empty() => Some(only.clone()),
        _ => None,
    };
    let Some(provider) = only.or_else(|| providers.find(&form.provider)) else {
        return go(&address::sign_in(next));
    };
    let kept = cookies::read(&headers, Purpose::Attempt, skyport.secure).filter(|s| s.len() == SECRET_LENGTH);
    let browser = kept.unwrap_or_else(|| new_secret(&skyport.entropy));
    match skyport.auth.begin(&provider, &browser, next).await {
        Ok(Ok(address)) => {
            let seconds = super::attempts::LIFETIME / crate::clock::SECOND;
            let cookie = cookies::set(Purpose::Attempt, skyport.secure, &browser, Some(seconds));
            with_cookie(leave_for(&address, &provider.name), cookie)
        }
        Ok(Err(refusal)) => refuse(&refusal, &provider.id, next),
        Err(error) => error_page::of(&error),
    }
}

/// What comes back from the provider (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207).
#[derive(Default, Deserialize)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

async fn callback(State(skyport): State<Skyport>, request: Request) -> Response {
    let headers = request.headers();
    let from = client_address(&skyport.config, request.extensions(), headers);
    if let Err(wait_s) = skyport.auth.0.answers.take(from) {
        return answers::too_often("/", wait_s);
    }
    let answer = Query::<Answer>::try_from_uri(request.uri()).map(|Query(a)| a).unwrap_or_default();
    let browser = cookies::read(headers, Purpose::Attempt, skyport.secure);
    let (Some(state), Some(browser)) = (answer.state.as_deref(), browser) else {
        return refuse(&Refusal::new(Problem::State, "The answer or the browser has no state"), "", "/");
    };
    let attempt = match skyport.auth.take_attempt(state, &browser).await {
        Ok(Some(attempt)) => attempt,
        Ok(None) => {
            let reason = "The state is unknown, used, expired, or another browser's";
            return refuse(&Refusal::new(Problem::State, reason), "", "/");
        }
        Err(error) => return error_page::of(&error),
    };
    let next = address::inside(&attempt.next);
    let Some(provider) = skyport.auth.providers().find(&attempt.provider) else {
        let reason = "The provider was taken out of the configuration meanwhile";
        return refuse(&Refusal::new(Problem::Config, reason), &attempt.provider, next);
    };
    let clock = &skyport.clock;
    let finished = async {
        flow::check_issuer(&provider, clock, answer.iss.as_deref()).await?;
        if let Some(error) = &answer.error {
            return Err(refused_by_provider(error));
        }
        let code = answer.code.clone().filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| Refusal::new(Problem::Claims, "The answer has no code"))?;
        flow::finish(&provider, clock, code, attempt.nonce.clone(), attempt.pkce_verifier.clone()).await
    };
    let longest = Duration::from_secs(skyport.config.sign_in.provider_timeout_s.saturating_mul(2));
    let finished = tokio::time::timeout(longest, finished)
        .await
        .unwrap_or_else(|_| Err(Refusal::new(Problem::Unreachable, "The provider takes too long in all")));
    let vouched = match finished {
        Ok(vouched) => vouched,
        Err(refusal) => return refuse(&refusal, &provider.id, next),
    };
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let before = cookies::read(headers, Purpose::SignIn, skyport.secure).filter(|s| !s.is_empty());
    let visitor = visitor(&skyport, headers);
    match skyport.auth.open(&provider, &vouched, agent, before.as_deref(), visitor.as_deref()).await {
        Ok(opened) => {
            let (secure, lifetime_s) = (skyport.secure, skyport.config.sign_in.absolute_s);
            let cookie = cookies::set(Purpose::SignIn, secure, &opened.secret, Some(lifetime_s));
            let mut response = with_cookie(go(next), cookie);
            response = with_cookie(response, cookies::clear(Purpose::Attempt, secure));
            if opened.adopted {
                response = with_cookie(response, cookies::clear(Purpose::Visitor, secure));
            }
            response
        }
        Err(error) => error_page::of(&error),
    }
}

async fn sign_out(State(skyport): State<Skyport>, headers: HeaderMap) -> Response {
    if let Some(secret) = cookies::read(&headers, Purpose::SignIn, skyport.secure)
        && let Err(error) = skyport.auth.end_by_secret(&secret).await
    {
        return error_page::of(&error);
    }
    signed_out(&skyport)
}

async fn sign_out_everywhere(State(skyport): State<Skyport>, request: Request) -> Response {
    let caller = request.extensions().get::<Caller>();
    if let Some(user) = caller.and_then(|c| c.user().ok())
        && let Err(error) = skyport.auth.end_everywhere(user).await
    {
        return error_page::of(&error);
    }
    signed_out(&skyport)
}

fn signed_out(skyport: &Skyport) -> Response {
    let response = with_cookie(go("/"), cookies::clear(Purpose::SignIn, skyport.secure));
    with_cookie(response, cookies::clear(Purpose::Attempt, skyport.secure))
}

/// Logs a failed sign-in once, and says so on the sign-in page.
fn refuse(refusal: &Refusal, provider: &str, next: &str) -> Response {
    let code = refusal.problem.code();
    tracing::warn!(
        sign_in.problem = code, sign_in.provider = provider, fault.chain = %refusal.reason, "a sign-in failed"
    );
    go(&answers::problem_page(refusal.problem, next))
}

/// The error that the provider sent the browser back with (RFC 6749 section 4.1.2.1, OpenID Connect Core 3.1.2.6).
fn refused_by_provider(error: &str) -> Refusal {
    let problem = match error {
        "access_denied"
        | "login_required"
        | "consent_required"
        | "interaction_required"
        | "account_selection_required" => Problem::Cancelled,
        "temporarily_unavailable" | "server_error" => Problem::Unreachable,
        _ => Problem::Config,
    };
    let shown: String = error.chars().filter(|c| !c.is_control()).take(60).collect();
    Refusal::new(problem, format!("The provider sent the browser back with {shown:?}"))
}

/// The visitor whose queries become the user's.
fn visitor(skyport: &Skyport, headers: &HeaderMap) -> Option<String> {
    let secret = cookies::read(headers, Purpose::Visitor, skyport.secure)?;
    (secret.len() >= 40).then(|| hash_secret(&secret))
}

/// On loopback, `localhost` and `127.0.0.1` are two hosts for cookies. The provider sends people back to the one, so who
/// begins under the other is led to the one first.
fn other_name_of_this_machine(skyport: &Skyport, headers: &HeaderMap) -> Option<String> {
    if skyport.secure {
        return None;
    }
    let asked = headers.get(header::HOST)?.to_str().ok()?;
    let expected = skyport.origin.strip_prefix("http://")?;
    let (asked_name, asked_port) = asked.rsplit_once(':')?;
    let (name, port) = expected.rsplit_once(':')?;
    let local = |name: &str| matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    (asked_port == port && asked_name != name && local(asked_name) && local(name)).then(|| asked.to_owned())
}
