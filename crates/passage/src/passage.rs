//! Carrying: from a request to an answer.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderValue, Request, Response, StatusCode, request};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use crate::body::{Drive, Streaming};
use crate::idle::Idle;
use crate::pool::Pool;
use crate::rewrite::Framing;
use crate::upload::{Upload, Watch};
use crate::upstream::{FirstByte, ended};
use crate::wire::Wire;
use crate::{
    Address, Asked, Body, Client, Fault, Flaw, Limits, Phase, Upstream, rewrite_answer, rewrite_request,
    tunnel,
};

/// A body up to this length is looked for at once, so that a small answer is one piece.
const SMALL: u64 = 64 << 10;

/// A reverse proxy: the connections to all upstreams, and the limits. Cheap to clone; one is enough for a process.
#[derive(Clone)]
pub struct Passage {
    pool: Arc<Pool>,
    limits: Arc<Limits>,
}

impl Default for Passage {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Passage {
    /// A passage without connections yet.
    pub fn new(limits: Limits) -> Self {
        Self { pool: Arc::new(Pool::new(&limits)), limits: Arc::new(limits) }
    }

    /// Carries a request to an upstream, and gives its answer as soon as its head is there; both bodies stream, each
    /// no faster than it is taken. A WebSocket is joined in a task of its own once the 101 that this gives has been
    /// sent. To be called within a Tokio runtime, from a server of hyper's (axum's is one) with upgrades enabled.
    ///
    /// A request whose method is idempotent and that has no body may use a connection that has waited; should the
    /// upstream have closed that one before a byte of the answer, it is asked once more on a new one. All other
    /// requests go out on a new connection, exactly once.
    ///
    /// Dropping the future, or the answer's body, closes the connection: the upstream sees that nobody waits.
    ///
    /// # Errors
    ///
    /// See [`Fault`]. What breaks later comes as the last item of the body.
    pub async fn carry<B>(
        &self,
        request: Request<B>,
        upstream: &Upstream,
        client: Client,
    ) -> Result<Response<Body>, Fault>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (mut parts, body) = request.into_parts();
        let mut asked = rewrite_request(&mut parts, upstream, client).map_err(Fault::BadRequest)?;
        let on_upgrade = parts.extensions.remove::<OnUpgrade>();
        parts.extensions.clear();
        if asked.websocket && on_upgrade.is_none() {
            // The server in front cannot switch: so the upstream is not asked to.
            parts.headers.remove(CONNECTION);
            parts.headers.remove(UPGRADE);
            asked.websocket = false;
        }
        let (request, watch) = self.pack(parts, body, &asked)?;
        let asking = self.ask(request, upstream, &asked, watch.as_ref());
        let (wire, answer) = match &upstream.until {
            None => asking.await?,
            Some(until) => tokio::select! {
                biased;
                () = ended(until.clone()) => return Err(Fault::Ended),
                answer = asking => answer?,
            },
        };

        let (mut parts, incoming) = answer.into_parts();
        parts.extensions.remove::<OnUpgrade>();
        rewrite_answer(&mut parts, upstream, &asked).map_err(|flaw| Fault::Malformed(Box::new(flaw)))?;
        let body = match (parts.status, on_upgrade) {
            (StatusCode::SWITCHING_PROTOCOLS, Some(on_upgrade)) => {
                let joined = tunnel::run(on_upgrade, wire.switched(), Arc::clone(&self.limits));
                match upstream.until.clone() {
                    None => tokio::spawn(joined),
                    // Dropped, it closes both sides.
                    Some(until) => tokio::spawn(async move {
                        tokio::select! { () = ended(until) => {}, () = joined => {} }
                    }),
                };
                Body::nothing()
            }
            (StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED, _) => self.keep(upstream.address(), wire),
            _ if asked.head_only => self.keep(upstream.address(), wire),
            _ => self.stream(wire, incoming, &parts.headers, upstream, watch.as_ref()).await?,
        };
        Ok(Response::from_parts(parts, body))
    }

    /// Closes the connections that wait for an upstream, for when it is known to be over.
    pub fn forget(&self, address: &Address) {
        self.pool.forget(address);
    }

