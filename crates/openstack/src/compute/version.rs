//! Which microversion of Nova is spoken: the newest that both sides know ("Microversions", Compute API).

use std::fmt;

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::cloud::join;
use crate::fault::Thing;
use crate::wire::{Ask, Purpose};
use crate::{Fault, Reason, Service, Session};

/// A microversion, as 2.79. Ordered: 2.9 is before 2.10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Microversion {
    major: u16,
    minor: u16,
}

impl Microversion {
    /// What every Nova of version 2.1 knows.
    pub(crate) const FIRST: Self = Self::new(2, 1);
    /// Key pairs have a type.
    pub(crate) const KEY_TYPE: Self = Self::new(2, 2);
    /// A request must name its networks, or `auto` or `none`.
    pub(crate) const NETWORKS: Self = Self::new(2, 37);
    /// Request ids from outside are kept.
    pub(crate) const REQUEST_ID: Self = Self::new(2, 46);
    /// Tags can be given at creation; to be asked for by them came with 2.26.
    pub(crate) const CREATE_TAGS: Self = Self::new(2, 52);
    /// Lists can be filtered by user.
    pub(crate) const FILTER_USER: Self = Self::new(2, 83);

    /// From its two numbers.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        Some(Self::new(major.parse().ok()?, minor.parse().ok()?))
    }
}

impl fmt::Display for Microversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Where Nova is and what it speaks.
#[derive(Debug)]
pub(crate) struct Compute {
    base: Url,
    pub(crate) version: Microversion,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    id: String,
    /// Empty for the API before microversions.
    #[serde(default, rename = "version")]
    newest: String,
    #[serde(default, rename = "min_version")]
    oldest: String,
}

impl Compute {
    /// Asks the version document: at the catalogue's address up to its version, or at the root.
    pub(crate) async fn discover(session: &Session) -> Result<Self, Fault> {
        let endpoint = session.endpoint(Service::Compute)?;
        let segments: Vec<&str> =
            endpoint.path_segments().map(|s| s.filter(|s| !s.is_empty()).collect()).unwrap_or_default();
        let at = segments.iter().position(|s| matches!(*s, "v2.1" | "v2" | "v2.0"));
        let mut document = endpoint.clone();
        document.set_query(None);
        if let Ok(mut path) = document.path_segments_mut() {
            let keep = at.map_or(segments.len(), |i| i + 1);
            // With a slash at its end: without one Nova redirects.
            path.clear().extend(&segments[..keep]).push("");
        }
        // Old catalogues have the project behind the version; it stays in the addresses of calls.
        let base = if at.is_some() { endpoint.clone() } else { join(endpoint, &["v2.1"]) };
        let ask = session.ask(Service::Compute, Purpose::Read(Thing::Page), Method::GET, document);
        let body: Value = session.send(ask).await?.json()?;
        let found = match &body {
            Value::Object(top) if top.contains_key("version") => {
                serde_json::from_value(top["version"].clone()).ok()
            }
            Value::Object(top) => top
                .get("versions")
                .and_then(Value::as_array)
                .and_then(|list| list.iter().find(|v| v.get("id").and_then(Value::as_str) == Some("v2.1")))
                .and_then(|v| serde_json::from_value(v.clone()).ok()),
            _ => None,
        };
        let Some(found): Option<Document> = found.filter(|v: &Document| v.id.starts_with("v2")) else {
            return Err(Reason::Unreadable.into());
        };
        let newest = Microversion::parse(&found.newest).unwrap_or(Microversion::FIRST);
        let oldest = Microversion::parse(&found.oldest).unwrap_or(Microversion::FIRST);
        let version = newest.min(session.newest_microversion());
        if version < oldest {
            return Err(Reason::Microversion.into());
        }
        Ok(Self { base, version })
    }
}

impl Session {
    /// A call to Nova, with the microversion that was agreed upon.
    pub(crate) async fn nova(
        &self,
        purpose: Purpose,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Ask<'_>, Fault> {
        let compute = self.compute().await?;
        let mut url = join(&compute.base, path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut ask = self.ask(Service::Compute, purpose, method, url);
        ask.microversion = (compute.version > Microversion::FIRST).then_some(compute.version);
        Ok(ask)
    }
}
