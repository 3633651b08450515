//! The CDS's name resolver, Sesame: `{address}/-oI/A?{name}` answers in plain text; the place stands on the line `%J`.

use crate::metrics::Metrics;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use url::Url;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// Longest answer read.
const LONGEST_BYTES: usize = 64 << 10;

/// A Sesame service.
pub(super) struct Sesame {
    address: Url,
    host: String,
    client: reqwest::Client,
    metrics: Metrics,
}

/// A name resolver that could not be asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum SesameError {
    /// Nobody answered in time.
    #[error("the name resolver did not answer in time")]
    Silent,
    /// No connection, or it broke.
    #[error("the name resolver cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// Another status than success.
    #[error("the name resolver answered with status {0}")]
    Status(u16),
    /// Not an answer of Sesame.
    #[error("the name resolver answered with something else than its own format; check queries.sesame")]
    Unreadable,
}

impl Sesame {
    /// The service at this address.
    pub(super) fn new(address: &str, metrics: Metrics) -> Result<Self, crate::start::StartError> {
        let address = Url::parse(&format!("{}/-oI/A", address.trim_end_matches('/'))).map_err(|error| {
            format!("Configuration key queries.sesame: {address:?} is not an address ({error})")
        })?;
        let client = reqwest::Client::builder()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("Skyport/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let host = address.host_str().unwrap_or_default().to_owned();
        Ok(Self { address, host, client, metrics })
    }

    /// Its host, as the source of its answers.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Right ascension and declination in degrees; none where it does not know the name.
    pub(super) async fn find(&self, name: &str) -> Result<Option<(f64, f64)>, SesameError> {
        let start = Instant::now();
        let answer = self.ask(name).await.and_then(|text| read(&text));
        self.metrics.remote_latency.with_label_values(&["sesame"]).observe(start.elapsed().as_secs_f64());
        let outcome = match &answer {
            Ok(_) => "ok",
            Err(SesameError::Silent) => "timeout",
            Err(SesameError::Unreachable(_)) => "unreachable",
            Err(SesameError::Status(_)) => "refused",
            Err(SesameError::Unreadable) => "unreadable",
        };
        self.metrics.remote_calls.with_label_values(&["sesame", outcome]).inc();
        answer
    }

    async fn ask(&self, name: &str) -> Result<String, SesameError> {
        let mut url = self.address.clone();
        url.set_query(Some(&encode(name)));
        let broken = |error: reqwest::Error| {
            if error.is_timeout() {
                SesameError::Silent
            } else {
                SesameError::Unreachable(error.without_url())
            }
        };
        let mut response = self.client.get(url).send().await.map_err(broken)?;
        if !response.status().is_success() {
            return Err(SesameError::Status(response.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST_BYTES {
                return Err(SesameError::Unreadable);
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Everything but letters and digits as `%XX`: a plus sign in a name stays one.
fn encode(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// `%J 83.82208 -5.39111 = 05:35:17.3 -05:23:28`
fn read(text: &str) -> Result<Option<(f64, f64)>, SesameError> {
    if !text.trim_start().starts_with(['#', '%']) {
        return Err(SesameError::Unreadable);
    }
    let Some(line) = text.lines().find_map(|line| line.strip_prefix("%J ")) else { return Ok(None) };
    let mut numbers = line.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(ra)), Some(Ok(dec))) if (0.0..=360.0).contains(&ra) && (-90.0..=90.0).contains(&dec) => {
            Ok(Some((ra, dec)))
        }
        _ => Err(SesameError::Unreadable),
    }
}
