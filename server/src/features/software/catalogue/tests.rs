//! The folder as it changes under a running portal, and what Skyport carries.

use super::{Catalogue, Catalogues, carried};
use crate::clock::{Clock, SECOND};
use crate::config::software::SoftwareConfig;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A folder, and a catalogue of it whose clock stands.
struct Bench {
    folder: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    catalogues: Arc<Catalogues>,
}

impl Bench {
    fn new(write: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let now = Arc::new(AtomicI64::new(0));
        let time = now.clone();
        let clock = Clock::of(move || time.load(Ordering::SeqCst));
        let config = SoftwareConfig {
            folder: Some(folder.path().to_owned()),
            default_catalogue: false,
            ..SoftwareConfig::default()
        };
        let catalogues = Arc::new(Catalogues::open(&config, &clock).unwrap());
        Self { folder, clock: now, catalogues }
    }

    fn write(&self, name: &str, title: &str) {
        write(self.folder.path(), name, title);
    }

    /// The catalogue some seconds later.
    async fn later(&self) -> Arc<Catalogue> {
        self.clock.fetch_add(3 * SECOND, Ordering::SeqCst);
        self.catalogues.current().await
    }
}

fn write(folder: &Path, name: &str, title: &str) {
    let text = format!(
        "title = {title}\npurpose = \"Something\"\nkind = \"batch\"\nimage = \"x.example/{name}\"\n[[versions]]\nversion = \"1\"\n"
    );
    std::fs::write(folder.join(name), text).unwrap();
}

fn titles(catalogue: &Catalogue) -> Vec<String> {
    catalogue.entries().map(|entry| entry.title.clone()).collect()
}

#[tokio::test]
async fn files_come_change_and_go() {
    let bench = Bench::new(|folder| write(folder, "one.toml", "\"One\""));
    assert_eq!(titles(&*bench.catalogues.current().await), ["One"]);
    bench.write("two.toml", "\"Two\"");
    bench.write(".two.toml", "\"Not this\"");
    bench.write("three.txt", "\"Nor this\"");
    assert_eq!(titles(&*bench.catalogues.current().await), ["One"], "not looked at before its time");
    assert_eq!(titles(&*bench.later().await), ["One", "Two"]);
    bench.write("one.toml", "\"Once\"");
    assert_eq!(titles(&*bench.later().await), ["Once", "Two"]);
    assert_eq!(bench.later().await.index.search("two").len(), 1);
    std::fs::remove_file(bench.folder.path().join("two.toml")).unwrap();
    let last = bench.later().await;
    assert_eq!(titles(&last), ["Once"]);
    assert!(last.index.search("two").is_empty() && last.find("two").is_none());
}

#[tokio::test]
async fn a_broken_file_leaves_its_last_good_entry() {
    let bench = Bench::new(|folder| {
        write(folder, "one.toml", "\"One\"");
        write(folder, "bad.toml", "17");
    });
    let first = bench.catalogues.current().await;
    assert_eq!(titles(&first), ["One"]);
    let said = first.faults()[0].to_string();
    assert!(said.contains("bad.toml, line 1, key title: invalid type"), "{said}");
    bench.write("one.toml", "\"\"");
    let broken = bench.later().await;
    assert_eq!(titles(&broken), ["One"]);
    assert_eq!(broken.faults().len(), 2);
    bench.write("one.toml", "\"Mended\"");
    bench.write("bad.toml", "\"Mended too\"");
    let mended = bench.later().await;
    assert_eq!(titles(&mended), ["Mended too", "Mended"]);
    assert!(mended.faults().is_empty());
}

#[tokio::test]
async fn a_folder_that_goes_away_leaves_its_entries() {
    let bench = Bench::new(|folder| write(folder, "one.toml", "\"One\""));
    let away = bench.folder.path().with_extension("away");
    std::fs::rename(bench.folder.path(), &away).unwrap();
    assert_eq!(titles(&*bench.later().await), ["One"]);
    std::fs::rename(&away, bench.folder.path()).unwrap();
    bench.write("one.toml", "\"Back\"");
    assert_eq!(titles(&*bench.later().await), ["Back"]);
}

#[test]
fn a_folder_that_is_not_there_stops_the_start() {
    let config = SoftwareConfig { folder: Some("/no/such/folder".into()), ..SoftwareConfig::default() };
    let error = Catalogues::open(&config, &Clock::of(|| 0)).err().unwrap();
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}

#[test]
fn what_is_carried_reads() {
    let read: Vec<_> = carried::read_all().collect();
    let faults: Vec<String> =
        read.iter().filter_map(|read| read.as_ref().err()).flatten().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    let names: Vec<_> = read.iter().flatten().map(|entry| entry.name.as_str()).collect();
    for ours in ["notebook", "desktop", "terminal", "batch"] {
        assert!(names.contains(&ours), "{ours} is not among {names:?}");
    }
    for entry in read.iter().flatten() {
        assert!(
            !entry.description.is_empty() && !entry.tags.is_empty() && !entry.licence.is_empty(),
            "{}",
            entry.name
        );
    }
}

/// The images that the build makes are the ones that the catalogue names.
#[test]
fn what_is_carried_fits_what_is_built() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/images/containers");
    let settings = |name: &str| std::fs::read_to_string(format!("{folder}/{name}/image")).unwrap();
    for name in ["notebook", "desktop", "terminal", "batch"] {
        let text = settings(name);
        let said = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let entry = carried::entries().remove(name).unwrap();
        assert_eq!(entry.image, format!("localhost/skyport/{name}"));
        assert_eq!(entry.versions[0].tag(), said("version"), "{name}");
        let interface = entry.interface.clone();
        assert_eq!(
            interface.as_ref().map(|at| at.port.to_string()).unwrap_or_default(),
            said("port"),
            "{name}"
        );
        assert_eq!(interface.as_ref().map(|at| at.path.clone()).unwrap_or_default(), said("path"), "{name}");
        assert_eq!(interface.map(|at| at.ready).unwrap_or_default(), said("ready"), "{name}");
    }
}
