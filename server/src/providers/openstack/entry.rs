//! Sessions at a site: one for each access, kept until its token ends. They live in memory alone; a key of the map is a hash.

use super::faults::fault;
use crate::clock::{Clock, SECOND};
use crate::config::servers::OpenStackConfig;
use crate::providers::{Access, Fault, Reason};
use openstack::{Cloud, Credentials, Project, SecretString, Session, Settings, SetupError};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A token that ends this soon is not begun with.
const MARGIN_US: i64 = 60 * SECOND;

/// One access's session; locked while it is being made, so that two hundred servers sign in once.
type Slot = Arc<tokio::sync::Mutex<Option<Session>>>;

/// The way into one site.
pub(super) struct Entry {
    cloud: Cloud,
    /// The portal's own, for a private cloud.
    own: Option<Credentials>,
    identity_provider: String,
    project: String,
    clock: Clock,
    slots: Mutex<HashMap<[u8; 32], Slot>>,
}

/// The settings of a site do not work.
#[derive(Debug, thiserror::Error)]
#[error("the OpenStack site in servers.openstack.{key} cannot be used")]
pub(super) struct NotUsable {
    pub(super) key: String,
    #[source]
    pub(super) error: EntryError,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum EntryError {
    #[error("its address in `keystone` cannot be read")]
    Address(#[source] url::ParseError),
    #[error(transparent)]
    Setup(SetupError),
}

impl Entry {
    pub(super) fn new(config: &OpenStackConfig, clock: Clock) -> Result<Self, EntryError> {
        let mut settings = Settings::new(config.keystone.parse().map_err(EntryError::Address)?);
        settings.region = some(&config.region);
        settings.endpoint_hosts.clone_from(&config.hosts);
        settings.allow_private_addresses = config.private_network;
        settings.allow_http = config.private_network;
        settings.ca_bundle = (!config.ca_file.as_os_str().is_empty()).then(|| config.ca_file.clone());
        concat!("skyport/", env!("CARGO_PKG_VERSION")).clone_into(&mut settings.user_agent);
        let own = match (some(&config.application_credential), some(&config.user)) {
            (Some(id), _) => Some(Credentials::ApplicationCredential {
                id,
                secret: SecretString::from(config.application_secret.expose()),
            }),
            (None, Some(user)) => Some(Credentials::Password {
                user,
                domain: some(&config.user_domain).unwrap_or_else(|| "default".to_owned()),
                password: SecretString::from(config.password.expose()),
            }),
            (None, None) => None,
        };
        Ok(Self {
            cloud: Cloud::new(settings).map_err(EntryError::Setup)?,
            own,
            identity_provider: config.identity_provider.clone(),
            project: config.project.clone(),
            clock,
            slots: Mutex::default(),
        })
    }

    pub(super) fn wants_token(&self) -> bool {
        self.own.is_none()
    }

    pub(super) async fn check(&self) -> Result<(), openstack::Fault> {
        self.cloud.check().await
    }

    /// The access's session: the one that there is, or a new one.
    pub(super) async fn session(&self, access: &Access) -> Result<Session, Fault> {
        let slot = self.slot(access);
        let mut slot = slot.lock().await;
        if let Some(session) = slot.as_ref().filter(|session| self.lasts(session)) {
            return Ok(session.clone());
        }
        let session = self.sign_in(access).await?;
        *slot = Some(session.clone());
        Ok(session)
    }

    /// Not this session any more.
    pub(super) async fn forget(&self, access: &Access) {
        *self.slot(access).lock().await = None;
    }

    fn slot(&self, access: &Access) -> Slot {
        let key = match access {
            Access::Site => [0; 32],
            Access::Token(token) => Sha256::digest(token.expose()).into(),
        };
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever holds one is at work with it; the others are kept while their token lasts.
        slots.retain(|k, slot| {
            *k == key
                || Arc::strong_count(slot) > 1
                || slot.try_lock().is_ok_and(|s| s.as_ref().is_some_and(|session| self.lasts(session)))
        });
        slots.entry(key).or_default().clone()
    }

    fn lasts(&self, session: &Session) -> bool {
        session.expires_at().as_microsecond() - self.clock.now() > MARGIN_US
    }

    async fn sign_in(&self, access: &Access) -> Result<Session, Fault> {
        let credentials = match (access, &self.own) {
            (_, Some(own)) => own.clone(),
            (Access::Token(token), None) => Credentials::OidcToken {
                token: SecretString::from(token.expose()),
                identity_provider: self.identity_provider.clone(),
                protocols: vec!["openid".to_owned(), "oidc".to_owned()],
            },
            (Access::Site, None) => return Err(Fault::of(Reason::SignInNeeded)),
        };
        let me = self.cloud.sign_in(&credentials).await.map_err(|no| fault(access, &no))?;
        let project = match me.bound_to() {
            Some(bound) => bound.id.clone(),
            None => self.choose(me.projects().await.map_err(|no| fault(access, &no))?)?,
        };
        me.session(&project).await.map_err(|no| fault(access, &no))
    }

    /// The configured project by id or name, or the only one that there is.
    fn choose(&self, projects: Vec<Project>) -> Result<String, Fault> {
        let mut open: Vec<Project> = projects.into_iter().filter(|project| project.enabled).collect();
        if !self.project.is_empty() {
            open.retain(|project| project.id == self.project || project.name == self.project);
        }
        match open.as_slice() {
            [only] => Ok(only.id.clone()),
            [] => Err(Fault::of(Reason::NotAMember)),
            several => {
                let names: Vec<&str> = several.iter().map(|project| project.name.as_str()).collect();
                let words = format!(
                    "You have several projects there ({}), and the configuration names none.",
                    names.join(", ")
                );
                tracing::warn!(
                    "an OpenStack site gives its users several projects; set `project` in its configuration"
                );
                Err(Fault::of(Reason::Broken).with_words(words))
            }
        }
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
