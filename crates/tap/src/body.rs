//! The body of an answer, from the network to a reader in another thread: limits counted, silence timed,
//! dropped at once when nobody wants it any more.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use reqwest::Response;
use tokio::sync::mpsc;

use crate::Waiting;
use crate::exchange::{Guard, Stop};
use crate::sniff::{self, Kind};

/// Pieces that may wait between the network and the reader. One piece is some 10 kB to 400 kB.
const PIECES_AHEAD: usize = 4;

/// A body whose beginning may have been looked at.
pub(crate) struct Body {
    response: Response,
    limit: u64,
    taken: u64,
    prefix: Vec<u8>,
}

impl Body {
    /// Bytes are counted after decompression, up to `limit`.
    pub(crate) fn new(response: Response, limit: u64) -> Self {
        Self { response, limit, taken: 0, prefix: Vec::new() }
    }

    async fn piece(&mut self, guard: &Guard) -> Result<Option<Bytes>, Stop> {
        let piece = guard.wait(Waiting::NextByte, self.response.chunk()).await?;
        let piece = piece.map_err(|e| Stop::Cut(Some(e.without_url())))?;
        self.taken += piece.as_ref().map_or(0, |p| p.len() as u64);
        if self.taken > self.limit { Err(Stop::TooManyBytes(self.limit)) } else { Ok(piece) }
    }

    /// Looks at as much of the beginning as it takes to know what it is.
    pub(crate) async fn sniff(&mut self, guard: &Guard) -> Result<Kind, Stop> {
        let mut done = false;
        loop {
            if let Some(kind) = sniff::sniff(&self.prefix, done) {
                return Ok(kind);
            }
            match self.piece(guard).await? {
                Some(piece) => self.prefix.extend_from_slice(&piece),
                None => done = true,
            }
        }
    }

    /// The beginning of the body, about `max` bytes of what comes within the limit for silence: for error
    /// documents, whose end matters to nobody. A cut on the way only ends it.
    pub(crate) async fn head(mut self, max: usize, guard: &Guard) -> Result<Vec<u8>, Stop> {
        let read = async {
            while self.prefix.len() < max {
                let Ok(Some(piece)) = self.response.chunk().await else { break };
                self.prefix.extend_from_slice(&piece);
            }
        };
        if let Err(Stop::Cancelled) = guard.wait(Waiting::NextByte, read).await {
            return Err(Stop::Cancelled);
        }
        self.prefix.truncate(max);
        Ok(self.prefix)
    }

    /// Hands the rest to a reader in another thread. The connection is dropped when the reader is, when the
    /// guard is cancelled, or when a limit is reached; [`Flow`] tells which.
    pub(crate) fn flow(self, guard: Guard) -> (BodyReader, Arc<Flow>) {
        let flow = Arc::new(Flow::default());
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        tokio::spawn(pump(self, guard, sender, Arc::clone(&flow)));
        (BodyReader { receiver, piece: Bytes::new(), flow: Arc::clone(&flow) }, flow)
    }
}

/// What is known of a body on its way.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    bytes: AtomicU64,
    ended: AtomicBool,
    stop: Mutex<Option<Stop>>,
}

impl Flow {
    /// Bytes received so far, after decompression.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether the reader has seen the regular end of the body.
    pub(crate) fn ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Why the body stopped before its end, once.
    pub(crate) fn take_stop(&self) -> Option<Stop> {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn is_stopped(&self) -> bool {
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

async fn pump(mut body: Body, guard: Guard, sender: mpsc::Sender<Bytes>, flow: Arc<Flow>) {
    let run = async {
        flow.bytes.store(body.taken, Ordering::Relaxed);
        let prefix = std::mem::take(&mut body.prefix);
        if !prefix.is_empty() && sender.send(prefix.into()).await.is_err() {
            return Ok(());
        }
        loop {
            let piece = tokio::select! {
                biased;
                () = sender.closed() => return Ok(()),
                piece = body.piece(&guard) => piece?,
            };
            flow.bytes.store(body.taken, Ordering::Relaxed);
            let Some(piece) = piece else { return Ok(()) };
            // A reader that takes its time is not an archive that is silent: only the total counts here.
            match guard.wait(Waiting::End, sender.send(piece)).await? {
                Ok(()) => {}
                Err(_) => return Ok(()),
            }
        }
    };
    let end: Result<(), Stop> = run.await;
    if let Err(stop) = end {
        *flow.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
    }
}

/// The body as a blocking reader. Use it in a blocking thread only.
pub(crate) struct BodyReader {
    receiver: mpsc::Receiver<Bytes>,
    piece: Bytes,
    flow: Arc<Flow>,
}

impl Read for BodyReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.receiver.blocking_recv() {
                Some(piece) => self.piece = piece,
                None if self.flow.is_stopped() => return Err(io::Error::other("the connection stopped")),
                None => {
                    self.flow.ended.store(true, Ordering::Release);
                    return Ok(0);
                }
            }
        }
        let n = self.piece.len().min(out.len());
        self.piece.copy_to_slice(&mut out[..n]);
        Ok(n)
    }
}
