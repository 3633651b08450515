//! One file from an archive: asked for again from where it broke off (RFC 9110, section 14), and looked at when it is there.

use super::super::hosts::{NotAllowed, Products};
use super::super::tally::{Tally, sum};
use super::super::{StagingFault, told};
use super::place::{Known, Place};
use super::{Job, Outcome, broken};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, LAST_MODIFIED, LOCATION,
    RANGE,
};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use reqwest::{RequestBuilder, Response};
use std::error::Error as _;
use std::path::Path;
use std::time::Duration;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt as _;
use tokio::time::{sleep, timeout};
use url::Url;

/// Redirects followed.
const REDIRECTS: usize = 5;
/// Tries that bring nothing, one after the other.
const TRIES: u32 = 5;
/// Before the second of them; each later pause is twice as long.
const PAUSE: Duration = Duration::from_millis(200);
/// How long an archive may be silent.
const SILENCE: Duration = Duration::from_mins(1);

/// How a try ended.
pub(super) enum Step {
    Whole,
    /// The archive says that there is nothing to have.
    Missing(String),
    /// Another try may bring the rest.
    Broken(String),
}

pub(super) async fn fetch(
    products: &Products,
    job: &Job,
    folder: &Path,
    tally: &Tally<'_>,
) -> Result<Outcome, StagingFault> {
    let place = Place::new(folder, &job.name);
    let mut known = place.known(job.url.as_str()).await.map_err(broken)?;
    if let Some(written) = place.written(&known).await {
        tally.add(written.bytes)?;
        return Ok(Outcome::There(written, known.media_type));
    }
    let mut have = place.length().await;
    tally.add(have)?;
    let mut tries = 0;
    loop {
        let before = have;
        match go_on(products, job, &place, &mut known, &mut have, tally).await? {
            Step::Whole => break,
            Step::Missing(why) => {
                tally.take_back(have);
                place.clear().await.map_err(broken)?;
                return Ok(Outcome::Missing(why));
            }
            Step::Broken(why) => {
                tries = if have > before { 1 } else { tries + 1 };
                if tries >= TRIES {
                    let host = job.url.host_str().unwrap_or_default().to_owned();
                    return Err(StagingFault::Unfetched { name: job.name.clone(), host, why });
                }
                tracing::debug!(data.file = %job.name, "fetching a file broke off: {why}");
                sleep(PAUSE * 2_u32.pow(tries - 1)).await;
            }
        }
    }
    let written = sum(&place.part).await.map_err(broken)?;
    tokio::fs::rename(&place.part, &place.whole).await.map_err(broken)?;
    known.whole = Some(written.sha256.clone());
    place.know(&known).await.map_err(broken)?;
    Ok(Outcome::There(written, known.media_type))
}

async fn go_on(
    products: &Products,
    job: &Job,
    place: &Place,
    known: &mut Known,
    have: &mut u64,
    tally: &Tally<'_>,
) -> Result<Step, StagingFault> {
    let ranged = |request: RequestBuilder| match known.validator.as_ref().filter(|_| *have > 0) {
        Some(validator) => request.header(RANGE, format!("bytes={have}-")).header(IF_RANGE, validator),
        None => request,
    };
    let mut response = match ask(products, &job.url, Method::GET, SILENCE, ranged).await {
        Ok(response) => response,
        Err(step) => return Ok(step),
    };
    let mut file = match response.status() {
        StatusCode::PARTIAL_CONTENT if *have > 0 && begins_at(response.headers()) == Some(*have) => {
            OpenOptions::new().append(true).open(&place.part).await.map_err(broken)?
        }
        StatusCode::OK => {
            tally.take_back(*have);
            *have = 0;
            // Emptied first: what is known is then never of other bytes than are there.
            let file = File::create(&place.part).await.map_err(broken)?;
            *known = read_head(job, response.headers());
            place.know(known).await.map_err(broken)?;
            file
        }
        status => {
            tally.take_back(*have);
            *have = 0;
            place.clear().await.map_err(broken)?;
            *known = Known { url: job.url.to_string(), ..Known::default() };
            return Ok(answered(status));
        }
    };
    loop {
        match timeout(SILENCE, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                file.write_all(&chunk).await.map_err(broken)?;
                *have += chunk.len() as u64;
                tally.add(chunk.len() as u64)?;
            }
            Ok(Ok(None)) => break,
            Ok(Err(error)) => {
                file.flush().await.map_err(broken)?;
                return Ok(Step::Broken(told(&error.without_url())));
            }
            Err(_) => {
                file.flush().await.map_err(broken)?;
                return Ok(Step::Broken(format!("silence for {} s", SILENCE.as_secs())));
            }
        }
    }
    file.flush().await.map_err(broken)?;
    drop(file);
    look(place, known, have, tally).await
}

