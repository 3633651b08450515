//! An archive on a loopback port that does exactly what a test tells it, byte by byte.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tap::{Client, Error, Http, Options, Timeouts};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// What one request was.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// The head, in lower case names.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|l| l.split_once(':').filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|p| p.1.trim()))
    }

    /// A form parameter, decoded.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.into_owned())
    }
}

/// One connection, its request read, its answer to be written.
pub(crate) struct Conn {
    pub(crate) asked: Asked,
    stream: TcpStream,
}

impl Conn {
    /// Writes; false if the client has gone.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    /// A whole answer. `Connection: close`, so that each request has a connection of its own.
    pub(crate) async fn answer(&mut self, status: &str, headers: &str, body: impl AsRef<[u8]>) {
        let body = body.as_ref();
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
        let _ = self.write(head).await && self.write(body).await;
        let _ = self.stream.shutdown().await;
    }

    /// A VOTable with status 200.
    pub(crate) async fn votable(&mut self, body: impl AsRef<[u8]>) {
        self.answer("200 OK", "Content-Type: application/x-votable+xml\r\n", body).await;
    }

    /// The head of a chunked answer.
    pub(crate) async fn chunked_head(&mut self) -> bool {
        self.write("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n").await
    }

    /// One chunk; false if the client has gone.
    pub(crate) async fn chunk(&mut self, text: &str) -> bool {
        self.write(format!("{:x}\r\n{text}\r\n", text.len())).await
    }

    pub(crate) async fn last_chunk(&mut self) {
        self.write("0\r\n\r\n").await;
    }

    /// Breaks the connection off, so that the client sees a reset.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }

    /// Waits until the client closes the connection.
    pub(crate) async fn closed(&mut self) {
        let mut rest = [0; 1024];
        while self.stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
    }
}

/// A running server; it stops when dropped.
pub(crate) struct Server {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Runs `serve` for every request, one a connection.
    pub(crate) async fn start<F, Fut>(serve: F) -> Self
    where
        F: Fn(Conn) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            let mut running = tokio::task::JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                if let Some(asked) = read_request(&mut stream).await {
                    log.lock().unwrap().push(asked.clone());
                    running.spawn(serve(Conn { asked, stream }));
                }
            }
        });
        Self { port, asked, task }
    }

    /// One that answers every request with this VOTable.
    pub(crate) async fn with_votable(body: impl Into<Vec<u8>>) -> Self {
        let body: Arc<Vec<u8>> = Arc::new(body.into());
        Self::start(move |mut conn| {
            let body = Arc::clone(&body);
            async move { conn.votable(body.as_slice()).await }
        })
        .await
    }

    /// One that answers every request like this.
    pub(crate) async fn with_answer(
        status: &'static str,
        headers: &'static str,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        let body: Arc<Vec<u8>> = Arc::new(body.into());
        Self::start(move |mut conn| {
            let body = Arc::clone(&body);
            async move { conn.answer(status, headers, body.as_slice()).await }
        })
        .await
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}/tap", self.port)).unwrap()
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(quick())
    }

    pub(crate) fn client_with(&self, options: Options) -> Client {
        Client::new(self.url(), Http::new().unwrap(), options).unwrap()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut line = head.lines().next()?.split(' ');
    let (method, target) = (line.next()?.to_owned(), line.next()?.to_owned());
    let mut asked = Asked { method, target, head, body: String::new() };
    let length = asked.header("content-length").map_or(0, |l| l.parse().unwrap());
    while bytes.len() < end + length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    asked.body = String::from_utf8_lossy(&bytes[end..]).into_owned();
    Some(asked)
}

/// Options with a deadline that no healthy test comes near.
pub(crate) fn quick() -> Options {
    let long = Duration::from_mins(1);
    Options { timeouts: Timeouts { first_byte: long, idle: long, total: long }, ..Options::default() }
}

/// A VOTable of two columns, with these INFOs before the table, these rows, and these INFOs after it.
pub(crate) fn votable(before: &str, rows: u64, after: &str) -> String {
    format!("{}{}{}", head(before), rows_from(0, rows), tail(after))
}

/// As much as a reader may want to see before it begins: real documents have long heads.
pub(crate) fn head(before: &str) -> String {
    let about = "A service that tells at length what it is. ".repeat(20);
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<VOTABLE version='1.4' xmlns='http://www.ivoa.net/xml/VOTable/v1.3'>\
         <RESOURCE type='results'><DESCRIPTION>{about}</DESCRIPTION>{before}<TABLE name='t'>\
         <FIELD name='id' datatype='long' ucd='meta.id'><DESCRIPTION>Number</DESCRIPTION></FIELD>\
         <FIELD name='name' datatype='char' arraysize='*'/>\n<DATA><TABLEDATA>\n"
    )
}

pub(crate) fn rows_from(first: u64, count: u64) -> String {
    (first..first + count).map(|i| format!("<TR><TD>{i}</TD><TD>star {i}</TD></TR>\n")).collect()
}

pub(crate) fn tail(after: &str) -> String {
    format!("</TABLEDATA></DATA></TABLE>{after}</RESOURCE></VOTABLE>")
}

pub(crate) const OK: &str = "<INFO name='QUERY_STATUS' value='OK'/>";
pub(crate) const OVERFLOW: &str = "<INFO name='QUERY_STATUS' value='OVERFLOW'/>";

/// Reads to the end: rows, and the error if one ended it.
pub(crate) async fn drain(answer: &mut tap::Answer) -> (u64, Option<Error>) {
    let mut rows = 0;
    loop {
        match answer.next_batch().await {
            Ok(Some(batch)) => rows += batch.num_rows() as u64,
            Ok(None) => return (rows, None),
            Err(error) => return (rows, Some(error)),
        }
    }
}

/// Asks and reads to the end.
pub(crate) async fn ask(client: &Client) -> Result<(u64, tap::Answer, Option<Error>), Error> {
    let mut answer = client.query("SELECT 1", None, tokio_util::sync::CancellationToken::new()).await?;
    let (rows, error) = drain(&mut answer).await;
    Ok((rows, answer, error))
}

/// Asks where the answer must be an error before the first row.
pub(crate) async fn refused(client: &Client) -> Error {
    match ask(client).await {
        Err(error) => error,
        Ok((rows, _, error)) => panic!("{rows} rows and {error:?} where a refusal was due"),
    }
}

/// Waits for something that must happen, with a deadline that only a broken test reaches.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("it happened in time")
}
