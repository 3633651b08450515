//! Signing in at a site: from credentials to an unscoped token, to the projects, to a session in one of them.

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::fault::Thing;
use crate::session::Catalogue;
use crate::wire::{Ask, Purpose, Reply, Wire};
use crate::words::short;
use crate::{Credentials, Fault, Reason, Refusal, Service, Session, Settings, SetupError};

/// One site. Cheap to clone; copies share connections.
#[derive(Clone, Debug)]
pub struct Cloud {
    wire: Wire,
    keystone: Url,
}

/// A project in which a person may work (Keystone: project; Nova of old: tenant).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: String,
    /// Its name; in the EGI Federated Cloud it stands for a virtual organisation, named as each site likes.
    pub name: String,
    /// False for one that is switched off.
    pub enabled: bool,
}

/// Somebody known to the site, not yet in a project.
#[derive(Clone, Debug)]
pub struct SignedIn {
    cloud: Cloud,
    token: SecretString,
    expires_at: Timestamp,
    user_id: String,
    user_name: String,
    /// Where the credentials are bound to one.
    bound: Option<(Project, Catalogue)>,
}

impl Cloud {
    /// Nothing is sent yet.
    pub fn new(mut settings: Settings) -> Result<Self, SetupError> {
        let label = &settings.label;
        if !(1..=16).contains(&label.len())
            || !label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        {
            return Err(SetupError::Label { label: label.clone() });
        }
        let given = settings.keystone.clone();
        let keystone = keystone_address(&given).ok_or_else(|| bad_keystone(&given, Refusal::NotWeb))?;
        settings.keystone = keystone.clone();
        let wire = Wire::new(Arc::new(settings))?;
        wire.judge(&keystone).map_err(|why| bad_keystone(&given, why))?;
        Ok(Self { wire, keystone })
    }

    /// Keystone's address, ending in `/v3`.
    pub fn keystone(&self) -> &Url {
        &self.keystone
    }

    /// Whether Keystone answers as it should; for checking a configuration.
    pub async fn check(&self) -> Result<(), Fault> {
        let ask = Ask::new(Service::Identity, Purpose::Read(Thing::Page), Method::GET, self.keystone.clone());
        let reply = self.wire.send(ask).await?;
        let body: Value = reply.json()?;
        let id = body.pointer("/version/id").and_then(Value::as_str).unwrap_or_default();
        if id.starts_with("v3") { Ok(()) } else { Err(Reason::Unreadable.into()) }
    }

    /// Trades credentials for a token of the site (Identity API v3, "Authentication and token management"; OS-FEDERATION,
    /// "Request an unscoped token"). Of several protocols the first that is offered counts.
    pub async fn sign_in(&self, credentials: &Credentials) -> Result<SignedIn, Fault> {
        let identity = match credentials {
            Credentials::OidcToken { token, identity_provider, protocols } => {
                return self.federate(token, identity_provider, protocols).await;
            }
            Credentials::ApplicationCredential { id, secret } => json!({
                "methods": ["application_credential"],
                "application_credential": {"id": id, "secret": secret.expose_secret()},
            }),
            Credentials::Password { user, domain, password } => json!({
                "methods": ["password"],
                "password": {"user": {"name": user, "domain": {"id": domain}, "password": password.expose_secret()}},
            }),
        };
        // Else Keystone scopes the token to the user's default project.
        let scope = match credentials {
            Credentials::Password { .. } => json!({"identity": identity, "scope": "unscoped"}),
            _ => json!({"identity": identity}),
        };
        let url = join(&self.keystone, &["auth", "tokens"]);
        let ask =
            Ask::new(Service::Identity, Purpose::SignIn, Method::POST, url).body(json!({"auth": scope}));
        self.signed_in(&self.wire.send(ask).await?)
    }

    async fn federate(
        &self,
        token: &SecretString,
        provider: &str,
        protocols: &[String],
    ) -> Result<SignedIn, Fault> {
        let mut refused: Option<Fault> = None;
        for protocol in protocols {
            let path = ["OS-FEDERATION", "identity_providers", provider, "protocols", protocol, "auth"];
            let mut ask =
                Ask::new(Service::Identity, Purpose::Federation, Method::POST, join(&self.keystone, &path));
            ask.bearer = Some(token);
            match self.wire.send(ask).await {
                Ok(reply) => return self.signed_in(&reply),
                // A site answers for a protocol that it does not have in several ways; each may be that.
                Err(fault) => match fault.reason {
                    Reason::ProtocolNotConfigured => refused = refused.or(Some(fault)),
                    Reason::SignInRefused | Reason::NotAMember => {
                        let better =
                            refused.as_ref().is_none_or(|f| f.reason == Reason::ProtocolNotConfigured);
                        if better {
                            refused = Some(fault);
                        }
                    }
                    _ => return Err(fault),
                },
            }
        }
        Err(refused.unwrap_or_else(|| Reason::ProtocolNotConfigured.into()))
    }

    fn signed_in(&self, reply: &Reply) -> Result<SignedIn, Fault> {
        let (token, body) = read_token(reply)?;
        let bound = body.project.map(|p| (Project { id: p.id, name: p.name, enabled: true }, body.catalog));
        Ok(SignedIn {
            cloud: self.clone(),
            token,
            expires_at: body.expires_at,
            user_id: body.user.id,
            user_name: body.user.name,
            bound,
        })
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }
}