/// Whether all of it came, and nothing else.
async fn look(
    place: &Place,
    known: &mut Known,
    have: &mut u64,
    tally: &Tally<'_>,
) -> Result<Step, StagingFault> {
    let why = match known.total {
        Some(total) if *have < total => {
            return Ok(Step::Broken(format!("it ended after {have} of {total} bytes")));
        }
        Some(total) if *have > total => Some("it is longer than the archive said"),
        _ => match &known.sha256 {
            Some(said) if *said != sum(&place.part).await.map_err(broken)?.sha256 => {
                Some("its checksum is not the one that the archive says")
            }
            _ => None,
        },
    };
    let Some(why) = why else { return Ok(Step::Whole) };
    tally.take_back(*have);
    *have = 0;
    place.clear().await.map_err(broken)?;
    *known = Known { url: known.url.clone(), ..Known::default() };
    Ok(Step::Broken(why.to_owned()))
}

/// Asks, and follows redirects to where files may be fetched from.
pub(super) async fn ask(
    products: &Products,
    url: &Url,
    method: Method,
    patience: Duration,
    change: impl Fn(RequestBuilder) -> RequestBuilder,
) -> Result<Response, Step> {
    let mut url = url.clone();
    for _ in 0..=REDIRECTS {
        let client = products.client(&url).map_err(|why| Step::Missing(why.to_string()))?;
        let request = client.request(method.clone(), url.clone()).header(ACCEPT_ENCODING, "identity");
        let response = match timeout(patience, change(request).send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(failed(error)),
            Err(_) => return Err(Step::Broken(format!("no answer within {} s", patience.as_secs()))),
        };
        if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        url = location
            .and_then(|location| url.join(location).ok())
            .ok_or_else(|| Step::Missing("its archive leads to no address".to_owned()))?;
    }
    Err(Step::Missing("its archive leads in circles".to_owned()))
}

/// Whether an address that is not to be asked was the reason.
fn failed(error: reqwest::Error) -> Step {
    let error = error.without_url();
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(why) = inner.downcast_ref::<NotAllowed>() {
            return Step::Missing(why.to_string());
        }
        cause = inner.source();
    }
    Step::Broken(told(&error))
}

/// What a status says that brings no bytes.
pub(super) fn answered(status: StatusCode) -> Step {
    let again = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::RANGE_NOT_SATISFIABLE,
    ];
    let why = format!("its archive answers {status}");
    if status.is_client_error() && !again.contains(&status) { Step::Missing(why) } else { Step::Broken(why) }
}

/// What the head of a whole answer says of the file.
fn read_head(job: &Job, headers: &HeaderMap) -> Known {
    let said = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let tag = said(ETAG).filter(|tag| tag.starts_with('"'));
    Known {
        url: job.url.to_string(),
        validator: tag.or_else(|| said(LAST_MODIFIED)).map(str::to_owned),
        total: said(CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        sha256: said_digest(headers),
        media_type: said(CONTENT_TYPE).map(str::to_owned),
        whole: None,
    }
}

/// The SHA-256 that an archive says: `Repr-Digest` (RFC 9530, section 3), or `Digest` as before it.
fn said_digest(headers: &HeaderMap) -> Option<String> {
    let all = ["repr-digest", "digest"].into_iter().flat_map(|name| headers.get_all(name));
    all.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).find_map(|one| {
        let (name, value) = one.trim().split_once('=')?;
        let bytes = STANDARD.decode(value.trim_matches(':')).ok()?;
        let fits = name.eq_ignore_ascii_case("sha-256") && bytes.len() == 32;
        fits.then(|| super::super::tally::hex(&bytes))
    })
}

/// Where a part begins.
fn begins_at(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}
