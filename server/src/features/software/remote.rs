//! Registries of images, and what they say of one.
//!
//! Only the registries that the operator lists are asked; a name with any other is refused before anything is sent. What a
//! manifest names beside its own registry is not followed, and nothing is read that is longer than a description of an
//! image is.

use crate::config::Secret;
use crate::config::software::SoftwareConfig;
use crate::features::software::entry::is_digest;
use futures::StreamExt as _;
use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::manifest::{OciDescriptor, OciImageManifest, OciManifest};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Descriptions of images are some kilobytes.
const LONGEST_CONFIG: i64 = 1 << 20;
/// Labels that are kept.
const MOST_LABELS: usize = 40;
/// Longest label, in characters.
const LONGEST_LABEL: usize = 500;

/// The registries that may be asked.
pub(crate) struct Registries {
    names: Vec<String>,
    plain: Vec<String>,
    patience: Duration,
}

/// What a registry says of an image.
#[derive(Debug, Default)]
pub(crate) struct ImageFacts {
    /// Of the manifest that was named; of the list of them where the image is built for several processors.
    pub(crate) digest: String,
    /// The processors that it is built for.
    pub(crate) architectures: Vec<String>,
    /// What is fetched of it.
    pub(crate) size_bytes: u64,
    /// `2026-11-22`, where it says when it was made.
    pub(crate) date: String,
    pub(crate) labels: BTreeMap<String, String>,
    /// Ports of TCP that it says it answers at.
    pub(crate) ports: Vec<u16>,
}

impl ImageFacts {
    pub(crate) fn label(&self, name: &str) -> &str {
        self.labels.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Why nothing is known of an image.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryFault {
    #[error("The name cannot be read")]
    Name,
    #[error("The registry {0} is not listed")]
    NotListed(String),
    #[error("The registry has no such image")]
    NotThere,
    #[error("The registry does not let us see the image")]
    NotLetIn,
    #[error("The registry wants us to ask less often")]
    Busy,
    #[error("There is no image for containers under that name")]
    NoImage,
    #[error("The registry did not answer in time")]
    Slow,
    #[error("The registry could not be reached or was not understood")]
    Away(#[source] OciDistributionError),
}

impl From<OciDistributionError> for RegistryFault {
    fn from(error: OciDistributionError) -> Self {
        use OciDistributionError as E;
        match &error {
            E::UnauthorizedError { .. }
            | E::AuthenticationFailure(_)
            | E::ServerError { code: 401 | 403, .. } => Self::NotLetIn,
            E::RegistryError { envelope, .. } => match envelope.errors.first().map(|e| &e.code) {
                Some(OciErrorCode::ManifestUnknown | OciErrorCode::NameUnknown | OciErrorCode::NotFound) => {
                    Self::NotThere
                }
                Some(OciErrorCode::Denied | OciErrorCode::Unauthorized) => Self::NotLetIn,
                Some(OciErrorCode::Toomanyrequests) => Self::Busy,
                _ => Self::Away(error),
            },
            E::ServerError { code: 404, .. } => Self::NotThere,
            E::ServerError { code: 429, .. } => Self::Busy,
            E::UnsupportedMediaTypeError(_) | E::UnsupportedSchemaVersionError(_) => Self::NoImage,
            _ => Self::Away(error),
        }
    }
}

impl Registries {
    pub(crate) fn new(config: &SoftwareConfig) -> Self {
        let name = |entry: &String| entry.strip_prefix("http://").unwrap_or(entry).to_owned();
        Self {
            names: config.registries.iter().map(name).collect(),
            plain: config.registries.iter().filter(|entry| entry.starts_with("http://")).map(name).collect(),
            patience: Duration::from_secs(config.registry_timeout_s),
        }
    }

    /// The registries by name.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// An image's name, if it is one and its registry is listed. Names without a registry are Docker Hub's.
    pub(crate) fn read(&self, image: &str) -> Result<Reference, RegistryFault> {
        let reference: Reference = image.trim().parse().map_err(|_| RegistryFault::Name)?;
        if self.names.iter().any(|name| name == reference.registry()) {
            Ok(reference)
        } else {
            Err(RegistryFault::NotListed(reference.registry().to_owned()))
        }
    }

    /// Asks the image's registry for it, with a user's secret where there is one.
    pub(crate) async fn look(
        &self,
        image: &Reference,
        secret: Option<(&str, &Secret)>,
    ) -> Result<ImageFacts, RegistryFault> {
        // A reference that was not read here is refused as well.
        self.read(&image.whole())?;
        let auth = match secret {
            Some((user, secret)) => RegistryAuth::Basic(user.to_owned(), secret.expose().to_owned()),
            None => RegistryAuth::Anonymous,
        };
        let asked = self.ask(image, &auth);
        tokio::time::timeout(self.patience, asked).await.unwrap_or(Err(RegistryFault::Slow))
    }

    async fn ask(&self, image: &Reference, auth: &RegistryAuth) -> Result<ImageFacts, RegistryFault> {
        // A client of its own for each question: it remembers who asks.
        let client = self.client()?;
        let (manifest, digest) = client.pull_manifest(image, auth).await?;
        let (manifest, architectures) = match manifest {
            OciManifest::Image(manifest) => (manifest, Vec::new()),
            OciManifest::ImageIndex(index) => {
                let built: Vec<_> = index
                    .manifests
                    .iter()
                    .filter_map(|entry| Some((entry.platform.as_ref()?, &entry.digest)))
                    .filter(|(platform, _)| platform.os.to_string() == "linux")
                    .map(|(platform, digest)| (platform.architecture.to_string(), digest.clone()))
                    .collect();
                let one = built.iter().find(|(name, _)| name == "amd64").or(built.first());
                let (_, digest) =
                    one.filter(|(_, digest)| is_digest(digest)).ok_or(RegistryFault::NoImage)?;
                let (manifest, _) =
                    client.pull_image_manifest(&image.clone_with_digest(digest.clone()), auth).await?;
                (manifest, built.into_iter().map(|(name, _)| name).collect())
            }
        };
        let mut facts = read_config(&self.config_of(&client, image, &manifest).await?);
        facts.digest = digest;
        facts.size_bytes = manifest
            .layers
            .iter()
            .fold(0_u64, |sum, layer| sum.saturating_add(layer.size.max(0).unsigned_abs()));
        if !architectures.is_empty() {
            facts.architectures = architectures;
            facts.architectures.sort();
            facts.architectures.dedup();
        }
        Ok(facts)
    }

    /// The description that a manifest names, from its own registry.
    async fn config_of(
        &self,
        client: &Client,
        image: &Reference,
        manifest: &OciImageManifest,
    ) -> Result<Value, RegistryFault> {
        let config = &manifest.config;
        let of_an_image =
            ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];
        // A digest becomes a part of an address.
        if !of_an_image.contains(&config.media_type.as_str())
            || !(0..=LONGEST_CONFIG).contains(&config.size)
            || !is_digest(&config.digest)
        {
            return Err(RegistryFault::NoImage);
        }
        // Addresses elsewhere that whoever made the image wrote into it would be fetched.
        let here = OciDescriptor { urls: None, ..config.clone() };
        let mut stream = client.pull_blob_stream(image, &here).await?.stream;
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(OciDistributionError::from)?);
            if bytes.len() as i64 > LONGEST_CONFIG {
                return Err(RegistryFault::NoImage);
            }
        }
        serde_json::from_slice(&bytes).map_err(|_| RegistryFault::NoImage)
    }

