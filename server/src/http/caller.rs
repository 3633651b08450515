//! Finds out who asks, once for each request, and puts the [`Caller`] where pages and endpoints find it.

use super::client_address::client_address;
use super::cookies::{self, Purpose};
use super::error_page;
use crate::ids::{hash_secret, new_secret};
use crate::start::Skyport;
use app::asking::{Caller, NotKnown, Owner};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method, header};

/// What makes a visitor an owner; no other call does, so that no late answer replaces the cookie.
const MINTING: [&str; 2] = ["/api/queries/ask", "/api/queries/ask_form"];
/// A visitor's cookie lives this long.
const VISITOR_S: i64 = 30 * 86_400;

/// Reads the cookies. A visitor's first server function makes them the owner of what they ask; looking at pages alone
/// sets no cookie.
pub async fn find_caller(State(skyport): State<Skyport>, mut request: Request, next: Next) -> Response {
    let caller = match caller_of(&skyport, request.headers()).await {
        Ok(caller) => caller,
        // Pages and their functions say it inside the frame; other endpoints have none.
        Err(error) if is_page(&request) => {
            request.extensions_mut().insert(NotKnown(error));
            request.extensions_mut().insert(Caller::nobody());
            return next.run(request).await;
        }
        Err(error) => return error_page::of(&error),
    };
    let address = client_address(&skyport.config, request.extensions(), request.headers());
    let caller = Caller { address: Some(address), ..caller };
    let asks = request.method() == Method::POST && MINTING.contains(&request.uri().path());
    let (caller, new_cookie) = match caller.owner {
        Owner::Nobody if asks => {
            let secret = new_secret(&skyport.entropy);
            let owner = Owner::Visitor(hash_secret(&secret));
            (
                Caller { owner, ..caller },
                cookies::set(Purpose::Visitor, skyport.secure, &secret, Some(VISITOR_S)),
            )
        }
        _ => (caller, None),
    };
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    if let Some(cookie) = new_cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Who sent these headers.
///
/// # Errors
/// Where the database is away, and so nobody can be known.
pub async fn caller_of(skyport: &Skyport, headers: &HeaderMap) -> app::error::Result<Caller> {
    Ok(signed_in(skyport, headers).await?.unwrap_or_else(|| visitor(skyport, headers)))
}

fn is_page(request: &Request) -> bool {
    request.extensions().get::<MatchedPath>().is_none_or(|route| route.as_str().starts_with("/api/"))
}

async fn signed_in(skyport: &Skyport, headers: &HeaderMap) -> app::error::Result<Option<Caller>> {
    match cookies::read(headers, Purpose::SignIn, skyport.secure) {
        Some(secret) if !secret.is_empty() => skyport.auth.find_caller(&secret).await,
        _ => Ok(None),
    }
}

fn visitor(skyport: &Skyport, headers: &HeaderMap) -> Caller {
    match cookies::read(headers, Purpose::Visitor, skyport.secure) {
        Some(secret) if secret.len() >= 40 => {
            Caller { owner: Owner::Visitor(hash_secret(&secret)), ..Caller::nobody() }
        }
        _ => Caller::nobody(),
    }
}
