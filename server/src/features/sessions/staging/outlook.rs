//! What putting a basket in place would come to, before it is done.

use super::hosts::Products;
use super::{StagingFault, products};
use crate::features::basket::contents::BEFORE;
use crate::features::basket::service::BasketService;
use crate::features::queries::service::QueriesService;
use app::asking::{Caller, Owner};
use app::error::Error;
use std::sync::Arc;

/// What is to be expected.
#[derive(Debug, Default)]
pub struct Outlook {
    /// Rows, those of whole results too.
    pub rows: u64,
    /// Bytes of tables, as they are kept here.
    pub bytes: u64,
    /// Files that rows lead to.
    pub files: usize,
    /// What would not come, or may not; in sentences.
    pub doubts: Vec<String>,
}

/// Looks at a user's basket.
///
/// # Errors
/// [`StagingFault`], where it could not be put in place.
pub async fn look(
    basket: &BasketService,
    queries: &QueriesService,
    from: &Products,
    owner: &str,
    most_bytes: u64,
) -> Result<Outlook, StagingFault> {
    let caller = Caller { owner: Owner::User(owner.to_owned()), ..Caller::nobody() };
    let summary = basket.summary(owner).await.map_err(StagingFault::of)?;
    if summary.bytes > most_bytes {
        return Err(StagingFault::TooMuch { most_bytes });
    }
    let (mut leads, source) = (products::Leads::default(), Arc::default());
    for contents in basket.contents(owner).await.map_err(StagingFault::of)? {
        if contents.whole.is_some() {
            match queries.result_key(&caller, &contents.query).await {
                Ok(_) => {}
                Err(Error::NotFound) => return Err(StagingFault::Gone { title: contents.title }),
                Err(error) => return Err(StagingFault::of(error)),
            }
        }
        if !products::leads_to_files(&contents.schema) {
            continue;
        }
        let mut last = BEFORE;
        while let Some((batch, next)) =
            basket.rows_after(owner, &contents, last).await.map_err(StagingFault::of)?
        {
            products::find(&batch, &source, &mut leads);
            last = next;
        }
    }
    let (files, doubts) = products::look(from, leads).await;
    Ok(Outlook { rows: summary.rows, bytes: summary.bytes, files, doubts })
}
