//! Endpoints of sessions that are not pages: what moves, a log as a file, and what a batch run left.

use super::service::SessionsService;
use crate::following::{Followed, Moved, follow};
use crate::http::error_page;
use crate::start::Skyport;
use crate::streams::OpenStream;
use app::asking::Caller;
use async_trait::async_trait;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{HeaderValue, header};
use tokio::sync::broadcast::Receiver;
use tokio_util::io::ReaderStream;

/// The routes.
pub fn routes() -> Router<Skyport> {
    Router::new()
        .route("/sessions/events", get(list_events))
        .route("/sessions/{id}/events", get(events))
        .route("/sessions/{id}/log", get(log))
        .route("/sessions/{id}/output/{*path}", get(output))
}

/// Server-sent events named `changed` with the session as the list shows it; the stream ends when it is over.
async fn events(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    if let Err(error) = skyport.sessions.find_item(&caller, &id).await {
        return error_page::of(&error);
    }
    follow(&skyport, skyport.sessions.clone(), caller, Some(id))
}

/// Server-sent events named `changed` whenever something moved at one of the caller's sessions.
async fn list_events(State(skyport): State<Skyport>, Extension(caller): Extension<Caller>) -> Response {
    if let Err(error) = caller.user() {
        return error_page::of(&error);
    }
    follow(&skyport, skyport.sessions.clone(), caller, None)
}

/// All of the log that is kept, as plain text.
async fn log(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    match skyport.sessions.whole_log(&caller, &id).await {
        Ok(text) => {
            let name = HeaderValue::from_str(&format!("attachment; filename=\"session-{id}.log\""));
            let name = name.unwrap_or(HeaderValue::from_static("attachment"));
            let kind = HeaderValue::from_static("text/plain; charset=utf-8");
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response()
        }
        Err(error) => error_page::of(&error),
    }
}

/// One file that a batch run left. Never shown by the browser as a page of ours: it is somebody's own.
async fn output(
    State(skyport): State<Skyport>,
    Extension(caller): Extension<Caller>,
    Path((id, path)): Path<(String, String)>,
) -> Response {
    let (file, bytes) = match skyport.sessions.open_output(&caller, &id, &path).await {
        Ok(found) => found,
        Err(error) => return error_page::of(&error),
    };
    let last = path.rsplit('/').next().unwrap_or_default();
    let name = format!("attachment; filename*=UTF-8''{}", percent_encoded(last));
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/octet-stream");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, HeaderValue::from(bytes)),
    ];
    (headers, Body::from_stream(ReaderStream::new(file))).into_response()
}

fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// What the events of sessions tell.
#[async_trait]
impl Followed for SessionsService {
    async fn stands(&self, caller: &Caller, session: Option<&str>) -> Option<(String, bool)> {
        match session {
            Some(id) => self.stands_of(caller, id).await.ok(),
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
