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
    /// Queries of all owners that run at once; more wait.
    pub at_once: usize,
    /// Queries of one owner that may wait.
    pub waiting_per_owner: u64,
    /// How long results of signed-in users are kept, in seconds.
    pub kept_s: i64,
    /// How long results of visitors are kept, in seconds.
    pub kept_visitor_s: i64,
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
            waiting_per_owner: 100,
            kept_s: 30 * 86_400,
            kept_visitor_s: 86_400,
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
            ("quota_mib", self.quota_mib),
        ];
        for (key, value) in positive {
            if value == 0 {
                return Err(ConfigError::value(&format!("queries.{key}"), "0 would refuse every query"));
            }
        }
        if !self.sesame.is_empty()
            && !self.sesame.starts_with("https://")
            && !self.sesame.starts_with("http://127.0.0.1")
        {
            return Err(ConfigError::value("queries.sesame", "must be an https address"));
        }
        Ok(())
    }
}
