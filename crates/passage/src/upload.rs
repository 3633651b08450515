//! A request's body on its way to the upstream: whatever the caller's type, watched, and held back where the client
//! waits for a `100 Continue`.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::{Sleep, sleep};

use crate::rewrite::strip_trailers;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The one type of body that connections to upstreams carry.
pub(crate) enum Upload {
    Empty,
    Stream(Box<Flow>),
}

pub(crate) struct Flow {
    body: Pin<Box<dyn Body<Data = Bytes, Error = BoxError> + Send>>,
    watch: Arc<Watch>,
    held: Option<Pin<Box<Sleep>>>,
}

/// What is seen of an upload from outside.
#[derive(Default)]
pub(crate) struct Watch {
    moved: AtomicU64,
    over: AtomicBool,
    open: AtomicBool,
    waiting: Mutex<Option<Waker>>,
}

impl Watch {
    /// Changes with everything that is taken from the client.
    pub(crate) fn moved(&self) -> u64 {
        self.moved.load(Ordering::Relaxed)
    }

    /// Whether all of it has been taken.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// Lets a held body go.
    pub(crate) fn open(&self) {
        self.open.store(true, Ordering::Release);
        if let Some(waker) = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }
}

impl Upload {
    /// A body that has something in it; `held` for so long at most, until [`Watch::open`].
    pub(crate) fn new<B>(body: B, held: Option<Duration>) -> (Self, Arc<Watch>)
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let watch = Arc::new(Watch::default());
        let flow = Flow {
            body: Box::pin(body.map_err(Into::into)),
            watch: Arc::clone(&watch),
            held: held.map(|limit| Box::pin(sleep(limit))),
        };
        (Self::Stream(Box::new(flow)), watch)
    }
}

impl Flow {
    fn poll_held(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(held) = &mut self.held else { return Poll::Ready(()) };
        *self.watch.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        if !self.watch.open.load(Ordering::Acquire) && held.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.held = None;
        Poll::Ready(())
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Self::Stream(flow) = self.get_mut() else { return Poll::Ready(None) };
        if flow.poll_held(cx).is_pending() {
            return Poll::Pending;
        }
        let polled = flow.body.as_mut().poll_frame(cx);
        if polled.is_ready() {
            flow.watch.moved.fetch_add(1, Ordering::Relaxed);
        }
        if matches!(polled, Poll::Ready(None)) || flow.body.is_end_stream() {
            flow.watch.over.store(true, Ordering::Relaxed);
        }
        polled.map_ok(|frame| match frame.into_trailers() {
            Ok(trailers) => Frame::trailers(strip_trailers(trailers)),
            Err(frame) => frame,
        })
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Stream(flow) => flow.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Stream(flow) => flow.body.size_hint(),
        }
    }
}
