//! A portal with a session whose interface is a server of the test.

use crate::support::browser::{Answer, Browser, plain_client, read};
use crate::support::portal::Portal;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use bytes::Bytes;
use futures::stream;
use reqwest::Method;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

/// A piece of a long body, and how many there are.
pub const PIECE: usize = 64 << 10;
pub const PIECES: usize = 1600;

/// The session of these tests.
pub const SESSION: &str = "sessionsessionsession234";

/// An interface: it shows what reached it, echoes, streams, and sets cookies as it likes.
pub async fn interface() -> SocketAddr {
    let app = Router::new()
        .route("/", any(shown))
        .route("/lab/tree", get(|| async { "the lab" }))
        .route("/socket", any(socket))
        .route("/events", get(events))
        .route(
            "/long",
            get(|| async {
                Body::from_stream(stream::iter((0..PIECES).map(|number| Ok::<_, Infallible>(piece(number)))))
            }),
        )
        .route("/endless", get(|| async { Body::from_stream(stream::unfold(0, endless)) }))
        .route("/count", axum::routing::post(count))
        .route("/cookies", get(cookies))
        .route("/headers", get(headers))
        .layer(axum::extract::DefaultBodyLimit::disable());
    serve(app).await
}

pub async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// The request's head, a line for each field.
async fn shown(request: Request) -> String {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap();
    }
    text
}

async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|mut socket| async move {
        while let Some(Ok(message)) = socket.recv().await {
            if matches!(message, Message::Text(_) | Message::Binary(_)) && socket.send(message).await.is_err()
            {
                return;
            }
        }
    })
}

/// One event at once, and then none for ever.
async fn events() -> Response {
    let events = stream::unfold(0, |number| async move {
        if number > 0 {
            std::future::pending::<()>().await;
        }
        Some((Ok::<_, Infallible>(Event::default().data("first")), number + 1))
    });
    Sse::new(events).into_response()
}

fn piece(number: usize) -> Bytes {
    vec![number as u8; PIECE].into()
}

/// One piece at once, and then none for ever.
async fn endless(number: usize) -> Option<(Result<Bytes, Infallible>, usize)> {
    if number > 0 {
        std::future::pending::<()>().await;
    }
    Some((Ok(piece(number)), number + 1))
}

async fn count(request: Request) -> String {
    use futures::StreamExt as _;
    let mut body = request.into_body().into_data_stream();
    let mut bytes = 0;
    while let Some(piece) = body.next().await {
        bytes += piece.unwrap().len();
    }
    bytes.to_string()
}

async fn cookies() -> Response {
    let mut response = "set".into_response();
    for cookie in [
        "mine=1; Path=/",
        "here=1; Domain=sessionsessionsession234.localhost",
        "wide=1; Domain=localhost",
        "theirs=1; Domain=example.org",
        "skyport=1",
        "skyport-session=1",
        "__Host-skyport=1; Secure; Path=/",
        "SKYPORT-visitor=1",
    ] {
        response.headers_mut().append("set-cookie", cookie.parse().unwrap());
    }
    response
}

async fn headers() -> Response {
    let headers = [
        ("content-security-policy", "default-src *"),
        ("clear-site-data", "\"cookies\""),
        ("alt-svc", "h3=\":1\""),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-own", "1"),
    ];
    (headers, "headers").into_response()
}

pub struct World {
    pub portal: Portal,
    /// The owner's browser at the portal.
    pub owner: Browser,
    pub interface: SocketAddr,
}

impl World {
    /// `operator` has a session that runs.
    pub async fn new() -> Self {
        Self::at(interface().await).await
    }

    pub async fn at(interface: SocketAddr) -> Self {
        let portal = Portal::start(|config| {
            config.sign_in.attempts_per_minute = 1000;
            // Its site is not there, and nobody shall notice.
            config.sessions.reconcile_s = 3600;
        })
        .await;
        let mut owner = portal.browser();
        owner.sign_in("operator").await;
        let world = Self { portal, owner, interface };
        let user = world.user("operator").await;
        world.add_session(SESSION, &user, Some(&interface.to_string())).await;
        world
    }

    /// The id of the user who signed in by this name.
    pub async fn user(&self, subject: &str) -> String {
        let text = "SELECT id FROM users WHERE subject = $1";
        sqlx::query_scalar(text).bind(subject).fetch_one(&self.portal.skyport.db).await.unwrap()
    }

    pub async fn add_session(&self, id: &str, owner: &str, address: Option<&str>) {
        let software = r#"{"name":"lab","interface":{"port":8888,"path":"/lab/tree","ready":"/"}}"#;
        sqlx::query(
            "INSERT INTO sessions (id, owner, booking, site, node, title, kind, software, resources, state, since_us, \
             asked_us, address) VALUES ($1, $2, $1, 'here', 'a', 'lab', 'notebook', $3, '{}', 'running', 0, 0, $4)",
        )
        .bind(id)
        .bind(owner)
        .bind(software)
        .bind(address)
        .execute(&self.portal.skyport.db)
        .await
        .unwrap();
    }

