//! Small TAP services on loopback ports, each with a character of its own.

use axum::Router;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// What a service is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Character {
    /// Answers as the standard has it.
    Good,
    /// Accepts connections and says nothing.
    Silent,
    /// Nobody listens.
    Closed,
    /// Answers everything with a web page and status 200.
    Html,
    /// Refuses queries with a place in the text.
    Strict,
}

/// A running service; it ends when dropped.
pub struct TapServer {
    /// Base address.
    pub url: String,
    /// Requests that arrived.
    pub requests: Arc<AtomicUsize>,
    _running: DropGuard,
}

impl TapServer {
    /// Starts one on a free port.
    pub async fn start(character: Character) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/tap", listener.local_addr().expect("an address"));
        let (requests, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        let app = routes(character).layer(axum::middleware::map_request({
            let requests = requests.clone();
            move |request: axum::extract::Request| {
                requests.fetch_add(1, Ordering::SeqCst);
                std::future::ready(request)
            }
        }));
        let stopped = stop.clone();
        if character == Character::Closed {
            drop(listener);
        } else {
            tokio::spawn(async move {
                tokio::select! {
                    _ = axum::serve(listener, app) => {}
                    () = stopped.cancelled() => {}
                }
            });
        }
        Self { url, requests, _running: stop.drop_guard() }
    }
}

fn routes(character: Character) -> Router {
    match character {
        Character::Silent => {
            Router::new().fallback(any(|| async { std::future::pending::<Response>().await }))
        }
        Character::Html => {
            Router::new().fallback(any(|| async { Html("<html><title>Down for maintenance</title></html>") }))
        }
        Character::Closed => Router::new(),
        Character::Good | Character::Strict => Router::new()
            .route("/tap/capabilities", get(|| async { xml(CAPABILITIES) }))
            .route("/tap/tables", get(|| async { xml(TABLES) }))
            .route("/tap/tables/{name}", get(columns))
            .route(
                "/tap/sync",
                post(move || async move {
                    if character == Character::Strict {
                        (StatusCode::BAD_REQUEST, xml(REFUSAL)).into_response()
                    } else {
                        xml(ANSWER)
                    }
                }),
            ),
    }
}

async fn columns(Path(name): Path<String>) -> Response {
    if name == "public.ident" { xml(IDENT) } else { StatusCode::NOT_FOUND.into_response() }
}

fn xml(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "application/xml")], text).into_response()
}

const CAPABILITIES: &str = r#"<?xml version="1.0"?>
<vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0" xmlns:tr="http://www.ivoa.net/xml/TAPRegExt/v1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <capability standardID="ivo://ivoa.net/std/TAP" xsi:type="tr:TableAccess">
    <interface role="std"><accessURL use="base">http://localhost/tap</accessURL></interface>
    <language><name>ADQL</name><version>2.0</version></language>
    <outputLimit><default unit="row">1000</default><hard unit="row">5000</hard></outputLimit>
  </capability>
</vosi:capabilities>"#;

/// `public.basic` tells its columns here, `public.ident` only when asked, as a service may choose to.
const TABLES: &str = r#"<?xml version="1.0"?>
<vosi:tableset xmlns:vosi="http://www.ivoa.net/xml/VOSITables/v1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1">
  <schema><name>public</name>
    <table><name>public.basic</name><description>General data about an object</description><nrows>12</nrows>
      <column><name>oid</name><dataType xsi:type="vs:VOTableType">long</dataType><flag>indexed</flag></column>
      <column><name>ra</name><description>Right ascension</description><unit>deg</unit><ucd>pos.eq.ra;meta.main</ucd><dataType xsi:type="vs:VOTableType">double</dataType><flag>principal</flag></column>
      <column><name>size</name><dataType xsi:type="vs:VOTableType" arraysize="*">char</dataType></column>
    </table>
    <table><name>public.ident</name><description>Identifiers of an object</description></table>
  </schema>
</vosi:tableset>"#;

const IDENT: &str = r#"<?xml version="1.0"?>
<vosi:table xmlns:vosi="http://www.ivoa.net/xml/VOSITables/v1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1">
  <name>public.ident</name>
  <column><name>id</name><description>Identifier</description><ucd>meta.id</ucd><dataType xsi:type="vs:VOTableType" arraysize="*">char</dataType></column>
</vosi:table>"#;

/// Three rows, and the word that there would be more.
const ANSWER: &str = r#"<?xml version="1.0"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE type="results"><INFO name="QUERY_STATUS" value="OK"/>
<TABLE><FIELD name="oid" datatype="long"/><FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra;meta.main"/>
<DATA><TABLEDATA><TR><TD>1</TD><TD>83.8</TD></TR><TR><TD>2</TD><TD/></TR><TR><TD>3</TD><TD>10.5</TD></TR></TABLEDATA></DATA></TABLE>
<INFO name="QUERY_STATUS" value="OVERFLOW"/></RESOURCE></VOTABLE>"#;

const REFUSAL: &str = r#"<?xml version="1.0"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE type="results"><INFO name="QUERY_STATUS" value="ERROR">Encountered "objects" at line 2, column 6.</INFO></RESOURCE></VOTABLE>"#;
