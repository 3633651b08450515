//! One HTTP exchange: where it may go, how long it may take and how long its answer may be. No redirect is followed.

use std::sync::Arc;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::address::{OnlyPrivate, Policy, Resolver};
use crate::fault::{Fault, Reason, Thing, read};
use crate::words::{clean, short};
use crate::{Microversion, Refusal, Service, Settings, SetupError};

/// What a call is about: what its refusal means, and whether it may have changed something when its answer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Federation,
    SignIn,
    Scope,
    /// Putting a key there; a repetition finds it, so a lost answer is no riddle.
    MakeKey,
    Read(Thing),
    Change(Thing),
}

impl Purpose {
    pub(crate) fn changes(self) -> bool {
        matches!(self, Self::Change(_))
    }

    pub(crate) fn thing(self) -> Thing {
        match self {
            Self::Federation | Self::SignIn => Thing::Page,
            Self::Scope => Thing::Project,
            Self::MakeKey => Thing::KeyPair,
            Self::Read(thing) | Self::Change(thing) => thing,
        }
    }
}

/// A request.
pub(crate) struct Ask<'a> {
    pub(crate) service: Service,
    pub(crate) purpose: Purpose,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) token: Option<&'a SecretString>,
    pub(crate) bearer: Option<&'a SecretString>,
    /// The token that is spoken about.
    pub(crate) subject: Option<&'a SecretString>,
    pub(crate) microversion: Option<Microversion>,
    pub(crate) request_id: Option<String>,
    pub(crate) body: Option<Value>,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(service: Service, purpose: Purpose, method: Method, url: Url) -> Self {
        Self {
            service,
            purpose,
            method,
            url,
            token: None,
            bearer: None,
            subject: None,
            microversion: None,
            request_id: None,
            body: None,
        }
    }

    pub(crate) fn token(mut self, token: &'a SecretString) -> Self {
        self.token = Some(token);
        self
    }

    pub(crate) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
}

