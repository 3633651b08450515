//! One connection to an upstream, driven by whoever waits for its answer.
//!
//! No task stands behind it: the future that waits for the head, and then the body, turn the connection themselves. So
//! a request costs no wake-up of another task, and whoever goes away takes the connection along.

use std::future::{Future, poll_fn};
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::idle::Idle;
use crate::stream::Stream;
use crate::upload::Upload;
use crate::{Address, Fault, Limits, Phase};

/// As many as hyper allows by itself. Told any number, this one too, it does not have them on the stack.
const HYPERS_FIELDS: usize = 100;

pub(crate) struct Wire {
    sender: SendRequest<Upload>,
    connection: Connection<TokioIo<Stream>, Upload>,
    closed: bool,
    came: Arc<AtomicBool>,
    /// Of the wait for an answer's head. Kept from request to request: to put off a timer that runs is cheaper than to
    /// start and to stop one.
    pub(crate) patience: Idle,
}

impl Wire {
    pub(crate) async fn open(address: &Address, limits: &Limits) -> Result<Box<Self>, Fault> {
        let limit = limits.connect;
        let connected = timeout(limit, Stream::connect(address)).await;
        let stream =
            connected.map_err(|_| Fault::TimedOut { phase: Phase::Connect, limit })?.map_err(|source| {
                let address = address.clone();
                match source.kind() {
                    ErrorKind::ConnectionRefused | ErrorKind::NotFound => {
                        Fault::NotListening { address, source }
                    }
                    _ => Fault::Refused { address, source },
                }
            })?;
        let came = stream.came();
        let mut builder = Builder::new();
        if limits.header_fields != HYPERS_FIELDS {
            builder.max_headers(limits.header_fields);
        }
        let (sender, connection) = builder
            .max_header_size(limits.header_bytes)
            .max_buf_size(limits.read_bytes.max(limits.header_bytes).max(8 << 10))
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Fault::ClosedBeforeAnswering(Some(error)))?;
        Ok(Box::new(Self { sender, connection, closed: false, came, patience: Idle::new(limits.connect) }))
    }

    /// Reads and writes what can be read and written now.
    pub(crate) fn turn(&mut self, cx: &mut Context<'_>) {
        if !self.closed && self.connection.poll_without_shutdown(cx).is_ready() {
            // An error has gone to whoever waits for the answer or its body.
            self.closed = true;
        }
    }

    /// Whether nothing more will come or go.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether another request may be sent: both messages are whole, nothing came after them, and nobody has closed it.
    pub(crate) fn is_free(&mut self) -> bool {
        self.turn(&mut Context::from_waker(Waker::noop()));
        self.was_free()
    }

    /// Whether that was so when it was last turned.
    pub(crate) fn was_free(&self) -> bool {
        !self.closed && self.sender.is_ready()
    }

    /// Hands over a request; it is sent as the connection is turned.
    pub(crate) fn send(
        &mut self,
        request: Request<Upload>,
    ) -> impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Upload>>>> + use<> {
        self.came.store(false, Ordering::Relaxed);
        self.sender.try_send_request(request)
    }

    /// Whether a byte has come since.
    pub(crate) fn answered(&self) -> bool {
        self.came.load(Ordering::Relaxed)
    }

    /// The connection itself after it has switched, and what was read of it beyond the head.
    pub(crate) fn switched(mut self) -> (Stream, bytes::Bytes) {
        self.turn(&mut Context::from_waker(Waker::noop()));
        let parts = self.connection.into_parts();
        (parts.io.into_inner(), parts.read_buf)
    }

    /// Drives it in the background until the future is dropped.
    pub(crate) async fn run(mut self: Box<Self>) {
        poll_fn(|cx| {
            self.turn(cx);
            if self.closed { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}
