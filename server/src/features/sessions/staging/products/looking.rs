//! Whether the files that rows lead to could be had, asked before they are fetched: of each host one file, its head alone.

use super::super::hosts::Products;
use super::download::{Step, answered, ask};
use super::{Leads, sort};
use futures::future::join_all;
use http::{Method, StatusCode};
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Most hosts that are asked.
const MOST_HOSTS: usize = 8;
/// How long one may take: somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many files would be fetched, and sentences about those that would not come, or may not.
pub(in super::super) async fn look(products: &Products, leads: Leads) -> (usize, Vec<String>) {
    let (jobs, missing) = sort(products, leads);
    let mut hosts: BTreeMap<String, &Url> = BTreeMap::new();
    for job in &jobs {
        hosts.entry(job.url.authority().to_owned()).or_insert(&job.url);
    }
    let asked = hosts.iter().take(MOST_HOSTS).map(|(host, url)| doubt(products, host, url));
    let mut doubts: Vec<String> = join_all(asked).await.into_iter().flatten().collect();
    // Many files are missing for the same reason.
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &missing {
        *reasons.entry(&entry.why).or_default() += 1;
    }
    doubts.extend(reasons.into_iter().map(|(why, count)| {
        let files = app::text::counted(count as u64, "file");
        format!("{files} would not come: {why}.")
    }));
    (jobs.len(), doubts)
}

async fn doubt(products: &Products, host: &str, url: &Url) -> Option<String> {
    let step = match ask(products, url, Method::HEAD, PATIENCE, |request| request).await {
        Ok(response) => match response.status() {
            // Not every archive knows this question.
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => return None,
            status if status.is_success() => return None,
            status => answered(status),
        },
        Err(step) => step,
    };
    Some(match step {
        Step::Whole => return None,
        Step::Missing(why) => format!("A file from {host} would not come: {why}."),
        Step::Broken(why) => format!(
            "{host} does not give its files now: {why}. They are asked for again when the session prepares its data."
        ),
    })
}
