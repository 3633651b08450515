//! A fake of the keys port: keys of several kinds, and the refusals that a page must show.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::keys::model::{KeyUse, KeyView, KeysView, NewKey};
use app::features::keys::port::KeysPort;
use async_trait::async_trait;

pub(crate) struct FakeKeys(pub(crate) World);

const SHA256: &str = "SHA256:clVD6WoAaPZRj9ieFcDhDsNyQQGtojqwjeaLTsoSRRc";

fn key(id: &str, name: &str, kind: &str, bits: u32, servers: &[(&str, &str)], more: u64) -> KeyView {
    KeyView {
        id: id.into(),
        name: name.into(),
        kind: kind.into(),
        bits,
        sha256: SHA256.into(),
        md5: "b2:9d:5a:00:17:c3:40:fe:11:22:33:44:55:66:77:88".into(),
        public_key: format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDTk5IUSbSEhyfb7Aakqzty {name}"),
        added_us: NOW_US - 86_400_000_000,
        last_used_us: (!servers.is_empty()).then_some(NOW_US),
        servers: servers
            .iter()
            .map(|(id, name)| KeyUse { server: (*id).into(), name: (*name).into() })
            .collect(),
        server_count: servers.len() as u64 + more,
    }
}

fn keys() -> Vec<KeyView> {
    vec![
        key("k1", "laptop", "ed25519", 256, &[("v1", "calm-otter"), ("v2", "bright-heron")], 0),
        key("k2", HOSTILE, "sk-ed25519", 256, &[("v3", HOSTILE)], 0),
        key("k3", &long_name()[..60], "rsa", 4096, &[("v4", "a"), ("v5", "b"), ("v6", "c")], 7),
        key("k4", "observatory", "ecdsa nistp521", 521, &[], 0),
    ]
}

#[async_trait]
impl KeysPort for FakeKeys {
    async fn list(&self, caller: &Caller) -> Result<KeysView> {
        self.0.reach()?;
        caller.user()?;
        Ok(KeysView { keys: if self.0.full() { keys() } else { Vec::new() }, most: 50 })
    }

    async fn add(&self, caller: &Caller, add: NewKey) -> Result<KeyView> {
        self.0.reach()?;
        caller.user()?;
        match access_key::AccessKey::read(&add.key) {
            Ok(_) if add.name == "laptop" => {
                Err(Error::field("name", "Another of your keys is called laptop. Choose another name."))
            }
            Ok(read) => Ok(key("k1", &add.name, read.kind().word(), read.bits(), &[], 0)),
            Err(error) => Err(Error::field("key", error.to_string())),
        }
    }

    async fn remove(&self, caller: &Caller, id: &str) -> Result<()> {
        self.0.reach()?;
        caller.user()?;
        if keys().iter().any(|key| key.id == id) { Ok(()) } else { Err(Error::NotFound) }
    }
}
