//! Lists that come in pages. The next page is asked for by the last id, never by the address that the site names: behind
//! a proxy Nova often names one that does not work, and an address from outside would have to be judged.

use url::Url;

use crate::{Fault, Reason};

/// More pages than this are no list for a person.
const MOST_PAGES: usize = 40;

/// Asks with `read(marker)` until a page says that no other follows. `read` gives the page's items and whether another
/// follows; `id` is an item's marker.
pub(crate) async fn all<T, F>(mut read: F, id: impl Fn(&T) -> String) -> Result<Vec<T>, Fault>
where
    F: AsyncFnMut(Option<&str>) -> Result<(Vec<T>, bool), Fault>,
{
    let mut items = Vec::new();
    let mut marker: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let (page, more) = read(marker.as_deref()).await?;
        let last = page.last().map(&id);
        items.extend(page);
        match last {
            // A page that ends where the last one did would go on for ever.
            Some(last) if more && marker.as_ref() != Some(&last) => marker = Some(last),
            _ => return Ok(items),
        }
    }
    Err(Reason::TooLong.into())
}

/// The address with its paging.
pub(crate) fn paged(mut url: Url, limit: u32, marker: Option<&str>) -> Url {
    url.query_pairs_mut().append_pair("limit", &limit.to_string());
    if let Some(marker) = marker {
        url.query_pairs_mut().append_pair("marker", marker);
    }
    url
}
