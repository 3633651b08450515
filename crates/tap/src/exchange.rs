//! One HTTP exchange: the token, the redirects and the time limits, up to the head of the answer.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, LOCATION};
use reqwest::{Response, StatusCode, redirect};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::excerpt::{clean, place};
use crate::{Error, RedirectRefusal, SecretToken, Timeouts, Waiting};

/// The HTTP client that archives share: connections are pooled over all [`Client`](crate::Client)s that hold
/// a copy. It never follows a redirect by itself, since that would bypass [`Redirects`].
#[derive(Clone, Debug)]
pub struct Http(reqwest::Client);

impl Http {
    /// With 10 s to connect.
    ///
    /// # Errors
    /// [`Error::Setup`] if TLS cannot be set up.
    pub fn new() -> Result<Self, Error> {
        Self::build(reqwest::Client::builder().connect_timeout(Duration::from_secs(10)))
    }

    /// From a builder with the caller's user agent, proxy, certificates and name resolution. Redirects,
    /// `Referer` and decompression are set here; a total timeout set in the builder applies as well.
    ///
    /// # Errors
    /// [`Error::Setup`] if the builder's settings do not work.
    pub fn build(builder: reqwest::ClientBuilder) -> Result<Self, Error> {
        let client = builder.redirect(redirect::Policy::none()).referer(false).gzip(true).build();
        client.map(Self).map_err(|source| Error::Setup { source })
    }
}

/// Judges a redirect: from, to.
type Judge = dyn Fn(&Url, &Url) -> bool + Send + Sync;

/// Which redirects to follow. Always refused, whatever the judge says: anything but http and https, and the
/// way from https to http.
#[derive(Clone)]
pub struct Redirects {
    max: usize,
    allowed: Arc<Judge>,
}

impl Redirects {
    /// At most `max` hops, each allowed by `allowed(from, to)`.
    pub fn new(max: usize, allowed: impl Fn(&Url, &Url) -> bool + Send + Sync + 'static) -> Self {
        Self { max, allowed: Arc::new(allowed) }
    }

    /// At most `max` hops, within one server, up to https on the same host, or to one of these host names.
    pub fn to_hosts(max: usize, hosts: impl IntoIterator<Item = String>) -> Self {
        let hosts: Vec<String> = hosts.into_iter().map(|h| h.to_ascii_lowercase()).collect();
        Self::new(max, move |from, to| {
            same_server(from, to) || to.host_str().is_some_and(|h| hosts.iter().any(|a| a == h))
        })
    }

    /// Judges an address that the service itself names in a document.
    pub(crate) fn allow(&self, from: &Url, to: &Url) -> Result<(), Error> {
        let refuse = |reason| Error::Redirect { place: place(from), to: place(to), reason };
        self.check(0, from, to).map_err(refuse)
    }

    fn check(&self, hops: usize, from: &Url, to: &Url) -> Result<(), RedirectRefusal> {
        match (from.scheme(), to.scheme()) {
            _ if hops >= self.max => Err(RedirectRefusal::TooMany),
            ("https", "http") => Err(RedirectRefusal::Downgrade),
            (_, "http" | "https") if (self.allowed)(from, to) => Ok(()),
            (_, "http" | "https") => Err(RedirectRefusal::Host),
            _ => Err(RedirectRefusal::Scheme),
        }
    }
}

impl Default for Redirects {
    /// Five hops within one server (same scheme, host and port) or up to https on the same host.
    fn default() -> Self {
        Self::new(5, same_server)
    }
}

impl fmt::Debug for Redirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirects").field("max", &self.max).finish_non_exhaustive()
    }
}

/// The same scheme, host and port, or the same host one step up from http to https.
fn same_server(from: &Url, to: &Url) -> bool {
    from.origin() == to.origin()
        || (from.scheme() == "http" && to.scheme() == "https" && from.host_str() == to.host_str())
}

/// Whether the token may be sent to `to`, given that it was meant for `home`.
fn may_carry_token(home: &Url, to: &Url) -> bool {
    same_server(home, to) && (to.scheme() == "https" || is_loopback(to))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Why an exchange stopped, before it is known how many rows had been handed out.
#[derive(Debug)]
pub(crate) enum Stop {
    Cancelled,
    Timeout(Waiting, Duration),
    TooManyBytes(u64),
    Cut(Option<reqwest::Error>),
}

impl Stop {
    pub(crate) fn into_error(self, place: &str, rows: u64) -> Error {
        let place = place.to_owned();
        match self {
            Self::Cancelled => Error::Cancelled { rows },
            Self::Timeout(waiting, after) => Error::Timeout { place, waiting, after, rows },
            Self::TooManyBytes(limit) => Error::TooManyBytes { limit, rows },
            Self::Cut(source) => Error::Cut { place, rows, source },
        }
    }
}

/// The time limits and the cancellation of one exchange.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    timeouts: Timeouts,
    deadline: Instant,
    pub(crate) cancel: CancellationToken,
}

