//! A TAP service that is slow, breaks off, or talks nonsense, as the table in the question says, and that knows who is
//! still listening.

use axum::Form;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt as _};
use http::{StatusCode, header};
use skyport::config::Config;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// The service; its name in the configuration is `slow`.
pub struct SlowTap {
    pub url: String,
    seen: Arc<Seen>,
}

struct Seen {
    asked: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    left: AtomicUsize,
    gate: Semaphore,
}

/// One question under way; dropped too early when whoever asked closes the connection.
struct Open {
    seen: Arc<Seen>,
    done: bool,
}

impl Open {
    fn new(seen: &Arc<Seen>) -> Self {
        seen.asked.fetch_add(1, SeqCst);
        let open = seen.open.fetch_add(1, SeqCst) + 1;
        seen.most_open.fetch_max(open, SeqCst);
        Self { seen: seen.clone(), done: false }
    }

    fn finish(mut self) {
        self.done = true;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.seen.open.fetch_sub(1, SeqCst);
        if !self.done {
            self.seen.left.fetch_add(1, SeqCst);
        }
    }
}

impl SlowTap {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/tap", listener.local_addr().unwrap());
        let seen = Arc::new(Seen {
            asked: AtomicUsize::default(),
            open: AtomicUsize::default(),
            most_open: AtomicUsize::default(),
            left: AtomicUsize::default(),
            gate: Semaphore::new(0),
        });
        let app = Router::new().route("/tap/sync", post(sync)).with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, seen }
    }

    /// Writes it into a configuration as `slow`.
    pub fn configure(&self, config: &mut Config) {
        let entry = serde_json::json!({"title": "Slow Archive", "url": self.url});
        config.archives.tap.insert("slow".to_owned(), serde_json::from_value(entry).unwrap());
        config.archives.probe_every_s = 0;
    }

    /// Lets so many questions to `gated` go on.
    pub fn let_go(&self, questions: usize) {
        self.seen.gate.add_permits(questions);
    }

    /// Questions that came.
    pub fn asked(&self) -> usize {
        self.seen.asked.load(SeqCst)
    }

    /// Questions under way.
    pub fn open(&self) -> usize {
        self.seen.open.load(SeqCst)
    }

    /// The most that were ever under way at once.
    pub fn most_open(&self) -> usize {
        self.seen.most_open.load(SeqCst)
    }

    /// Questions whose asker closed the connection before the end.
    pub fn left(&self) -> usize {
        self.seen.left.load(SeqCst)
    }
}

const HEAD: &str = "<?xml version=\"1.0\"?>\n<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">\
<RESOURCE type=\"results\"><INFO name=\"QUERY_STATUS\" value=\"OK\"/><TABLE>\
<FIELD name=\"id\" datatype=\"long\" ucd=\"meta.id;meta.main\"/><FIELD name=\"mag\" datatype=\"double\" unit=\"mag\"/>\
<FIELD name=\"name\" datatype=\"char\" arraysize=\"*\"/><DATA><TABLEDATA>\n";
const END_OF_ROWS: &str = "</TABLEDATA></DATA></TABLE>";
const END: &str = "</RESOURCE></VOTABLE>\n";

fn rows(from: usize, count: usize) -> String {
    let row = |i: usize| format!("<TR><TD>{i}</TD><TD>{}.5</TD><TD>star {i}</TD></TR>\n", i % 20);
    (from..from + count).map(row).collect::<Vec<_>>().concat()
}

/// Rows that no compression makes small: 300 letters each.
fn noise(from: u64, count: u64) -> String {
    let mut state = from * 2 + 1;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(state >> 58) as usize],
        )
    };
    let row = |i| {
        format!(
            "<TR><TD>{i}</TD><TD>1</TD><TD>{}</TD></TR>\n",
            (0..300).map(|_| letter()).collect::<String>()
        )
    };
    (from..from + count).map(row).collect()
}

fn status(value: &str, words: &str) -> String {
    format!("<INFO name=\"QUERY_STATUS\" value=\"{value}\">{words}</INFO>")
}

type Pieces = BoxStream<'static, Result<String, io::Error>>;

fn pieces(pieces: impl IntoIterator<Item = String>) -> Pieces {
    stream::iter(pieces.into_iter().map(Ok).collect::<Vec<_>>()).boxed()
}

async fn sync(State(seen): State<Arc<Seen>>, Form(asked): Form<HashMap<String, String>>) -> Response {
    let open = Open::new(&seen);
    let adql = &asked["QUERY"];
    let table = adql.split_whitespace().last().unwrap_or_default();
    let first_ten = format!("{HEAD}{}", rows(0, 10));
    let body = match table {
        "quick" => pieces([format!("{HEAD}{}{END_OF_ROWS}{END}", rows(0, 3))]),
        "gated" => {
            seen.gate.acquire().await.unwrap().forget();
            pieces([format!("{HEAD}{}{END_OF_ROWS}{END}", rows(0, 3))])
        }
        "silent" => return stream::pending::<Response>().next().await.unwrap(),
        "stalls" => pieces([first_ten]).chain(stream::pending()).boxed(),
        "breaks" => {
            // A moment later, so that the rows are on their way by then.
            let cut = stream::once(async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                Err(io::Error::other("cut"))
            });
            pieces([first_ten]).chain(cut).boxed()
        }
        "broken_xml" => pieces([first_ten, "<TR><TD>10</TD></TROUBLE>".to_owned()]),
        "late_error" => pieces([
            first_ten,
            format!("{END_OF_ROWS}{}{END}", status("ERROR", "The disk of the archive broke.")),
        ]),
        "limited" => pieces([first_ten, format!("{END_OF_ROWS}{}{END}", status("OVERFLOW", ""))]),
        "endless" => {
            pieces([first_ten]).chain(stream::iter(1_usize..).map(|i| Ok(rows(i * 1000, 1000)))).boxed()
        }
        "noise" => {
            let head = pieces([HEAD.to_owned()]);
            let noise = stream::iter((0..140).map(|block| Ok(noise(block * 500, 500))));
            head.chain(noise).chain(stream::pending()).boxed()
        }
        "page" => {
            open.finish();
            let page = "<!DOCTYPE html><html><head><title>Welcome to maintenance</title></head><body>x</body></html>";
            return ([(header::CONTENT_TYPE, "text/html")], page).into_response();
        }
        "refuses" => pieces([format!(
            "<VOTABLE><RESOURCE type=\"results\">{}{END}",
            status("ERROR", "No table today.")
        )]),
        "busy" => {
            open.finish();
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "7")]).into_response();
        }
        other => panic!("no such table: {other}"),
    };
    // The guard goes with the body: it is dropped with it, wherever the body is by then.
    let body = stream::unfold((body, open), |(mut body, open)| async move {
        if let Some(piece) = body.next().await {
            Some((piece.map(Bytes::from), (body, open)))
        } else {
            open.finish();
            None
        }
    });
    ([(header::CONTENT_TYPE, "application/x-votable+xml")], Body::from_stream(body)).into_response()
}
