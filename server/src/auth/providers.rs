//! The providers one may sign in with: the configured ones, and the demo issuer where it runs.
//!
//! Nothing is asked of a provider at start: one that is away must not keep Skyport from starting. Its discovery document
//! and keys are read at the first sign-in, kept for an hour, and read again when a token names an unknown key.

use super::oidc::{Client, Metadata};
use super::refusal::{Problem, Refusal};
use super::remote::{Remote, RemoteError};
use crate::clock::{Clock, Micros, SECOND};
use crate::config::Config;
use crate::config::sign_in::ProviderConfig;
use crate::metrics::Metrics;
use crate::start::StartError;
use app::features::account::model::ProviderView;
use openidconnect::core::{CoreClientAuthMethod, CoreJwsSigningAlgorithm};
use openidconnect::{
    AuthType, ClientId, ClientSecret, DiscoveryError, IssuerUrl, JsonWebKeySet, RedirectUrl,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use url::Url;

/// A discovery document is used for this long before it is read again.
const KEPT: Micros = 3600 * SECOND;
/// Keys are not asked for again within this time, however many tokens name an unknown key.
const KEYS_AT_MOST_EVERY: Micros = 60 * SECOND;
/// A provider that just failed is not asked again within this time, so that people do not queue for a silent one.
const FAILED_FOR: Micros = 5 * SECOND;

/// What signs are trusted: asymmetric ones alone, so that knowing the client secret is never enough to be anybody.
const TRUSTED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// One provider.
pub struct Provider {
    /// Its key in the configuration; `demo` for the demo issuer.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The issuer, exactly as its discovery document has it.
    pub issuer: IssuerUrl,
    /// Whether it is the demo issuer.
    pub demo: bool,
    /// Our id there.
    pub client_id: ClientId,
    /// Scopes beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that lists groups; empty for none.
    pub groups_claim: String,
    /// HTTP to it.
    pub remote: Remote,
    secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Arc<Metadata>, Micros)>,
    failure: Option<(Refusal, Micros)>,
}

/// All providers, in the order of their ids.
pub struct Providers(Vec<Arc<Provider>>);

impl Providers {
    /// The configured providers, and the demo issuer where its address is given. Nothing is asked of them yet.
    ///
    /// # Errors
    /// A secret's file that cannot be read, or an address that is none.
    pub fn new(
        config: &Config,
        origin: &str,
        demo: Option<&str>,
        metrics: &Metrics,
    ) -> Result<Self, StartError> {
        let timeout = Duration::from_secs(config.sign_in.provider_timeout_s);
        let redirect = redirect_address(origin);
        let mut all = Vec::new();
        if let Some(issuer) = demo {
            let settings = ProviderConfig {
                name: "Demo users".to_owned(),
                issuer: issuer.to_owned(),
                client_id: super::demo_issuer::CLIENT_ID.to_owned(),
                client_secret: crate::config::Secret::default(),
                client_secret_file: None,
                scopes: vec!["profile".to_owned(), "email".to_owned()],
                groups_claim: "groups".to_owned(),
            };
            all.push(Arc::new(Provider::new("demo", &settings, &redirect, timeout, metrics)?));
        }
        for (id, settings) in &config.sign_in.providers {
            all.push(Arc::new(Provider::new(id, settings, &redirect, timeout, metrics)?));
        }
        Ok(Self(all))
    }

    /// The one with this id.
    pub fn find(&self, id: &str) -> Option<Arc<Provider>> {
        self.0.iter().find(|p| p.id == id).cloned()
    }

    /// All of them.
    pub fn all(&self) -> &[Arc<Provider>] {
        &self.0
    }

    /// Its name for people; the id itself for one that is no longer configured.
    pub fn name_of(&self, id: &str) -> String {
        self.find(id).map_or_else(|| id.to_owned(), |p| p.name.clone())
    }

    /// For the sign-in page.
    pub fn views(&self) -> Vec<ProviderView> {
        let view = |p: &Arc<Provider>| ProviderView { id: p.id.clone(), name: p.name.clone(), demo: p.demo };
        self.0.iter().map(view).collect()
    }
}

/// The address that providers send people back to.
pub fn redirect_address(origin: &str) -> String {
    format!("{origin}/auth/callback")
}