    /// The request as the connection takes it. Its framing is that of its head; where the head says nothing, of its body.
    fn pack<B>(
        &self,
        mut parts: request::Parts,
        body: B,
        asked: &Asked,
    ) -> Result<(Request<Upload>, Option<Arc<Watch>>), Fault>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        if body.is_end_stream() {
            match asked.framing {
                Framing::Length(0) => {}
                // Somebody took it: the upstream would take the next request for it.
                Framing::Length(_) => return Err(Fault::BadRequest(Flaw::BodyLength)),
                _ if asked.method_has_body => {
                    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
                _ => {}
            }
            return Ok((Request::from_parts(parts, Upload::Empty), None));
        }
        if !matches!(asked.framing, Framing::Length(_)) {
            parts.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        let held = asked.awaits_continue.then_some(self.limits.awaited_continue);
        let (upload, watch) = Upload::new(body, held);
        let mut request = Request::from_parts(parts, upload);
        if held.is_some() {
            let watch = Arc::clone(&watch);
            hyper::ext::on_informational(&mut request, move |answer| {
                if answer.status() == StatusCode::CONTINUE {
                    watch.open();
                }
            });
        }
        Ok((request, Some(watch)))
    }

    async fn ask(
        &self,
        mut request: Request<Upload>,
        upstream: &Upstream,
        asked: &Asked,
        watch: Option<&Arc<Watch>>,
    ) -> Result<(Box<Wire>, Response<Incoming>), Fault> {
        let limit = match upstream.first_byte {
            _ if asked.wants_events => None,
            FirstByte::AsForAll => self.limits.first_byte,
            FirstByte::Here(limit) => limit,
        };
        let replayable = asked.replayable && watch.is_none() && !asked.websocket;
        if replayable && let Some(mut wire) = self.pool.take(upstream.address()) {
            let copy = copy(&request);
            match self.exchange(&mut wire, request, None, limit).await {
                Ok(answer) => return Ok((wire, answer)),
                Err(Failed { unsent: Some(unsent), .. }) => request = *unsent,
                Err(Failed { fault: Fault::ClosedBeforeAnswering(_), .. }) if !wire.answered() => {
                    request = copy;
                }
                Err(Failed { fault, .. }) => return Err(fault),
            }
        }
        let mut wire = Wire::open(upstream.address(), &self.limits).await?;
        match self.exchange(&mut wire, request, watch, limit).await {
            Ok(answer) => Ok((wire, answer)),
            Err(Failed { fault, .. }) => Err(fault),
        }
    }

    /// One request on one connection.
    async fn exchange(
        &self,
        wire: &mut Wire,
        request: Request<Upload>,
        watch: Option<&Arc<Watch>>,
        limit: Option<Duration>,
    ) -> Result<Response<Incoming>, Failed> {
        let mut sent = pin!(wire.send(request));
        if let Some(limit) = limit {
            wire.patience.restart(limit);
        }
        let mut mark = 0;
        poll_fn(|cx| {
            wire.turn(cx);
            // Only the turn makes this ready, so there is nothing to be woken for.
            if let Poll::Ready(result) = sent.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return Poll::Ready(result.map_err(|mut error| {
                    let unsent = error.take_message().map(Box::new);
                    let fault = self.fault(error.into_error(), unsent.is_some() && wire.answered());
                    Failed { fault, unsent }
                }));
            }
            let Some(limit) = limit else { return Poll::Pending };
            if let Some(moved) = watch.map(|watch| watch.moved()).filter(|moved| *moved != mark) {
                mark = moved;
                wire.patience.moved();
            }
            let fault = || Fault::TimedOut { phase: Phase::FirstByte, limit };
            wire.patience.poll(cx).map(|()| Err(Failed { fault: fault(), unsent: None }))
        })
        .await
    }

    fn fault(&self, error: hyper::Error, spoke_first: bool) -> Fault {
        if error.is_parse_too_large() {
            Fault::HeaderTooLarge { bytes: self.limits.header_bytes, fields: self.limits.header_fields }
        } else if error.is_parse() || spoke_first {
            Fault::Malformed(Box::new(error))
        } else if error.is_user() || error.is_body_write_aborted() {
            Fault::Upload(error)
        } else {
            Fault::ClosedBeforeAnswering(Some(error))
        }
    }

    /// No body comes: the connection is free at once.
    fn keep(&self, address: &Address, wire: Box<Wire>) -> Body {
        self.pool.put(address, wire);
        Body::nothing()
    }

    async fn stream(
        &self,
        wire: Box<Wire>,
        incoming: Incoming,
        headers: &HeaderMap,
        upstream: &Upstream,
        watch: Option<&Arc<Watch>>,
    ) -> Result<Body, Fault> {
        let events =
            headers.get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/event-stream"));
        let idle = self.limits.idle_body.filter(|_| !events).map(Idle::new);
        let drive = if watch.is_some_and(|watch| !watch.is_over()) {
            Drive::Task(tokio::spawn(wire.run()).abort_handle())
        } else {
            Drive::Here {
                wire: Some(wire),
                pool: Arc::clone(&self.pool),
                address: upstream.address().clone(),
            }
        };
        let small = http_body::Body::size_hint(&incoming).exact().is_some_and(|length| length <= SMALL);
        let streaming = Streaming::new(incoming, drive, idle, upstream.until.clone());
        if small { streaming.gather().await } else { Ok(Body::stream(streaming)) }
    }
}

/// Why a connection gave no answer; with the request, where not a byte of it was sent.
struct Failed {
    fault: Fault,
    unsent: Option<Box<Request<Upload>>>,
}

/// What a request without a body needs to be sent again.
fn copy(request: &Request<Upload>) -> Request<Upload> {
    let mut copy = Request::new(Upload::Empty);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

impl std::fmt::Debug for Passage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passage").field("limits", &self.limits).finish_non_exhaustive()
    }
}