    /// Runs a change that the rules of sessions make elsewhere.
    pub async fn change(&self, text: &'static str) {
        let done = sqlx::query(text).execute(&self.portal.skyport.db).await.unwrap();
        assert!(done.rows_affected() > 0, "{text}");
    }

    /// Shares the session with a user: to use, or to look at alone.
    pub async fn share(&self, user: &str, control: bool) {
        let text = "INSERT INTO session_shares (session, with_group, with_name, since_us, with_control) VALUES ($1, 0, $2, 0, $3)";
        let share = sqlx::query(text).bind(SESSION).bind(user).bind(i64::from(control));
        share.execute(&self.portal.skyport.db).await.unwrap();
    }

    /// The text in the first column of what a question finds.
    pub async fn texts(&self, text: &'static str) -> Vec<String> {
        sqlx::query_scalar(text).fetch_all(&self.portal.skyport.db).await.unwrap()
    }

    /// The host of a session.
    pub fn host(&self, session: &str) -> String {
        format!("{session}.localhost:{}", self.portal.address.port())
    }

    /// The owner's way into the session; a browser on its origin.
    pub async fn open(&mut self) -> Guest {
        let mut owner = self.owner.clone();
        self.open_as(&mut owner, SESSION).await
    }

    pub async fn open_as(&self, browser: &mut Browser, session: &str) -> Guest {
        self.open_at(browser, session, "/lab/tree").await
    }

    /// The same, where the way in leads to this path.
    pub async fn open_at(&self, browser: &mut Browser, session: &str, path: &str) -> Guest {
        let ticket = ticket(browser, session).await;
        let mut guest = self.guest(session);
        let answer = guest.trade(&ticket).await;
        assert_eq!((answer.status, answer.location()), (303, path), "{answer:?}");
        guest
    }

    /// A browser on a session's origin, without cookies of it.
    pub fn guest(&self, session: &str) -> Guest {
        let host = self.host(session);
        Guest {
            client: plain_client(),
            address: self.portal.address,
            origin: format!("http://{host}"),
            host,
            portal: self.portal.skyport.origin.clone(),
            cookie: String::new(),
        }
    }
}

/// The ticket for a session, as the portal's page carries it.
pub async fn ticket(browser: &mut Browser, session: &str) -> String {
    let page = browser.post(&format!("/sessions/{session}/open"), &[]).await;
    assert_eq!(page.status, 200, "{page:?}");
    let fields = page.hidden_fields();
    let (_, ticket) = fields.iter().find(|(name, _)| name == "ticket").expect("a ticket");
    ticket.clone()
}

/// A browser on a session's origin.
#[derive(Clone)]
pub struct Guest {
    client: reqwest::Client,
    address: SocketAddr,
    pub host: String,
    pub origin: String,
    portal: String,
    /// What it sends as `Cookie`.
    pub cookie: String,
}

impl Guest {
    /// A request to the session's origin.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("http://{}{path}", self.address));
        let request = request.header("host", &self.host);
        if self.cookie.is_empty() { request } else { request.header("cookie", &self.cookie) }
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path)).await
    }

    /// As a browser asks for a page.
    pub async fn page(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path).header("accept", "text/html,*/*;q=0.8")).await
    }

    /// What the portal's page sends with its form.
    pub fn trading(&self, ticket: &str, origin: &str) -> reqwest::RequestBuilder {
        let request = self.request(Method::POST, "/.skyport/open").header("origin", origin);
        request.header("sec-fetch-site", "cross-site").form(&[("ticket", ticket)])
    }

    /// Trades a ticket, and keeps the cookie.
    pub async fn trade(&mut self, ticket: &str) -> Answer {
        let answer = read(self.trading(ticket, &self.portal)).await;
        if let Some(cookie) = answer.set_cookies().first() {
            cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        answer
    }

    /// Opens a WebSocket; the status where it is refused.
    pub async fn socket(&self, origin: &str) -> Result<WebSocketStream<TcpStream>, u16> {
        let mut request = format!("ws://{}/socket", self.host).into_client_request().unwrap();
        request.headers_mut().insert("cookie", self.cookie.parse().unwrap());
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let stream = TcpStream::connect(self.address).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(socket),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Asks until the answer has this status.
    pub async fn until(&self, status: u16) -> Answer {
        let asking = async {
            loop {
                let answer = self.get("/").await;
                if answer.status == status {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), asking).await.expect("the answer comes to be that")
    }
}
