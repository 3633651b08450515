//! The control plane, tokens for it, and sites configured for it.

use crate::support::servers::Server;
use openstack::{Cloud, Credentials, SecretString, Session, Settings};
use serde_json::Value;
use skyport::clock::Clock;
use skyport::config::Secret;
use skyport::config::servers::OpenStackConfig;
use skyport::providers::openstack::OpenStackSite;
use skyport::providers::{Access, Fault, Handle, Machine, Offer, Phase, Reason, Seen, Site as _, Wish};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

pub const ALPHA: &str = "vo.alpha.example";
pub const BETA: &str = "vo.beta.example";

pub struct Bed(Server);

/// Never dropped: it stops when its standard input closes with this process.
static BED: LazyLock<Bed> = LazyLock::new(|| Bed(Server::start("openstack", &[])));

pub fn bed() -> &'static Bed {
    &BED
}

impl Bed {
    pub fn word(&self, pointer: &str) -> &str {
        self.0.ready.pointer(pointer).and_then(Value::as_str).unwrap()
    }

    /// The control plane as a site, changed.
    pub fn site(&self, change: impl FnOnce(&mut OpenStackConfig)) -> OpenStackSite {
        let config =
            serde_json::json!({"title": "Test", "keystone": self.word("/keystone"), "private_network": true});
        let mut config: OpenStackConfig = serde_json::from_value(config).unwrap();
        change(&mut config);
        OpenStackSite::new("test", &config, Clock::system()).unwrap()
    }

    /// What the control plane itself says, past the portal's own code of sites.
    pub async fn session(&self, access: &Access) -> Session {
        let Access::Token(token) = access else { panic!("a token") };
        let mut settings = Settings::new(self.word("/keystone").parse().unwrap());
        (settings.allow_http, settings.allow_private_addresses) = (true, true);
        let credentials = Credentials::OidcToken {
            token: SecretString::from(token.expose()),
            identity_provider: "egi.eu".to_owned(),
            protocols: vec!["openid".to_owned(), "oidc".to_owned()],
        };
        let me = Cloud::new(settings).unwrap().sign_in(&credentials).await.unwrap();
        let projects = me.projects().await.unwrap();
        me.session(&projects[0].id).await.unwrap()
    }

    pub fn token(&self, subject: &str, vo: &str, more: &[&str]) -> Access {
        self.token_of(subject, &[vo], more)
    }

    /// An access token of the test issuer.
    pub fn token_of(&self, subject: &str, vos: &[&str], more: &[&str]) -> Access {
        let words: Vec<&str> =
            self.0.ready["mint"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
        let entitlements = vos.iter().map(|vo| self.word("/entitlement").replace("{vo}", vo));
        let out = Command::new(words[0])
            .args(&words[1..])
            .arg(subject)
            .args(entitlements)
            .args(more)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        Access::Token(Secret::new(String::from_utf8(out.stdout).unwrap().trim()))
    }
}

/// The smallest machine that the offer has.
pub fn wish(offer: &Offer, name: &str) -> Wish {
    let image = offer.images.iter().find(|i| i.title == "paper-linux").unwrap();
    let flavor = offer.sizes.iter().find(|f| f.title == "tiny").unwrap();
    let id = name
        .bytes()
        .fold(u64::from(std::process::id()), |n, b| n.wrapping_mul(31).wrapping_add(u64::from(b)));
    Wish {
        server: format!("00000000-0000-4000-8000-{:012x}", id & 0xffff_ffff_ffff),
        name: name.to_owned(),
        image: image.id.clone(),
        flavor: flavor.id.clone(),
        size: flavor.size,
        public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPIoCxSRvkTRNQ3KbjYJ3Fr/1sWvyBYoGIkQYpHXKzp a@b"
            .to_owned(),
        user_data: Some("#cloud-config\n{}\n".to_owned()),
        network: None,
        labels: BTreeMap::from([("owner".to_owned(), "u1".to_owned())]),
    }
}

/// Looks until it sees what it wants; two minutes are beyond all that a busy machine needs.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_mins(2);
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "never seen: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub async fn there(site: &OpenStackSite, access: &Access, handle: &Handle) -> Machine {
    match site.look(access, handle).await.unwrap() {
        Seen::There(machine) => machine,
        Seen::Gone => panic!("it is gone"),
    }
}

pub async fn running(site: &OpenStackSite, access: &Access, handle: &Handle) {
    until("running", async || match there(site, access, handle).await.phase {
        Phase::Running { booted: true } => Some(()),
        Phase::Failed { words } => panic!("{words}"),
        _ => None,
    })
    .await;
}

pub async fn gone(site: &OpenStackSite, access: &Access, handle: &Handle) {
    until("its end", async || matches!(site.look(access, handle).await.unwrap(), Seen::Gone).then_some(()))
        .await;
}

#[track_caller]
pub fn reason<T>(result: Result<T, Fault>) -> Reason {
    match result {
        Ok(_) => panic!("it was done"),
        Err(fault) => fault.reason,
    }
}

pub fn never<T>() -> Option<T> {
    panic!("a site with a public network gave no address")
}