/// A whole answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) purpose: Purpose,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// Reads the body; one that cannot be read leaves open what was done.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|_| self.unreadable())
    }

    pub(crate) fn unreadable(&self) -> Fault {
        Fault::new(if self.purpose.changes() { Reason::OutcomeUnknown } else { Reason::Unreadable })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Wire {
    http: reqwest::Client,
    policy: Arc<Policy>,
    settings: Arc<Settings>,
}

impl Wire {
    pub(crate) fn new(settings: Arc<Settings>) -> Result<Self, SetupError> {
        let mut builder = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            // A proxy would resolve names for us, past the rules about addresses.
            .no_proxy()
            .gzip(true)
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            .dns_resolver(Arc::new(Resolver { allow_private: settings.allow_private_addresses }));
        if let Some(path) = &settings.ca_bundle {
            let pem =
                std::fs::read(path).map_err(|source| SetupError::Bundle { path: path.clone(), source })?;
            let refuse = |source| SetupError::Certificates { path: path.clone(), source };
            let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| refuse(Some(e)))?;
            if found.is_empty() {
                return Err(refuse(None));
            }
            for certificate in found {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let http = builder.build().map_err(|source| SetupError::Http { source })?;
        Ok(Self { http, policy: Arc::new(Policy::new(&settings)), settings })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn judge(&self, url: &Url) -> Result<(), Refusal> {
        self.policy.judge(url)
    }

    /// Sends and reads the whole answer; anything but success is a fault.
    pub(crate) async fn send(&self, ask: Ask<'_>) -> Result<Reply, Fault> {
        let (service, purpose) = (ask.service, ask.purpose);
        let reply = self.exchange(ask).await?;
        match reply.status {
            // 300, "multiple choices", is how Nova, Glance and Keystone list their versions.
            200..=300 => Ok(reply),
            301 | 302 | 303 | 307 | 308 => {
                let to = reply.header(LOCATION.as_str()).unwrap_or("nowhere");
                let to = to.split(['?', '#']).next().unwrap_or_default();
                Err(Reason::Redirected { to: clean(to) }.into())
            }
            _ => Err(read::read(service, purpose, &reply)),
        }
    }

    async fn exchange(&self, ask: Ask<'_>) -> Result<Reply, Fault> {
        let purpose = ask.purpose;
        let host = short(ask.url.host_str().unwrap_or_default());
        self.policy
            .judge(&ask.url)
            .map_err(|why| Fault::new(Reason::EndpointForbidden { host: host.clone(), why }))?;
        let deadline = Instant::now() + self.settings.total_timeout;
        let lost = || {
            if purpose.changes() { Reason::OutcomeUnknown } else { Reason::Unavailable { after: None } }
        };
        let request = self.request(ask)?;
        let sent = tokio::time::timeout_at(deadline, self.http.execute(request)).await;
        let mut response = match sent {
            Err(_) => return Err(lost().into()),
            Ok(Err(e)) if e.is_connect() => return Err(unconnected(e, host)),
            Ok(Err(e)) => return Err(Fault::network(lost(), e)),
            Ok(Ok(response)) => response,
        };
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        loop {
            match tokio::time::timeout_at(deadline, response.chunk()).await {
                Err(_) => return Err(lost().into()),
                // A refusal is a refusal, even if the rest of its words is lost.
                Ok(Err(_)) if (400..500).contains(&status) => break,
                Ok(Err(e)) => return Err(Fault::network(lost(), e)),
                Ok(Ok(None)) => break,
                Ok(Ok(Some(chunk))) if body.len() + chunk.len() > self.settings.max_body => {
                    let refused = (400..500).contains(&status);
                    if refused {
                        break;
                    }
                    return Err(
                        if purpose.changes() { Reason::OutcomeUnknown } else { Reason::TooLong }.into()
                    );
                }
                Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            }
        }
        Ok(Reply { status, headers, body, purpose })
    }

    fn request(&self, ask: Ask<'_>) -> Result<reqwest::Request, Fault> {
        let secret = |prefix: &str, value: &SecretString| {
            let mut value = HeaderValue::from_str(&format!("{prefix}{}", value.expose_secret()))
                .map_err(|_| Fault::new(Reason::SignInRefused))?;
            value.set_sensitive(true);
            Ok::<_, Fault>(value)
        };
        let mut builder = self.http.request(ask.method, ask.url).header(ACCEPT, "application/json");
        if let Some(token) = ask.token {
            builder = builder.header("X-Auth-Token", secret("", token)?);
        }
        if let Some(subject) = ask.subject {
            builder = builder.header("X-Subject-Token", secret("", subject)?);
        }
        if let Some(bearer) = ask.bearer {
            builder = builder.header(AUTHORIZATION, secret("Bearer ", bearer)?);
        }
        if let Some(version) = ask.microversion {
            // The second is how it was called up to 2.26.
            builder = builder
                .header("OpenStack-API-Version", format!("compute {version}"))
                .header("X-OpenStack-Nova-API-Version", version.to_string());
        }
        if let Some(id) = ask.request_id {
            builder = builder.header("X-OpenStack-Request-Id", id);
        }
        if let Some(body) = ask.body {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        builder.build().map_err(|e| Fault::network(Reason::BadRequest, e))
    }
}

/// No connection, so nothing was sent: because the name leads where we do not go, nobody we trust is there, or nobody at all.
fn unconnected(error: reqwest::Error, host: String) -> Fault {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(e) = cause {
        if e.is::<OnlyPrivate>() {
            return Reason::EndpointForbidden { host, why: Refusal::Private }.into();
        }
        // The type is rustls' and does not come through hyper under a name of its own.
        if e.to_string().contains("invalid peer certificate") {
            return Fault::network(Reason::Untrusted { host }, error);
        }
        cause = e.source();
    }
    Fault::network(Reason::Unreachable { host }, error)
}
