//! The door of sessions: what comes for a session's own host goes to its interface, and to nothing of the portal; the
//! rest goes to the portal. See [`crate::features::sessions::opening`] for who may in.
//!
//! What surprises: no limit of the portal's holds here, neither of time nor of size; and of the headers that the portal
//! sets only those that keep sessions apart (see [`answers`]).

mod answers;
mod foreign;
mod own;
mod pages;

use super::client_address::client_address;
use super::cookies::{self, Purpose};
use super::layers;
use crate::fault::chain;
use crate::features::sessions::opening::{Entry, House, Opening};
use crate::start::Skyport;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Router};
use http::header::{ACCEPT, UPGRADE};
use passage::{Client, Cookies, Fault, Upstream};
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

/// What is ours among a session's cookies, and the portal's, wherever they may be seen.
static HIDDEN: LazyLock<Arc<Cookies>> = LazyLock::new(|| {
    let hidden = ["skyport", "__Host-skyport", "__Secure-skyport"];
    Arc::new(hidden.into_iter().fold(Cookies::new(), Cookies::hide_prefix))
});

#[derive(Clone)]
struct Houses {
    opening: Opening,
    portal: Router,
    sessions: Router,
}

/// The portal, and beside it the sessions.
pub(super) fn beside(portal: Router, skyport: &Skyport) -> Router {
    let sessions = Router::new()
        .fallback(answer)
        .layer(CatchPanicLayer::custom(super::error_page::after_panic))
        .layer(from_fn_with_state(skyport.clone(), layers::observe))
        .with_state(skyport.clone());
    let houses = Houses { opening: skyport.opening.clone(), portal, sessions };
    Router::new().fallback(by_host).with_state(houses)
}

async fn by_host(State(houses): State<Houses>, mut request: Request) -> Result<Response, Infallible> {
    match houses.opening.house(&request) {
        House::Portal => houses.portal.oneshot(request).await,
        house => {
            request.extensions_mut().insert(house);
            houses.sessions.oneshot(request).await
        }
    }
}

async fn answer(
    State(skyport): State<Skyport>,
    Extension(house): Extension<House>,
    request: Request,
) -> Response {
    let asked = pages::Asked::of(&skyport, &request);
    let id = match house {
        House::Session(id) => id,
        House::Portal | House::Nobody => return pages::nobody(&asked),
        House::Unclear => return pages::unclear(&asked),
    };
    let asked = asked.at(&skyport, &id);
    if own::is_ours(request.uri().path()) {
        return own::answer(&skyport, &id, &asked, request).await;
    }
    if foreign::is_foreign(skyport.secure, &request) {
        return pages::foreign(&asked);
    }
    let secrets: Vec<String> =
        cookies::read_all(request.headers(), Purpose::Access, skyport.secure).collect();
    match skyport.opening.enter(&skyport.auth, &id, &secrets).await {
        Ok(Entry::Open(address, ends)) => {
            let endless = request.headers().contains_key(UPGRADE)
                || request
                    .headers()
                    .get(ACCEPT)
                    .is_some_and(|it| it.as_bytes().starts_with(b"text/event-stream"));
            let until = if endless { ends.endless } else { ends.whole };
            let upstream = Upstream::new(address).cookies(HIDDEN.clone()).until(until);
            carry(&skyport, &id, &asked, &upstream, request).await
        }
        Ok(Entry::NotNow) => pages::not_now(&asked),
        Ok(Entry::Over) => pages::over(&asked),
        Ok(Entry::No) => pages::closed(&asked),
        Err(error) => pages::trouble(&asked, &error),
    }
}

async fn carry(
    skyport: &Skyport,
    id: &str,
    asked: &pages::Asked,
    upstream: &Upstream,
    request: Request,
) -> Response {
    let address = client_address(&skyport.config, request.extensions(), request.headers());
    let client = Client { address: Some(address), secure: skyport.secure };
    match skyport.opening.passage().carry(request, upstream, client).await {
        Ok(answer) => answers::mend(skyport.secure, answer.into_response()),
        Err(Fault::Ended) => pages::closed(asked),
        Err(fault) => {
            tracing::info!(session.id = id, fault.chain = %chain(&fault), "a session's interface did not answer");
            pages::fault(asked, &fault)
        }
    }
}
