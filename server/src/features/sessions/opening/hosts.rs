//! The names under which sessions answer, and whose a request is by its `Host`.

use crate::config::Config;
use http::Request;
use http::header::HOST;
use url::Url;

/// An id has this many letters (see [`crate::ids::new_id`]).
const ID_LETTERS: usize = 24;

/// Whose a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum House {
    /// The portal's.
    Portal,
    /// That of the session with this id, whether there is one or not.
    Session(String),
    /// It is under the sessions' domain, and the name is no session's id.
    Nobody,
    /// It names several hosts (RFC 9112, section 3.2), one of them under the sessions' domain.
    Unclear,
}

/// The names of sessions.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    scheme: &'static str,
    /// With a dot in front.
    suffix: String,
    port: Option<u16>,
    portal: String,
    portal_origins: Vec<String>,
}

impl Hosts {
    /// As configured, for a portal at this address; none where it has no name to open sessions under.
    pub(super) fn new(config: &Config, origin: &str) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        let secure = url.scheme() == "https";
        let domain = match config.sessions.domain.as_str() {
            "" if secure => return None,
            // Plain http is for loopback alone.
            "" => "localhost",
            domain => domain,
        };
        let portal = url.host_str()?.trim_end_matches('.').to_owned();
        let mut portal_origins = vec![url.origin().ascii_serialization()];
        if !secure {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            let here = ["localhost", "127.0.0.1", "[::1]"];
            portal_origins.extend(here.map(|name| format!("http://{name}{port}")));
        }
        let scheme = if secure { "https" } else { "http" };
        Some(Self { scheme, suffix: format!(".{domain}"), port: url.port(), portal, portal_origins })
    }

    /// The origin of a session.
    pub(super) fn origin(&self, session: &str) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{session}{}{port}", self.scheme, self.suffix)
    }

    /// Whether an `Origin` is the portal's.
    pub(super) fn is_portal(&self, origin: &str) -> bool {
        self.portal_origins.iter().any(|ours| ours == origin)
    }

    /// Whose a request is. The target's host and `Host` must agree where one of them is a session's.
    pub(super) fn house<B>(&self, request: &Request<B>) -> House {
        let target = request.uri().authority().map(|authority| authority.as_str().as_bytes());
        let fields = request.headers().get_all(HOST).iter().map(http::HeaderValue::as_bytes);
        let mut names = target.into_iter().chain(fields);
        let Some(first) = names.next() else { return House::Portal };
        let others: Vec<&[u8]> = names.filter(|name| !name.eq_ignore_ascii_case(first)).collect();
        let house = self.house_of(first);
        if house == House::Portal && others.iter().all(|name| self.house_of(name) == House::Portal) {
            return House::Portal;
        }
        let several_fields = request.headers().get_all(HOST).iter().nth(1).is_some();
        if others.is_empty() && !several_fields { house } else { House::Unclear }
    }

    fn house_of(&self, host: &[u8]) -> House {
        let suffix = self.suffix.as_bytes();
        let name = without_port(host);
        let name = name.strip_suffix(b".").unwrap_or(name);
        let beneath =
            name.len().checked_sub(suffix.len()).filter(|at| name[*at..].eq_ignore_ascii_case(suffix));
        let Some(at) = beneath else { return House::Portal };
        if name.eq_ignore_ascii_case(self.portal.as_bytes()) {
            return House::Portal;
        }
        match std::str::from_utf8(&name[..at]).map(str::to_ascii_lowercase) {
            Ok(id) if is_id(&id) => House::Session(id),
            _ => House::Nobody,
        }
    }
}

/// Whether it has the form of an id.
fn is_id(text: &str) -> bool {
    text.len() == ID_LETTERS && text.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'9').contains(&b))
}

fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(at) if host[at + 1..].iter().all(u8::is_ascii_digit) => &host[..at],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::{Hosts, House};
    use crate::config::Config;
    use http::Request;

    const ID: &str = "abcdefghijkmnpqrstuvwx23";

    fn hosts(origin: &str, domain: &str) -> Option<Hosts> {
        let mut config = Config::default();
        domain.clone_into(&mut config.sessions.domain);
        Hosts::new(&config, origin)
    }

    fn house(hosts: &Hosts, target: &str, fields: &[&str]) -> House {
        let mut request = Request::builder().uri(target);
        for field in fields {
            request = request.header("host", *field);
        }
        hosts.house(&request.body(()).unwrap())
    }

    #[test]
    fn an_origin_for_each_session() {
        let here = hosts("http://127.0.0.1:8080", "").unwrap();
        assert_eq!(here.origin(ID), format!("http://{ID}.localhost:8080"));
        assert!(here.is_portal("http://127.0.0.1:8080") && here.is_portal("http://localhost:8080"));
        assert!(!here.is_portal("http://localhost") && !here.is_portal("null"));
        let there = hosts("https://portal.example.org", "sessions.example.org").unwrap();
        assert_eq!(there.origin(ID), format!("https://{ID}.sessions.example.org"));
        assert!(there.is_portal("https://portal.example.org") && !there.is_portal("https://localhost"));
        assert!(hosts("https://portal.example.org", "").is_none(), "a portal for others has no localhost");
    }

    #[test]
    fn a_name_in_all_its_spellings() {
        let hosts = hosts("https://portal.example.org", "sessions.example.org").unwrap();
        let ours = House::Session(ID.to_owned());
        for host in [
            format!("{ID}.sessions.example.org"),
            format!("{ID}.sessions.example.org:443"),
            format!("{ID}.sessions.example.org."),
            format!("{ID}.Sessions.EXAMPLE.org.:8443"),
            format!("{}.sessions.example.org", ID.to_uppercase()),
        ] {
            assert_eq!(house(&hosts, "/", &[&host]), ours, "{host}");
            assert_eq!(house(&hosts, &format!("http://{host}/a"), &[]), ours, "{host} in the target");
            assert_eq!(house(&hosts, &format!("http://{host}/a"), &[&host]), ours, "{host} in both");
        }
        for host in [
            "",
            "portal.example.org",
            "sessions.example.org",
            "127.0.0.1:8080",
            "[::1]:80",
            "evilsessions.example.org",
        ] {
            assert_eq!(house(&hosts, "/", &[host]), House::Portal, "{host}");
        }
        assert_eq!(house(&hosts, "/", &[]), House::Portal);
        for host in
            ["x.sessions.example.org", ".sessions.example.org", &format!("a.{ID}.sessions.example.org")]
        {
            assert_eq!(house(&hosts, "/", &[host]), House::Nobody, "{host}");
        }
    }

    #[test]
    fn two_hosts_are_nobodys() {
        let hosts = hosts("https://portal.example.org", "sessions.example.org").unwrap();
        let ours = format!("{ID}.sessions.example.org");
        let target = format!("http://{ours}/");
        for (target, fields) in [
            (target.as_str(), vec!["portal.example.org"]),
            ("http://portal.example.org/", vec![&*ours]),
            ("/", vec![&*ours, "portal.example.org"]),
            ("/", vec!["portal.example.org", &*ours]),
            ("/", vec![&*ours, &*ours]),
        ] {
            assert_eq!(house(&hosts, target, &fields), House::Unclear, "{target} {fields:?}");
        }
    }

    #[test]
    fn a_portal_beneath_localhost_keeps_its_own_name() {
        let hosts = hosts("http://skyport.localhost:8080", "").unwrap();
        assert_eq!(house(&hosts, "/", &["skyport.localhost:8080"]), House::Portal);
        assert_eq!(house(&hosts, "/", &[&format!("{ID}.localhost:8080")]), House::Session(ID.to_owned()));
    }
}
