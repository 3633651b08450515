//! The kind of site `containers`: engines with a Docker-compatible API (Podman, Docker), one on each node, each session one
//! container on a network of its own (`crates/containers`, docs/adr/0010).

mod check;
mod faults;
mod fetching;
mod wish;

use super::Finding;
use super::session_site::{
    End, Fault, Fetch, Found, Image, Login, Place, Reason, Run, Seen, SessionSite, Used,
};
use crate::config::sites::{NodeConfig, SiteConfig};
use ::containers::{Engine, LogQuery, OutOfMemory, State};
use async_trait::async_trait;
use faults::fault;
use fetching::Fetches;
use futures::StreamExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The label that says which session a container is.
pub const SESSION_LABEL: &str = "org.skyport.session";
/// A session may have said so much before it is removed; the end of it is kept.
const LOG_MIB: u64 = 16;

/// A site of container engines.
pub struct ContainerSite {
    key: String,
    title: String,
    nodes: Vec<Arc<Node>>,
    fetches: Fetches,
}

/// A node with its engine.
struct Node {
    name: String,
    socket: PathBuf,
    architecture: String,
    /// Once it answered. Every question opens its own connection, so that one that went away is found again.
    engine: Mutex<Option<Engine>>,
}

impl ContainerSite {
    /// A site of the configuration. Nothing is asked yet: an engine may come later.
    pub fn new(key: &str, config: &SiteConfig) -> Self {
        Self {
            key: key.to_owned(),
            title: config.title.clone(),
            nodes: config.nodes.iter().map(|node| Arc::new(Node::new(node))).collect(),
            fetches: Fetches::default(),
        }
    }

    fn node(&self, name: &str) -> Result<&Arc<Node>, Fault> {
        let node = self.nodes.iter().find(|node| node.name == name);
        node.ok_or_else(|| Fault::new(Reason::NoNode, format!("there is no node {name} any more")))
    }

    async fn engine(&self, node: &str) -> Result<Engine, Fault> {
        self.node(node)?.engine().await
    }
}

impl Node {
    fn new(config: &NodeConfig) -> Self {
        Self {
            name: config.name.clone(),
            socket: config.socket.clone(),
            architecture: config.architecture.clone(),
            engine: Mutex::default(),
        }
    }

    async fn engine(&self) -> Result<Engine, Fault> {
        if let Some(engine) = &*self.engine.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(engine.clone());
        }
        let engine = Engine::at(&self.socket).await.map_err(|error| fault(&error))?;
        *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = Some(engine.clone());
        Ok(engine)
    }

    /// An image that the engine has and can run.
    async fn image(&self, reference: &str) -> Result<Option<Image>, Fault> {
        let engine = self.engine().await?;
        let Some(image) = engine.image(reference).await.map_err(|error| fault(&error))? else {
            return Ok(None);
        };
        let ours = match self.architecture.as_str() {
            "" => &engine.abilities().architecture,
            set => set,
        };
        if !image.architecture.is_empty() && image.architecture != ours {
            let words = format!("the image is for {}, the node is {ours}", image.architecture);
            return Err(Fault::new(Reason::WrongProcessor, words));
        }
        Ok(Some(Image { id: image.id, size_bytes: image.size_bytes }))
    }
}

#[async_trait]
impl SessionSite for ContainerSite {
    fn key(&self) -> &str {
        &self.key
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn nodes(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.name.clone()).collect()
    }

    async fn find_image(&self, node: &str, reference: &str) -> Result<Option<Image>, Fault> {
        self.node(node)?.image(reference).await
    }

    async fn fetch(&self, node: &str, reference: &str, login: Option<Login>) -> Result<Fetch, Fault> {
        let node = self.node(node)?;
        if let Some(image) = node.image(reference).await? {
            self.fetches.forget(&node.name, reference);
            return Ok(Fetch::There(image));
        }
        // Made here, and at no registry: there is nobody to ask.
        if reference.starts_with("localhost/") {
            return Err(Fault::new(
                Reason::NoImage,
                format!("there is no image {reference} at {}", node.name),
            ));
        }
        self.fetches.go_on(node, reference, login).await
    }

