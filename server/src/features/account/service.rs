//! Accounts for the pages: what the frame shows, and one's own sign-ins.

use super::device::device_words;
use crate::auth::Auth;
use crate::auth::sign_ins::SignInRow;
use crate::features::basket::service::BasketService;
use crate::features::queries::service::QueriesService;
use crate::features::sessions::service::SessionsService;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::account::model::{AccountView, FrameView, ProviderView, SignInView};
use app::features::account::port::AccountPort;
use app::features::sessions::port::SessionsPort as _;
use async_trait::async_trait;
use std::sync::Arc;

/// Accounts for the pages.
pub struct AccountService {
    auth: Auth,
    queries: Arc<QueriesService>,
    basket: Arc<BasketService>,
    sessions: Arc<SessionsService>,
}

impl AccountService {
    /// On top of sign-in, queries, the basket and sessions.
    pub fn new(
        auth: Auth,
        queries: Arc<QueriesService>,
        basket: Arc<BasketService>,
        sessions: Arc<SessionsService>,
    ) -> Self {
        Self { auth, queries, basket, sessions }
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
            sessions: self.sessions.brief(caller).await?,
        })
    }

    async fn providers(&self) -> Result<Vec<ProviderView>> {
        Ok(self.auth.providers().views())
    }

    async fn account(&self, caller: &Caller) -> Result<AccountView> {
        let id = caller.user()?;
        let identity = self.auth.find_user(id).await?.ok_or(Error::NotFound)?.identity;
        let rows = self.auth.list_sign_ins(id).await?;
        let view = |row: SignInRow| SignInView {
            device: device_words(&row.user_agent),
            provider: self.auth.providers().name_of(&row.provider),
            since_us: row.since_us,
            last_seen_us: row.last_seen_us,
            ends_us: row.ends_us,
            this_one: caller.sign_in.as_deref() == Some(&*row.id),
            id: row.id,
        };
        Ok(AccountView {
            name: identity.name,
            email: identity.email,
            subject: identity.subject,
            issuer: identity.issuer,
            groups: identity.groups,
            sign_ins: rows.into_iter().map(view).collect(),
        })
    }

    async fn end_sign_in(&self, caller: &Caller, id: &str) -> Result<()> {
        let user = caller.user()?;
        if self.auth.end_sign_in(user, id).await? { Ok(()) } else { Err(Error::NotFound) }
    }
}
