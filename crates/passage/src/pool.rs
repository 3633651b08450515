//! Connections that wait for their next request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::wire::Wire;
use crate::{Address, Limits};

struct Waiting {
    wire: Box<Wire>,
    since: Instant,
}

#[derive(Default)]
struct Inside {
    waiting: HashMap<Address, Vec<Waiting>>,
    swept: bool,
}

/// By upstream; the one that was used last goes first, so that the others grow old and are closed.
pub(crate) struct Pool {
    inside: Mutex<Inside>,
    each: usize,
    age: Duration,
}

impl Pool {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { inside: Mutex::default(), each: limits.pooled_each, age: limits.pooled }
    }

    /// A connection that the upstream had not closed at this moment.
    pub(crate) fn take(&self, address: &Address) -> Option<Box<Wire>> {
        loop {
            let mut wire = self.lock().waiting.get_mut(address)?.pop()?.wire;
            if wire.is_free() {
                return Some(wire);
            }
        }
    }

    /// Keeps a connection, if it can be used again.
    pub(crate) fn put(self: &Arc<Self>, address: &Address, mut wire: Box<Wire>) {
        if !wire.was_free() && !wire.is_free() {
            return;
        }
        let mut inside = self.lock();
        let waiting = Waiting { wire, since: Instant::now() };
        let all = match inside.waiting.get_mut(address) {
            Some(all) => all,
            None => inside.waiting.entry(address.clone()).or_default(),
        };
        all.push(waiting);
        let surplus = (all.len() > self.each).then(|| all.remove(0));
        let sweeps = !std::mem::replace(&mut inside.swept, true);
        drop(inside);
        // Closing takes its time: not under the lock.
        drop(surplus);
        if sweeps {
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn(sweep(Arc::downgrade(self), self.age))),
                Err(_) => self.lock().swept = false,
            }
        }
    }

    /// Closes what waits for an upstream.
    pub(crate) fn forget(&self, address: &Address) {
        let forgotten = self.lock().waiting.remove(address);
        drop(forgotten);
    }

    /// Closes what has waited too long or was closed by the upstream; false when nothing is left.
    fn weed(&self) -> bool {
        let mut out = Vec::new();
        let mut inside = self.lock();
        for all in inside.waiting.values_mut() {
            let (kept, old) = all.drain(..).partition::<Vec<_>, _>(|waiting| {
                waiting.since.elapsed() <= self.age && !waiting.wire.is_closed()
            });
            *all = kept;
            out.extend(old);
        }
        inside.waiting.retain(|_, all| !all.is_empty());
        inside.swept = !inside.waiting.is_empty();
        let more = inside.swept;
        drop(inside);
        drop(out);
        more
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Weeds until nothing waits any more.
async fn sweep(pool: Weak<Pool>, age: Duration) {
    loop {
        sleep((age / 2).max(Duration::from_millis(100))).await;
        match pool.upgrade() {
            Some(pool) if pool.weed() => {}
            _ => return,
        }
    }
}
