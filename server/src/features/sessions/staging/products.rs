//! Files that chosen rows lead to: of tables with a column `access_url` (ObsCore 1.1, section 4.7), the files at those
//! addresses, into `products/`. What an archive says is not there is listed as missing, with its answer; what it does not
//! say at all, after several tries, is a fault that passes.

mod download;
mod looking;
mod place;

use super::StagingFault;
use super::hosts::Products;
use super::manifest::{FileEntry, MissingEntry, SourceEntry};
use super::names::Names;
use super::tally::{Tally, Written};
use datafusion::arrow::array::{Array as _, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::Schema;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use url::Url;

pub(super) use looking::look;
pub(super) use place::{forget_begun, keep_only_begun};

/// Files fetched at once.
const AT_ONCE: usize = 4;
/// Most files of one session.
const MOST: usize = 1000;
/// Most addresses that are looked at; there may be a million rows.
const MOST_ADDRESSES: usize = 2000;
/// Longest of them, in bytes.
const LONGEST_ADDRESS: usize = 4000;
/// The column of their addresses (ObsCore 1.1, section 4.7).
const ADDRESS: &str = "access_url";
/// Where they are.
pub(super) const FOLDER: &str = "products";

/// A file that a row leads to.
#[derive(Debug, Clone)]
struct Wanted {
    url: String,
    /// As the archive estimates it.
    bytes: Option<u64>,
    /// The row leads to a list of files instead (`DataLink` 1.1).
    is_list: bool,
    source: Arc<SourceEntry>,
}

/// The files that rows lead to, each once.
#[derive(Debug, Default)]
pub(super) struct Leads {
    wanted: Vec<Wanted>,
    seen: HashSet<String>,
    /// Rows that lead further than is looked.
    more: usize,
}

/// What came of all of them.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) files: Vec<FileEntry>,
    pub(super) missing: Vec<MissingEntry>,
}

/// What came of one.
pub(super) enum Outcome {
    There(Written, Option<String>),
    Missing(String),
}

/// One file to be fetched.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) url: Url,
    wanted: Wanted,
}

/// Whether rows of such a table may lead to files.
pub(super) fn leads_to_files(schema: &Schema) -> bool {
    schema.fields().iter().any(|field| field.name().eq_ignore_ascii_case(ADDRESS))
}

/// Adds the files that these rows lead to.
pub(super) fn find(batch: &RecordBatch, source: &Arc<SourceEntry>, leads: &mut Leads) {
    let column = |name: &str| {
        let place = batch.schema_ref().fields().iter().position(|f| f.name().eq_ignore_ascii_case(name))?;
        Some(batch.column(place).as_any())
    };
    let text = |name: &str| column(name).and_then(|it| it.downcast_ref::<StringArray>());
    let Some(urls) = text(ADDRESS) else { return };
    let formats = text("access_format");
    // In kilobytes (ObsCore 1.1, section 4.9).
    let sizes = column("access_estsize");
    let size = |row: usize| {
        let sizes = sizes?;
        let whole = sizes.downcast_ref::<Int64Array>().filter(|it| !it.is_null(row)).map(|it| it.value(row));
        let real =
            || sizes.downcast_ref::<Float64Array>().filter(|it| !it.is_null(row)).map(|it| it.value(row));
        let kilobytes = whole.or_else(|| real().map(|real| real as i64))?;
        u64::try_from(kilobytes).ok().filter(|size| *size > 0)?.checked_mul(1000)
    };
    for row in 0..batch.num_rows() {
        let url = if urls.is_null(row) { "" } else { urls.value(row).trim() };
        if url.is_empty() || leads.seen.contains(url) {
            continue;
        }
        if leads.wanted.len() == MOST_ADDRESSES || url.len() > LONGEST_ADDRESS {
            leads.more += 1;
            continue;
        }
        leads.seen.insert(url.to_owned());
        let is_list =
            formats.is_some_and(|it| !it.is_null(row) && it.value(row).contains("content=datalink"));
        leads.wanted.push(Wanted { url: url.to_owned(), bytes: size(row), is_list, source: source.clone() });
    }
}

