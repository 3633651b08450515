//! Endpoints of servers that are not pages: what moves, and a console as text.

use super::service::ServersService;
use super::watching::Moved;
use crate::http::error_page;
use crate::start::Skyport;
use crate::streams::OpenStream;
use app::asking::Caller;
use app::features::servers::port::ServersPort as _;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures::stream;
use http::header;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// At most this long until a change made by another process is seen.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// At least this long between two events.
const BREATH: Duration = Duration::from_millis(200);

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
    follow(&skyport, caller, Some(id))
}

/// Server-sent events named `changed` whenever something moved at one of the caller's servers.
async fn list_events(State(skyport): State<Skyport>, Extension(caller): Extension<Caller>) -> Response {
    if let Err(error) = caller.user() {
        return error_page::of(&error);
    }
    follow(&skyport, caller, None)
}

fn follow(skyport: &Skyport, caller: Caller, server: Option<String>) -> Response {
    let follower = Follower {
        servers: skyport.servers.clone(),
        stopping: skyport.stopping.clone(),
        moved: skyport.servers.listen(),
        place: skyport.servers.open_stream(&caller),
        caller,
        server,
        last: None,
    };
    let events = stream::unfold(Some(follower), |follower| async {
        let mut follower = follower?;
        let text = follower.next().await?;
        let event = Event::default().event("changed").data(text);
        // One that is over has no more to tell.
        let rest = (!follower.is_over()).then_some(follower);
        Some((Ok::<_, Infallible>(event), rest))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

struct Follower {
    servers: Arc<ServersService>,
    stopping: CancellationToken,
    moved: Receiver<Moved>,
    place: OpenStream,
    caller: Caller,
    server: Option<String>,
    /// What was told last, as text.
    last: Option<(String, bool)>,
}

impl Follower {
    /// The next thing that differs; none when it is gone or Skyport stops.
    async fn next(&mut self) -> Option<String> {
        loop {
            if self.last.is_some() {
                let (stopping, replaced) = (self.stopping.clone(), self.place.replaced.clone());
                tokio::select! {
                    () = stopping.cancelled() => return None,
                    () = replaced.cancelled() => return None,
                    () = self.change() => {}
                }
            }
            let now = match &self.server {
                Some(id) => {
                    let item = self.servers.find_item(&self.caller, id).await.ok()?;
                    (serde_json::to_string(&item).ok()?, item.state.is_over())
                }
                None => (self.servers.mark_of(&self.caller).await.ok()?, false),
            };
            if self.last.as_ref() != Some(&now) {
                let text = now.0.clone();
                self.last = Some(now);
                return Some(text);
            }
        }
    }

    fn is_over(&self) -> bool {
        self.last.as_ref().is_some_and(|(_, over)| *over)
    }

    /// Waits until something moved here, or long enough for something to have moved elsewhere.
    async fn change(&mut self) {
        tokio::time::sleep(BREATH).await;
        let Ok(user) = self.caller.user() else { return };
        let heard = async {
            loop {
                match self.moved.recv().await {
                    Ok(moved) if moved.owner != user => {}
                    Ok(moved) if self.server.as_ref().is_some_and(|server| *server != moved.server) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        // Running out of time is as good as hearing something.
        let _ = tokio::time::timeout(LOOK_AGAIN, heard).await;
    }
}
