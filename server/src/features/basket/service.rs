//! The rules of the basket.

use crate::clock::{Clock, Entropy};
use crate::db::Db;
use crate::features::queries::service::QueriesService;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::basket::model::{Added, Addition, BasketView};
use app::features::basket::port::BasketPort;
use app::selection::Selection;
use async_trait::async_trait;
use std::sync::Arc;

/// The basket of each user.
pub struct BasketService {}

impl BasketService {
    /// On top of the database; rows come from results.
    pub fn new(db: &Db, clock: &Clock, entropy: &Entropy, queries: Arc<QueriesService>) -> Self {
        let _ = (db, clock, entropy, queries);
        Self {}
    }

    /// Things in the caller's basket; 0 for visitors.
    pub async fn count(&self, _caller: &Caller) -> Result<u64> {
        Ok(0)
    }
}

#[async_trait]
impl BasketPort for BasketService {
    async fn add(&self, caller: &Caller, _add: Addition) -> Result<Added> {
        caller.user()?;
        Err(Error::NotFound)
    }
    async fn remembered(&self, _caller: &Caller, _query: &str) -> Result<Option<Selection>> {
        Ok(None)
    }
    async fn show(&self, caller: &Caller, _archive: &str, _offset: u64) -> Result<BasketView> {
        caller.user()?;
        Err(Error::NotFound)
    }
    async fn remove(&self, caller: &Caller, _items: Vec<String>) -> Result<BasketView> {
        caller.user()?;
        Err(Error::NotFound)
    }
    async fn empty(&self, caller: &Caller, _archive: &str) -> Result<BasketView> {
        caller.user()?;
        Err(Error::NotFound)
    }
    async fn undo(&self, caller: &Caller) -> Result<BasketView> {
        caller.user()?;
        Err(Error::NotFound)
    }
    async fn note(&self, caller: &Caller, _item: &str, _note: String) -> Result<()> {
        caller.user()?;
        Err(Error::NotFound)
    }
}
