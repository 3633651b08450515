//! Lists that come in pages. The next page is asked for by the last id, never by the address that the site names: behind
//! a proxy Nova often names one that does not work, and an address from outside would have to be judged.

use url::Url;

use crate::{Fault, Reason};

/// More pages than this are no list for a person.
const MOST_PAGES: usize = 40;

/// A list while it is read. A loop rather than a closure: futures of async closures are not `Send` enough for callers.
pub(crate) struct Pages<T> {
    items: Vec<T>,
    read: usize,
    /// Behind which item the last page began.
    marker: Option<String>,
    more: bool,
}

impl<T> Pages<T> {
    pub(crate) fn new() -> Self {
        Self { items: Vec::new(), read: 0, marker: None, more: true }
    }

    /// The address of the next page, or none after the last one.
    pub(crate) fn next(&mut self, mut url: Url, limit: Option<u32>) -> Result<Option<Url>, Fault> {
        if !self.more {
            return Ok(None);
        }
        if self.read == MOST_PAGES {
            return Err(Reason::TooLong.into());
        }
        self.read += 1;
        if let Some(limit) = limit {
            url.query_pairs_mut().append_pair("limit", &limit.to_string());
        }
        if let Some(marker) = &self.marker {
            url.query_pairs_mut().append_pair("marker", marker);
        }
        Ok(Some(url))
    }

    /// Takes a page; `more` is what it says about another one, `id` an item's marker.
    pub(crate) fn add(&mut self, page: impl IntoIterator<Item = T>, more: bool, id: impl Fn(&T) -> &str) {
        let before = self.items.len();
        self.items.extend(page);
        let last = self.items[before..].last().map(|item| id(item).to_owned());
        // A page that is empty, or ends where the last one did, would go on for ever.
        self.more = more && last.is_some() && last != self.marker;
        self.marker = last;
    }

    pub(crate) fn into_items(self) -> Vec<T> {
        self.items
    }
}
