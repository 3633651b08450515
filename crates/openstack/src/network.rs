//! Neutron: networks, ports, security groups, and what may be had of them.

use std::net::IpAddr;

use serde::Deserialize;
use url::Url;

use crate::fault::Thing;
use crate::pages::Pages;
use crate::words::short;
use crate::{Fault, Quota, Reason, Service, Session};

pub(crate) mod floating;

/// A network that the project sees (Networking API v2, "Networks").
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent, and so are they in Neutron")]
pub struct Network {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether floating addresses come from it. Servers may or may not be put into it: sites differ.
    pub external: bool,
    /// Whether it is shared by several projects.
    pub shared: bool,
    /// Whether it is the project's own.
    pub own: bool,
    /// Whether it works: status ACTIVE.
    pub active: bool,
}

/// A network port of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its id.
    pub id: String,
    /// Its network's id.
    pub network: String,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
}

/// A security group: what traffic reaches a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its id.
    pub id: String,
    /// Its name; not unique.
    pub name: String,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// One rule of a security group; a group allows what any of its rules allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether it is about traffic to the server.
    pub ingress: bool,
    /// `IPv4` or `IPv6`.
    pub family: String,
    /// `tcp`, `udp`, `icmp`, a number; none means all.
    pub protocol: Option<String>,
    /// First and last port; none means all.
    pub ports: Option<(u16, u16)>,
    /// From or to which addresses; none means all, unless it is about another group.
    pub remote: Option<String>,
    /// From or to the members of which group.
    pub remote_group: Option<String>,
}

/// The project's limits in Neutron.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkQuota {
    /// Floating addresses.
    pub floating_addresses: Quota,
    /// Ports.
    pub ports: Quota,
    /// Security groups.
    pub security_groups: Quota,
}

impl SecurityGroup {
    /// Whether it lets anybody in at a TCP port over IPv4: 22 is what ssh needs.
    pub fn admits_tcp(&self, port: u16) -> bool {
        self.rules.iter().any(|rule| {
            rule.ingress
                && rule.family == "IPv4"
                && rule.remote_group.is_none()
                && rule.remote.as_deref().is_none_or(|r| r == "0.0.0.0/0")
                && rule.protocol.as_deref().is_none_or(|p| matches!(p, "tcp" | "6" | "any" | "0"))
                && rule.ports.is_none_or(|(first, last)| (first..=last).contains(&port))
        })
    }
}

#[derive(Deserialize)]
struct RawNetwork {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(rename = "router:external", default)]
    external: bool,
    #[serde(default)]
    shared: bool,
    #[serde(default)]
    project_id: Option<String>,
    #[serde(default)]
    tenant_id: Option<String>,
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct RawPort {
    id: String,
    network_id: String,
    #[serde(default)]
    fixed_ips: Vec<FixedIp>,
}

#[derive(Deserialize)]
struct FixedIp {
    ip_address: String,
}

#[derive(Deserialize)]
struct RawGroup {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    security_group_rules: Vec<RawRule>,
}

#[derive(Deserialize)]
struct RawRule {
    direction: String,
    #[serde(default)]
    ethertype: String,
    #[serde(default)]
    protocol: Option<String>,
    #[serde(default)]
    port_range_min: Option<u16>,
    #[serde(default)]
    port_range_max: Option<u16>,
    #[serde(default)]
    remote_ip_prefix: Option<String>,
    #[serde(default)]
    remote_group_id: Option<String>,
}

#[derive(Deserialize)]
struct QuotaBody {
    quota: RawQuota,
}

#[derive(Deserialize)]
struct RawQuota {
    floatingip: RawDetail,
    port: RawDetail,
    security_group: RawDetail,
}

#[derive(Deserialize)]
struct RawDetail {
    limit: i64,
    #[serde(default)]
    used: i64,
    #[serde(default)]
    reserved: i64,
}

impl From<RawDetail> for Quota {
    fn from(raw: RawDetail) -> Self {
        Self::from_signed(Some(raw.used + raw.reserved), raw.limit)
    }
}