impl Provider {
    fn new(
        id: &str,
        settings: &ProviderConfig,
        redirect: &str,
        timeout: Duration,
        metrics: &Metrics,
    ) -> Result<Self, StartError> {
        let address = Url::parse(&settings.issuer)
            .map_err(|e| format!("sign_in.providers.{id}.issuer is not an address: {e}"))?;
        Ok(Self {
            id: id.to_owned(),
            name: settings.name.clone(),
            issuer: IssuerUrl::new(settings.issuer.clone())?,
            demo: id == "demo",
            client_id: ClientId::new(settings.client_id.clone()),
            scopes: settings.scopes.clone(),
            groups_claim: settings.groups_claim.clone(),
            remote: Remote::new(id, &address, timeout, metrics)?,
            secret: read_secret(id, settings)?,
            redirect: RedirectUrl::new(redirect.to_owned())?,
            known: Mutex::default(),
        })
    }

    /// The discovery document and keys, from memory where they are fresh.
    ///
    /// # Errors
    /// [`Problem::Unreachable`] or [`Problem::Config`]; a copy in memory is used for longer where the provider is away.
    pub async fn metadata(&self, clock: &Clock) -> Result<Arc<Metadata>, Refusal> {
        let mut known = self.known.lock().await;
        let now = clock.now();
        if let Some((metadata, at)) = &known.metadata
            && now < at + KEPT
        {
            return Ok(metadata.clone());
        }
        if let Some((failure, at)) = &known.failure
            && now < at + FAILED_FOR
        {
            return known.metadata.as_ref().map_or_else(|| Err(failure.clone()), |(m, _)| Ok(m.clone()));
        }
        match self.discover().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { metadata: Some((metadata.clone(), now)), failure: None };
                Ok(metadata)
            }
            Err(refusal) => {
                known.failure = Some((refusal.clone(), now));
                known.metadata.as_ref().map_or(Err(refusal), |(old, _)| Ok(old.clone()))
            }
        }
    }

    /// The document with the keys of now, for a token that names an unknown key; none where they were just read.
    pub async fn newer_keys(&self, clock: &Clock) -> Option<Arc<Metadata>> {
        let mut known = self.known.lock().await;
        let now = clock.now();
        let (old, at) = known.metadata.clone()?;
        if now < at + KEYS_AT_MOST_EVERY {
            return None;
        }
        match JsonWebKeySet::fetch_async(old.jwks_uri(), &self.remote).await {
            Ok(keys) => {
                let metadata = Arc::new((*old).clone().set_jwks(keys));
                known.metadata = Some((metadata.clone(), now));
                Some(metadata)
            }
            Err(error) => {
                let chain = crate::fault::chain(&error);
                tracing::warn!(sign_in.provider = %self.id, fault.chain = %chain, "the provider's keys cannot be read");
                None
            }
        }
    }

    /// Reads the discovery document and the keys now.
    ///
    /// # Errors
    /// [`Problem::Unreachable`], or [`Problem::Config`] where the document is not the issuer's or cannot be used.
    pub async fn discover(&self) -> Result<Metadata, Refusal> {
        let found = Metadata::discover_async(self.issuer.clone(), &self.remote).await;
        let metadata = found.map_err(|error| {
            let problem = match &error {
                DiscoveryError::Request(RemoteError::Away(_) | RemoteError::OutOfOrder(_)) => {
                    Problem::Unreachable
                }
                _ => Problem::Config,
            };
            Refusal::of(problem, &error)
        })?;
        let offered = metadata.id_token_signing_alg_values_supported();
        let trusted: Vec<_> = TRUSTED.into_iter().filter(|alg| offered.contains(alg)).collect();
        if trusted.is_empty() {
            return Err(Refusal::new(
                Problem::Config,
                "The provider offers no signature that is trusted here (RS, PS, ES and EdDSA are)",
            ));
        }
        Ok(metadata.set_id_token_signing_alg_values_supported(trusted))
    }

    /// A client as the document says.
    pub fn client(&self, metadata: &Metadata) -> Client {
        let client =
            Client::from_provider_metadata(metadata.clone(), self.client_id.clone(), self.secret.clone())
                .set_redirect_uri(self.redirect.clone());
        let offers = |method| {
            metadata.token_endpoint_auth_methods_supported().is_some_and(|methods| methods.contains(&method))
        };
        let only_post = offers(CoreClientAuthMethod::ClientSecretPost)
            && !offers(CoreClientAuthMethod::ClientSecretBasic);
        if only_post { client.set_auth_type(AuthType::RequestBody) } else { client }
    }
}

fn read_secret(id: &str, settings: &ProviderConfig) -> Result<Option<ClientSecret>, StartError> {
    let text = match &settings.client_secret_file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            format!("sign_in.providers.{id}.client_secret_file: {} cannot be read ({error})", path.display())
        })?,
        None => settings.client_secret.expose().to_owned(),
    };
    let text = text.trim();
    Ok((!text.is_empty()).then(|| ClientSecret::new(text.to_owned())))
}
