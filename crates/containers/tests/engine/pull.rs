//! Images are fetched from a registry: one of the tests' own, which has one image and minds who asks.

use crate::bed::Place;
use containers::{Engine, Fault, Login, Progress};
use futures::StreamExt as _;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A tar archive with one file.
fn layer() -> Vec<u8> {
    let content = b"hello\n";
    let mut head = vec![0_u8; 512];
    head[..8].copy_from_slice(b"greeting");
    head[100..108].copy_from_slice(b"0000644\0");
    head[108..116].copy_from_slice(b"0000000\0");
    head[116..124].copy_from_slice(b"0000000\0");
    head[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    head[136..148].copy_from_slice(b"00000000000\0");
    head[148..156].copy_from_slice(b"        ");
    head[156] = b'0';
    head[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head.extend_from_slice(content);
    head.resize(512 * 4, 0);
    head
}

/// Starts a registry with `demo:1`, for everybody, and `secret:1`, for somebody; says where it is.
async fn registry() -> String {
    let layer = layer();
    let config = serde_json::json!({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/greeting"], "Labels": {"from": "a registry"}},
        "rootfs": {"type": "layers", "diff_ids": [digest(&layer)]}
    })
    .to_string()
    .into_bytes();
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(&config), "size": config.len()},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(&layer), "size": layer.len()}]
    })
    .to_string()
    .into_bytes();
    let mut files: HashMap<String, (&str, Vec<u8>)> = HashMap::new();
    files.insert("/v2/".to_owned(), ("application/json", b"{}".to_vec()));
    for name in ["demo", "secret"] {
        for (at, kind, bytes) in [
            ("manifests/1".to_owned(), "application/vnd.oci.image.manifest.v1+json", &manifest),
            (
                format!("manifests/{}", digest(&manifest)),
                "application/vnd.oci.image.manifest.v1+json",
                &manifest,
            ),
            (format!("blobs/{}", digest(&config)), "application/octet-stream", &config),
            (format!("blobs/{}", digest(&layer)), "application/octet-stream", &layer),
        ] {
            files.insert(format!("/v2/{name}/{at}"), (kind, bytes.clone()));
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (caller, _) = listener.accept().await.unwrap();
            let files = files.clone();
            tokio::spawn(async move { answer(caller, &files).await });
        }
    });
    format!("localhost:{port}")
}

/// One answer for each connection.
async fn answer(caller: tokio::net::TcpStream, files: &HashMap<String, (&str, Vec<u8>)>) -> Option<()> {
    let mut caller = BufReader::new(caller);
    let (mut first, mut known) = (String::new(), false);
    caller.read_line(&mut first).await.ok()?;
    loop {
        let mut line = String::new();
        caller.read_line(&mut line).await.ok()?;
        // "somebody:password"
        known |=
            line.to_lowercase().starts_with("authorization: ") && line.contains("c29tZWJvZHk6cGFzc3dvcmQ=");
        if line.trim().is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1)?;
    // As registries do: the first question tells how to say who one is, and what is open is open all the same.
    let refused = !known && !path.contains("/demo/");
    let (status, kind, body) = match files.get(path) {
        _ if refused => {
            ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"tests\"", "text/plain", Vec::new())
        }
        Some((kind, bytes)) => ("200 OK", *kind, bytes.clone()),
        None => (
            "404 Not Found",
            "application/json",
            br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#.to_vec(),
        ),
    };
    let digest = digest(&body);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nDocker-Content-Digest: {digest}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    caller.write_all(head.as_bytes()).await.ok()?;
    if !first.starts_with("HEAD ") {
        caller.write_all(&body).await.ok()?;
    }
    caller.shutdown().await.ok()
}

async fn pull(engine: &Engine, reference: &str, login: Option<&Login>) -> Result<Vec<Progress>, Fault> {
    engine.pull(reference, login).collect::<Vec<_>>().await.into_iter().collect()
}

#[tokio::test]
async fn an_image_is_fetched_and_known_by_its_digest() {
    let place = Place::new().await;
    let reference = format!("{}/demo:1", registry().await);
    assert_eq!(place.engine.image(&reference).await.unwrap(), None);
    let progress = pull(&place.engine, &reference, None).await.unwrap();
    assert!(progress.iter().any(|step| !step.words.is_empty()), "{progress:?}");
    let image = place.engine.image(&reference).await.unwrap().expect("it is here");
    assert_eq!(
        (image.labels["from"].as_str(), image.command.as_slice()),
        ("a registry", &["/greeting".to_owned()][..])
    );
    let with_digest = image.digests.iter().find(|digest| digest.contains("/demo@sha256:")).expect("a digest");
    assert_eq!(place.engine.image(with_digest).await.unwrap().unwrap().id, image.id);
    assert_eq!(place.engine.image(&image.id).await.unwrap().unwrap().id, image.id);
}

#[tokio::test]
async fn what_a_registry_does_not_have_or_not_give_or_does_not_answer() {
    let place = Place::new().await;
    let registry = registry().await;
    let fault = pull(&place.engine, &format!("{registry}/demo:2"), None).await.unwrap_err();
    assert!(matches!(fault, Fault::ImageMissing { .. }), "{fault:?}");
    let secret = format!("{registry}/secret:1");
    let fault = pull(&place.engine, &secret, None).await.unwrap_err();
    assert!(matches!(fault, Fault::ImageRefused { .. }), "{fault:?}");
    let login = Login { user: "somebody".to_owned(), secret: "password".to_owned() };
    assert_eq!(format!("{login:?}"), r#"Login { user: "somebody", secret: "***" }"#);
    pull(&place.engine, &secret, Some(&login)).await.unwrap();
    assert!(place.engine.image(&secret).await.unwrap().is_some());

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let fault = pull(&place.engine, &format!("localhost:{closed}/demo:1"), None).await.unwrap_err();
    assert!(matches!(fault, Fault::RegistryUnreachable { .. }) && fault.is_passing(), "{fault:?}");
}
