//! From a refusal's status and body to its reason. Nova tells most of its refusals apart only by their words, so they are
//! looked for as they are written since 2014 (nova/exception.py); what is not recognised keeps a general reason.

use std::time::Duration;

use serde_json::Value;

use super::{Fault, Reason, Resource, Said, Shortage, Thing};
use crate::Service;
use crate::wire::{Purpose, Reply};
use crate::words::clean;

/// What a refusal's body says, whichever shape it has.
struct Words {
    /// Neutron's name of the exception; for others empty.
    kind: String,
    /// For people.
    text: String,
    /// Whether it was the service's own JSON.
    json: bool,
}

pub(crate) fn read(service: Service, purpose: Purpose, reply: &Reply) -> Fault {
    let words = Words::read(&reply.body);
    let reason = match reply.status {
        413 | 429 => Reason::RateLimited { after: reply.retry_after() },
        501 => Reason::NotOffered,
        500.. if purpose.changes() => Reason::OutcomeUnknown,
        500.. => Reason::Unavailable { after: reply.retry_after() },
        406 => Reason::Microversion,
        status => match service {
            Service::Identity => identity(status, purpose, &words),
            Service::Network => network(status, purpose, &words),
            Service::Compute => compute(status, purpose, &words),
            Service::Image | Service::CloudInfo => general(status, purpose),
        },
    };
    let said =
        Said { service, status: reply.status, words: clean(&words.text), request_id: reply.request_id() };
    Fault::said(reason, said)
}

fn general(status: u16, purpose: Purpose) -> Reason {
    match status {
        401 => Reason::TokenExpired,
        403 => Reason::Denied,
        404 | 410 => Reason::NotFound(purpose.thing()),
        408 => Reason::Unavailable { after: None },
        409 => Reason::Conflict,
        _ => Reason::BadRequest,
    }
}

/// Keystone: `keystone/api/os_federation.py`, and `mod_auth_openidc` before it, which answers in HTML.
fn identity(status: u16, purpose: Purpose, words: &Words) -> Reason {
    match (purpose, status) {
        (Purpose::Federation, 404) => Reason::ProtocolNotConfigured,
        (Purpose::Federation, 401) if words.text.contains("unsupported method") => {
            Reason::ProtocolNotConfigured
        }
        // Keystone's own JSON means that the token was good and no rule of the mapping fitted.
        (Purpose::Federation, 401 | 403) if words.json => Reason::NotAMember,
        (Purpose::Federation | Purpose::SignIn, 400 | 401 | 403) => Reason::SignInRefused,
        // Keystone does not recognise a token at all: 404 for one in the body, 401 for one in the header.
        (Purpose::Scope, 401 | 404) => Reason::TokenExpired,
        _ => general(status, purpose),
    }
}

fn compute(status: u16, purpose: Purpose, words: &Words) -> Reason {
    let has = |text: &str| words.text.contains(text);
    match status {
        403 => match shortages(&words.text) {
            Some(short) => Reason::Quota(short),
            None if has("external network") => Reason::ExternalNetwork,
            None => Reason::Denied,
        },
        400 if has("key_name") => Reason::UnknownKey,
        400 if has("Keypair data is invalid") && has("name") && !has("fingerprint") => Reason::BadName,
        400 if has("Keypair data is invalid") => Reason::BadKey,
        400 if has("disk is too small") || has("disk is smaller") => Reason::DiskTooSmall,
        400 if has("memory is too small") => Reason::MemoryTooSmall,
        400 if has("user_data") || has("User data") => Reason::BadUserData,
        400 if has("Unable to automatically allocate") => Reason::NoNetwork,
        400 if has("Unavailable console type") => Reason::NotOffered,
        400 if has("Security group") => Reason::UnknownSecurityGroup,
        400 if has("Flavor") && (has("could not be found") || has("cannot be found")) => {
            Reason::UnknownFlavor
        }
        400 if has("image") && (has("not find") || has("not be found") || has("is unacceptable")) => {
            Reason::UnknownImage
        }
        400 if has("Image") && has("could not be found") => Reason::UnknownImage,
        400 if has("Network") && has("could not be found") => Reason::UnknownNetwork,
        400 if has("external network") => Reason::ExternalNetwork,
        400 if purpose == Purpose::MakeKey && has("for field/attribute name") => Reason::BadName,
        409 if purpose == Purpose::MakeKey => Reason::KeyNameTaken,
        409 if has("Multiple possible networks") => Reason::NetworkAmbiguous,
        409 if has("Multiple security groups") || has("security group") && has("matching") => {
            Reason::SecurityGroupAmbiguous
        }
        409 if has("is locked") => Reason::Locked,
        409 if has("while it is in") || has("Cannot '") => Reason::WrongState,
        _ => general(status, purpose),
    }
}

