//! Bytes on their way into `/data`: counted, told, and refused beyond the most.

use super::StagingFault;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufWriter};

/// Bytes that are read at once to be summed.
const PIECE: usize = 1 << 18;

/// What was written so far.
pub(super) struct Tally<'a> {
    most: u64,
    done: AtomicU64,
    /// Zero: not known.
    of: AtomicU64,
    tell: &'a (dyn Fn(u64, Option<u64>) + Send + Sync),
}

impl<'a> Tally<'a> {
    pub(super) fn new(most: u64, tell: &'a (dyn Fn(u64, Option<u64>) + Send + Sync)) -> Self {
        Self { most, done: AtomicU64::default(), of: AtomicU64::default(), tell }
    }

    /// Bytes so far.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// So many more will come, and nothing else.
    pub(super) fn expect(&self, more: u64) {
        self.of.store(self.done().saturating_add(more), Ordering::Relaxed);
    }

    /// So many more were written.
    pub(super) fn add(&self, bytes: u64) -> Result<(), StagingFault> {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if done > self.most {
            return Err(StagingFault::TooMuch { most_bytes: self.most });
        }
        let of = self.of.load(Ordering::Relaxed);
        (self.tell)(done, (of > 0).then(|| of.max(done)));
        Ok(())
    }

    /// So many of them are begun anew.
    pub(super) fn take_back(&self, bytes: u64) {
        self.done.fetch_sub(bytes.min(self.done()), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Tally<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tally").field("most", &self.most).field("done", &self.done).finish_non_exhaustive()
    }
}

/// A file that is being written.
pub(super) struct Out<'a> {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    tally: &'a Tally<'a>,
}

/// What a file is by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: u64,
    /// In hexadecimal digits.
    pub(super) sha256: String,
}

impl<'a> Out<'a> {
    /// A new file, in the place of one that is there.
    pub(super) async fn create(path: &Path, tally: &'a Tally<'a>) -> Result<Self, StagingFault> {
        let file = File::create(path).await.map_err(StagingFault::of)?;
        Ok(Self { file: BufWriter::with_capacity(PIECE, file), hash: Sha256::new(), bytes: 0, tally })
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), StagingFault> {
        self.file.write_all(bytes).await.map_err(StagingFault::of)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.tally.add(bytes.len() as u64)
    }

    pub(super) async fn finish(mut self) -> Result<Written, StagingFault> {
        self.file.flush().await.map_err(StagingFault::of)?;
        Ok(Written { bytes: self.bytes, sha256: hex(&self.hash.finalize()) })
    }
}

/// Reads a file through.
pub(super) async fn sum(path: &Path) -> std::io::Result<Written> {
    let mut file = File::open(path).await?;
    let (mut hash, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece).await?;
        if read == 0 {
            return Ok(Written { bytes, sha256: hex(&hash.finalize()) });
        }
        hash.update(&piece[..read]);
        bytes += read as u64;
    }
}

/// In hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // To a string, nothing fails.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
