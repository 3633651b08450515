//! A real registry of images, and small images pushed into it.

use super::servers::Server;
use oci_client::client::{ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::manifest::OciImageIndex;
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use serde_json::{Value, json};

/// Who is let into a private one.
pub const USER: &str = "me";
pub const PASSWORD: &str = "a-test-password";

/// Debian's docker-registry; stopped with this.
pub struct Registry {
    _server: Server,
    /// Its name in references: host and port.
    pub name: String,
    auth: RegistryAuth,
}

impl Registry {
    pub fn start() -> Self {
        Self::start_with(&[], RegistryAuth::Anonymous)
    }

    /// One that lets in [`USER`] alone.
    pub fn start_private() -> Self {
        Self::start_with(&[("REGISTRY_PRIVATE", "1")], RegistryAuth::Basic(USER.into(), PASSWORD.into()))
    }

    fn start_with(environment: &[(&str, &str)], auth: RegistryAuth) -> Self {
        let server = Server::start("registry", environment);
        let name = server.ready["name"].as_str().unwrap().to_owned();
        Self { _server: server, name, auth }
    }

    /// As the configuration lists it.
    pub fn listed(&self) -> String {
        format!("http://{}", self.name)
    }

    fn client() -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::new(ClientConfig { protocol: ClientProtocol::Http, ..ClientConfig::default() })
    }

    fn reference(&self, path: &str) -> Reference {
        format!("{}/{path}", self.name).parse().unwrap()
    }

    /// Pushes an image with this configuration and a layer of 1,000 bytes; gives its digest.
    pub async fn push(&self, path: &str, config: &Value) -> String {
        self.push_as(path, config, "application/vnd.oci.image.config.v1+json").await
    }

    /// The same, where the configuration says that it is something else.
    pub async fn push_as(&self, path: &str, config: &Value, media_type: &str) -> String {
        let (client, reference) = (Self::client(), self.reference(path));
        let config = Config::new(config.to_string(), media_type.to_owned(), None);
        let layer = ImageLayer::oci_v1(vec![7; 1000], None);
        client.push(&reference, &[layer], config, &self.auth, None).await.unwrap();
        client.fetch_manifest_digest(&reference, &self.auth).await.unwrap()
    }

    /// Pushes a list of images that are there already, each for one processor; gives its digest.
    pub async fn push_list(&self, path: &str, images: &[(&str, &str)]) -> String {
        let manifests: Vec<Value> = images
            .iter()
            .map(|(architecture, digest)| {
                json!({
                    "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": 400,
                    "platform": {"architecture": architecture, "os": if *architecture == "unknown" { "unknown" } else { "linux" }},
                })
            })
            .collect();
        let index = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": manifests});
        let index: OciImageIndex = serde_json::from_value(index).unwrap();
        let (client, reference) = (Self::client(), self.reference(path));
        client.push_manifest_list(&reference, &self.auth, index).await.unwrap();
        client.fetch_manifest_digest(&reference, &self.auth).await.unwrap()
    }
}

/// What an image says of itself, with these labels and ports.
pub fn config(labels: &Value, ports: &[&str]) -> Value {
    let ports: serde_json::Map<String, Value> =
        ports.iter().map(|port| ((*port).to_owned(), json!({}))).collect();
    json!({
        "architecture": "arm64", "os": "linux", "created": "2026-01-02T03:04:05Z",
        "config": {"Labels": labels, "ExposedPorts": ports, "Cmd": ["start"]},
        "rootfs": {"type": "layers", "diff_ids": []},
    })
}
