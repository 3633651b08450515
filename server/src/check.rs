//! `skyport check`: tries everything that Skyport depends on, and says what is wrong with each. It only looks: no
//! database is made or migrated, and what it writes among the results, to see whether that can be done, it removes.

mod openstack;
mod sites;

use crate::auth::providers::Providers;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::db::{self, Schema};
use crate::fault::chain;
use crate::features::archives::service::ArchivesService;
use crate::features::queries::result_store::ResultStore;
use crate::features::software::catalogue::Catalogues;
use crate::http::assets;
use crate::ids::new_id;
use crate::metrics::Metrics;
use crate::providers::Finding;
use app::asking::Caller;
use app::features::archives::model::ArchiveState;
use app::features::archives::port::ArchivesPort as _;
use object_store::ObjectStoreExt as _;
use object_store::path::Path as ObjectPath;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What was found out, line by line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// One line each: `ok`, `wrong` or `warning`, what was tried, and a sentence.
    pub lines: String,
    /// Whether Skyport cannot do its work like this.
    pub failed: bool,
}

impl Findings {
    fn ok(&mut self, what: &str, sentence: &str) {
        let _ = writeln!(self.lines, "ok       {what}: {sentence}");
    }

    fn warn(&mut self, what: &str, sentence: &str) {
        let _ = writeln!(self.lines, "warning  {what}: {sentence}");
    }

    fn say(&mut self, what: &str, finding: &Finding) {
        match finding {
            Finding::Fine(sentence) => self.ok(what, sentence),
            Finding::Amiss(sentence) => self.warn(what, sentence),
            Finding::Wrong(sentence) => self.fail(what, sentence),
        }
    }

    fn fail(&mut self, what: &str, sentence: &str) {
        self.failed = true;
        let _ = writeln!(self.lines, "wrong    {what}: {sentence}");
    }
}