impl Guard {
    pub(crate) fn new(timeouts: Timeouts, cancel: CancellationToken) -> Self {
        // A total beyond what the clock can express is no limit worth having: a century.
        let century = Duration::from_hours(100 * 365 * 24);
        Self { timeouts, deadline: Instant::now() + timeouts.total.min(century), cancel }
    }

    /// Waits for `step`, but not beyond its own limit, the total, or the caller's patience.
    pub(crate) async fn wait<T>(&self, waiting: Waiting, step: impl Future<Output = T>) -> Result<T, Stop> {
        let limit = match waiting {
            Waiting::FirstByte => self.timeouts.first_byte,
            Waiting::NextByte => self.timeouts.idle,
            Waiting::End => self.timeouts.total,
        };
        let left = self.deadline.saturating_duration_since(Instant::now());
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            done = step => Ok(done),
            () = tokio::time::sleep(limit.min(left)) => Err(if limit < left {
                Stop::Timeout(waiting, limit)
            } else {
                Stop::Timeout(Waiting::End, self.timeouts.total)
            }),
        }
    }
}

/// What to send. A form is posted, everything else is got.
pub(crate) struct Request {
    pub(crate) url: Url,
    pub(crate) form: Option<Vec<(&'static str, String)>>,
}

/// Sends, follows redirects, and returns the head of the last answer. The token goes to the server of `home` alone.
pub(crate) async fn send(
    http: &Http,
    home: &Url,
    request: Request,
    token: Option<&SecretToken>,
    redirects: &Redirects,
    guard: &Guard,
) -> Result<Response, Error> {
    if token.is_some() && !may_carry_token(home, home) {
        return Err(Error::TokenInClear { place: place(home) });
    }
    let Request { mut url, mut form } = request;
    let mut hops = 0;
    loop {
        let mut builder = match &form {
            Some(form) => http.0.post(url.clone()).form(form),
            None => http.0.get(url.clone()),
        };
        builder = builder.header(ACCEPT, "application/x-votable+xml, application/xml, text/xml, */*;q=0.5");
        if let Some(token) = token.filter(|_| may_carry_token(home, &url)) {
            builder = builder.header(AUTHORIZATION, token.header());
        }
        let sent = guard.wait(Waiting::FirstByte, builder.send()).await;
        let response = sent
            .map_err(|stop| stop.into_error(&place(&url), 0))?
            .map_err(|e| unsent(e.without_url(), &url))?;
        if !is_redirect(response.status()) {
            return Ok(response);
        }
        let next = follow(&response, &url, hops, redirects)?;
        if !repeats_post(response.status(), &url, &next) {
            form = None;
        }
        url = next;
        hops += 1;
    }
}

fn unsent(error: reqwest::Error, url: &Url) -> Error {
    let place = place(url);
    if error.is_connect() || error.is_builder() {
        Error::Unreachable { place, source: error }
    } else {
        Error::Cut { place, rows: 0, source: Some(error) }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn follow(response: &Response, from: &Url, hops: usize, redirects: &Redirects) -> Result<Url, Error> {
    let refuse = |to: &str, reason| Error::Redirect { place: place(from), to: to.to_owned(), reason };
    let location = response.headers().get(LOCATION).map(|l| String::from_utf8_lossy(l.as_bytes()));
    let Some(location) = location else { return Err(refuse("nowhere", RedirectRefusal::Location)) };
    let Ok(to) = from.join(location.trim()) else {
        return Err(refuse(&clean(&location, 200), RedirectRefusal::Location));
    };
    // A user or password in a Location would be sent as credentials nobody gave.
    if !to.username().is_empty() || to.password().is_some() {
        return Err(refuse(&place(&to), RedirectRefusal::Location));
    }
    redirects.check(hops, from, &to).map_err(|reason| refuse(&place(&to), reason))?;
    Ok(to)
}

/// 303 names the result, to be got; 307 and 308 name another place for the same request. 301 and 302 mean
/// either: to the same path on another server the service has moved, and a GET would lose the query.
fn repeats_post(status: StatusCode, from: &Url, to: &Url) -> bool {
    match status.as_u16() {
        307 | 308 => true,
        301 | 302 => from.path().trim_end_matches('/') == to.path().trim_end_matches('/') && from != to,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
