//! How many streams of events each owner has open: more than a few, and the oldest gives way.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// The open streams of all owners.
pub(crate) struct Streams {
    most: usize,
    next: AtomicU64,
    open: Mutex<HashMap<String, VecDeque<(u64, CancellationToken)>>>,
}

/// One open stream; its place is free when this is dropped.
pub(crate) struct OpenStream {
    streams: Arc<Streams>,
    owner: String,
    number: u64,
    /// Goes off when a newer stream took its place.
    pub(crate) replaced: CancellationToken,
}

impl Streams {
    /// At most so many for each owner.
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most: most.max(1), next: AtomicU64::default(), open: Mutex::default() })
    }

    /// Opens one; the owner's oldest goes where there are too many.
    pub(crate) fn open(self: &Arc<Self>, owner: &str) -> OpenStream {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let replaced = CancellationToken::new();
        let mut open = self.lock();
        let mine = open.entry(owner.to_owned()).or_default();
        mine.push_back((number, replaced.clone()));
        while mine.len() > self.most {
            if let Some((_, oldest)) = mine.pop_front() {
                oldest.cancel();
            }
        }
        OpenStream { streams: self.clone(), owner: owner.to_owned(), number, replaced }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<(u64, CancellationToken)>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(mine) = open.get_mut(&self.owner) {
            mine.retain(|(number, _)| *number != self.number);
            if mine.is_empty() {
                open.remove(&self.owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Streams;

    #[test]
    fn the_oldest_of_the_same_owner_gives_way() {
        let streams = Streams::new(2);
        let (first, second, other) = (streams.open("a"), streams.open("a"), streams.open("b"));
        let third = streams.open("a");
        assert!(first.replaced.is_cancelled());
        assert!(![&second, &third, &other].iter().any(|stream| stream.replaced.is_cancelled()));
        drop(second);
        let fourth = streams.open("a");
        assert!(!third.replaced.is_cancelled() && !fourth.replaced.is_cancelled());
        drop((first, third, fourth, other));
        assert!(streams.lock().is_empty(), "nothing is remembered of who has left");
    }
}
