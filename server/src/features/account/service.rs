//! Accounts for the pages: what the frame shows, and one's own sign-ins.

use crate::auth::Auth;
use crate::features::basket::service::BasketService;
use crate::features::queries::service::QueriesService;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::account::model::{AccountView, FrameView, ProviderView};
use app::features::account::port::AccountPort;
use async_trait::async_trait;
use std::sync::Arc;

/// Accounts for the pages.
pub struct AccountService {
    auth: Auth,
    queries: Arc<QueriesService>,
    basket: Arc<BasketService>,
}

impl AccountService {
    /// On top of sign-in, queries and the basket.
    pub fn new(auth: Auth, queries: Arc<QueriesService>, basket: Arc<BasketService>) -> Self {
        Self { auth, queries, basket }
    }
}

#[async_trait]
impl AccountPort for AccountService {
    async fn frame(&self, caller: &Caller) -> Result<FrameView> {
        Ok(FrameView {
            name: caller.user().is_ok().then(|| caller.name.clone()),
            demo: self.auth.demo_issuer().is_some(),
            basket: self.basket.count(caller).await?,
            running: self.queries.count_running(caller).await?,
        })
    }

    async fn providers(&self) -> Result<Vec<ProviderView>> {
        Ok(Vec::new())
    }

    async fn account(&self, caller: &Caller) -> Result<AccountView> {
        caller.user()?;
        Err(Error::NotFound)
    }

    async fn end_sign_in(&self, caller: &Caller, _id: &str) -> Result<()> {
        caller.user()?;
        Err(Error::NotFound)
    }
}
