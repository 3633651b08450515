//! Where results are kept: one Parquet file for each, in a local folder or in S3.
//!
//! A file appears under its name only when it is whole. What a killed process leaves half written carries a `#` in its
//! name (local folder), and [`ResultStore::sweep`] removes it, or is an unfinished upload (S3), which the bucket's
//! lifecycle rule has to remove: nobody can tell another process' upload from one that was left.

use crate::config::Config;
use crate::start::StartError;
use futures::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;
use std::sync::Arc;

/// The results' store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ResultStore {
    store: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

impl ResultStore {
    /// The configured store: S3 where a bucket is named, else the folder `results` in the data folder.
    pub fn open(config: &Config) -> Result<Self, StartError> {
        let s3 = &config.queries.store;
        if s3.bucket.is_empty() {
            let folder = config.server.data_folder.join("results");
            std::fs::create_dir_all(&folder)?;
            let store = Arc::new(LocalFileSystem::new_with_prefix(&folder)?);
            return Ok(Self { store, folder: Some(folder) });
        }
        let mut builder = AmazonS3Builder::new().with_bucket_name(&s3.bucket);
        if !s3.endpoint.is_empty() {
            builder = builder.with_endpoint(&s3.endpoint).with_allow_http(s3.is_on_this_machine());
        }
        if !s3.region.is_empty() {
            builder = builder.with_region(&s3.region);
        }
        if !s3.access_key.expose().is_empty() {
            builder = builder
                .with_access_key_id(s3.access_key.expose())
                .with_secret_access_key(s3.secret_key.expose());
        }
        let bucket = builder.build()?;
        let store: Arc<dyn ObjectStore> = if s3.prefix.is_empty() {
            Arc::new(bucket)
        } else {
            Arc::new(PrefixStore::new(bucket, s3.prefix.as_str()))
        };
        Ok(Self { store, folder: None })
    }

    /// A store that a test hands in.
    pub fn of(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, folder: None }
    }

    /// Where the result of a query goes. The owner is hashed: no name stands in a file name.
    pub fn key(owner: &str, query: &str) -> String {
        let hash = Sha256::digest(owner.as_bytes());
        let folder = hash.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        format!("{folder}/{query}.parquet")
    }

    /// The store itself, for readers and writers.
    pub fn objects(&self) -> Arc<dyn ObjectStore> {
        self.store.clone()
    }

    /// Removes a result; one that is gone already is no error.
    pub async fn remove(&self, key: &str) -> Result<(), object_store::Error> {
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every whole result: query id and key.
    pub async fn list(&self) -> Result<Vec<(String, String)>, object_store::Error> {
        let files: Vec<_> = self.store.list(None).try_collect().await?;
        let results = files.into_iter().filter_map(|file| {
            let key = file.location.to_string();
            let (folder, name) = key.split_once('/')?;
            let query = name.strip_suffix(".parquet")?;
            // Only names that we give: a bucket may hold other people's tables. Another Skyport's look alike, though:
            // those that share a bucket have prefixes of their own.
            let ours = folder.len() == 16
                && folder.chars().all(|c| c.is_ascii_hexdigit())
                && query.len() == 24
                && query.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            ours.then(|| (query.to_owned(), key.clone()))
        });
        Ok(results.collect())
    }

    /// Removes what a killed process left half written. Only at start, before anything is written.
    pub fn sweep(&self) -> std::io::Result<usize> {
        let files = self.half_written()?;
        for (_, file) in &files {
            std::fs::remove_file(file)?;
        }
        Ok(files.len())
    }

    /// Files in the folder that are not whole (yet): query id and place.
    pub fn half_written(&self) -> std::io::Result<Vec<(String, PathBuf)>> {
        let mut found = Vec::new();
        let Some(folder) = &self.folder else { return Ok(found) };
        for owner in std::fs::read_dir(folder)? {
            let owner = owner?.path();
            if !owner.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(&owner)? {
                let file = file?;
                if let Some((id, _)) = file.file_name().to_string_lossy().split_once(".parquet#") {
                    found.push((id.to_owned(), file.path()));
                }
            }
        }
        Ok(found)
    }
}
