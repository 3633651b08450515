//! What a site is: where its Keystone answers, and how far it is trusted.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// One site. Certificates are always verified: there is no switch for that, only [`Settings::ca_bundle`].
#[derive(Clone, Debug)]
pub struct Settings {
    /// Keystone's address, with or without `/v3` and a slash at its end.
    pub keystone: Url,
    /// The region whose endpoints are used; may be left out where the site has only one.
    pub region: Option<String>,
    /// Hosts that the catalogue may send us to, besides Keystone's own: names, or `*.name` for all below one.
    /// A catalogue is what the site says, and a token goes wherever it points.
    pub endpoint_hosts: Vec<String>,
    /// Whether addresses of this machine and of private networks are fine, for a cloud in the same house.
    pub allow_private_addresses: bool,
    /// Whether http is fine. Tokens are then readable by whoever listens.
    pub allow_http: bool,
    /// Certificates (PEM, several in one file) to trust besides the public ones, as of IGTF.
    pub ca_bundle: Option<PathBuf>,
    /// For a connection to stand.
    pub connect_timeout: Duration,
    /// Between two bytes, and before the first.
    pub read_timeout: Duration,
    /// For a whole exchange.
    pub total_timeout: Duration,
    /// The longest answer that is read, in bytes after decompression.
    pub max_body: usize,
    /// As which program we speak.
    pub user_agent: String,
    /// The first word of tags, descriptions and metadata that mark what an [`Operation`](crate::Operation) made.
    pub label: String,
    /// The newest microversion of Nova that is asked for; old sites give less.
    pub newest_microversion: crate::Microversion,
}

impl Settings {
    /// The careful ones: https, public addresses and Keystone's own host alone; 10 s to connect, 30 s of silence, 60 s in all,
    /// answers up to 16 MiB, microversions up to 2.96.
    pub fn new(keystone: Url) -> Self {
        Self {
            keystone,
            region: None,
            endpoint_hosts: Vec::new(),
            allow_private_addresses: false,
            allow_http: false,
            ca_bundle: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_mins(1),
            max_body: 16 << 20,
            user_agent: concat!("openstack-rs/", env!("CARGO_PKG_VERSION")).to_owned(),
            label: "skyport".to_owned(),
            newest_microversion: crate::Microversion::new(2, 96),
        }
    }
}

/// Why a [`Cloud`](crate::Cloud) cannot be made from its settings.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Keystone's address cannot be used.
    #[error("{address} cannot be the address of Keystone: {reason}")]
    Keystone {
        /// The address, without anything secret.
        address: String,
        /// What is wrong with it.
        reason: crate::Refusal,
    },
    /// The file of certificates cannot be read.
    #[error("the certificates in {} cannot be read; check the path and who may read it", path.display())]
    Bundle {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds no certificate.
    #[error("{} holds no certificate that can be read; it must be PEM, with BEGIN CERTIFICATE lines", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why, if the reader said so.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// The label would not survive in tags and names.
    #[error("the label {label:?} must be 1 to 16 small letters or digits")]
    Label {
        /// What was given.
        label: String,
    },
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Http {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}