/// Tries the database, each provider, each archive and each site of servers; one line each or more. What cannot be reached
/// now is a warning, except the database and the providers.
pub async fn run(config: &Config) -> ExitCode {
    let findings = find(config).await;
    print!("{}", findings.lines);
    if findings.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Tries everything.
pub async fn find(config: &Config) -> Findings {
    let mut findings = Findings::default();
    check_database(config, &mut findings).await;
    check_providers(config, &mut findings).await;
    check_results(config, &mut findings).await;
    check_archives(config, &mut findings).await;
    check_software(config, &mut findings).await;
    sites::check_sites(config, &mut findings).await;
    if assets::names().js.is_empty() {
        findings.warn("assets", "This binary was built without its scripts and styles: pages work, but plainly. Build it with ./dev run");
    } else {
        findings.ok("assets", "carried in this binary");
    }
    findings
}

async fn check_database(config: &Config, findings: &mut Findings) {
    let address = db::without_password(&config.database_url());
    match db::look(config).await {
        Ok(Schema::Current) => {
            findings.ok("database", &format!("{address} answers and has this version's schema"));
        }
        Ok(Schema::Fresh) => findings.ok("database", &format!("{address} is fresh; the first start fills it")),
        Ok(Schema::Behind(n)) => findings.warn(
            "database",
            &format!(
                "{address} needs migration: {n} pending. The next start does it, and so does `skyport migrate`; make a copy first"
            ),
        ),
        Err(error) => findings.fail("database", &chain(&error)),
    }
}

async fn check_providers(config: &Config, findings: &mut Findings) {
    let demo = config.sign_in.has_demo(&config.server);
    if demo {
        let listen = config.sign_in.demo_listen;
        findings.ok("sign-in demo", &format!("the demo issuer will start on {listen} with Skyport"));
    }
    let origin = config.server.origin(config.server.listen);
    let providers = match Metrics::new()
        .map_err(Into::into)
        .and_then(|metrics| Providers::new(config, &origin, None, &metrics))
    {
        Ok(providers) => providers,
        Err(error) => return findings.fail("sign-in", &chain(&*error)),
    };
    for provider in providers.all() {
        let what = format!("sign-in {}", provider.id);
        match provider.discover().await {
            Ok(metadata) if metadata.token_endpoint().is_none() => {
                findings.fail(&what, "its discovery document names no token endpoint, so it cannot be used");
            }
            Ok(metadata) if metadata.jwks().keys().is_empty() => {
                findings.fail(&what, "it publishes no key that Skyport can check a signature with");
            }
            Ok(_) => findings.ok(&what, &format!("{} answers as this issuer", provider.issuer.as_str())),
            Err(refusal) => findings.fail(
                &what,
                &format!("{refusal}. Check sign_in.providers.{}.issuer and the network", provider.id),
            ),
        }
    }
}

/// Writes, reads back and removes a small object where results are kept; a folder that is not there yet is not made.
async fn check_results(config: &Config, findings: &mut Findings) {
    let bucket = &config.queries.store.bucket;
    let folder = config.server.data_folder.join("results");
    let place = if bucket.is_empty() {
        format!("the folder {}", folder.display())
    } else {
        format!("the bucket {bucket}")
    };
    if bucket.is_empty() && !folder.exists() {
        return match nearest_folder(&folder) {
            Some(above) if above.metadata().is_ok_and(|m| m.is_dir() && !m.permissions().readonly()) => {
                findings.ok("results", &format!("{place} is not there yet; the first start makes it"));
            }
            _ => findings.fail("results", &format!("{place} cannot be made: nobody may write above it")),
        };
    }
    let store = match ResultStore::open(config) {
        Ok(store) => store.objects(),
        Err(error) => {
            return findings.fail("results", &format!("{place} cannot be used: {}", chain(&*error)));
        }
    };
    let path = ObjectPath::from(format!("check-{}", new_id(&Entropy::system())));
    let tried = async {
        store.put(&path, "skyport check".into()).await?;
        store.get(&path).await?.bytes().await?;
        store.delete(&path).await
    };
    match tried.await {
        Ok(()) => findings.ok("results", &format!("{place} can be written to")),
        Err(error) => findings.fail("results", &format!("{place} cannot be used: {}", chain(&error))),
    }
}

/// The nearest folder above a path that exists; the one that this process stands in for a path without any.
fn nearest_folder(path: &Path) -> Option<&Path> {
    path.ancestors()
        .skip(1)
        .map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p })
        .find(|p| p.exists())
}

/// Reads the catalogue, and names every fault of its files.
async fn check_software(config: &Config, findings: &mut Findings) {
    let catalogue = match Catalogues::open(&config.software, &Clock::system()) {
        Ok(catalogues) => Arc::new(catalogues).current().await,
        Err(error) => return findings.fail("software", &chain(&error)),
    };
    let count = catalogue.entries().count();
    findings.ok("software", &format!("{} in the catalogue", app::text::counted(count as u64, "entry")));
    for fault in catalogue.faults() {
        findings.warn(
            "software",
            &format!("{fault}; until that is mended the entry is left out, or stays as it was"),
        );
    }
}

/// Asks all archives at once, so that a silent one costs its own time alone.
async fn check_archives(config: &Config, findings: &mut Findings) {
    let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
    let built = Metrics::new()
        .map_err(Into::into)
        .and_then(|metrics| ArchivesService::new(config, &Clock::system(), &metrics, &stopping, &tasks));
    let archives = match built {
        Ok(archives) => archives,
        Err(error) => return findings.fail("archives", &chain(&*error)),
    };
    let caller = Caller::nobody();
    let listed = archives.list(&caller).await.unwrap_or_default();
    let probes = listed.iter().map(|archive| archives.probe(&caller, &archive.name));
    for (archive, probed) in listed.iter().zip(futures::future::join_all(probes).await) {
        let what = format!("archive {}", archive.name);
        match probed.map(|view| view.state) {
            Ok(ArchiveState::Answering { .. }) => findings.ok(&what, "answers"),
            Ok(ArchiveState::Away { reason, .. }) => findings.warn(&what, &reason),
            Ok(_) => findings.warn(&what, "has not answered yet"),
            Err(error) => findings.warn(&what, &error.to_string()),
        }
    }
    stopping.cancel();
}
