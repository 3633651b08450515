//! Certificates: one that nobody signed is refused, unless its own authority was configured.

use std::sync::Arc;

use openstack::{Cloud, Reason, Settings, SetupError};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::site::{Answer, serve_one};

/// A Keystone behind TLS for `name`; its address and its certificate.
async fn start(name: &str) -> (u16, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Whoever does not trust it goes away during the handshake.
                let Ok(stream) = acceptor.accept(stream).await else { return };
                serve_one(stream, Answer::json(200, &json!({"version": {"id": "v3.14"}}))).await;
            });
        }
    });
    (port, cert.pem())
}

fn settings(port: u16) -> Settings {
    let mut settings = Settings::new(format!("https://localhost:{port}").parse().unwrap());
    settings.allow_private_addresses = true;
    settings
}

#[tokio::test]
async fn an_authority_of_its_own_must_be_configured() {
    let (port, pem) = start("localhost").await;
    let untrusted = Reason::Untrusted { host: "localhost".into() };
    assert_eq!(Cloud::new(settings(port)).unwrap().check().await.unwrap_err().reason, untrusted);

    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("ca.pem");
    std::fs::write(&bundle, format!("# an authority\n{pem}")).unwrap();
    let trusting = |port| {
        let mut settings = settings(port);
        settings.ca_bundle = Some(bundle.clone());
        settings
    };
    Cloud::new(trusting(port)).unwrap().check().await.unwrap();

    // It vouches for its own name only, and not for another authority's.
    let (other, _) = start("elsewhere.example").await;
    assert_eq!(Cloud::new(trusting(other)).unwrap().check().await.unwrap_err().reason, untrusted);

    std::fs::write(&bundle, "no certificate at all").unwrap();
    assert!(matches!(Cloud::new(trusting(port)), Err(SetupError::Certificates { source: None, .. })));
    std::fs::remove_file(&bundle).unwrap();
    assert!(matches!(Cloud::new(trusting(port)), Err(SetupError::Bundle { .. })));
}
