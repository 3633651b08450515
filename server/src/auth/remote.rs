//! HTTP to a provider: no redirects followed, bounded in time and in bytes, counted.
//!
//! A redirect that is followed on the token call would carry the code and the client secret to another host.

use crate::metrics::Metrics;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

/// The longest answer that is read, in bytes; discovery documents and key sets stay far below.
const LONGEST: usize = 1024 * 1024;

/// Why a provider could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// No connection, no answer in time, or the answer broke off.
    #[error("The provider does not answer")]
    Away(#[source] reqwest::Error),
    /// It says that it is out of order.
    #[error("The provider answers with status {0}")]
    OutOfOrder(http::StatusCode),
    /// Its answer is longer than any sensible one.
    #[error("The provider's answer is longer than {LONGEST} bytes")]
    TooLong,
    /// The request could not be written; its address is odd.
    #[error("The request to the provider cannot be made")]
    Request(#[source] reqwest::Error),
    /// The answer cannot be handed on.
    #[error("The provider's answer cannot be read")]
    Answer(#[source] http::Error),
}

/// A client for one provider.
#[derive(Debug, Clone)]
pub struct Remote {
    client: reqwest::Client,
    name: String,
    metrics: Metrics,
}

impl Remote {
    /// A client that gives up after `timeout` in all, and after half of it while connecting. On loopback no proxy of
    /// the environment is used.
    ///
    /// # Errors
    /// Where the TLS library cannot start.
    pub fn new(
        name: &str,
        issuer: &url::Url,
        timeout: Duration,
        metrics: &Metrics,
    ) -> Result<Self, reqwest::Error> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(timeout / 2)
            .timeout(timeout)
            .user_agent(concat!("skyport/", env!("CARGO_PKG_VERSION")));
        if is_loopback(issuer) {
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build()?, name: name.to_owned(), metrics: metrics.clone() })
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, RemoteError> {
        let started = Instant::now();
        let answer = self.exchange(request).await;
        let outcome = match &answer {
            Ok(answer) if answer.status().is_success() => "ok",
            Ok(_) => "refused",
            Err(_) => "failed",
        };
        self.metrics.remote_calls.with_label_values(&[&*self.name, outcome]).inc();
        self.metrics
            .remote_latency
            .with_label_values(&[&*self.name])
            .observe(started.elapsed().as_secs_f64());
        answer
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, RemoteError> {
        let request = reqwest::Request::try_from(request).map_err(RemoteError::Request)?;
        let mut response = self.client.execute(request).await.map_err(RemoteError::Away)?;
        if response.status().is_server_error() {
            return Err(RemoteError::OutOfOrder(response.status()));
        }
        if response.content_length().is_some_and(|length| length > LONGEST as u64) {
            return Err(RemoteError::TooLong);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(RemoteError::Away)? {
            if body.len() + chunk.len() > LONGEST {
                return Err(RemoteError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.clone_from(response.headers());
        }
        answer.body(body).map_err(RemoteError::Answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Remote {
    type Error = RemoteError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, RemoteError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
