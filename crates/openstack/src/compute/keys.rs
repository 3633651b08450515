//! Key pairs: a user's public keys at the site. They belong to the user, not to the project.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::fault::Thing;
use crate::pages::Pages;
use crate::wire::Purpose;
use crate::words::short;
use crate::{Fault, Microversion, Reason, Session};

/// A public key that the site holds for the user (Compute API, "Keypairs").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPair {
    /// Its name, unique for the user.
    pub name: String,
    /// The key as one line of OpenSSH.
    pub public_key: String,
    /// Nova's own: MD5 in hexadecimal.
    pub fingerprint: String,
}

/// How a key came to be at the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOutcome {
    /// This call put it there.
    Created,
    /// The same key was there under this name.
    AlreadyThere,
}

#[derive(Deserialize)]
struct List {
    keypairs: Vec<Wrapped>,
    #[serde(default)]
    keypairs_links: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Wrapped {
    keypair: Raw,
}

#[derive(Deserialize)]
struct Raw {
    name: String,
    #[serde(default)]
    public_key: String,
    #[serde(default)]
    fingerprint: String,
}

impl From<Wrapped> for KeyPair {
    fn from(Wrapped { keypair }: Wrapped) -> Self {
        Self { name: keypair.name, public_key: keypair.public_key, fingerprint: short(&keypair.fingerprint) }
    }
}

impl Session {
    /// Puts a key there under a name, or finds the same key under it. May be repeated at any time.
    ///
    /// # Errors
    /// [`Reason::KeyNameTaken`] if another key has the name; [`Reason::BadKey`]; [`Reason::BadName`]: up to 2.91 a name has
    /// letters, digits, blanks, `-` and `_` only; [`Reason::Quota`].
    pub async fn ensure_key(&self, name: &str, public_key: &str) -> Result<KeyOutcome, Fault> {
        // Nova keeps every line of what it gets, and cloud-init would take each for a key.
        if public_key.contains(['\r', '\n', '\0']) {
            return Err(Reason::BadKey.into());
        }
        let version = self.microversion().await?;
        let mut key = json!({"name": name, "public_key": public_key});
        if version >= Microversion::KEY_TYPE {
            key["type"] = json!("ssh");
        }
        let ask = self.nova(Purpose::MakeKey, Method::POST, &["os-keypairs"], &[]).await?;
        match self.send(ask.body(json!({"keypair": key}))).await {
            Ok(_) => Ok(KeyOutcome::Created),
            Err(fault) if fault.reason == Reason::KeyNameTaken => match self.key(name).await? {
                Some(there) if same_key(&there.public_key, public_key) => Ok(KeyOutcome::AlreadyThere),
                _ => Err(fault),
            },
            Err(fault) => Err(fault),
        }
    }

    /// The key of a name, or none.
    pub async fn key(&self, name: &str) -> Result<Option<KeyPair>, Fault> {
        let ask = self.nova(Purpose::Read(Thing::KeyPair), Method::GET, &["os-keypairs", name], &[]).await?;
        match self.send(ask).await {
            Ok(reply) => Ok(Some(reply.json::<Wrapped>()?.into())),
            Err(fault) if fault.reason == Reason::NotFound(Thing::KeyPair) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// All keys of the user.
    pub async fn keys(&self) -> Result<Vec<KeyPair>, Fault> {
        let mut pages = Pages::new();
        let base = self.nova(Purpose::Read(Thing::KeyPair), Method::GET, &["os-keypairs"], &[]).await?.url;
        // Pages came with 2.35; before, a limit is not known, and a marker is not refused.
        while let Some(url) = pages.next(base.clone(), None)? {
            let mut ask = self.nova(Purpose::Read(Thing::KeyPair), Method::GET, &[], &[]).await?;
            ask.url = url;
            let page: List = self.send(ask).await?.json()?;
            pages.add(page.keypairs.into_iter().map(KeyPair::from), !page.keypairs_links.is_empty(), |k| {
                &k.name
            });
        }
        Ok(pages.into_items())
    }

    /// Removes a key; false if it was not there. Servers that carry it keep it.
    pub async fn delete_key(&self, name: &str) -> Result<bool, Fault> {
        let ask = self.nova(Purpose::MakeKey, Method::DELETE, &["os-keypairs", name], &[]).await?;
        match self.send(ask).await {
            Ok(_) => Ok(true),
            Err(fault) if fault.reason == Reason::NotFound(Thing::KeyPair) => Ok(false),
            Err(fault) => Err(fault),
        }
    }
}

/// The same kind and the same key; comments do not count.
fn same_key(a: &str, b: &str) -> bool {
    let core = |key: &str| {
        let mut words = key.split_whitespace().map(str::to_owned);
        Some((words.next()?, words.next()?))
    };
    core(a).is_some() && core(a) == core(b)
}
