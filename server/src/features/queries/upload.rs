//! One object on its way into the store: put at once where it is small, in parts where it is large.
//!
//! Unlike `object_store`'s own buffered writer it can be given up at any point, also after a part or the end has failed,
//! so that no unfinished upload stays in a bucket and is paid for.

use bytes::Bytes;
use datafusion::parquet::arrow::async_writer::AsyncFileWriter;
use datafusion::parquet::errors::{ParquetError, Result};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _, PutPayload};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Bytes of one part; all but the last have the same size, as some stores want it.
const PART: usize = 10 << 20;
/// Parts under way at once: what is under way lies in memory.
const PARTS_AT_ONCE: usize = 3;

/// An object that is not there until [`AsyncFileWriter::complete`] is done.
pub(super) struct Upload {
    store: Arc<dyn ObjectStore>,
    path: Path,
    waiting: VecDeque<Bytes>,
    waiting_bytes: usize,
    multipart: Option<Box<dyn MultipartUpload>>,
    parts: JoinSet<object_store::Result<()>>,
}

fn fault(error: object_store::Error) -> ParquetError {
    ParquetError::External(Box::new(error))
}

impl Upload {
    pub(super) fn new(store: Arc<dyn ObjectStore>, path: Path) -> Self {
        Self {
            store,
            path,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            multipart: None,
            parts: JoinSet::new(),
        }
    }

    /// Takes at most so many bytes of what waits.
    fn take(&mut self, most: usize) -> PutPayload {
        let (mut taken, mut room) = (Vec::new(), most);
        while room > 0
            && let Some(mut piece) = self.waiting.pop_front()
        {
            if piece.len() > room {
                let rest = piece.split_off(room);
                self.waiting.push_front(rest);
            }
            room -= piece.len();
            self.waiting_bytes -= piece.len();
            taken.push(piece);
        }
        taken.into_iter().collect()
    }

    async fn send_part(&mut self, most: usize) -> Result<()> {
        while self.parts.len() >= PARTS_AT_ONCE {
            self.await_part().await?;
        }
        let payload = self.take(most);
        let upload = match &mut self.multipart {
            Some(upload) => upload,
            none => none.insert(self.store.put_multipart(&self.path).await.map_err(fault)?),
        };
        self.parts.spawn(upload.put_part(payload));
        Ok(())
    }

    async fn await_part(&mut self) -> Result<()> {
        match self.parts.join_next().await {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(fault(error)),
            Some(Err(error)) => Err(ParquetError::External(Box::new(error))),
        }
    }

    async fn send(&mut self, piece: Bytes) -> Result<()> {
        self.waiting_bytes += piece.len();
        self.waiting.push_back(piece);
        while self.waiting_bytes >= PART {
            self.send_part(PART).await?;
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<()> {
        if self.multipart.is_none() {
            let payload = self.take(usize::MAX);
            self.store.put(&self.path, payload).await.map_err(fault)?;
            return Ok(());
        }
        if self.waiting_bytes > 0 {
            self.send_part(PART).await?;
        }
        while !self.parts.is_empty() {
            self.await_part().await?;
        }
        if let Some(upload) = &mut self.multipart {
            upload.complete().await.map_err(fault)?;
        }
        self.multipart = None;
        Ok(())
    }

    /// Gives up: the store forgets what came so far.
    pub(super) async fn abort(mut self) {
        self.parts.shutdown().await;
        if let Some(upload) = self.multipart.take() {
            abort(upload).await;
        }
    }
}

async fn abort(mut upload: Box<dyn MultipartUpload>) {
    if let Err(error) = upload.abort().await {
        tracing::warn!(
            fault.chain = %crate::fault::chain(&error),
            "an unfinished upload could not be aborted; the bucket's lifecycle rule has to remove it"
        );
    }
}

impl Drop for Upload {
    /// For a panic: everybody else calls [`Self::abort`] and waits for it.
    fn drop(&mut self) {
        if let Some(upload) = self.multipart.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(abort(upload));
        }
    }
}

impl AsyncFileWriter for Upload {
    fn write(&mut self, piece: Bytes) -> BoxFuture<'_, Result<()>> {
        self.send(piece).boxed()
    }

    fn complete(&mut self) -> BoxFuture<'_, Result<()>> {
        self.end().boxed()
    }
}
