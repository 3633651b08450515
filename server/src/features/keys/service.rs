//! The rules of access keys: what is read, what it is called, and who may see it.
//!
//! What surprises: no text that was refused goes anywhere but back to its sender's own form. It may be somebody's private
//! key, so it is not in a log, an error, a span or the database.

use super::store::{Inserted, KeysStore, UseRow};
use crate::clock::{Clock, Entropy};
use crate::db::Db;
use crate::fault::report;
use crate::ids::new_id;
use access_key::{AccessKey, Kind, ReadError, clean_comment, looks_private};
use app::asking::Caller;
use app::error::{Error, FieldError, Result};
use app::features::keys::model::{KeyUse, KeyView, KeysView, LONGEST_NAME, NewKey};
use app::features::keys::port::KeysPort;
use async_trait::async_trait;
use sqlx::AnyConnection;

pub use super::store::KeyRow;

/// Most keys of one user: a form lists them all, and nobody has so many machines to log in from.
pub const MOST_KEYS: u32 = 50;
/// Servers that are named with a key; the others are counted.
const NAMED_SERVERS: usize = 10;

/// The access keys of each user.
pub struct KeysService {
    store: KeysStore,
    clock: Clock,
    entropy: Entropy,
}

impl KeysService {
    /// On top of the database.
    pub fn new(db: &Db, clock: &Clock, entropy: &Entropy) -> Self {
        Self { store: KeysStore::new(db.clone()), clock: clock.clone(), entropy: entropy.clone() }
    }

    /// One key of the user whose id is `owner`; none where there is no such key or it is another's.
    pub async fn find(&self, owner: &str, id: &str) -> Result<Option<KeyRow>, sqlx::Error> {
        if id.contains('\0') {
            return Ok(None);
        }
        self.store.find(owner, id).await
    }

    /// All keys of the user whose id is `owner`, by name; at most [`MOST_KEYS`].
    pub async fn list_rows(&self, owner: &str) -> Result<Vec<KeyRow>, sqlx::Error> {
        self.store.list(owner).await
    }

    /// Notes that a server carries a key, for the page of keys. Saying it again changes nothing but the server's name, so
    /// this is also for a server that was renamed. A key that was removed meanwhile is no error.
    pub async fn record_use(
        &self,
        key_id: &str,
        server_id: &str,
        server_name: &str,
    ) -> Result<(), sqlx::Error> {
        self.store.record_use(key_id, server_id, server_name, self.clock.now()).await
    }

    /// The same in the transaction that writes the server down.
    pub(crate) async fn record_use_in(
        &self,
        connection: &mut AnyConnection,
        key_id: &str,
        server_id: &str,
        server_name: &str,
    ) -> Result<(), sqlx::Error> {
        KeysStore::record_use_in(connection, key_id, server_id, server_name, self.clock.now()).await
    }

    /// Notes that a server is gone. One that carried no key is no error.
    pub async fn forget_use(&self, server_id: &str) -> Result<(), sqlx::Error> {
        self.store.forget_use(server_id).await
    }

    /// A name that nobody typed: of the comment, else of the type, with a number where it is taken.
    async fn propose_name(&self, owner: &str, key: &AccessKey) -> Result<String> {
        let taken = self.store.list(owner).await.map_err(|e| report("naming an access key", &e))?;
        let start = if key.comment().is_empty() { key.kind().word() } else { key.comment() };
        let start: String = start.chars().take(LONGEST_NAME as usize - 4).collect();
        let start = start.trim_end();
        let names = std::iter::once(start.to_owned()).chain((2..).map(|n| format!("{start} {n}")));
        let free = |name: &String| taken.iter().all(|row| row.name != *name);
        Ok(names.take(MOST_KEYS as usize + 2).find(free).unwrap_or_default())
    }
}

#[async_trait]
impl KeysPort for KeysService {
    async fn list(&self, caller: &Caller) -> Result<KeysView> {
        let owner = caller.user()?;
        let fault = |e: sqlx::Error| report("reading access keys", &e);
        let keys = self.store.list(owner).await.map_err(fault)?;
        let uses = self.store.uses(owner).await.map_err(fault)?;
        let keys = keys.into_iter().map(|key| view(key, &uses)).collect();
        Ok(KeysView { keys, most: u64::from(MOST_KEYS) })
    }

    async fn add(&self, caller: &Caller, add: NewKey) -> Result<KeyView> {
        let owner = caller.user()?;
        let (name, key) = match (read_name(&add.name), AccessKey::read(&add.key)) {
            (Ok(name), Ok(key)) => (name, key),
            (name, key) => {
                let sentences = [("key", key.err().map(|e| e.to_string())), ("name", name.err())];
                let fields = sentences.into_iter().filter_map(|(field, sentence)| {
                    Some(FieldError { field: field.to_owned(), sentence: sentence? })
                });
                return Err(Error::Invalid(fields.collect()));
            }
        };
        let name = if name.is_empty() { self.propose_name(owner, &key).await? } else { name };
        let row = KeyRow {
            id: new_id(&self.entropy),
            name,
            algorithm: key.algorithm().to_owned(),
            bits: i64::from(key.bits()),
            public_key: key.line().to_owned(),
            sha256: key.sha256(),
            md5: key.md5(),
            added_us: self.clock.now(),
            last_used_us: None,
        };
        let inserted = self.store.insert(owner, &row, i64::from(MOST_KEYS)).await;
        match inserted.map_err(|e| report("keeping an access key", &e))? {
            Inserted::Done => Ok(view(row, &[])),
            Inserted::SameKey(name) => Err(Error::field(
                "key",
                format!(
                    "You have this key already, under the name {name}. There is no need to add it again."
                ),
            )),
            Inserted::SameName => Err(Error::field(
                "name",
                format!("Another of your keys is called {}. Choose another name.", row.name),
            )),
            Inserted::TooMany => Err(Error::Limit(format!(
                "You have {MOST_KEYS} access keys, as many as one account may have. Delete one that you no longer use, then add this one."
            ))),
        }
    }

    async fn remove(&self, caller: &Caller, id: &str) -> Result<()> {
        let owner = caller.user()?;
        if id.contains('\0') {
            return Err(Error::NotFound);
        }
        let removed = self.store.remove(owner, id).await.map_err(|e| report("removing an access key", &e))?;
        if removed { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// The name as it is kept, empty where none was typed; else a sentence.
fn read_name(typed: &str) -> Result<String, String> {
    if looks_private(typed) {
        return Err(ReadError::PrivateKey.to_string());
    }
    let name = clean_comment(typed);
    if name.chars().count() > LONGEST_NAME as usize {
        return Err(format!("A name has at most {LONGEST_NAME} characters. Choose a shorter one."));
    }
    Ok(name)
}

fn view(row: KeyRow, uses: &[UseRow]) -> KeyView {
    let kind = Kind::of_algorithm(&row.algorithm);
    let servers = || uses.iter().filter(|carrier| carrier.key_id == row.id);
    KeyView {
        kind: kind.map_or_else(|| row.algorithm.clone(), |kind| kind.word().to_owned()),
        bits: u32::try_from(row.bits).unwrap_or_default(),
        servers: servers()
            .take(NAMED_SERVERS)
            .map(|carrier| KeyUse { server: carrier.server_id.clone(), name: carrier.server_name.clone() })
            .collect(),
        server_count: servers().count() as u64,
        id: row.id,
        name: row.name,
        sha256: row.sha256,
        md5: row.md5,
        public_key: row.public_key,
        added_us: row.added_us,
        last_used_us: row.last_used_us,
    }
}
