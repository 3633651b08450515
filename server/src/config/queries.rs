//! `[queries]`: limits of queries, and where their results are kept.

use super::{ConfigError, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Limits of queries, and where their results are kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QueriesConfig {
    /// Most rows of one result for visitors.
    pub rows_visitor: u64,
    /// Most rows of one result for signed-in users.
    pub rows_user: u64,
    /// Most bytes that an archive may send for one answer, in MiB.
    pub answer_mib: u64,
    /// Longest time for one query, in seconds.
    pub timeout_s: u64,
    /// Queries of one owner that run at once; more wait.
    pub at_once_per_owner: usize,
    /// Queries of all owners that run at once in one process; more wait.
    pub at_once: usize,
    /// How many of these may be visitors'; at least one is left to signed-in users where there are two or more.
    pub at_once_visitors: usize,
    /// Queries of one owner that may wait.
    pub waiting_per_owner: u64,
    /// Queries of all visitors together that may wait.
    pub waiting_visitors: u64,
    /// How often one visitor may ask in a minute.
    pub asks_per_minute_visitor: u32,
    /// How often all visitors of one address may ask in a minute. Behind a proxy, name it in `server.trusted_proxies`.
    pub asks_per_minute_address: u32,
    /// Pages of one owner that may follow queries at once; the oldest then looks again every few seconds instead.
    pub streams_per_owner: usize,
    /// How long results of signed-in users are kept, in seconds.
    pub kept_s: i64,
    /// How long results of visitors are kept, in seconds.
    pub kept_visitor_s: i64,
    /// How long the queries of visitors are listed after their end, in seconds; then they are deleted. No less than
    /// their results are kept.
    pub listed_visitor_s: i64,
    /// Bytes of kept results for one owner, in MiB.
    pub quota_mib: u64,
    /// Where results are kept.
    pub store: StoreConfig,
    /// Address of a Sesame name resolver, such as `https://cds.unistra.fr/cgi-bin/nph-sesame`. Empty: names are
    /// resolved here alone.
    pub sesame: String,
}

/// Where results are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// S3 bucket. Empty: the folder `results` in the data folder.
    pub bucket: String,
    /// S3 endpoint, for stores other than AWS.
    pub endpoint: String,
    /// S3 region.
    pub region: String,
    /// Folder in the bucket, such as `skyport/results`. Each Skyport that shares a bucket needs one of its own: what it
    /// does not know, it deletes.
    pub prefix: String,
    /// S3 access key.
    pub access_key: Secret,
    /// S3 secret key.
    pub secret_key: Secret,
}

impl Default for QueriesConfig {
    fn default() -> Self {
        Self {
            rows_visitor: 20_000,
            rows_user: 2_000_000,
            answer_mib: 2048,
            timeout_s: 300,
            at_once_per_owner: 2,
            at_once: 8,
            at_once_visitors: 4,
            waiting_per_owner: 100,
            waiting_visitors: 500,
            asks_per_minute_visitor: 30,
            asks_per_minute_address: 120,
            streams_per_owner: 20,
            kept_s: 30 * 86_400,
            kept_visitor_s: 86_400,
            listed_visitor_s: 7 * 86_400,
            quota_mib: 2048,
            store: StoreConfig::default(),
            sesame: String::new(),
        }
    }
}

impl QueriesConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let positive = [
            ("rows_visitor", self.rows_visitor),
            ("rows_user", self.rows_user),
            ("answer_mib", self.answer_mib),
            ("timeout_s", self.timeout_s),
            ("at_once_per_owner", self.at_once_per_owner as u64),
            ("at_once", self.at_once as u64),
            ("at_once_visitors", self.at_once_visitors as u64),
            ("waiting_visitors", self.waiting_visitors),
            ("asks_per_minute_visitor", self.asks_per_minute_visitor.into()),
            ("asks_per_minute_address", self.asks_per_minute_address.into()),
            ("quota_mib", self.quota_mib),
        ];
        for (key, value) in positive {
            if value == 0 {
                return Err(ConfigError::value(&format!("queries.{key}"), "0 would refuse every query"));
            }
        }
        if self.streams_per_owner == 0 {
            return Err(ConfigError::value(
                "queries.streams_per_owner",
                "0 would let no page follow its query",
            ));
        }
        if self.listed_visitor_s < self.kept_visitor_s {
            return Err(ConfigError::value(
                "queries.listed_visitor_s",
                "a query cannot be gone before its result: make it no less than queries.kept_visitor_s",
            ));
        }
        let prefix = &self.store.prefix;
        if object_store::path::Path::parse(prefix).is_err()
            || prefix.starts_with('/')
            || prefix.ends_with('/')
        {
            return Err(ConfigError::value(
                "queries.store.prefix",
                "write a folder without a slash at its ends, such as skyport/results",
            ));
        }
        if !self.sesame.is_empty() && !self.sesame.starts_with("https://") && !is_loopback_http(&self.sesame)
        {
            return Err(ConfigError::value("queries.sesame", "must be an https address"));
        }
        Ok(())
    }

    /// How many queries of visitors may run at once beside users'.
    pub fn at_once_of_visitors(&self) -> usize {
        self.at_once_visitors.min(self.at_once.saturating_sub(1).max(1))
    }
}

impl StoreConfig {
    /// Whether the endpoint is on this machine, where plain http is safe.
    pub fn is_on_this_machine(&self) -> bool {
        is_loopback_http(&self.endpoint)
    }
}

/// Whether an address is plain http on this machine: by its host, not by how it begins.
fn is_loopback_http(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| url.scheme() == "http" && super::server::is_loopback_host(&url))
}

#[cfg(test)]
mod tests;
