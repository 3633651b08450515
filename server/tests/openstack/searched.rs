//! Where a user's token must not be: the log, any file of the data folder, any page that the user can open, and what
//! every other user of the machine sees of the process.

use crate::support::browser::Browser;
use crate::support::process::{Home, Process};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is searched for: the token, and the parts by which it would be known again.
struct Needle(Vec<Vec<u8>>);

impl Needle {
    fn new(token: &str) -> Self {
        let mut needles = vec![token.as_bytes().to_vec(), STANDARD.encode(token).into_bytes()];
        // The claims and the signature of a JSON web token; its header is the same in all.
        needles.extend(token.split('.').skip(1).map(|part| part.as_bytes().to_vec()));
        assert!(needles.iter().all(|needle| needle.len() > 40), "long enough to be no chance");
        Self(needles)
    }

    #[track_caller]
    fn is_not_in(&self, bytes: &[u8], place: &str) {
        for needle in &self.0 {
            assert!(!contains(bytes, needle), "a token is in {place}");
        }
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// All files under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Searches while the portal holds the token and works with it.
pub async fn while_it_is_held(home: &Home, portal: &Process, browser: &mut Browser, token: &str, id: &str) {
    let needle = Needle::new(token);
    let sealed = sealed(home).await;
    assert!(!sealed.is_empty(), "a token is held");
    for text in &sealed {
        needle.is_not_in(text.as_bytes(), "the sealed column");
        needle.is_not_in(&STANDARD.decode(text).unwrap(), "the sealed column, decoded");
    }

    let pages = open_every_page(browser, id).await;
    for page in ["/", "/servers", "/servers/new", "/keys", "/account", &format!("/servers/{id}")] {
        assert!(pages.contains_key(page), "{page} in {:?}", pages.keys());
    }
    assert!(pages.len() > 10, "{:?}", pages.keys());
    for (page, text) in &pages {
        needle.is_not_in(text.as_bytes(), page);
    }
    for (function, fields) in [
        ("servers/list", vec![("offset", "0")]),
        ("servers/choices", vec![("site", "test")]),
        ("servers/show", vec![("id", id)]),
        ("servers/console", vec![("id", id)]),
    ] {
        let answer = browser.call(function, &fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        needle.is_not_in(format!("{answer:?}").as_bytes(), function);
    }

    for what in ["cmdline", "environ"] {
        let seen = std::fs::read(format!("/proc/{}/{what}", portal.id())).unwrap();
        assert!(
            contains(&seen, if what == "cmdline" { b"serve" } else { b"PATH=" }),
            "{what} is the portal's"
        );
        needle.is_not_in(&seen, what);
    }

    // Last, when all of that is written: with the journal and the index of the database.
    let names = in_files(home, token);
    for name in ["skyport.db", "skyport.db-wal", "skyport.db-shm", "log"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }
    // It would be found: what stands there instead of it is.
    let is_written = files(&home.data()).iter().any(|path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        sealed.iter().any(|text| contains(&bytes, text.as_bytes()))
    });
    assert!(is_written, "the sealed token is in the database's files");
}

/// Searches all files of the portal; gives their names.
pub fn in_files(home: &Home, token: &str) -> BTreeSet<String> {
    let needle = Needle::new(token);
    let mut names = BTreeSet::new();
    for path in files(home.folder.path()) {
        // One that goes while this looks holds nothing any more.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        needle.is_not_in(&bytes, &path.display().to_string());
        names.insert(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names
}

async fn sealed(home: &Home) -> Vec<String> {
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}?mode=ro", home.data().join("skyport.db").display());
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    let sealed = sqlx::query_scalar("SELECT sealed FROM held_tokens").fetch_all(&pool).await.unwrap();
    pool.close().await;
    sealed
}

/// Follows every link of every page, from the first one on; gives what each address answered.
async fn open_every_page(browser: &mut Browser, id: &str) -> BTreeMap<String, String> {
    let mut waiting = ["/", "/servers/new?site=test", "/metrics"].map(str::to_owned).to_vec();
    waiting.push(format!("/servers/{id}/console"));
    let (mut pages, mut kinds) = (BTreeMap::new(), BTreeSet::new());
    while let Some(path) = waiting.pop() {
        // Scripts and styles are the binary's own; what is behind a sign-out is nobody's.
        if path.starts_with("/pkg/") || path.starts_with("/auth/") || !kinds.insert(kind(&path)) {
            continue;
        }
        assert!(pages.len() < 500, "{:?}", pages.keys());
        let answer = browser.get(&path).await;
        let links = answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| link.starts_with('/') && !link.starts_with("//")) {
            let link = link.split('#').next().unwrap_or_default().replace("&amp;", "&");
            waiting.push(link);
        }
        pages.insert(path, format!("{:?}\n{}", answer.headers, answer.body));
    }
    pages
}

/// A path with the names of what is asked there: lists that can be narrowed down link to every way to do so.
fn kind(path: &str) -> (String, BTreeSet<String>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    (path.to_owned(), names.map(str::to_owned).collect())
}
