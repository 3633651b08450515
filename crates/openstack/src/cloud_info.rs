//! EGI's cloud-info service: which sites serve which virtual organisations (`GET /sites/`, `/vos/`), and the same list
//! from a file where that service cannot be reached. What it says is a proposal: the caller still allows hosts.

use std::sync::Arc;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::cloud::join;
use crate::fault::Thing;
use crate::wire::{Ask, Purpose, Wire};
use crate::{Fault, Reason, Service, Settings, SetupError};

/// A client of one cloud-info service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CloudInfo {
    wire: Wire,
    base: Url,
}

/// A site in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its id in the list.
    #[serde(default)]
    pub id: String,
    /// Its name, as CESGA-CLOUD.
    pub name: String,
    /// Its Keystone.
    pub url: Url,
    /// Its state in the list; empty in a file.
    #[serde(default)]
    pub state: String,
    /// The projects by virtual organisation.
    #[serde(default)]
    pub projects: Vec<SiteProject>,
}

/// A project of a site and the virtual organisation that it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteProject {
    /// The project's id at the site.
    pub id: String,
    /// The virtual organisation.
    pub name: String,
}

/// The file is not such a list.
#[derive(Debug, thiserror::Error)]
#[error("this is not a list of sites; it must be JSON as the cloud-info service's /sites/ gives it")]
pub struct NotAList(#[from] serde_json::Error);

impl CloudInfo {
    /// A service at an address; of the settings, what is about the network counts.
    pub fn new(base: Url, mut settings: Settings) -> Result<Self, SetupError> {
        settings.keystone = base.clone();
        let wire = Wire::new(Arc::new(settings))?;
        Ok(Self { wire, base })
    }

    /// The virtual organisations that any site serves.
    pub async fn vos(&self) -> Result<Vec<String>, Fault> {
        self.get(join(&self.base, &["vos", ""])).await
    }

    /// The sites that serve a virtual organisation, or all of them, with their projects. One that is not known has none.
    pub async fn sites(&self, vo: Option<&str>) -> Result<Vec<Site>, Fault> {
        let mut url = join(&self.base, &["sites", ""]);
        url.query_pairs_mut().append_pair("include_projects", "true");
        if let Some(vo) = vo {
            url.query_pairs_mut().append_pair("vo_name", vo);
        }
        match self.get(url).await {
            Err(fault) if fault.reason == Reason::NotFound(Thing::Page) => Ok(Vec::new()),
            other => other,
        }
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, url: Url) -> Result<T, Fault> {
        let ask = Ask::new(Service::CloudInfo, Purpose::Read(Thing::Page), Method::GET, url);
        self.wire.send(ask).await?.json()
    }
}

/// Reads such a list from a file's bytes: what the service's `/sites/` gave some day.
pub fn read_sites(json: &[u8]) -> Result<Vec<Site>, NotAList> {
    Ok(serde_json::from_slice(json)?)
}