    fn client(&self) -> Result<Client, RegistryFault> {
        // Once for the process; the second time it is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ClientConfig {
            protocol: ClientProtocol::HttpsExcept(self.plain.clone()),
            connect_timeout: Some(self.patience),
            read_timeout: Some(self.patience),
            user_agent: concat!("skyport/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        };
        Ok(Client::try_from(config)?)
    }
}

/// What an image says of itself (OCI image specification 1.1, "Image configuration").
fn read_config(config: &Value) -> ImageFacts {
    let text = |value: &Value| -> String {
        value.as_str().unwrap_or_default().chars().take(LONGEST_LABEL).collect()
    };
    let labels = config["config"]["Labels"].as_object().into_iter().flatten();
    let ports = config["config"]["ExposedPorts"].as_object().into_iter().flatten();
    let tcp = |name: &String| {
        let (port, kind) = name.split_once('/').unwrap_or((name, "tcp"));
        (kind == "tcp").then(|| port.parse().ok()).flatten()
    };
    let architecture = text(&config["architecture"]);
    ImageFacts {
        architectures: if architecture.is_empty() { Vec::new() } else { vec![architecture] },
        date: text(&config["created"]).get(..10).unwrap_or_default().to_owned(),
        labels: labels
            .filter(|(name, value)| value.is_string() && !name.is_empty() && name.len() <= LONGEST_LABEL)
            .take(MOST_LABELS)
            .map(|(name, value)| (name.clone(), text(value)))
            .collect(),
        ports: ports.filter_map(|(name, _)| tcp(name)).filter(|port| *port > 0).collect(),
        ..ImageFacts::default()
    }
}
