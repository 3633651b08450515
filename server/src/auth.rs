//! Sign-in: OpenID Connect with the configured providers or the demo issuer, and the sign-ins that follow from it.

pub mod attempts;
pub mod demo_issuer;
pub mod flow;
pub mod identity;
pub mod oidc;
pub mod providers;
pub mod rate;
pub mod refusal;
pub mod remote;
pub mod routes;
pub mod sign_ins;
pub mod users;

use crate::clock::{Clock, Entropy, SECOND};
use crate::config::Config;
use crate::db::Db;
use crate::fault::report;
use crate::features::queries::service::QueriesService;
use crate::features::servers::service::ServersService;
use crate::ids::{hash_secret, new_id, new_secret};
use crate::metrics::Metrics;
use crate::start::StartError;
use app::asking::{Caller, Owner};
use app::error::Result;
use attempts::Attempt;
use flow::Vouched;
use providers::{Provider, Providers};
use rate::RateLimit;
use refusal::Refusal;
use sign_ins::{Lifetime, NewSignIn, SignInRow};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use users::UserRow;

/// What has ended is removed this often.
const PURGE_EVERY: Duration = Duration::from_mins(10);
/// Most of a User-Agent that is kept, in characters.
const LONGEST_AGENT: usize = 300;

/// Everything about sign-in. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    entropy: Entropy,
    providers: Providers,
    demo_issuer: Option<String>,
    lifetime: Lifetime,
    starts: RateLimit,
    answers: RateLimit,
    queries: Arc<QueriesService>,
    servers: Arc<ServersService>,
}

/// A sign-in that is done.
struct SignedIn {
    /// The cookie's secret.
    secret: String,
    /// Whether what a visitor asked is the user's now, so that the visitor's cookie has no more use.
    adopted: bool,
}

