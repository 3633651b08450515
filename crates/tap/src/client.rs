//! The client of one TAP service.

use reqwest::Response;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::answer::Answer;
use crate::body::{Body, BodyReader};
use crate::excerpt::{clean, place};
use crate::exchange::{Guard, Request, send};
use crate::refusal::{read_refusal, read_wrong_kind};
use crate::sniff::Kind;
use crate::vosi::availability::read_availability;
use crate::vosi::capabilities::read_capabilities;
use crate::vosi::tables::TablesReader;
use crate::vosi::xml::{Doc, Trouble};
use crate::{Availability, Capabilities, Column, Document, Error, Http, Options, SecretToken, TableSet};

/// A TAP service (TAP 1.0 or 1.1) at one base address. Cheap to clone; copies share connections.
#[derive(Clone, Debug)]
pub struct Client {
    base: Url,
    http: Http,
    options: Options,
    token: Option<SecretToken>,
}

/// How much `/tables` is asked for (VOSI 1.1 section 4.2). Services of VOSI 1.0 ignore it and send all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// As the service sees fit: small ones send all, large ones only the tables.
    #[default]
    AsServed,
    /// Tables without columns.
    Min,
    /// Tables with columns.
    Max,
}

impl Client {
    /// A client of the service at `base`, the address that `/sync` and `/tables` are below of; a trailing slash
    /// and a query string in it are fine. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::BadAddress`] if it is not http or https, or has a user or password in it.
    pub fn new(mut base: Url, http: Http, options: Options) -> Result<Self, Error> {
        let bad = |reason| Error::BadAddress { place: place(&base), reason };
        if !matches!(base.scheme(), "http" | "https") {
            return Err(bad("it must begin with https:// or http://"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(bad("it holds a user or password; give a token instead"));
        }
        base.set_fragment(None);
        Ok(Self { base, http, options, token: None })
    }

    /// The same, with a bearer token on every request to this service. It is sent to no other host, and over
    /// https only (loopback excepted): else requests fail with [`Error::TokenInClear`].
    #[must_use]
    pub fn with_token(mut self, token: SecretToken) -> Self {
        self.token = Some(token);
        self
    }

    /// The base address.
    pub fn base_url(&self) -> &Url {
        &self.base
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// What the service can do (`/capabilities`).
    ///
    /// # Errors
    /// Any of the network; [`Error::BadDocument`] if it is not such a document.
    pub async fn capabilities(&self) -> Result<Capabilities, Error> {
        let url = self.endpoint(&["capabilities"]);
        self.document(url, Document::Capabilities, read_capabilities).await
    }

    /// Whether the service says that it works. Its place is the service's choice (TAP 1.1 section 2.5):
    /// `/availability` is tried first, then what the capabilities say.
    ///
    /// # Errors
    /// Any of the network; [`Error::BadDocument`] if it is not such a document.
    pub async fn availability(&self) -> Result<Availability, Error> {
        let url = self.endpoint(&["availability"]);
        let answer = self.document(url, Document::Availability, read_availability).await;
        let Err(Error::NotFound { .. } | Error::NotATable { .. }) = answer else { return answer };
        let elsewhere = self.capabilities().await.ok().and_then(|c| c.availability_url);
        let Some(url) = elsewhere.and_then(|u| Url::parse(&u).ok()) else { return answer };
        // What a document points to is followed under the same rules as a redirect.
        self.options.redirects.allow(&self.base, &url)?;
        self.document(url, Document::Availability, read_availability).await
    }

    /// All tables (`/tables`), or what `TAP_SCHEMA` says where the service has no such document. Tables may
    /// come without columns: see [`Detail`] and [`Client::columns`].
    ///
    /// # Errors
    /// Any of the network; [`Error::BadDocument`]; those of [`Client::query`] where `TAP_SCHEMA` is asked.
    pub async fn tables(&self, detail: Detail) -> Result<TableSet, Error> {
        let mut url = self.endpoint(&["tables"]);
        match detail {
            Detail::AsServed => {}
            Detail::Min => drop(url.query_pairs_mut().append_pair("detail", "min")),
            Detail::Max => drop(url.query_pairs_mut().append_pair("detail", "max")),
        }
        match self.table_set(url).await {
            Err(Error::NotFound { .. }) => self.schema_tables().await,
            answer => answer,
        }
    }

    /// The columns of one table: from `/tables/{name}` (VOSI 1.1), or from `TAP_SCHEMA` where the service does
    /// not have that.
    ///
    /// # Errors
    /// [`Error::UnknownTable`]; any of the network; those of [`Client::query`].
    pub async fn columns(&self, table: &str) -> Result<Vec<Column>, Error> {
        let name = table.trim();
        // A name of dots alone would be a path of its own.
        if !name.trim_matches('.').is_empty() {
            match self.table_set(self.endpoint(&["tables", name])).await {
                Ok(set) => {
                    if let Some(found) = set.table(name).filter(|t| !t.columns.is_empty()) {
                        return Ok(found.columns.clone());
                    }
                }
                Err(
                    Error::NotFound { .. }
                    | Error::Status { .. }
                    | Error::Rejected { .. }
                    | Error::NotATable { .. }
                    | Error::BadDocument { .. }
                    | Error::TooManyBytes { .. }
                    | Error::Empty { .. },
                ) => {}
                Err(other) => return Err(other),
            }
        }
        let columns = self.schema_columns(name).await?;
        if columns.is_empty() {
            return Err(Error::UnknownTable { name: clean(table, 200) });
        }
        Ok(columns)
    }

    async fn table_set(&self, url: Url) -> Result<TableSet, Error> {
        let limits = &self.options.limits;
        let reader = TablesReader::new(limits.max_tables, limits.max_columns);
        self.document(url, Document::Tables, move |doc| reader.read(doc)).await
    }

    /// Asks in ADQL (`/sync`) and returns when the answer's columns are known; its rows stream after that.
    /// `maxrec` is the most rows wanted: it is sent, and kept to even if the service does not. Dropping the
    /// future or the answer, or cancelling, closes the connection at once.
    ///
    /// # Errors
    /// Every [`Error`] but those of metadata; [`Error::Rejected`] has the archive's own reason.
    pub async fn query(
        &self,
        adql: &str,
        maxrec: Option<u64>,
        cancel: CancellationToken,
    ) -> Result<Answer, Error> {
        let mut form = vec![
            // TAP 1.0 requires it, TAP 1.1 ignores it.
            ("REQUEST", "doQuery".to_owned()),
            ("LANG", "ADQL".to_owned()),
            ("QUERY", adql.to_owned()),
        ];
        form.extend(maxrec.map(|n| ("MAXREC", n.to_string())));
        let cancel = cancel.child_token();
        let on_drop = cancel.clone().drop_guard();
        let guard = Guard::new(self.options.timeouts, cancel);
        let request = Request { url: self.endpoint(&["sync"]), form: Some(form) };
        let response = self.send(request, &guard).await?;
        let at = place(response.url());
        let limits = &self.options.limits;
        if !response.status().is_success() {
            return Err(read_refusal(response, &at, limits, &guard, true).await);
        }
        let status = response.status().as_u16();
        let mut body = Body::new(response, limits.max_bytes);
        let kind = body.sniff(&guard).await.map_err(|stop| stop.into_error(&at, 0))?;
        match &kind {
            Kind::Xml(root) if root.is_empty() || root.eq_ignore_ascii_case("VOTABLE") => {}
            _ => return Err(read_wrong_kind(kind, body, status, &at, limits, &guard).await),
        }
        Answer::open(body, guard, on_drop, at, limits, maxrec).await
    }

    async fn send(&self, request: Request, guard: &Guard) -> Result<Response, Error> {
        send(&self.http, &self.base, request, self.token.as_ref(), &self.options.redirects, guard).await
    }

    /// Gets a VOSI document and reads it in a blocking thread while it arrives.
    async fn document<T, F>(&self, url: Url, document: Document, read: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Doc<BodyReader>) -> Result<T, Trouble> + Send + 'static,
    {
        let cancel = CancellationToken::new();
        let _on_drop = cancel.clone().drop_guard();
        let guard = Guard::new(self.options.timeouts, cancel);
        let response = self.send(Request { url, form: None }, &guard).await?;
        let at = place(response.url());
        let limits = &self.options.limits;
        if !response.status().is_success() {
            return Err(read_refusal(response, &at, limits, &guard, false).await);
        }
        let status = response.status().as_u16();
        let mut body = Body::new(response, limits.max_metadata_bytes);
        let kind = body.sniff(&guard).await.map_err(|stop| stop.into_error(&at, 0))?;
        if !matches!(kind, Kind::Xml(_)) {
            return Err(read_wrong_kind(kind, body, status, &at, limits, &guard).await);
        }
        let (reader, flow) = body.flow(guard);
        let parsed = tokio::task::spawn_blocking(move || read(&mut Doc::new(reader))).await;
        let Ok(parsed) = parsed else { return Err(Error::Interrupted { rows: 0 }) };
        parsed.map_err(|trouble| match flow.take_stop() {
            Some(stop) => stop.into_error(&at, 0),
            None => Error::BadDocument {
                document,
                place: at,
                reason: clean(&trouble.to_string(), limits.max_message_chars),
            },
        })
    }

    /// The base address with path segments after it, its query string kept.
    fn endpoint(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}
