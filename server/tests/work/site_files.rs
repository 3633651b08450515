//! The site's files as a browser gets them: named by their content, compressed beforehand, kept for ever.

use crate::place::Place;
use crate::support::portal::Portal;
use bytes::Bytes;
use http::HeaderMap;
use reqwest::Method;

/// A file as it travels: nothing is unpacked.
async fn file(portal: &Portal, path: &str, accepts: &str) -> (u16, HeaderMap, Bytes) {
    let client = reqwest::Client::builder().no_gzip().no_proxy().build().unwrap();
    let request = client.get(format!("http://{}{path}", portal.address)).header("accept-encoding", accepts);
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn are_kept_for_ever_and_come_compressed() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let names = &portal.skyport.assets;
    assert!(!names.js.is_empty(), "this test needs the browser's half in the binary: ./dev web builds it");
    for (path, kind) in [
        (&names.js, "text/javascript; charset=utf-8"),
        (&names.wasm, "application/wasm"),
        (&names.css, "text/css; charset=utf-8"),
    ] {
        let (_, _, whole) = file(&portal, path, "identity").await;
        for (accepts, encoding) in [
            ("identity", ""),
            ("deflate", ""),
            ("br;q=0, gzip;q=0", ""),
            ("gzip", "gzip"),
            ("gzip, br;q=0", "gzip"),
            ("br", "br"),
            ("gzip, deflate, br, zstd", "br"),
        ] {
            let (status, headers, body) = file(&portal, path, accepts).await;
            assert_eq!(status, 200, "{path}");
            for (name, value) in [
                ("content-type", kind),
                ("cache-control", "public, max-age=31536000, immutable"),
                ("x-content-type-options", "nosniff"),
                ("content-encoding", encoding),
                ("vary", "accept-encoding"),
            ] {
                assert_eq!(header(&headers, name), value, "{name} of {path} for {accepts:?}");
            }
            assert!(header(&headers, "set-cookie").is_empty(), "{path} is the same for everybody");
            match encoding {
                "" => assert_eq!(body, whole, "{path} for {accepts:?}"),
                _ => assert!(body.len() < whole.len(), "{path}: {} of {} bytes", body.len(), whole.len()),
            }
        }
        // Where nothing else is said the client asks for gzip and unpacks it by itself.
        let request = portal.browser().request(Method::GET, path, &[]);
        let unpacked = request.send().await.unwrap().bytes().await.unwrap();
        assert_eq!(unpacked, whole, "what was packed is the same file: {path}");
    }
    portal.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_versions_file_is_not_found_and_not_kept() {
    let portal = Place::sqlite().portal(|_| {}).await;
    for path in [
        "/pkg/skyport.0123456789abcdef.js",
        "/pkg/skyport.css",
        "/pkg/..%2Fsite.json",
        "/pkg/site.json",
        "/pkg/",
    ] {
        let (status, headers, body) = file(&portal, path, "br").await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(header(&headers, "x-content-type-options"), "nosniff", "{path}");
        assert!(!header(&headers, "cache-control").contains("max-age"), "{path}: {headers:?}");
        assert!(header(&headers, "content-encoding").is_empty() && !body.is_empty(), "{path}");
    }
    portal.stop().await;
}