    async fn start(&self, run: &Run) -> Result<Seen, Fault> {
        let engine = self.engine(&run.node).await?;
        let started = engine.start(&wish::of(run)).await;
        started.map(seen).map_err(|error| fault(&error))
    }

    async fn look(&self, at: Place<'_>) -> Result<Seen, Fault> {
        let engine = self.engine(at.node).await?;
        let found = engine.look(&wish::name(at.session)).await.map_err(|error| fault(&error))?;
        Ok(found.map_or(Seen::Gone, seen))
    }

    async fn stop(&self, at: Place<'_>, grace: Duration) -> Result<Seen, Fault> {
        let engine = self.engine(at.node).await?;
        match engine.stop(&wish::name(at.session), grace).await {
            Ok(found) => Ok(seen(found)),
            Err(::containers::Fault::NotThere { .. }) => Ok(Seen::Gone),
            Err(error) => Err(fault(&error)),
        }
    }

    async fn read_log(&self, at: Place<'_>, most_bytes: usize) -> Result<String, Fault> {
        let engine = self.engine(at.node).await?;
        let name = wish::name(at.session);
        let there = engine.look(&name).await.map_err(|error| fault(&error))?;
        if there.is_none_or(|there| matches!(there.state, State::Making | State::Created)) {
            return Ok(String::new());
        }
        let query = LogQuery { most_bytes: u64::MAX, ..LogQuery::default() };
        let mut said = engine.logs(&name, query);
        let mut text = String::new();
        while let Some(piece) = said.next().await {
            text.push_str(&piece.map_err(|error| fault(&error))?.text);
            // Not at every piece: what is cut off is moved each time.
            if text.len() > most_bytes.saturating_mul(2) {
                keep_end(&mut text, most_bytes);
            }
        }
        keep_end(&mut text, most_bytes);
        Ok(text)
    }

    async fn usage(&self, at: Place<'_>) -> Result<Option<Used>, Fault> {
        let engine = self.engine(at.node).await?;
        let stats = engine.stats(&wish::name(at.session)).await.map_err(|error| fault(&error))?;
        Ok(stats.map(|stats| Used {
            cpu_ns: stats.cpu_ns,
            memory_bytes: stats.memory_bytes,
            memory_limit_bytes: stats.memory_limit_bytes,
        }))
    }

    async fn remove(&self, at: Place<'_>) -> Result<(), Fault> {
        let engine = self.engine(at.node).await?;
        engine.remove(&wish::name(at.session)).await.map_err(|error| fault(&error))
    }

    async fn list(&self, node: &str) -> Result<Vec<Found>, Fault> {
        let engine = self.engine(node).await?;
        let all = engine.all_of(SESSION_LABEL, None).await.map_err(|error| fault(&error))?;
        Ok(all
            .into_iter()
            .filter_map(|one| {
                let session = one.labels.get(SESSION_LABEL)?.clone();
                // Somebody else's container may have the label, but not the name.
                (one.name == wish::name(&session)).then(|| Found { session, seen: seen(one) })
            })
            .collect())
    }

    async fn check(&self) -> Vec<(String, Finding)> {
        let mut findings = Vec::new();
        for node in &self.nodes {
            findings.push((node.name.clone(), check::node(node).await));
        }
        findings
    }
}

fn seen(found: ::containers::Seen) -> Seen {
    match found.state {
        State::Making | State::Created => Seen::Making,
        State::Running { .. } => Seen::Running { address: found.interface },
        State::Ended(end) => Seen::Ended(End {
            exit_code: end.exit_code,
            out_of_memory: end.out_of_memory != OutOfMemory::No,
            words: end.words,
        }),
    }
}

/// Cuts all but the end away, at a line where there is one.
fn keep_end(text: &mut String, most_bytes: usize) {
    if text.len() <= most_bytes {
        return;
    }
    let mut from = text.len() - most_bytes;
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let line = text[from..].find('\n').map_or(from, |at| from + at + 1);
    text.drain(..if line < text.len() { line } else { from });
}
