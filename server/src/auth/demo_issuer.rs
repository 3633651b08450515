//! The demo issuer: an OpenID provider in this process, on a loopback port of its own, that lets anybody in as one of two
//! ready users. Skyport talks to it over HTTP as to any other provider, so that there is one code path for sign-in.
//!
//! What surprises: it keeps everything in memory and makes a new key at each start (Ed25519, which takes microseconds
//! where RSA takes up to a second), since nothing of it outlives a sign-in.

mod endpoints;
mod grants;
mod key;
mod page;
mod users;

use crate::clock::{Clock, Entropy};
use crate::start::StartError;
use grants::Grants;
use key::Key;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The only client there is: Skyport itself.
pub const CLIENT_ID: &str = "skyport";

/// What its endpoints share.
struct Demo {
    issuer: String,
    redirect: String,
    portal: String,
    clock: Clock,
    entropy: Entropy,
    key: Key,
    grants: Grants,
}

/// Starts it on `listen` for the portal at `origin`, until `stopping`. Gives its issuer.
///
/// # Errors
/// An address that is not loopback, or a port that is taken.
pub async fn start(
    listen: SocketAddr,
    origin: &str,
    clock: &Clock,
    entropy: &Entropy,
    stopping: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<String, StartError> {
    if !listen.ip().is_loopback() {
        return Err(format!(
            "The demo issuer lets anybody in, and does not start on {listen}. Set sign_in.demo_listen to a loopback address such as 127.0.0.1:8081, or configure a real provider"
        )
        .into());
    }
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        format!(
            "The demo issuer cannot listen on {listen} ({error}). Set sign_in.demo_listen to another loopback port (0 takes a free one)"
        )
    })?;
    let issuer = format!("http://{}", listener.local_addr()?);
    let demo = Arc::new(Demo {
        redirect: super::providers::redirect_address(origin),
        portal: origin.to_owned(),
        key: Key::new(entropy)?,
        grants: Grants::new(clock, entropy),
        issuer: issuer.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
    });
    let stop = stopping.clone();
    tasks.spawn(async move {
        let app = endpoints::router(demo);
        let served = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(fault.chain = %crate::fault::chain(&error), "the demo issuer stopped");
        }
    });
    Ok(issuer)
}
