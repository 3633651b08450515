//! The site's files, carried in the binary with hashed names, compressed beforehand.

use super::error_page;
use app::frame::assets::Assets;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What the bundle step wrote: `site.json` and `pkg/`.
#[derive(RustEmbed)]
#[folder = "$SKYPORT_SITE"]
struct Site;

#[derive(Deserialize)]
struct Manifest {
    js: BuiltFile,
    wasm: BuiltFile,
    css: BuiltFile,
    #[serde(default, rename = "static")]
    others: HashMap<String, BuiltFile>,
    chunks: HashMap<String, BuiltFile>,
    pages: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct BuiltFile {
    path: String,
}

fn manifest() -> Option<Manifest> {
    serde_json::from_slice(&Site::get("site.json")?.data).ok()
}

/// The names of the built files. Empty names where the binary was built without them: pages then work without script
/// and style, and `skyport check` says so.
pub fn names() -> Assets {
    let Some(manifest) = manifest() else { return Assets::default() };
    let address = |file: &BuiltFile| format!("/{}", file.path);
    let pieces =
        |names: &Vec<String>| names.iter().filter_map(|n| manifest.chunks.get(n)).map(address).collect();
    Assets {
        js: address(&manifest.js),
        wasm: address(&manifest.wasm),
        css: address(&manifest.css),
        pages: manifest.pages.iter().map(|(page, names)| (page.clone(), pieces(names))).collect(),
    }
}

/// One file. Its name changes with its content, so it may be kept for ever.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    respond(&format!("pkg/{file}"), &headers, "public, max-age=31536000, immutable")
}

/// The icon, under its fixed name.
pub async fn favicon(headers: HeaderMap) -> Response {
    let icon = manifest().and_then(|mut manifest| manifest.others.remove("favicon.svg"));
    icon.map_or_else(missing, |icon| respond(&icon.path, &headers, "public, max-age=86400"))
}

fn respond(path: &str, headers: &HeaderMap, caching: &'static str) -> Response {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => return missing(),
    };
    let ready = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(name, _)| accepted(accepts, name));
    for (encoding, ending) in ready {
        if let Some(file) = Site::get(&format!("{path}.{ending}")) {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, caching),
                (header::CONTENT_ENCODING, encoding),
                (header::VARY, "accept-encoding"),
            ];
            return (headers, file.data).into_response();
        }
    }
    match Site::get(path) {
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, caching),
                (header::VARY, "accept-encoding"),
            ];
            (headers, file.data).into_response()
        }
        None => missing(),
    }
}

/// Whether `Accept-Encoding` (RFC 9110, section 12.5.3) names the encoding and does not refuse it with `q=0`.
fn accepted(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !words
                .any(|w| w.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0))
    })
}

fn missing() -> Response {
    error_page::plain(
        StatusCode::NOT_FOUND,
        "There is no such file in this version of Skyport. Reload the page.",
    )
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn reads_accept_encoding() {
        assert!(accepted("gzip, deflate, br;q=0.5", "br"));
        assert!(!accepted("gzip, br;q=0", "br"));
        assert!(!accepted("", "br") && !accepted("brotli", "br"));
    }
}
