//! A person in a project: the token, and where the catalogue says that the services are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

use crate::cloud::{Cloud, join, revoke};
use crate::compute::version::{Compute, Microversion};
use crate::fault::Thing;
use crate::wire::{Ask, Purpose, Reply};
use crate::{Fault, Project, Reason};

/// The services that are spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Keystone.
    Identity,
    /// Nova.
    Compute,
    /// Glance.
    Image,
    /// Neutron.
    Network,
    /// EGI's list of sites.
    CloudInfo,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity",
            Self::Compute => "compute",
            Self::Image => "image",
            Self::Network => "network",
            Self::CloudInfo => "site list",
        })
    }
}

/// The catalogue of a token (Identity API v3, "Catalog").
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Catalogue(Vec<Entry>);

#[derive(Clone, Debug, Deserialize)]
struct Entry {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    endpoints: Vec<Endpoint>,
}

#[derive(Clone, Debug, Deserialize)]
struct Endpoint {
    #[serde(default)]
    interface: String,
    #[serde(default)]
    region_id: Option<String>,
    /// The same, in its name of old; both may be there.
    #[serde(default)]
    region: Option<String>,
    url: String,
}

impl Endpoint {
    fn region(&self) -> Option<&str> {
        self.region_id.as_deref().or(self.region.as_deref())
    }
}

impl Catalogue {
    fn public(&self, kind: &str) -> impl Iterator<Item = &Endpoint> {
        let entries = self.0.iter().filter(move |e| e.kind == kind);
        entries.flat_map(|e| &e.endpoints).filter(|e| e.interface == "public")
    }

    fn regions(&self) -> BTreeSet<String> {
        self.public("compute").filter_map(|e| e.region().map(str::to_owned)).collect()
    }
}

/// Somebody in a project. Cheap to clone. Everything done through it is kept to what is the person's own: a project is
/// shared by all its members, and OpenStack would let each delete the servers of the others.
#[derive(Clone, Debug)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cloud: Cloud,
    token: SecretString,
    expires_at: Timestamp,
    user_id: String,
    project: Project,
    region: Option<String>,
    endpoints: BTreeMap<Service, Url>,
    compute: OnceCell<Compute>,
}

impl Session {
    pub(crate) fn new(
        cloud: &Cloud,
        token: SecretString,
        expires_at: Timestamp,
        user_id: &str,
        project: &Project,
        catalogue: &Catalogue,
    ) -> Result<Self, Fault> {
        let regions = catalogue.regions();
        let region = match &cloud.wire().settings().region {
            Some(region) => Some(region.clone()),
            None if regions.len() > 1 => {
                let names = regions.iter().take(20).map(|r| crate::words::short(r)).collect();
                return Err(Reason::RegionNeeded(names).into());
            }
            None => regions.first().cloned(),
        };
        let mut endpoints = BTreeMap::new();
        for (service, kind) in
            [(Service::Compute, "compute"), (Service::Image, "image"), (Service::Network, "network")]
        {
            let here = |e: &&Endpoint| region.is_none() || e.region() == region.as_deref();
            // One that cannot be read counts as absent; where it leads is judged at every call.
            if let Some(url) = catalogue.public(kind).find(here).and_then(|e| Url::parse(&e.url).ok()) {
                endpoints.insert(service, url);
            }
        }
        Ok(Self(Arc::new(Inner {
            cloud: cloud.clone(),
            token,
            expires_at,
            user_id: user_id.to_owned(),
            project: project.clone(),
            region,
            endpoints,
            compute: OnceCell::new(),
        })))
    }

    /// The user's id at the site.
    pub fn user_id(&self) -> &str {
        &self.0.user_id
    }

    /// The project.
    pub fn project(&self) -> &Project {
        &self.0.project
    }

    /// The region, where the site names any.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// When the token ends: not later than the first one that it was made from.
    pub fn expires_at(&self) -> Timestamp {
        self.0.expires_at
    }

    /// The microversion that was agreed upon with Nova: the newest that both know.
    pub async fn microversion(&self) -> Result<Microversion, Fault> {
        Ok(self.compute().await?.version)
    }

    /// Tells Keystone that the token is not needed any more.
    pub async fn sign_out(&self) -> Result<(), Fault> {
        revoke(&self.0.cloud, &self.0.token).await
    }

    pub(crate) fn label(&self) -> &str {
        &self.0.cloud.wire().settings().label
    }

    pub(crate) fn newest_microversion(&self) -> Microversion {
        self.0.cloud.wire().settings().newest_microversion
    }

    pub(crate) async fn compute(&self) -> Result<&Compute, Fault> {
        self.0.compute.get_or_try_init(|| Compute::discover(self)).await
    }

    /// Where the catalogue says that a service is.
    pub(crate) fn endpoint(&self, service: Service) -> Result<&Url, Fault> {
        self.0.endpoints.get(&service).ok_or_else(|| Reason::NoEndpoint(service).into())
    }

    /// An address of a service with an API version in its path, which some catalogues have and some leave out.
    pub(crate) fn versioned(&self, service: Service, version: &str, path: &[&str]) -> Result<Url, Fault> {
        let base = self.endpoint(service)?;
        let there = base.path_segments().is_some_and(|s| s.rev().find(|s| !s.is_empty()) == Some(version));
        let base = if there { base.clone() } else { join(base, &[version]) };
        Ok(join(&base, path))
    }

    pub(crate) fn ask(&self, service: Service, purpose: Purpose, method: Method, url: Url) -> Ask<'_> {
        Ask::new(service, purpose, method, url).token(&self.0.token)
    }

    pub(crate) async fn send(&self, ask: Ask<'_>) -> Result<Reply, Fault> {
        self.0.cloud.wire().send(ask).await
    }

    /// Reads one document.
    pub(crate) async fn get<T: serde::de::DeserializeOwned>(
        &self,
        service: Service,
        thing: Thing,
        url: Url,
    ) -> Result<T, Fault> {
        self.send(self.ask(service, Purpose::Read(thing), Method::GET, url)).await?.json()
    }
}
