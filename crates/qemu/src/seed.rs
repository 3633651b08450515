//! The seed: a small disk (ISO 9660, label `cidata`) in the `NoCloud` form of cloud-init, which the images of our own also
//! read without cloud-init, from the plain files beside it.
//!
//! The access key is in the meta-data and the host key in the vendor-data, as clouds do it. So the user data is exactly
//! the user's text: nothing is merged into it, and a YAML 1.1 number such as `0644` stays what its writer meant.

use crate::fault::Fault;
use crate::folder::Folder;
use crate::host_key::HostKey;
use crate::settings::PROXY;
use crate::tool::GENISOIMAGE;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::json;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};

/// How user data may begin, besides `#cloud-config` (cloud-init, "User-data formats").
const BEGINNINGS: [&str; 9] = [
    "#!",
    "#include",
    "#cloud-boothook",
    "#cloud-config-archive",
    "#cloud-config-jsonp",
    "#part-handler",
    "## template: jinja",
    "Content-Type: multipart/",
    "MIME-Version:",
];

/// What goes into a seed.
pub(crate) struct Seed<'a> {
    pub(crate) id: &'a str,
    pub(crate) hostname: &'a str,
    pub(crate) public_key: &'a str,
    pub(crate) host_key: &'a HostKey,
    pub(crate) user_data: Option<&'a str>,
    /// Whether the machine has a way out, by [`PROXY`].
    pub(crate) has_proxy: bool,
}

/// Says no to user data that cloud-init would pass over.
pub(crate) fn check_user_data(text: &str) -> Result<(), Fault> {
    let bad = |why: String| Err(Fault::BadUserData { why });
    if text.contains('\0') {
        return bad("it has a null character".to_owned());
    }
    let first = text.lines().next().unwrap_or_default().trim_end();
    if first == "#cloud-config" {
        return match serde_saphyr::from_str::<Mapping>(text) {
            Ok(Mapping) => Ok(()),
            Err(error) => {
                // The first line says what and where; a picture of the place follows.
                let why = error.to_string();
                bad(why.lines().next().unwrap_or_default().to_owned())
            }
        };
    }
    if BEGINNINGS.iter().any(|beginning| first.starts_with(beginning)) {
        return Ok(());
    }
    bad("its first line is neither #cloud-config nor that of a script (#!/bin/sh)".to_owned())
}

/// Keys with whatever under them; nothing at all is a mapping too.
struct Mapping;

impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MappingVisitor)
    }
}

struct MappingVisitor;

impl<'de> Visitor<'de> for MappingVisitor {
    type Value = Mapping;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keys with values, such as `packages: [less]`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mapping, A::Error> {
        while map.next_entry::<String, IgnoredAny>()?.is_some() {}
        Ok(Mapping)
    }

    fn visit_unit<E>(self) -> Result<Mapping, E> {
        Ok(Mapping)
    }
}

/// Lines of `/etc/environment`.
fn environment(proxy: &str) -> String {
    let names = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"];
    let mut lines: String = names.iter().flat_map(|name| [name, "=", proxy, "\n"]).collect();
    lines.push_str("no_proxy=localhost,127.0.0.1\n");
    lines
}

/// A file of `/etc/apt/apt.conf.d`.
fn apt(proxy: &str) -> String {
    format!("Acquire::http::Proxy \"{proxy}\";\nAcquire::https::Proxy \"{proxy}\";\n")
}

impl Seed<'_> {
    /// Name and content of each file.
    fn files(&self) -> Vec<(&'static str, String)> {
        // JSON is YAML.
        let meta = json!({
            "instance-id": self.id,
            "local-hostname": self.hostname,
            "public-keys": [self.public_key],
        });
        let mut vendor = json!({
            "ssh_keys": { "ed25519_private": self.host_key.private, "ed25519_public": self.host_key.public },
        });
        let proxy = self.has_proxy.then(|| format!("http://{PROXY}"));
        if let Some(proxy) = &proxy {
            // For what reads the environment of whoever signs in, and for apt, which sudo runs without it.
            vendor["write_files"] = json!([
                { "path": "/etc/environment", "append": true, "content": environment(proxy) },
                { "path": "/etc/apt/apt.conf.d/95proxy", "content": apt(proxy) },
            ]);
        }
        let user = self.user_data.map_or_else(|| "#cloud-config\n{}\n".to_owned(), str::to_owned);
        let mut files = vec![
            ("meta-data", meta.to_string()),
            ("vendor-data", format!("#cloud-config\n{vendor}\n")),
            ("user-data", user),
            ("hostname", format!("{}\n", self.hostname)),
            ("authorized_keys", format!("{}\n", self.public_key)),
            ("ssh_host_ed25519_key", self.host_key.private.clone()),
            ("ssh_host_ed25519_key.pub", format!("{}\n", self.host_key.public)),
        ];
        if let Some(proxy) = &proxy {
            files.extend([("environment", environment(proxy)), ("apt-proxy", apt(proxy))]);
        }
        files
    }

    /// Writes `seed.iso`, which nobody but its owner may read: the private host key is in it.
    pub(crate) fn write(&self, folder: &Folder) -> Result<(), Fault> {
        let files = folder.0.join("seed");
        fs::create_dir(&files).map_err(|error| Fault::io(&files, error))?;
        for (name, content) in self.files() {
            let path = files.join(name);
            let file = fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path);
            file.and_then(|mut file| file.write_all(content.as_bytes()))
                .map_err(|error| Fault::io(&path, error))?;
        }
        let iso = folder.0.join("seed.iso");
        let made = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&iso);
        made.map_err(|error| Fault::io(&iso, error))?;
        let arguments = ["-quiet", "-V", "cidata", "-r", "-J", "-o", "seed.iso", "seed"];
        GENISOIMAGE.run(&folder.0, arguments, 60)?;
        fs::set_permissions(&iso, fs::Permissions::from_mode(0o600))
            .map_err(|error| Fault::io(&iso, error))?;
        fs::remove_dir_all(&files).map_err(|error| Fault::io(&files, error))
    }
}

#[cfg(test)]
mod tests;