fn network(status: u16, purpose: Purpose, words: &Words) -> Reason {
    match words.kind.as_str() {
        "OverQuota" => Reason::Quota(over_quota(&words.text)),
        "ExternalIpAddressExhausted" | "IpAddressGenerationFailure" => Reason::PoolEmpty,
        "ExternalGatewayForFloatingIPNotFound" => Reason::NoRouter,
        "FloatingIPPortAlreadyAssociated" => Reason::AlreadyAssociated,
        "NetworkNotFound" => Reason::UnknownNetwork,
        "PortNotFound" => Reason::NotFound(Thing::Port),
        _ => general(status, purpose),
    }
}

/// `TooManyInstances`: "Quota exceeded for cores, ram: Requested 8, 16384, but already used 16, 32768 of 20, 51200 cores, ram".
fn shortages(text: &str) -> Option<Vec<Shortage>> {
    let (_, rest) = text.split_once("Quota exceeded")?;
    let parsed = rest.strip_prefix(" for ").and_then(|rest| {
        let (names, rest) = rest.split_once(": Requested ")?;
        let (requested, rest) = rest.split_once(", but already used ")?;
        let (used, rest) = rest.split_once(" of ")?;
        Some((names, numbers(requested), numbers(used), numbers(rest)))
    });
    let Some((names, requested, used, limit)) = parsed else {
        let resource = if rest.contains("key pairs") {
            Resource::KeyPairs
        } else {
            Resource::Other("the site says more".into())
        };
        return Some(vec![Shortage { resource, requested: None, used: None, limit: None }]);
    };
    let at = |list: &[u64], i: usize| list.get(i).copied();
    let each = names.split(',').take(10).enumerate().map(|(i, name)| Shortage {
        resource: Resource::named(name.trim()),
        requested: at(&requested, i),
        used: at(&used, i),
        limit: at(&limit, i),
    });
    Some(each.collect())
}

/// The numbers at the start of a list; words end it.
fn numbers(text: &str) -> Vec<u64> {
    let words = text.split([',', ' ']).filter(|w| !w.is_empty());
    words.map_while(|word| word.parse().ok()).take(10).collect()
}

/// Neutron: `Quota exceeded for resources: ['floatingip'].`
fn over_quota(text: &str) -> Vec<Shortage> {
    let names = text.split('\'').skip(1).step_by(2).take(10);
    names
        .map(|name| Shortage { resource: Resource::named(name), requested: None, used: None, limit: None })
        .collect()
}

impl Words {
    fn read(body: &[u8]) -> Self {
        let Ok(Value::Object(top)) = serde_json::from_slice(body) else {
            return Self {
                kind: String::new(),
                text: String::from_utf8_lossy(body).into_owned(),
                json: false,
            };
        };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        // Glance has it at the top; the others below one name: forbidden, badRequest, error, NeutronError, ...
        if let Some(message) = text(top.get("message")) {
            return Self { kind: String::new(), text: message, json: true };
        }
        let (kind, message) = match top.values().next() {
            Some(Value::Object(inner)) => (text(inner.get("type")), text(inner.get("message"))),
            Some(Value::String(message)) => (None, Some(message.clone())),
            // Newer services: {"errors": [{"title", "detail"}]}
            Some(Value::Array(list)) => {
                let first = list.first();
                (
                    None,
                    text(first.and_then(|e| e.get("detail")))
                        .or_else(|| text(first.and_then(|e| e.get("title")))),
                )
            }
            _ => (None, None),
        };
        Self { kind: kind.unwrap_or_default(), text: message.unwrap_or_default(), json: true }
    }
}

impl Reply {
    /// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date, which counts from the answer's own `Date`.
    fn retry_after(&self) -> Option<Duration> {
        let value = self.header("retry-after")?;
        if let Ok(seconds) = value.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(value).ok()?;
        let sent = httpdate::parse_http_date(self.header("date")?).ok()?;
        Some(until.duration_since(sent).unwrap_or_default())
    }

    fn request_id(&self) -> Option<String> {
        let names = ["x-openstack-request-id", "x-compute-request-id"];
        names.iter().find_map(|name| self.header(name)).map(crate::words::short)
    }
}