impl Session {
    /// The networks that the project sees, external ones included, by name.
    pub async fn networks(&self) -> Result<Vec<Network>, Fault> {
        #[derive(Deserialize)]
        struct Page {
            networks: Vec<RawNetwork>,
            #[serde(default)]
            networks_links: Vec<Link>,
        }
        let mut pages = Pages::new();
        let base = self.neutron(&["networks"], &[])?;
        while let Some(url) = pages.next(base.clone(), Some(500))? {
            let page: Page = self.get(Service::Network, Thing::Network, url).await?;
            pages.add(page.networks, Link::next(&page.networks_links), |n: &RawNetwork| &n.id);
        }
        let mut networks: Vec<Network> = pages
            .into_items()
            .into_iter()
            .map(|n| Network {
                own: n.project_id.or(n.tenant_id).as_deref() == Some(self.project().id.as_str()),
                id: n.id,
                name: short(&n.name),
                external: n.external,
                shared: n.shared,
                active: n.status == "ACTIVE",
            })
            .collect();
        networks.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(networks)
    }

    /// The ports of a server, those with an address first.
    pub async fn ports(&self, server: &str) -> Result<Vec<Port>, Fault> {
        #[derive(Deserialize)]
        struct Body {
            ports: Vec<RawPort>,
        }
        let url = self.neutron(&["ports"], &[("device_id", server)])?;
        let body: Body = self.get(Service::Network, Thing::Port, url).await?;
        let mut ports: Vec<Port> = body
            .ports
            .into_iter()
            .map(|p| Port {
                id: p.id,
                network: p.network_id,
                addresses: p.fixed_ips.iter().filter_map(|f| f.ip_address.parse().ok()).collect(),
            })
            .collect();
        ports.sort_by_key(|p| (p.addresses.is_empty(), p.id.clone()));
        Ok(ports)
    }

    /// The project's security groups.
    pub async fn security_groups(&self) -> Result<Vec<SecurityGroup>, Fault> {
        #[derive(Deserialize)]
        struct Body {
            security_groups: Vec<RawGroup>,
        }
        let url = self.neutron(&["security-groups"], &[("project_id", &self.project().id)])?;
        let body: Body = self.get(Service::Network, Thing::SecurityGroup, url).await?;
        let group = |g: RawGroup| SecurityGroup {
            id: g.id,
            name: short(&g.name),
            rules: g.security_group_rules.into_iter().map(Rule::from).collect(),
        };
        Ok(body.security_groups.into_iter().map(group).collect())
    }

    /// The project's limits in Neutron and their use; none where the site keeps them from its users.
    pub async fn network_quota(&self) -> Result<Option<NetworkQuota>, Fault> {
        let url = self.neutron(&["quotas", &self.project().id, "details.json"], &[])?;
        match self.get::<QuotaBody>(Service::Network, Thing::Page, url).await {
            Ok(QuotaBody { quota }) => Ok(Some(NetworkQuota {
                floating_addresses: quota.floatingip.into(),
                ports: quota.port.into(),
                security_groups: quota.security_group.into(),
            })),
            Err(fault) => match fault.reason {
                Reason::Denied | Reason::NotFound(_) => Ok(None),
                _ => Err(fault),
            },
        }
    }

    pub(crate) fn neutron(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Url, Fault> {
        let mut url = self.versioned(Service::Network, "v2.0", path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }
}

/// How Neutron says that another page follows.
#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    rel: String,
}

impl Link {
    fn next(links: &[Self]) -> bool {
        links.iter().any(|l| l.rel == "next")
    }
}

impl From<RawRule> for Rule {
    fn from(raw: RawRule) -> Self {
        Self {
            ingress: raw.direction == "ingress",
            family: short(&raw.ethertype),
            protocol: raw.protocol.map(|p| short(&p)),
            ports: raw.port_range_min.map(|first| (first, raw.port_range_max.unwrap_or(first))),
            remote: raw.remote_ip_prefix.map(|r| short(&r)),
            remote_group: raw.remote_group_id,
        }
    }
}
