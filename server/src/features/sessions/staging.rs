//! The data of a session: everything in its owner's basket, as files that programs read.
//!
//! Of each query there are the rows that are in the basket and the whole result where that is, each as Parquet and as VOTable,
//! and the files that chosen rows lead to. `manifest.json` says what each is and whence; it is written last, so a folder that
//! has it is whole. After a kill all is written again, and comes out the same; files of archives go on where they were.

mod hosts;
mod manifest;
mod names;
mod outlook;
mod products;
mod tables;
mod tally;

pub use hosts::Products;
pub use outlook::{Outlook, look};

use crate::fault::chain;
use crate::features::basket::contents::Contents;
use crate::features::basket::service::BasketService;
use crate::features::queries::service::QueriesService;
use crate::http::download::Cut;
use app::asking::{Caller, Owner};
use app::features::sessions::model::DataFile;
use app::text;
use futures::FutureExt as _;
use manifest::Manifest;
use names::Names;
use products::Leads;
use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::path::Path;
use tally::Tally;

/// Why data could not be put in place; the sentence is for people.
#[derive(Debug, thiserror::Error)]
pub enum StagingFault {
    /// It is more than a session may have.
    #[error(
        "The basket holds more than {}, the most that one session's data may take here. Take whole results or files out of \
         the basket, or choose fewer rows.", text::bytes(*.most_bytes)
    )]
    TooMuch {
        /// The most.
        most_bytes: u64,
    },
    /// A whole result is in the basket and is not kept any more.
    #[error(
        "The result of \u{201c}{title}\u{201d} is in the basket and is not here any more. Take it out of the basket, or ask \
         the query again."
    )]
    Gone {
        /// The query's name.
        title: String,
    },
    /// A file of an archive does not come.
    #[error(
        "The file {name} could not be fetched from {host}: {why}. Try again later, or take its row out of the basket."
    )]
    Unfetched {
        /// The file's name.
        name: String,
        /// The archive's.
        host: String,
        /// What happened.
        why: String,
    },
    /// The disk that data lies on is full.
    #[error("The disk for sessions' data is full. Ask the operator of this Skyport.")]
    DiskFull(#[source] io::Error),
    /// It could not be written or read.
    #[error("The data could not be put in place.")]
    Broken(#[source] Cut),
}

impl StagingFault {
    /// Whether another try may end otherwise.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Unfetched { .. })
    }

    /// Of whatever broke underneath.
    fn of(error: impl Into<Cut>) -> Self {
        let error = error.into();
        let mut cause: Option<&(dyn StdError + 'static)> = Some(&*error);
        while let Some(inner) = cause {
            let kind = inner.downcast_ref::<io::Error>().map(io::Error::kind);
            if matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded)) {
                return Self::DiskFull(io::Error::new(ErrorKind::StorageFull, error.to_string()));
            }
            cause = inner.source();
        }
        Self::Broken(error)
    }
}

/// Makes a folder without data: the manifest alone, which lists nothing.
///
/// # Errors
/// [`StagingFault`], where it cannot be written.
pub async fn stage_nothing(folder: &Path) -> Result<(), StagingFault> {
    tokio::fs::create_dir_all(folder).await.map_err(StagingFault::of)?;
    Manifest::default().write(folder).await.map_err(StagingFault::of)
}

/// Puts the basket of a user into a folder, which belongs to this alone, at most so many bytes of it; says how far it is,
/// in bytes, and of how many where that is known. Gives what is there, the manifest first. Where the folder is whole
/// already, it stays as it is.
///
/// # Errors
/// [`StagingFault`]; the folder is then not whole, and may be removed or tried again.
pub async fn stage(
    basket: &BasketService,
    queries: &QueriesService,
    products: &Products,
    owner: &str,
    folder: &Path,
    most_bytes: u64,
    progress: impl Fn(u64, Option<u64>) + Send + Sync,
) -> Result<Vec<DataFile>, StagingFault> {
    if let Some(manifest) = Manifest::read(folder).await {
        products::forget_begun(folder).await;
        return Ok(manifest.list(folder).await);
    }
    tokio::fs::create_dir_all(folder).await.map_err(StagingFault::of)?;
    products::keep_only_begun(folder).await.map_err(StagingFault::of)?;
    let caller = Caller { owner: Owner::User(owner.to_owned()), ..Caller::nobody() };
    let tally = Tally::new(most_bytes, &progress);
    let from = tables::Tables { basket, queries, caller: &caller, user: owner, folder, tally: &tally };
    let (mut manifest, mut names, mut leads) = (Manifest::default(), Names::default(), Leads::default());
    // Each is boxed: what is spawned must not depend on how long these borrow.
    for contents in basket.contents(owner).boxed().await.map_err(StagingFault::of)? {
        let label = label(&contents);
        if contents.whole.is_some() {
            manifest.files.extend(from.whole(&contents, &names.file(&label)).boxed().await?);
        }
        let rows = names.file(&if contents.whole.is_some() { format!("{label}-rows") } else { label });
        manifest.files.extend(from.rows(&contents, &rows, &mut leads).boxed().await?);
    }
    let fetched = products::fetch(products, leads, folder, &tally).boxed().await?;
    manifest.files.extend(fetched.files);
    manifest.missing = fetched.missing;
    manifest.write(folder).await.map_err(StagingFault::of)?;
    products::forget_begun(folder).await;
    tracing::info!(
        user.id = owner,
        data.files = manifest.files.len(),
        data.bytes = tally.done(),
        data.missing = manifest.missing.len(),
        "data was put in place"
    );
    Ok(manifest.list(folder).await)
}

/// What a query's files are called.
fn label(contents: &Contents) -> String {
    if contents.title.trim().is_empty() { contents.archive.clone() } else { contents.title.clone() }
}

/// A failure of one file, for its line in the log.
fn told(error: &(dyn StdError + 'static)) -> String {
    chain(error)
}
