//! The body of an answer, as it comes.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::idle::Idle;
use crate::pool::Pool;
use crate::rewrite::strip_trailers;
use crate::upstream::ended;
use crate::wire::Wire;
use crate::{Address, Fault, Phase};

/// The body of an answer. Dropped early, it closes the connection to the upstream.
///
/// It ends well only where the upstream's ended well: where that breaks off, the last that comes of this one is an
/// error, upon which a server breaks off too instead of making a short answer look whole.
pub struct Body(State);

enum State {
    /// None, and its length not its own: of the answer to a HEAD, of a 204 or a 304.
    Nothing,
    /// All of it, at once.
    Whole(Bytes),
    Stream(Box<Streaming>),
}

pub(crate) struct Streaming {
    incoming: Incoming,
    drive: Drive,
    idle: Option<Idle>,
    until: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// What was taken from `incoming` and not given yet.
    ahead: Option<Frame<Bytes>>,
}

/// Who turns the connection.
pub(crate) enum Drive {
    /// This body does, and gives it back at its end.
    Here { wire: Option<Box<Wire>>, pool: Arc<Pool>, address: Address },
    /// A task of its own, since the upload is not over: it must go on also while nobody reads the answer.
    Task(AbortHandle),
}

impl Body {
    pub(crate) fn nothing() -> Self {
        Self(State::Nothing)
    }

    pub(crate) fn stream(streaming: Streaming) -> Self {
        Self(State::Stream(Box::new(streaming)))
    }
}

impl Streaming {
    pub(crate) fn new(
        incoming: Incoming,
        drive: Drive,
        idle: Option<Idle>,
        until: Option<watch::Receiver<bool>>,
    ) -> Self {
        let until = until.map(|until| Box::pin(ended(until)) as Pin<Box<dyn Future<Output = ()> + Send>>);
        Self { incoming, drive, idle, until, ahead: None }
    }

    /// All of it as one piece, if it has come together with the head; else the body that goes on from here.
    pub(crate) async fn gather(mut self) -> Result<Body, Fault> {
        if self.incoming.is_end_stream() {
            return Ok(Body(State::Whole(Bytes::new())));
        }
        match poll_fn(|cx| Poll::Ready(self.poll(cx))).await {
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(bytes) if self.incoming.is_end_stream() => Ok(Body(State::Whole(bytes))),
                Ok(bytes) => {
                    self.ahead = Some(Frame::data(bytes));
                    Ok(Body::stream(self))
                }
                Err(frame) => {
                    self.ahead = Some(frame);
                    Ok(Body::stream(self))
                }
            },
            Poll::Ready(Some(Err(error))) => Err(Fault::Cut(error)),
            Poll::Ready(None) | Poll::Pending => Ok(Body::stream(self)),
        }
    }

    /// One look at what has come already, then a turn of the connection, and a second look.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Some(frame) = self.ahead.take() {
            return Poll::Ready(Some(Ok(frame)));
        }
        let Drive::Here { wire: Some(wire), .. } = &mut self.drive else {
            return Pin::new(&mut self.incoming).poll_frame(cx);
        };
        if let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        wire.turn(cx);
        Pin::new(&mut self.incoming).poll_frame(cx)
    }

    fn give_back(&mut self) {
        if let Drive::Here { wire, pool, address } = &mut self.drive
            && let Some(wire) = wire.take()
        {
            pool.put(address, wire);
        }
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        // Whoever knows the length stops asking after the last byte.
        if self.incoming.is_end_stream() {
            self.give_back();
        }
        if let Drive::Task(task) = &self.drive {
            task.abort();
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let streaming = match &mut self.get_mut().0 {
            State::Nothing => return Poll::Ready(None),
            State::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                return Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))));
            }
            State::Stream(streaming) => streaming,
        };
        if streaming.until.as_mut().is_some_and(|until| until.as_mut().poll(cx).is_ready()) {
            return Poll::Ready(Some(Err(Fault::Ended)));
        }
        match streaming.poll(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(idle) = &mut streaming.idle {
                    idle.moved();
                }
                Poll::Ready(Some(Ok(match frame.into_trailers() {
                    Ok(trailers) => Frame::trailers(strip_trailers(trailers)),
                    Err(frame) => frame,
                })))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(Fault::Cut(error)))),
            Poll::Ready(None) => {
                streaming.give_back();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let Some(idle) = &mut streaming.idle else { return Poll::Pending };
                let limit = idle.limit;
                idle.poll(cx).map(|()| Some(Err(Fault::TimedOut { phase: Phase::Body, limit })))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            State::Nothing => true,
            State::Whole(bytes) => bytes.is_empty(),
            State::Stream(streaming) => streaming.ahead.is_none() && streaming.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            State::Nothing => SizeHint::default(),
            State::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            State::Stream(streaming) => {
                let mut hint = streaming.incoming.size_hint();
                if let Some(ahead) = streaming.ahead.as_ref().and_then(Frame::data_ref) {
                    let ahead = ahead.len() as u64;
                    match hint.exact() {
                        Some(left) => hint.set_exact(left.saturating_add(ahead)),
                        None => hint.set_lower(hint.lower().saturating_add(ahead)),
                    }
                }
                hint
            }
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Body").field(&self.size_hint()).finish()
    }
}