/// What may be fetched; and what may not, with why.
fn sort(products: &Products, leads: Leads) -> (Vec<Job>, Vec<MissingEntry>) {
    let (mut missing, mut names, mut jobs) = (Vec::new(), Names::default(), Vec::new());
    let mut more = leads.more;
    for wanted in leads.wanted {
        let refused = |why: &str| MissingEntry { url: wanted.url.clone(), why: why.to_owned() };
        let Ok(url) = Url::parse(&wanted.url) else {
            missing.push(refused("its address cannot be read"));
            continue;
        };
        if wanted.is_list {
            missing.push(refused("it is a list of files (DataLink), which is not followed"));
        } else if let Err(why) = products.client(&url) {
            missing.push(refused(&why.to_string()));
        } else if jobs.len() == MOST {
            more += 1;
        } else {
            let last = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty()));
            jobs.push(Job { name: names.product(last.unwrap_or("file")), url, wanted });
        }
    }
    if more > 0 {
        let why = format!("{more} more rows lead to files; at most {MOST} are fetched for one session");
        missing.push(MissingEntry { url: FOLDER.to_owned(), why });
    }
    (jobs, missing)
}

/// Fetches what may be fetched.
pub(super) async fn fetch(
    products: &Products,
    leads: Leads,
    folder: &Path,
    tally: &Tally<'_>,
) -> Result<Fetched, StagingFault> {
    let (jobs, missing) = sort(products, leads);
    let mut fetched = Fetched { missing, ..Fetched::default() };
    if jobs.is_empty() {
        return Ok(fetched);
    }
    tokio::fs::create_dir_all(folder.join(FOLDER)).await.map_err(StagingFault::of)?;
    if let Some(all) = jobs.iter().map(|job| job.wanted.bytes).sum::<Option<u64>>() {
        tally.expect(all);
    }
    let on_their_way: Vec<_> =
        jobs.iter().map(|job| download::fetch(products, job, folder, tally).boxed()).collect();
    let outcomes: Vec<Outcome> = stream::iter(on_their_way).buffered(AT_ONCE).try_collect().await?;
    for (job, outcome) in jobs.into_iter().zip(outcomes) {
        match outcome {
            Outcome::There(written, media_type) => fetched.files.push(entry(job, written, media_type)),
            Outcome::Missing(why) => fetched.missing.push(MissingEntry { url: job.wanted.url, why }),
        }
    }
    Ok(fetched)
}

fn entry(job: Job, written: Written, media_type: Option<String>) -> FileEntry {
    let host = job.url.host_str().unwrap_or_default();
    FileEntry {
        name: format!("{FOLDER}/{}", job.name),
        what: format!("File of a row of {}, from {host}", job.wanted.source.archive_title),
        media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes: written.bytes,
        sha256: written.sha256,
        rows: None,
        source: SourceEntry { url: Some(job.wanted.url), ..SourceEntry::clone(&job.wanted.source) },
    }
}

/// A fault of the disk.
fn broken(error: io::Error) -> StagingFault {
    StagingFault::of(error)
}

#[cfg(test)]
mod tests {
    use super::{Leads, MOST_ADDRESSES, find};
    use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
    use std::sync::Arc;

    #[test]
    fn a_million_rows_are_not_a_million_addresses() {
        let (source, mut leads) = (Arc::default(), Leads::default());
        let longest = "x".repeat(5000);
        for part in 0..10 {
            let urls: Vec<String> = (0..1000).map(|row| format!("http://h/{}", part * 500 + row)).collect();
            let urls: StringArray =
                urls.iter().map(|url| Some(url.as_str())).chain([Some(&*longest), None]).collect();
            let batch = RecordBatch::try_from_iter([("Access_URL", Arc::new(urls) as ArrayRef)]).unwrap();
            find(&batch, &source, &mut leads);
        }
        assert_eq!(leads.wanted.len(), MOST_ADDRESSES);
        assert_eq!(leads.seen.len(), MOST_ADDRESSES, "those that stand twice are one");
        assert!(leads.more > 3000);
        assert_eq!(Arc::strong_count(&source), MOST_ADDRESSES + 1, "what is said of all is kept once");
    }
}