impl Auth {
    /// Reads the providers' settings, starts the demo issuer where it is on.
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub async fn start(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        metrics: &Metrics,
        origin: &str,
        queries: Arc<QueriesService>,
        servers: Arc<ServersService>,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Self, StartError> {
        let settings = &config.sign_in;
        let demo_issuer = if settings.has_demo(&config.server) {
            Some(demo_issuer::start(settings.demo_listen, origin, clock, entropy, stopping, tasks).await?)
        } else {
            None
        };
        let auth = Self(Arc::new(Inner {
            db: db.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            providers: Providers::new(config, origin, demo_issuer.as_deref(), metrics)?,
            demo_issuer,
            lifetime: Lifetime { idle: settings.idle_s * SECOND, absolute: settings.absolute_s * SECOND },
            starts: RateLimit::new(clock, settings.attempts_per_minute),
            answers: RateLimit::new(clock, settings.attempts_per_minute),
            queries,
            servers,
        }));
        let (purging, stop) = (auth.clone(), stopping.clone());
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(PURGE_EVERY) => purging.purge().await,
                }
            }
        });
        Ok(auth)
    }

    /// The caller behind a sign-in cookie; none where it has ended.
    pub async fn find_caller(&self, secret: &str) -> Result<Option<Caller>> {
        let hash = hash_secret(secret);
        let found = sign_ins::find_caller(&self.0.db, &hash, self.0.lifetime, self.0.clock.now());
        found.await.map_err(|e| report("finding out who asks", &e))
    }

    /// The caller behind the public id of a sign-in; none where it has ended. What holds on to one uses it.
    pub async fn find_caller_of(&self, sign_in: &str) -> Result<Option<Caller>> {
        let found = sign_ins::find_caller_of(&self.0.db, sign_in, self.0.lifetime, self.0.clock.now());
        found.await.map_err(|e| report("finding out whose sign-in this is", &e))
    }

    /// Open sign-ins; 0 while the database is away.
    pub async fn count_open(&self) -> i64 {
        sign_ins::count_open(&self.0.db, self.0.lifetime, self.0.clock.now()).await.unwrap_or_default()
    }

    /// The demo issuer's address, where it runs.
    pub fn demo_issuer(&self) -> Option<String> {
        self.0.demo_issuer.clone()
    }

    /// The providers one may sign in with.
    pub fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// A user.
    pub async fn find_user(&self, id: &str) -> Result<Option<UserRow>> {
        users::find_user(&self.0.db, id).await.map_err(|e| report("reading a user", &e))
    }

    /// A user's open sign-ins, newest first.
    pub async fn list_sign_ins(&self, user: &str) -> Result<Vec<SignInRow>> {
        let found = sign_ins::list_sign_ins(&self.0.db, user, self.0.lifetime, self.0.clock.now());
        found.await.map_err(|e| report("listing sign-ins", &e))
    }

    /// Ends one of a user's sign-ins; false where it is not theirs.
    pub async fn end_sign_in(&self, user: &str, id: &str) -> Result<bool> {
        sign_ins::end_sign_in(&self.0.db, user, id).await.map_err(|e| report("ending a sign-in", &e))
    }

    /// Ends all of a user's sign-ins.
    pub async fn end_everywhere(&self, user: &str) -> Result<()> {
        let ended =
            sign_ins::end_all(&self.0.db, user).await.map_err(|e| report("ending all sign-ins", &e))?;
        tracing::info!(sign_in.ended = ended, "signed out everywhere");
        Ok(())
    }

    /// Ends the sign-in of a cookie.
    pub async fn end_by_secret(&self, secret: &str) -> Result<()> {
        let ended = sign_ins::end_by_secret(&self.0.db, &hash_secret(secret)).await;
        ended.map_err(|e| report("ending a sign-in", &e))
    }

    /// Begins a sign-in for the browser with this secret; gives the address to go to.
    async fn begin(
        &self,
        provider: &Provider,
        browser: &str,
        next: &str,
    ) -> Result<std::result::Result<String, Refusal>> {
        let inner = &self.0;
        let begun = match flow::begin(provider, &inner.clock, &inner.entropy).await {
            Ok(begun) => begun,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let attempt = Attempt {
            provider: provider.id.clone(),
            nonce: begun.nonce,
            pkce_verifier: begun.pkce_verifier,
            next: next.to_owned(),
        };
        let ends = inner.clock.now() + attempts::LIFETIME;
        let (state, browser) = (hash_secret(&begun.state), hash_secret(browser));
        attempts::insert_attempt(&inner.db, &state, &browser, &attempt, ends)
            .await
            .map_err(|e| report("keeping a sign-in under way", &e))?;
        Ok(Ok(begun.address))
    }

    /// Takes the attempt that this state and this browser's secret began.
    async fn take_attempt(&self, state: &str, browser: &str) -> Result<Option<Attempt>> {
        let (state, browser) = (hash_secret(state), hash_secret(browser));
        let taken = attempts::take_attempt(&self.0.db, &state, &browser, self.0.clock.now());
        taken.await.map_err(|e| report("finding a sign-in under way", &e))
    }

    /// Opens the sign-in of somebody whom a provider vouches for, and makes them a user where they are new. The one that
    /// this browser had before ends; what the visitor asked becomes the user's.
    async fn open(
        &self,
        provider: &Provider,
        vouched: &Vouched,
        user_agent: &str,
        before: Option<&str>,
        visitor: Option<&str>,
    ) -> Result<SignedIn> {
        let inner = &self.0;
        let now = inner.clock.now();
        let user = users::upsert_user(&inner.db, &new_id(&inner.entropy), &vouched.identity, now)
            .await
            .map_err(|e| report("keeping a user", &e))?;
        let (id, secret) = (new_id(&inner.entropy), new_secret(&inner.entropy));
        let user_agent: String = user_agent.chars().take(LONGEST_AGENT).collect();
        let new = NewSignIn {
            id: &id,
            secret_hash: &hash_secret(&secret),
            user: &user,
            provider: &provider.id,
            user_agent: &user_agent,
        };
        sign_ins::insert_sign_in(&inner.db, &new, inner.lifetime, now)
            .await
            .map_err(|e| report("opening a sign-in", &e))?;
        if let Some(before) = before {
            self.end_by_secret(before).await?;
        }
        // Reported where it failed; the person is signed in all the same, and the visitor's things stay the visitor's.
        let adopted = match visitor {
            Some(visitor) => {
                let visitor = Owner::Visitor(visitor.to_owned()).key().unwrap_or_default();
                let user = Owner::User(user.clone()).key().unwrap_or_default();
                inner.queries.adopt(&visitor, &user).await.is_ok()
            }
            None => false,
        };
        inner.servers.signed_in(&user, &provider.id, vouched.access_token.expose()).await;
        tracing::info!(sign_in.id = %id, sign_in.provider = %provider.id, user.id = %user, "signed in");
        Ok(SignedIn { secret, adopted })
    }

    /// Removes what has ended.
    pub async fn purge(&self) {
        let (db, now) = (&self.0.db, self.0.clock.now());
        let purged = async {
            attempts::purge_attempts(db, now).await?;
            sign_ins::purge_sign_ins(db, self.0.lifetime, now).await
        };
        if let Err(error) = purged.await {
            tracing::warn!(fault.chain = %crate::fault::chain(&error), "ended sign-ins were not removed");
        }
    }
}
