//! Two connections joined after a switch of protocols: bytes both ways until both sides have ended.
//!
//! A pair that is silent holds no buffer: what is read goes through one that the thread has for all pairs, and only what
//! cannot be written at once is kept.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::Limits;
use crate::idle::Idle;
use crate::stream::Stream;

const SCRATCH_BYTES: usize = 64 << 10;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Joins the client, as soon as it has switched, with an upstream that has, and of which something may have been read.
pub(crate) async fn run(client: OnUpgrade, (mut upstream, read): (Stream, Bytes), limits: Arc<Limits>) {
    // An error here is a client that went away before it had the 101.
    let Ok(client) = client.await else { return };
    let mut client = TokioIo::new(client);
    let mut up = Way::new(Bytes::new());
    let mut down = Way::new(read);
    let mut idle = limits.idle_tunnel.map(Idle::new);
    let mut half_closed = false;
    poll_fn(|cx| {
        let to_upstream = up.poll(&mut client, &mut upstream, cx);
        let to_client = down.poll(&mut upstream, &mut client, cx);
        let moved = std::mem::take(&mut up.moved) | std::mem::take(&mut down.moved);
        match (to_upstream, to_client) {
            (Poll::Ready(Ok(())), Poll::Ready(Ok(())))
            | (Poll::Ready(Err(_)), _)
            | (_, Poll::Ready(Err(_))) => {
                return Poll::Ready(());
            }
            (Poll::Ready(_), _) | (_, Poll::Ready(_)) if !half_closed => {
                half_closed = true;
                idle = Some(Idle::new(limits.half_closed));
            }
            _ => {}
        }
        let Some(idle) = &mut idle else { return Poll::Pending };
        if moved {
            idle.moved();
        }
        idle.poll(cx)
    })
    .await;
}

enum Stage {
    Open,
    Ending,
    Ended,
}

/// One direction.
struct Way {
    kept: Bytes,
    stage: Stage,
    unflushed: bool,
    moved: bool,
}

impl Way {
    fn new(kept: Bytes) -> Self {
        Self { kept, stage: Stage::Open, unflushed: false, moved: false }
    }

    /// Ready when the reader has ended and the writer was told.
    fn poll<R, W>(&mut self, reader: &mut R, writer: &mut W, cx: &mut Context<'_>) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        loop {
            while !self.kept.is_empty() {
                let written = ready!(Pin::new(&mut *writer).poll_write(cx, &self.kept))?;
                if written == 0 {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                // The last byte gives the memory back.
                self.kept = self.kept.slice(written..);
                self.unflushed = true;
                self.moved = true;
            }
            match self.stage {
                Stage::Ended => return Poll::Ready(Ok(())),
                Stage::Ending => {
                    ready!(Pin::new(&mut *writer).poll_shutdown(cx))?;
                    self.stage = Stage::Ended;
                }
                Stage::Open => {
                    let mut scratch = SCRATCH.take();
                    scratch.resize(SCRATCH_BYTES, 0);
                    let polled = self.pass(reader, writer, &mut scratch, cx);
                    SCRATCH.set(scratch);
                    if polled.is_pending() && self.unflushed {
                        ready!(Pin::new(&mut *writer).poll_flush(cx))?;
                        self.unflushed = false;
                    }
                    ready!(polled)?;
                }
            }
        }
    }

    /// Reads once, and writes of it what can be written.
    fn pass<R, W>(
        &mut self,
        reader: &mut R,
        writer: &mut W,
        scratch: &mut [u8],
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut buffer = ReadBuf::new(scratch);
        ready!(Pin::new(reader).poll_read(cx, &mut buffer))?;
        self.moved = true;
        let bytes = buffer.filled();
        if bytes.is_empty() {
            self.stage = Stage::Ending;
            return Poll::Ready(Ok(()));
        }
        let written = match Pin::new(writer).poll_write(cx, bytes)? {
            Poll::Ready(written) => written,
            Poll::Pending => 0,
        };
        self.unflushed |= written > 0;
        self.kept = Bytes::copy_from_slice(&bytes[written..]);
        Poll::Ready(Ok(()))
    }
}
