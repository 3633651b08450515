//! Images: what is here, and fetching what is not.

use crate::abilities::architecture;
use crate::ask::LOOK;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::refused::{self, PULL};
use bollard::auth::DockerCredentials;
use bollard::models::CreateImageInfo;
use bollard::query_parameters::CreateImageOptions;
use futures::stream::{self, BoxStream, StreamExt as _};
use std::collections::BTreeMap;
use std::fmt;

/// An image that the engine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its id: what a [`Wish`](crate::Wish) names it by.
    pub id: String,
    /// Its digests at registries, as in `quay.io/a/b@sha256:…`.
    pub digests: Vec<String>,
    /// Bytes on the engine's disk.
    pub size_bytes: u64,
    /// In the words of registries: `amd64`, `arm64`.
    pub architecture: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What it runs: its entry point and its command.
    pub command: Vec<String>,
}

/// Who asks a registry.
#[derive(Clone)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The secret; it goes to the engine, which gives it to the registry.
    pub secret: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).field("secret", &"***").finish()
    }
}

/// How far a fetch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The part that this is about, where it is about one.
    pub part: Option<String>,
    /// What the engine says of it.
    pub words: String,
    /// Bytes of the part that are here. Podman tells no bytes.
    pub bytes: Option<u64>,
    /// Bytes of the part.
    pub of_bytes: Option<u64>,
}

impl Engine {
    /// An image that the engine has, by its id, a reference with a tag, or one with a digest; none where it has not.
    pub async fn image(&self, reference: &str) -> Result<Option<Image>, Fault> {
        let asked = self.docker().inspect_image(reference);
        let found = self.ask_maybe("look at the image", reference, LOOK, asked).await?;
        Ok(found.map(|found| {
            let config = found.config.unwrap_or_default();
            let words = |list: Option<Vec<String>>| list.unwrap_or_default();
            let id = found.id.unwrap_or_default();
            Image {
                id: if id.starts_with("sha256:") { id } else { format!("sha256:{id}") },
                digests: words(found.repo_digests),
                size_bytes: found.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
                architecture: architecture(found.architecture.as_deref().unwrap_or_default()),
                labels: config.labels.unwrap_or_default().into_iter().collect(),
                command: words(config.entrypoint).into_iter().chain(words(config.cmd)).collect(),
            }
        }))
    }

    /// Fetches an image from its registry, and tells how far it is; the stream's end is success, a fault ends it.
    /// Whoever reads it decides how long it may take, and stops it by dropping it.
    pub fn pull(
        &self,
        reference: &str,
        login: Option<&Login>,
    ) -> BoxStream<'static, Result<Progress, Fault>> {
        let options =
            CreateImageOptions { from_image: Some(reference.to_owned()), ..CreateImageOptions::default() };
        let credentials = login.map(|login| DockerCredentials {
            username: Some(login.user.clone()),
            password: Some(login.secret.clone()),
            ..DockerCredentials::default()
        });
        let source = self.docker().create_image(Some(options), None, credentials).boxed();
        let (engine, image) = (self.clone(), reference.to_owned());
        stream::unfold(Some(source), move |source| {
            let (engine, image) = (engine.clone(), image.clone());
            async move {
                let mut source = source?;
                match source.next().await? {
                    Err(error) => Some((Err(engine.fault(PULL, &image, &error)), None)),
                    Ok(CreateImageInfo { error_detail: Some(detail), .. }) => {
                        let words = detail.message.unwrap_or_default();
                        Some((Err(refused::fault(PULL, &image, 500, &words)), None))
                    }
                    Ok(info) => Some((Ok(progress(info)), Some(source))),
                }
            }
        })
        .boxed()
    }
}

fn progress(info: CreateImageInfo) -> Progress {
    let bytes = |count: Option<i64>| count.and_then(|count| u64::try_from(count).ok());
    let detail = info.progress_detail.unwrap_or_default();
    Progress {
        part: info.id.filter(|id| !id.is_empty()),
        words: info.status.unwrap_or_default(),
        bytes: bytes(detail.current),
        of_bytes: bytes(detail.total),
    }
}
