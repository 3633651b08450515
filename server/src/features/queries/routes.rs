//! Endpoints of queries that are not pages: events of a query, and its result as a file.

use super::download;
use super::service::QueriesService;
use crate::http::error_page;
use crate::start::Skyport;
use crate::streams::OpenStream;
use app::asking::Caller;
use app::features::queries::model::QueryView;
use app::features::queries::port::QueriesPort as _;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures::stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// At most this long until a change made by another process is seen.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// At least this long between two events of one query.
const BREATH: Duration = Duration::from_millis(200);

/// What the oldest stream ends with where its owner opens too many; for whoever reads the stream. A page asks again by
/// itself when its stream has ended.
const TOO_MANY: &str = "You follow more queries at once than this Skyport allows, so this page looks again by itself every few seconds. Close \
     pages that you do not need.";

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new().route("/queries/{id}/events", get(events)).route("/queries/{id}/download", get(download))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    format: String,
    #[serde(default)]
    serialization: String,
}

async fn download(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Wanted { format, serialization } = wanted;
    match download::respond(&skyport.queries, &caller, &id, &format, &serialization).await {
        Ok(response) => response,
        Err(error) => error_page::of(&error),
    }
}

/// Server-sent events named `state`, each with the [`QueryView`] as JSON; the stream ends when the query is over. It ends
/// with an event `closed` and a sentence where the caller has opened too many others since.
async fn events(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let first = match skyport.queries.show(&caller, &id).await {
        Ok(view) => view,
        Err(error) => return error_page::of(&error),
    };
    let watcher = Watcher {
        queries: skyport.queries.clone(),
        stopping: skyport.stopping.clone(),
        place: skyport.queries.open_stream(&caller),
        caller,
        last: first.clone(),
    };
    let rest = stream::unfold(Some(watcher), |watcher| async {
        let mut watcher = watcher?;
        let replaced = watcher.place.replaced.clone();
        match replaced.run_until_cancelled(watcher.next()).await {
            Some(view) => Some((Ok::<_, Infallible>(event(&view?)), Some(watcher))),
            None => Some((Ok(Event::default().event("closed").data(TOO_MANY)), None)),
        }
    });
    let events = stream::StreamExt::chain(stream::iter([Ok(event(&first))]), rest);
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

fn event(view: &QueryView) -> Event {
    Event::default().event("state").json_data(view).unwrap_or_else(|_| Event::default().comment("unreadable"))
}

struct Watcher {
    queries: Arc<QueriesService>,
    stopping: CancellationToken,
    place: OpenStream,
    caller: Caller,
    last: QueryView,
}

impl Watcher {
    /// The next view that differs; none when the query is over, gone, or Skyport stops.
    async fn next(&mut self) -> Option<QueryView> {
        while !self.last.state.is_over() {
            let changed = async {
                tokio::time::sleep(BREATH).await;
                match self.queries.progress(&self.last.id) {
                    Some(mut progress) => drop(tokio::time::timeout(LOOK_AGAIN, progress.changed()).await),
                    None => tokio::time::sleep(BREATH).await,
                }
            };
            tokio::select! {
                () = self.stopping.cancelled() => return None,
                () = changed => {}
            }
            let view = self.queries.show(&self.caller, &self.last.id).await.ok()?;
            if view != self.last {
                self.last = view.clone();
                return Some(view);
            }
        }
        None
    }
}
