//! Endpoints of servers that are not pages: what moves, and a console as text.

use super::service::ServersService;
use crate::following::{Followed, Moved, follow};
use crate::http::error_page;
use crate::start::Skyport;
use crate::streams::OpenStream;
use app::asking::Caller;
use app::features::servers::port::ServersPort as _;
use async_trait::async_trait;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::header;
use tokio::sync::broadcast::Receiver;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new()
        .route("/servers/events", get(list_events))
        .route("/servers/{id}/events", get(events))
        .route("/servers/{id}/console", get(console))
}

async fn console(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    match skyport.servers.console(&caller, &id).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        Err(error) => error_page::of(&error),
    }
}

/// Server-sent events named `changed` with the server as the list shows it; the stream ends when the server is over.
async fn events(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    if let Err(error) = skyport.servers.find_item(&caller, &id).await {
        return error_page::of(&error);
    }
    follow(&skyport, skyport.servers.clone(), caller, Some(id))
}

/// Server-sent events named `changed` whenever something moved at one of the caller's servers.
async fn list_events(State(skyport): State<Skyport>, Extension(caller): Extension<Caller>) -> Response {
    if let Err(error) = caller.user() {
        return error_page::of(&error);
    }
    follow(&skyport, skyport.servers.clone(), caller, None)
}

/// What the events of servers tell.
#[async_trait]
impl Followed for ServersService {
    async fn stands(&self, caller: &Caller, server: Option<&str>) -> Option<(String, bool)> {
        match server {
            Some(id) => {
                let item = self.find_item(caller, id).await.ok()?;
                Some((serde_json::to_string(&item).ok()?, item.state.is_over()))
            }
            None => Some((self.mark_of(caller).await.ok()?, false)),
        }
    }

    fn listen(&self) -> Receiver<Moved> {
        self.watching().listen()
    }

    fn open_stream(&self, caller: &Caller) -> OpenStream {
        self.streams().open(&caller.owner.key().unwrap_or_default())
    }
}
