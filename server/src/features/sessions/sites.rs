//! The sites that run sessions.

use crate::config::Config;
use crate::config::sites::SiteKind;
use crate::providers::containers::ContainerSite;
use crate::providers::session_site::SessionSite;
use std::sync::Arc;

/// The sites of the configuration, by key.
pub(crate) struct SessionSites(Vec<Arc<dyn SessionSite>>);

impl SessionSites {
    /// Opens all; nothing is asked yet.
    pub(crate) fn open(config: &Config) -> Self {
        let open = |(key, site): (&String, &crate::config::sites::SiteConfig)| match site.kind {
            SiteKind::Containers => Arc::new(ContainerSite::new(key, site)) as Arc<dyn SessionSite>,
        };
        Self(config.sites.iter().map(open).collect())
    }

    /// All.
    pub(crate) fn all(&self) -> &[Arc<dyn SessionSite>] {
        &self.0
    }

    /// The one of this key.
    pub(crate) fn find(&self, key: &str) -> Option<&Arc<dyn SessionSite>> {
        self.0.iter().find(|site| site.key() == key)
    }

    /// The one of this key, where it has this node.
    pub(crate) fn find_node(&self, key: &str, node: &str) -> Option<&Arc<dyn SessionSite>> {
        self.find(key).filter(|site| site.nodes().iter().any(|named| named == node))
    }

    /// A site's name for people; its key where it is not configured any more.
    pub(crate) fn title<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).map_or(key, |site| site.title())
    }
}
