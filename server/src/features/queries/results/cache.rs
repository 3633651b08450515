//! What was used last is kept, up to a number of bytes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// A cache of a few large values. Looking one up walks the list: there are dozens, not thousands.
#[derive(Debug)]
pub(super) struct Cache<T> {
    most_bytes: usize,
    values: Mutex<VecDeque<(String, Arc<T>, usize)>>,
}

impl<T> Cache<T> {
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { most_bytes, values: Mutex::default() }
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<T>> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let place = values.iter().position(|(n, _, _)| n == name)?;
        let entry = values.remove(place)?;
        let value = entry.1.clone();
        values.push_back(entry);
        Some(value)
    }

    /// Keeps a value; one that is larger than a half of the room is not kept at all.
    pub(super) fn put(&self, name: String, value: Arc<T>, bytes: usize) {
        let bytes = bytes + name.len() + 128;
        if bytes > self.most_bytes / 2 {
            return;
        }
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.retain(|(n, _, _)| *n != name);
        values.push_back((name, value, bytes));
        while values.iter().map(|(_, _, b)| b).sum::<usize>() > self.most_bytes {
            values.pop_front();
        }
    }
}
