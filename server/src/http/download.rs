//! Files that are made while they are sent: a writer on one side, the response's body on the other, a few pieces of
//! memory between them.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// What a writer has written and nobody has sent yet. Copies are the same outbox.
#[derive(Debug, Clone, Default)]
pub struct Outbox(Arc<Mutex<Vec<u8>>>);

impl Outbox {
    /// Takes everything out.
    pub fn take(&self) -> Bytes {
        Bytes::from(std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Why a download ended early; the connection is then cut, so that nobody takes a part for the whole.
pub type Cut = Box<dyn std::error::Error + Send + Sync>;

/// Where the maker of a file puts its pieces. `send` waits while the reader is slow and fails when they are gone.
#[derive(Debug)]
pub struct Sink(mpsc::Sender<Result<Bytes, Cut>>);

impl Sink {
    /// Sends what the outbox holds.
    pub async fn send(&self, outbox: &Outbox) -> Result<(), Cut> {
        let bytes = outbox.take();
        if bytes.is_empty() {
            return Ok(());
        }
        self.0.send(Ok(bytes)).await.map_err(|_| "the reader is gone".into())
    }
}

/// A body that `make` writes.
pub fn body<F, M>(make: M) -> Body
where
    M: FnOnce(Sink) -> F,
    F: Future<Output = Result<(), Cut>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(4);
    let writing = make(Sink(sender.clone()));
    tokio::spawn(async move {
        if let Err(cut) = writing.await {
            tracing::info!("a download ended early: {cut}");
            // The reader may be gone already.
            let _ = sender.send(Err(cut)).await;
        }
    });
    Body::from_stream(ReceiverStream::new(receiver))
}

/// A download with a type and a file name (RFC 6266; RFC 8187 for letters beyond ASCII).
pub fn file(body: Body, kind: &'static str, name: &str) -> Response {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let disposition =
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", app::frame::address::escape(name));
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
