//! Tells open pages that something moved, by server-sent events. Within one process; pages look again every few seconds for
//! what other processes did.

use crate::start::Skyport;
use crate::streams::OpenStream;
use app::asking::Caller;
use async_trait::async_trait;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};
use tokio_util::sync::CancellationToken;

/// At most this long until a change made by another process is seen.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// At least this long between two events.
const BREATH: Duration = Duration::from_millis(200);

/// Something moved at this thing of this owner.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) owner: String,
    pub(crate) subject: String,
}

/// Who is told.
#[derive(Debug, Clone)]
pub(crate) struct Watching(Sender<Moved>);

impl Watching {
    pub(crate) fn new() -> Self {
        Self(Sender::new(1024))
    }

    /// Tells whoever listens.
    pub(crate) fn tell(&self, owner: &str, subject: &str) {
        // Nobody listening is no fault.
        let _ = self.0.send(Moved { owner: owner.to_owned(), subject: subject.to_owned() });
    }

    /// What moves from now on.
    pub(crate) fn listen(&self) -> Receiver<Moved> {
        self.0.subscribe()
    }
}

/// What can be followed.
#[async_trait]
pub(crate) trait Followed: Send + Sync {
    /// How it stands, as text that differs when anything does, and whether nothing can move any more; one thing, or all of
    /// the caller's. None where it is not the caller's to see.
    async fn stands(&self, caller: &Caller, subject: Option<&str>) -> Option<(String, bool)>;

    /// What moves from now on, of everybody's.
    fn listen(&self) -> Receiver<Moved>;

    /// A place among the caller's streams of events.
    fn open_stream(&self, caller: &Caller) -> OpenStream;
}

/// Server-sent events named `changed` with how it stands; the stream ends when nothing can move any more.
pub(crate) fn follow(
    skyport: &Skyport,
    source: Arc<dyn Followed>,
    caller: Caller,
    subject: Option<String>,
) -> Response {
    let listener = Follower {
        stopping: skyport.stopping.clone(),
        moved: source.listen(),
        place: source.open_stream(&caller),
        source,
        caller,
        subject,
        last: None,
    };
    let events = stream::unfold(Some(listener), |listener| async {
        let mut listener = listener?;
        let text = listener.next().await?;
        let event = Event::default().event("changed").data(text);
        // One that is over has no more to tell.
        let rest = (!listener.is_over()).then_some(listener);
        Some((Ok::<_, Infallible>(event), rest))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

struct Follower {
    source: Arc<dyn Followed>,
    stopping: CancellationToken,
    moved: Receiver<Moved>,
    place: OpenStream,
    caller: Caller,
    subject: Option<String>,
    /// What was told last.
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
            let now = self.source.stands(&self.caller, self.subject.as_deref()).await?;
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
                let is_this = |moved: &Moved| match &self.subject {
                    Some(subject) => *subject == moved.subject,
                    None => moved.owner == user,
                };
                match self.moved.recv().await {
                    Ok(moved) if !is_this(&moved) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        // Running out of time is as good as hearing something.
        let _ = tokio::time::timeout(LOOK_AGAIN, heard).await;
    }
}