impl SignedIn {
    /// The user's id at the site, which its servers carry.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The user's name at the site.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }

    /// When the token ends. A session made from it ends no later: Keystone keeps the first expiry.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The project that the credentials are bound to, as application credentials are.
    pub fn bound_to(&self) -> Option<&Project> {
        self.bound.as_ref().map(|(project, _)| project)
    }

    /// The projects that the person may work in (Identity API v3, `GET /v3/auth/projects`). None at all means that the site
    /// serves none of their virtual organisations.
    pub async fn projects(&self) -> Result<Vec<Project>, Fault> {
        #[derive(Deserialize)]
        struct Body {
            projects: Vec<RawProject>,
        }
        let url = join(&self.cloud.keystone, &["auth", "projects"]);
        let ask =
            Ask::new(Service::Identity, Purpose::Read(Thing::Project), Method::GET, url).token(&self.token);
        let body: Body = self.cloud.wire.send(ask).await?.json()?;
        let mut projects: Vec<Project> = body
            .projects
            .into_iter()
            .map(|p| Project { id: p.id, name: short(&p.name), enabled: p.enabled })
            .collect();
        projects.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(projects)
    }

    /// A session in one project.
    pub async fn session(&self, project: &str) -> Result<Session, Fault> {
        if let Some((bound, catalogue)) = &self.bound {
            if bound.id != project {
                return Err(Reason::ProjectNotYours.into());
            }
            return Session::new(
                &self.cloud,
                self.token.clone(),
                self.expires_at,
                &self.user_id,
                bound,
                catalogue,
            );
        }
        let url = join(&self.cloud.keystone, &["auth", "tokens"]);
        let body = json!({"auth": {
            "identity": {"methods": ["token"], "token": {"id": self.token.expose_secret()}},
            "scope": {"project": {"id": project}},
        }});
        let ask = Ask::new(Service::Identity, Purpose::Scope, Method::POST, url).body(body);
        let reply = match self.cloud.wire.send(ask).await {
            // 404 is a token that ended; 401 is that too at some sites, and at all of them a project that is not ours.
            Err(fault) if fault.status() == Some(401) && self.projects().await.is_ok() => {
                return Err(fault.with(Reason::ProjectNotYours));
            }
            other => other?,
        };
        let (token, body) = read_token(&reply)?;
        let Some(found) = body.project else { return Err(reply.unreadable()) };
        let found = Project { id: found.id, name: short(&found.name), enabled: true };
        let expires_at = body.expires_at.min(self.expires_at);
        Session::new(&self.cloud, token, expires_at, &body.user.id, &found, &body.catalog)
    }

    /// Tells Keystone that the token is not needed any more. Other services may accept it some minutes longer.
    pub async fn sign_out(self) -> Result<(), Fault> {
        revoke(&self.cloud, &self.token).await
    }
}

/// `DELETE /v3/auth/tokens`; one that has ended is fine.
pub(crate) async fn revoke(cloud: &Cloud, token: &SecretString) -> Result<(), Fault> {
    let url = join(&cloud.keystone, &["auth", "tokens"]);
    let mut ask = Ask::new(Service::Identity, Purpose::Scope, Method::DELETE, url).token(token);
    ask.subject = Some(token);
    match cloud.wire.send(ask).await {
        Err(fault) if fault.reason != Reason::TokenExpired => Err(fault),
        _ => Ok(()),
    }
}

#[derive(Deserialize)]
struct RawProject {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct TokenBody {
    token: RawToken,
}

#[derive(Deserialize)]
struct RawToken {
    #[serde(deserialize_with = "timestamp")]
    expires_at: Timestamp,
    user: RawUser,
    #[serde(default)]
    project: Option<RawProject>,
    #[serde(default)]
    catalog: Catalogue,
}

#[derive(Deserialize)]
struct RawUser {
    id: String,
    #[serde(default)]
    name: String,
}

fn timestamp<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn read_token(reply: &Reply) -> Result<(SecretString, RawToken), Fault> {
    let token =
        reply.header("x-subject-token").filter(|t| !t.is_empty()).ok_or_else(|| reply.unreadable())?;
    let body: TokenBody = reply.json()?;
    Ok((SecretString::from(token), body.token))
}

/// With `/v3` at its end and nothing after it (keystoneauth1, `federated_token_url`).
fn keystone_address(given: &Url) -> Option<Url> {
    let mut url = given.clone();
    url.set_query(None);
    url.set_fragment(None);
    let mut segments: Vec<String> =
        url.path_segments()?.filter(|s| !s.is_empty()).map(str::to_owned).collect();
    if segments.last().is_none_or(|last| last != "v3") {
        segments.push("v3".to_owned());
    }
    url.path_segments_mut().ok()?.clear().extend(segments);
    Some(url)
}

fn bad_keystone(given: &Url, reason: Refusal) -> SetupError {
    let mut shown = given.clone();
    shown.set_query(None);
    // Both fail only for addresses that cannot carry them.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    SetupError::Keystone { address: short(shown.as_str()), reason }
}

/// An address with path segments after it, each encoded.
pub(crate) fn join(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}
