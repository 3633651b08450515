//! Making a server, marked with the operation that makes it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Thing;
use crate::wire::Purpose;
use crate::{Fault, Microversion, Operation, Reason, Session};

/// The longest user data, encoded (Nova's schema: 65535).
const LONGEST_USER_DATA: usize = 65_535;

/// A server to be made.
#[derive(Clone, Debug)]
pub struct CreateServer {
    /// The mark to find it by.
    pub operation: Operation,
    /// Its name; also its host name, as far as that goes.
    pub name: String,
    /// The image's id.
    pub image: String,
    /// The flavor's id.
    pub flavor: String,
    /// The key pair's name, if any.
    pub key_name: Option<String>,
    /// Its network.
    pub network: NetworkChoice,
    /// Security groups by id, which is never ambiguous, or by name; none means the project's default one.
    pub security_groups: Vec<String>,
    /// For cloud-init; at most 49,151 bytes.
    pub user_data: Option<Vec<u8>>,
    /// More to write on it; keys and values of at most 255 characters.
    pub metadata: BTreeMap<String, String>,
}

/// The network of a new server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkChoice {
    /// The site chooses: the only one of the project, or one that it makes.
    Auto,
    /// None at all.
    None,
    /// This one, by id.
    Id(String),
}

#[derive(Deserialize)]
struct Created {
    server: Id,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

impl Session {
    /// Asks for a server and gives its id; it is then in the state BUILD. **Not safe to repeat by itself**: after
    /// [`Reason::OutcomeUnknown`] look with [`Session::find_server`] first, or use [`Session::ensure_server`].
    pub async fn create_server(&self, wish: &CreateServer) -> Result<String, Fault> {
        let version = self.microversion().await?;
        let body = self.creation(wish, version)?;
        let mut ask = self.nova(Purpose::Change(Thing::Server), Method::POST, &["servers"], &[]).await?;
        if version >= Microversion::REQUEST_ID {
            ask.request_id = wish.operation.request_id();
        }
        let reply = self.send(ask.body(body)).await?;
        // The answer also holds a password of the guest, which nobody needs: it goes no further.
        Ok(reply.json::<Created>()?.server.id)
    }

    /// The server of the operation: the one that is there, or a new one. May be repeated, one at a time.
    pub async fn ensure_server(&self, wish: &CreateServer) -> Result<String, Fault> {
        match self.find_server(&wish.operation).await? {
            Some(server) => Ok(server.id),
            None => self.create_server(wish).await,
        }
    }

    fn creation(&self, wish: &CreateServer, version: Microversion) -> Result<Value, Fault> {
        let mut metadata = wish.metadata.clone();
        metadata.insert(Operation::metadata_key(self.label()), wish.operation.as_str().to_owned());
        let mut server = json!({
            "name": wish.name, "imageRef": wish.image, "flavorRef": wish.flavor, "metadata": metadata,
        });
        if let Some(key) = &wish.key_name {
            server["key_name"] = json!(key);
        }
        match &wish.network {
            NetworkChoice::Id(id) => server["networks"] = json!([{"uuid": id}]),
            NetworkChoice::Auto if version >= Microversion::NETWORKS => server["networks"] = json!("auto"),
            NetworkChoice::None if version >= Microversion::NETWORKS => server["networks"] = json!("none"),
            // Before, saying nothing means the project's only network, and there is no word for none.
            NetworkChoice::Auto => {}
            NetworkChoice::None => return Err(Reason::Microversion.into()),
        }
        if !wish.security_groups.is_empty() {
            let groups: Vec<Value> = wish.security_groups.iter().map(|g| json!({"name": g})).collect();
            server["security_groups"] = json!(groups);
        }
        if let Some(data) = &wish.user_data {
            let encoded = STANDARD.encode(data);
            if encoded.len() > LONGEST_USER_DATA {
                return Err(Reason::BadUserData.into());
            }
            server["user_data"] = json!(encoded);
        }
        if version >= Microversion::CREATE_TAGS {
            server["tags"] = json!([wish.operation.tag(self.label())]);
        }
        Ok(json!({"server": server}))
    }
}
