//! OpenStack sites from a list that others keep: from its service, else as it was last given, else from a file. A list is
//! a proposal: only sites at allowed hosts, with a project for the configured organisation, are taken.

use crate::config::Config;
use crate::config::servers::{CloudInfoConfig, OpenStackConfig};
use crate::fault::chain;
use crate::files::write_whole;
use openstack::Settings;
use openstack::cloud_info::{CloudInfo, Site, read_sites};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The portal's start waits this long for the service.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a list came to.
#[derive(Debug, Default)]
pub struct Listed {
    /// The sites that are used, by key.
    pub sites: BTreeMap<String, OpenStackConfig>,
    /// Where the list is from; none where there is none.
    pub from: Option<String>,
    /// What went wrong on the way to it, one sentence each.
    pub trouble: Vec<String>,
    /// Sites that are in it and not used, with why.
    pub left_out: Vec<String>,
}

/// Reads the configured list. `keep` says whether the service's answer is written down, for when it does not answer.
pub async fn read(config: &Config, keep: bool) -> Listed {
    let info = &config.servers.cloud_info;
    let mut listed = Listed::default();
    if !info.is_used() {
        return listed;
    }
    let kept = config.server.data_folder.join("cloud-info.json");
    let Some((from, sites)) = find(info, &kept, keep, &mut listed.trouble).await else { return listed };
    listed.from = Some(from);
    for site in sites {
        let name = site.name.clone();
        match usable(&site, config, &listed.sites) {
            Ok((key, found)) => drop(listed.sites.insert(key, found)),
            Err(why) => listed.left_out.push(format!("{name}: {why}")),
        }
    }
    listed
}

async fn find(
    info: &CloudInfoConfig,
    kept: &Path,
    keep: bool,
    trouble: &mut Vec<String>,
) -> Option<(String, Vec<Site>)> {
    if !info.url.is_empty() {
        match ask(info).await {
            Ok(sites) => {
                if keep && let Err(error) = write(kept, &sites) {
                    trouble.push(format!("{} cannot be written: {error}", kept.display()));
                }
                return Some((info.url.clone(), sites));
            }
            Err(why) => trouble.push(format!("{} gave no list: {why}", info.url)),
        }
        if kept.exists() {
            match from_file(kept) {
                Ok(sites) => return Some((format!("{}, as it was given last", info.url), sites)),
                Err(why) => trouble.push(why),
            }
        }
    }
    if info.file.as_os_str().is_empty() {
        return None;
    }
    match from_file(&info.file) {
        Ok(sites) => Some((info.file.display().to_string(), sites)),
        Err(why) => {
            trouble.push(why);
            None
        }
    }
}

async fn ask(info: &CloudInfoConfig) -> Result<Vec<Site>, String> {
    let url: url::Url = info.url.parse().map_err(|error: url::ParseError| error.to_string())?;
    let mut settings = Settings::new(url.clone());
    settings.ca_bundle = (!info.ca_file.as_os_str().is_empty()).then(|| info.ca_file.clone());
    settings.allow_http = info.private_network;
    settings.allow_private_addresses = info.private_network;
    settings.total_timeout = PATIENCE;
    concat!("skyport/", env!("CARGO_PKG_VERSION")).clone_into(&mut settings.user_agent);
    let service = CloudInfo::new(url, settings).map_err(|error| chain(&error))?;
    let sites = service.sites(Some(&info.vo)).await.map_err(|fault| chain(&fault))?;
    // One that forgot all of its sites is as good as away.
    if sites.is_empty() { Err(format!("it knows no site of {}", info.vo)) } else { Ok(sites) }
}

fn from_file(path: &Path) -> Result<Vec<Site>, String> {
    let text = std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    read_sites(&text).map_err(|error| format!("{}: {}", path.display(), chain(&error)))
}

fn write(path: &Path, sites: &[Site]) -> std::io::Result<()> {
    write_whole(path, &serde_json::to_vec_pretty(sites)?)
}

/// A site of the list as one of the configuration; or why it is not used.
fn usable(
    site: &Site,
    config: &Config,
    taken: &BTreeMap<String, OpenStackConfig>,
) -> Result<(String, OpenStackConfig), String> {
    let info = &config.servers.cloud_info;
    let key = key_of(&site.name).ok_or("its name has no letter or digit to call it by")?;
    let own = &config.servers.openstack;
    if own.contains_key(&key) || own.values().any(|own| is_same(&own.keystone, &site.url)) {
        return Err("it is configured by hand".to_owned());
    }
    if taken.contains_key(&key) {
        return Err("another site of the list is called so".to_owned());
    }
    if site.url.scheme() != "https" && !info.private_network {
        return Err(format!("its address {} is not https", site.url));
    }
    let host = site.url.host_str().unwrap_or_default();
    if !info.hosts.iter().any(|allowed| is_allowed(host, allowed)) {
        return Err(format!("its host {host} is not among servers.cloud_info.hosts"));
    }
    let project = site.projects.iter().find(|project| project.name == info.vo);
    let project = project.ok_or_else(|| format!("it has no project for {}", info.vo))?;
    let found = OpenStackConfig {
        project: project.id.clone(),
        identity_provider: info.identity_provider.clone(),
        sign_in_provider: info.sign_in_provider.clone(),
        hosts: info.hosts.clone(),
        ca_file: info.ca_file.clone(),
        private_network: info.private_network,
        ..OpenStackConfig::new(&site.name, site.url.as_str())
    };
    Ok((key, found))
}

/// A name as a key of the configuration: CESGA-CLOUD is `cesga-cloud`.
fn key_of(name: &str) -> Option<String> {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let key: String = plain.take(40).collect();
    let key = key.trim_matches('-');
    (!key.is_empty() && key != "local").then(|| key.to_owned())
}

fn is_same(one: &str, other: &url::Url) -> bool {
    let place = |url: &url::Url| (url.host_str().map(str::to_owned), url.port_or_known_default());
    one.parse().is_ok_and(|one: url::Url| place(&one) == place(other))
}

fn is_allowed(host: &str, allowed: &str) -> bool {
    let host = host.to_ascii_lowercase();
    match allowed.to_ascii_lowercase().strip_prefix('*') {
        Some(below) => below.starts_with('.') && host.len() > below.len() && host.ends_with(below),
        None => allowed.eq_ignore_ascii_case(&host),
    }
}
