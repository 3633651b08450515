//! Servers: found by the operation that made them, looked at, changed. All of them the user's own.

use reqwest::Method;
use serde::Deserialize;

use crate::fault::Thing;
use crate::pages::Pages;
use crate::wire::Purpose;
use crate::{Fault, Microversion, Operation, Reason, Session};

pub(crate) mod act;
pub(crate) mod create;
pub(crate) mod view;

use view::{Raw, Server};

#[derive(Deserialize)]
struct Page {
    servers: Vec<Raw>,
    #[serde(default)]
    servers_links: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct One {
    server: Raw,
}

impl Session {
    /// The user's own servers in the project, whoever's else are there.
    pub async fn servers(&self) -> Result<Vec<Server>, Fault> {
        self.list_servers(&[]).await
    }

    /// Looks at one server.
    ///
    /// # Errors
    /// [`Reason::NotFound`] when it is gone, or was never there; [`Reason::NotYours`] if another member of the project made it.
    pub async fn server(&self, id: &str) -> Result<Server, Fault> {
        let ask = self.nova(Purpose::Read(Thing::Server), Method::GET, &["servers", id], &[]).await?;
        let server: Server = self.send(ask).await?.json::<One>()?.server.into();
        if server.user_id != self.user_id() {
            return Err(Reason::NotYours(Thing::Server).into());
        }
        // For a moment Nova shows what is deleted already.
        if server.status.is_gone() { Err(Reason::NotFound(Thing::Server).into()) } else { Ok(server) }
    }

    /// The server that an operation made, or none: by its tag where the site has tags, and by its metadata. Two can be there
    /// only if somebody repeated a request without looking; the older one is given.
    pub async fn find_server(&self, operation: &Operation) -> Result<Option<Server>, Fault> {
        let mut found = Vec::new();
        if self.microversion().await? >= Microversion::CREATE_TAGS {
            found = self.list_servers(&[("tags", &operation.tag(self.label()))]).await?;
        }
        if found.is_empty() {
            let key = Operation::metadata_key(self.label());
            found = self.servers().await?;
            found.retain(|s| s.metadata.get(&key).is_some_and(|value| value == operation.as_str()));
        }
        Ok(found.into_iter().min_by(|a, b| (&a.created, &a.id).cmp(&(&b.created, &b.id))))
    }

    async fn list_servers(&self, filter: &[(&str, &str)]) -> Result<Vec<Server>, Fault> {
        let version = self.microversion().await?;
        let mut filter = filter.to_vec();
        if version >= Microversion::FILTER_USER {
            filter.push(("user_id", self.user_id()));
        }
        let mut pages = Pages::new();
        let path = ["servers", "detail"];
        let base = self.nova(Purpose::Read(Thing::Server), Method::GET, &path, &filter).await?.url;
        while let Some(url) = pages.next(base.clone(), Some(200))? {
            let mut ask = self.nova(Purpose::Read(Thing::Server), Method::GET, &[], &[]).await?;
            ask.url = url;
            let page: Page = self.send(ask).await?.json()?;
            pages.add(page.servers.into_iter().map(Server::from), !page.servers_links.is_empty(), |s| &s.id);
        }
        let mut servers = pages.into_items();
        servers.retain(|s| s.user_id == self.user_id() && !s.status.is_gone());
        Ok(servers)
    }
}
