//! What this process knows of accesses in use: the last word about each, for at most two seconds, and the means to end
//! what goes on under it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long a word about an access holds.
pub(super) const HOLDS: Duration = Duration::from_secs(2);
/// An access that nobody uses is forgotten after this.
const UNUSED: Duration = Duration::from_mins(1);

/// What an access leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// The interface, here.
    Open(SocketAddr),
    /// Nowhere yet, or for the moment.
    NotNow,
    /// Nowhere any more.
    Over,
}

/// What goes on under an access ends when these say so.
#[derive(Debug, Clone)]
pub(crate) struct Ends {
    /// With the access.
    pub(crate) whole: watch::Receiver<bool>,
    /// With the access, or when the portal stops: for what has no end of its own.
    pub(crate) endless: watch::Receiver<bool>,
}

struct Known {
    word: Word,
    said: Option<Instant>,
    used: Instant,
    whole: watch::Sender<bool>,
    endless: watch::Sender<bool>,
}

impl Known {
    fn is_live(&self) -> bool {
        self.whole.receiver_count() + self.endless.receiver_count() > 0
    }

    fn end(&self) {
        self.whole.send_replace(true);
        self.endless.send_replace(true);
    }
}

/// An access: the session's id and the cookie's hash.
pub(super) type Key = (String, String);

#[derive(Default)]
struct Inner {
    /// Counts what was forgotten, so that a word that was on its way meanwhile is not kept.
    forgotten: u64,
    stopping: bool,
    known: HashMap<Key, Known>,
}

/// All accesses in use.
#[derive(Default)]
pub(super) struct Live(Mutex<Inner>);

impl Live {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last word about an access, where it still holds.
    pub(super) fn word(&self, key: &Key) -> Option<(Word, Ends)> {
        let mut inner = self.lock();
        let known = inner.known.get_mut(key)?;
        known.said.filter(|said| said.elapsed() < HOLDS)?;
        known.used = Instant::now();
        Some((known.word, Ends { whole: known.whole.subscribe(), endless: known.endless.subscribe() }))
    }

    /// To be taken before asking, for [`keep`](Self::keep).
    pub(super) fn mark(&self) -> u64 {
        self.lock().forgotten
    }

    /// Keeps what was said of an access; none where something was forgotten since the mark, and it is to be asked anew.
    /// What goes on under an access that leads nowhere now, or elsewhere, ends.
    pub(super) fn keep(&self, key: &Key, word: Word, mark: u64, by_request: bool) -> Option<Ends> {
        let mut inner = self.lock();
        if inner.forgotten != mark {
            return None;
        }
        let now = Instant::now();
        if inner.known.get(key).is_some_and(|known| known.word != word)
            && let Some(known) = inner.known.remove(key)
        {
            known.end();
        }
        if !by_request && !inner.known.contains_key(key) {
            return None;
        }
        let stopping = inner.stopping;
        let known = inner.known.entry(key.clone()).or_insert_with(|| Known {
            word,
            said: None,
            used: now,
            whole: watch::Sender::new(false),
            endless: watch::Sender::new(stopping),
        });
        known.said = Some(now);
        if by_request {
            known.used = now;
        }
        Some(Ends { whole: known.whole.subscribe(), endless: known.endless.subscribe() })
    }

    /// Ends what goes on under an access that is no more.
    pub(super) fn end(&self, key: &Key) {
        if let Some(known) = self.lock().known.remove(key) {
            known.end();
        }
    }

    /// No word about this session holds any more. Gives where its interface was said to be.
    pub(super) fn forget(&self, session: &str) -> Vec<SocketAddr> {
        let mut inner = self.lock();
        inner.forgotten += 1;
        let mut addresses = Vec::new();
        for (_, known) in inner.known.iter_mut().filter(|((of, _), _)| of == session) {
            known.said = None;
            if let Word::Open(address) = known.word {
                addresses.push(address);
            }
        }
        addresses
    }

    /// Accesses under which something goes on and whose word does not hold; forgets those that nobody uses.
    pub(super) fn due(&self) -> Vec<Key> {
        let mut inner = self.lock();
        inner.known.retain(|_, known| known.is_live() || known.used.elapsed() < UNUSED);
        let due = |known: &Known| known.is_live() && known.said.is_none_or(|said| said.elapsed() >= HOLDS);
        inner.known.iter().filter(|(_, known)| due(known)).map(|(key, _)| key.clone()).collect()
    }

    /// Ends what has no end of its own.
    pub(super) fn stop(&self) {
        let mut inner = self.lock();
        inner.stopping = true;
        for known in inner.known.values() {
            known.endless.send_replace(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Live, Word};
    use std::net::SocketAddr;

    fn key() -> super::Key {
        ("session".to_owned(), "hash".to_owned())
    }

    fn open(port: u16) -> Word {
        Word::Open(SocketAddr::from(([127, 0, 0, 1], port)))
    }

    #[test]
    fn a_word_that_was_on_its_way_when_it_was_forgotten_is_not_kept() {
        let live = Live::default();
        let mark = live.mark();
        live.forget("another");
        assert!(live.keep(&key(), open(1), mark, true).is_none() && live.word(&key()).is_none());
        let ends = live.keep(&key(), open(1), live.mark(), true).unwrap();
        assert!(live.word(&key()).is_some());
        assert_eq!(live.forget("session").len(), 1);
        assert!(live.word(&key()).is_none(), "it is asked anew");
        assert!(!*ends.whole.borrow(), "what goes on is not ended before somebody said so");
        assert_eq!(live.due(), [key()]);
        live.end(&key());
        assert!(*ends.whole.borrow() && *ends.endless.borrow());
    }

    #[test]
    fn what_goes_on_elsewhere_ends_when_the_address_changes() {
        let live = Live::default();
        let before = live.keep(&key(), open(1), live.mark(), true).unwrap();
        let same = live.keep(&key(), open(1), live.mark(), true).unwrap();
        let after = live.keep(&key(), open(2), live.mark(), true).unwrap();
        assert!(*before.whole.borrow() && *same.whole.borrow() && !*after.whole.borrow());
        live.stop();
        assert!(
            !*after.whole.borrow() && *after.endless.borrow(),
            "a download goes on while the portal drains"
        );
    }

    #[test]
    fn nothing_is_due_where_nothing_goes_on() {
        let live = Live::default();
        let ends = live.keep(&key(), open(1), live.mark(), true).unwrap();
        live.forget("session");
        assert_eq!(live.due(), [key()]);
        drop(ends);
        assert_eq!(live.due(), Vec::<super::Key>::new());
    }
}
