//! The data of sessions: a real basket over the local archive as files, and files of an archive that is slow, breaks off,
//! moves and lies.

use crate::asking_world::{add, asked, files_in};
use crate::place::Place;
use crate::support::browser::Browser;
use crate::support::portal::Portal;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use skyport::config::archives::TapConfig;
use skyport::features::sessions::staging::{Outlook, Products, StagingFault, look, stage};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

const GIB: u64 = 1 << 30;

async fn user(portal: &Portal) -> String {
    sqlx::query_scalar("SELECT id FROM users WHERE subject = 'astronomer'")
        .fetch_one(&portal.skyport.db)
        .await
        .unwrap()
}

async fn staged(portal: &Portal, folder: &Path, most: u64) -> Result<Vec<String>, StagingFault> {
    let parts = &portal.skyport;
    let products = Products::new(&parts.config).unwrap();
    let owner = user(portal).await;
    let staging = stage(&parts.basket, &parts.queries, &products, &owner, folder, most, |_, _| {});
    let files = for_any_thread(staging).await?;
    Ok(files.into_iter().map(|file| file.name).collect())
}

/// What staging would come to.
async fn looked(portal: &Portal, most: u64) -> Result<Outlook, StagingFault> {
    let parts = &portal.skyport;
    let products = Products::new(&parts.config).unwrap();
    let owner = user(portal).await;
    for_any_thread(look(&parts.basket, &parts.queries, &products, &owner, most)).await
}

/// It goes on in a task of its own.
fn for_any_thread<F: Future + Send>(future: F) -> F {
    future
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Each file under a folder and its checksum.
fn sums(folder: &Path) -> BTreeMap<String, String> {
    let sum = |path: &Path| {
        let hash = Sha256::digest(std::fs::read(path).unwrap());
        hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    };
    let files = files_in(folder).into_iter();
    files.map(|path| (path.strip_prefix(folder).unwrap().display().to_string(), sum(&path))).collect()
}

/// Rows and columns of a Parquet file.
fn parquet(path: &Path) -> (i64, Vec<String>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let columns = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    (reader.metadata().file_metadata().num_rows(), columns)
}

/// Rows and columns of a VOTable.
fn votable(path: &Path) -> (i64, Vec<String>) {
    let mut reader = votable::Reader::new(File::open(path).unwrap(), votable::Limits::default());
    let (mut rows, mut columns) = (0, Vec::new());
    while let Some(event) = reader.next_event().unwrap() {
        match event {
            votable::Event::TableStart(table) => {
                columns = table.schema.fields().iter().map(|field| field.name().clone()).collect();
            }
            votable::Event::Batch(batch) => rows += batch.num_rows() as i64,
            _ => {}
        }
    }
    (rows, columns)
}

async fn with_basket(portal: &Portal) -> Browser {
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let bright = "SELECT TOP 3000 hip, mag FROM sky.stars ORDER BY mag";
    let (stars, _) = asked(&mut browser, "local", bright).await;
    assert_eq!(add(&mut browser, &stars, json!("WholeResult")).await.status, 200);
    assert_eq!(add(&mut browser, &stars, json!({"Rows": "0-4,9"})).await.status, 200);
    let (messier, _) = asked(&mut browser, "local", "SELECT * FROM sky.messier").await;
    assert_eq!(add(&mut browser, &messier, json!({"Rows": "30,41"})).await.status, 200);
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_basket_becomes_files_and_the_same_ones_again() {
    let portal = Place::sqlite().portal(|_| {}).await;
    with_basket(&portal).await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let told = Mutex::new(Vec::new());
    let (parts, owner) = (&portal.skyport, user(&portal).await);
    let products = Products::new(&parts.config).unwrap();
    let progress = |done, of| told.lock().unwrap().push((done, of));
    let files =
        stage(&parts.basket, &parts.queries, &products, &owner, &folder, GIB, progress).await.unwrap();
    assert_eq!(files[0].name, "manifest.json");
    let manifest = manifest(&folder);
    let entries = manifest["files"].as_array().unwrap();
    assert_eq!(entries.len(), 6, "{manifest:#}");
    let sums_before = sums(&folder);
    assert_eq!(sums_before.len(), 7, "{sums_before:?}");
    let mut total = 0;
    for entry in entries {
        let name = entry["name"].as_str().unwrap();
        assert_eq!(entry["sha256"], sums_before[name], "{name}");
        let bytes = std::fs::metadata(folder.join(name)).unwrap().len();
        assert_eq!(entry["bytes"], bytes, "{name}");
        total += bytes;
        let (rows, columns) = if Path::new(name).extension().is_some_and(|it| it == "vot") {
            votable(&folder.join(name))
        } else {
            parquet(&folder.join(name))
        };
        assert_eq!(entry["rows"], rows, "{name}");
        let source = &entry["source"];
        assert_eq!(source["archive"], "local");
        assert!(!source["archive_title"].as_str().unwrap().is_empty());
        assert!(source["asked"].as_str().unwrap().ends_with('Z'), "{source}");
        let (table, count) = match rows {
            3000 => ("sky.stars", 2),
            6 => ("sky.stars", 3),
            2 => ("sky.messier", columns.len()),
            other => panic!("{other} rows in {name}"),
        };
        assert_eq!((source["tables"].as_str(), columns.len()), (Some(table), count), "{columns:?}");
        assert!(source["adql"].as_str().unwrap().contains(table), "{source}");
        assert_eq!(rows != 3000, columns.contains(&"basket_note".to_owned()), "{columns:?}");
        let listed = files.iter().find(|file| file.name == name).unwrap();
        assert!(listed.what.contains(table) && listed.bytes == bytes, "{listed:?}");
    }
    let told = told.into_inner().unwrap();
    assert_eq!(told.last().unwrap().0, total, "every byte was told of, once");

    // Whole already: nothing is touched.
    assert_eq!(staged(&portal, &folder, 1).await.unwrap().len(), 7);
    // Killed before the manifest was there, and with something half written: the same comes out.
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    std::fs::write(folder.join(entries[0]["name"].as_str().unwrap()), "half").unwrap();
    std::fs::write(folder.join("left.parquet#1"), "half").unwrap();
    std::fs::create_dir(folder.join("a-folder")).unwrap();
    staged(&portal, &folder, GIB).await.unwrap();
    assert_eq!(sums(&folder), sums_before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_and_what_is_gone_are_said() {
    let portal = Place::sqlite().portal(|_| {}).await;
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| place.path().join(name);
    let mut nobody = portal.browser();
    nobody.sign_in("astronomer").await;
    assert_eq!(staged(&portal, &folder("empty"), GIB).await.unwrap(), ["manifest.json"]);
    let nothing = looked(&portal, GIB).await.unwrap();
    assert_eq!((nothing.rows, nothing.files, nothing.doubts.len()), (0, 0, 0), "{nothing:?}");
    with_basket(&portal).await;
    let outlook = looked(&portal, GIB).await.unwrap();
    assert!(outlook.rows > 0 && outlook.bytes > 0 && outlook.doubts.is_empty(), "{outlook:?}");
    let before = looked(&portal, outlook.bytes - 1).await.unwrap_err();
    assert!(matches!(before, StagingFault::TooMuch { .. }), "{before:?}");
    let fault = staged(&portal, &folder("small"), 10_000).await.unwrap_err();
    assert!(matches!(fault, StagingFault::TooMuch { most_bytes: 10_000 }), "{fault:?}");
    assert!(!fault.is_passing() && fault.to_string().contains("10 kB"), "{fault}");
    assert!(!folder("small").join("manifest.json").exists());
    let done = sqlx::query("UPDATE queries SET result_key = NULL").execute(&portal.skyport.db).await.unwrap();
    assert!(done.rows_affected() > 0);
    let fault = staged(&portal, &folder("gone"), GIB).await.unwrap_err();
    assert!(matches!(fault, StagingFault::Gone { .. }) && !fault.is_passing(), "{fault:?}");
    let before = looked(&portal, GIB).await.unwrap_err();
    assert_eq!(before.to_string(), fault.to_string(), "told before as after");
}

/// An archive's files. It notes what it was asked for: path and range.
#[derive(Clone, Default)]
struct Files {
    asked: Arc<Mutex<Vec<(String, String)>>>,
    /// Said when half of `/hangs` was sent.
    half: Arc<Notify>,
    other: Arc<Mutex<String>>,
}

const LENGTH: usize = 300_000;

fn content() -> Vec<u8> {
    (0..LENGTH).map(|place| (place % 251) as u8).collect()
}

impl Files {
    async fn start() -> (Self, SocketAddr) {
        let files = Self::default();
        let app = Router::new().fallback(answer).with_state(files.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        (files, address)
    }

    /// How often a path was asked for, and the last range.
    fn asked(&self, path: &str) -> (usize, String) {
        let asked = self.asked.lock().unwrap();
        let of: Vec<_> = asked.iter().filter(|(asked, _)| asked == path).collect();
        (of.len(), of.last().map(|(_, range)| range.clone()).unwrap_or_default())
    }
}

async fn answer(State(files): State<Files>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let range = request.headers().get("range").map_or("", |value| value.to_str().unwrap()).to_owned();
    files.asked.lock().unwrap().push((path.clone(), range.clone()));
    let (times, _) = files.asked(&path);
    let content = content();
    if let Some(from) = range.strip_prefix("bytes=").and_then(|rest| rest.strip_suffix('-')) {
        assert_eq!(request.headers()["if-range"], "\"v1\"");
        let from: usize = from.parse().unwrap();
        let said = format!("bytes {from}-{}/{LENGTH}", LENGTH - 1);
        return (http::StatusCode::PARTIAL_CONTENT, [("content-range", said)], content[from..].to_vec())
            .into_response();
    }
    let length = ("content-length", LENGTH.to_string());
    let half = content[..LENGTH / 2].to_vec();
    match path.as_str() {
        "/moved/image.fits" => {
            (http::StatusCode::FOUND, [("location", "/real/image.fits")], "").into_response()
        }
        "/elsewhere" => {
            let other = files.other.lock().unwrap().clone();
            (http::StatusCode::FOUND, [("location", other)], "").into_response()
        }
        "/circle" => (http::StatusCode::FOUND, [("location", "/circle")], "").into_response(),
        "/gone.fits" => http::StatusCode::GONE.into_response(),
        "/busy.fits" if times < 3 => http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
        "/never.fits" => http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
        "/lies.fits" if times < 2 => {
            ([("repr-digest", format!("sha-256=:{}:", "A".repeat(43) + "="))], content).into_response()
        }
        "/breaks.fits" => {
            let breaks = stream::once(async {
                // What waits goes out first: a server that fails at once says nothing at all.
                tokio::task::yield_now().await;
                Err(io::Error::other("it breaks off"))
            });
            let body = stream::iter([Ok(half)]).chain(breaks);
            ([length, ("etag", "\"v1\"".to_owned())], Body::from_stream(body)).into_response()
        }
        "/hangs.fits" if times < 2 => {
            let body = stream::unfold(Some(half), move |half| {
                let files = files.clone();
                async move {
                    if half.is_none() {
                        files.half.notify_one();
                        std::future::pending::<()>().await;
                    }
                    half.map(|half| (Ok::<_, io::Error>(half), None))
                }
            });
            ([length, ("etag", "\"v1\"".to_owned())], Body::from_stream(body)).into_response()
        }
        _ => ([("content-type", "application/fits")], content).into_response(),
    }
}

/// Chosen rows that lead to these addresses.
async fn with_files(portal: &Portal, urls: &[String]) {
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    for url in urls {
        let adql = format!("SELECT TOP 1 '{url}' AS access_url, hip FROM sky.stars ORDER BY hip");
        let (query, _) = asked(&mut browser, "local", &adql).await;
        assert_eq!(add(&mut browser, &query, json!({"Rows": "0"})).await.status, 200);
    }
}

async fn portal_with(archive: Option<SocketAddr>, hosts: &[String]) -> Portal {
    Place::sqlite()
        .portal(|config| {
            config.sessions.product_hosts = hosts.to_vec();
            if let Some(address) = archive {
                let tap: TapConfig =
                    serde_json::from_value(json!({"title": "Files", "url": format!("http://{address}/tap")}))
                        .unwrap();
                config.archives.tap.insert("files".to_owned(), tap);
            }
        })
        .await
}

/// The address and the reason of each file that is not there.
fn missing(folder: &Path) -> BTreeMap<String, String> {
    let manifest = manifest(folder);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entries = manifest["missing"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| (text(&entry["url"]), text(&entry["why"]))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_rows_lead_to_come_along() {
    let (files, address) = Files::start().await;
    let (strangers, strange) = Files::start().await;
    *files.other.lock().unwrap() = format!("http://{strange}/stolen.fits");
    let portal = portal_with(Some(address), &[]).await;
    let url = |path: &str| format!("http://{address}{path}");
    let stranger = format!("http://{strange}/direct.fits");
    let paths = [
        "/moved/image.fits",
        "/breaks.fits",
        "/busy.fits",
        "/lies.fits",
        "/gone.fits",
        "/elsewhere",
        "/circle",
    ];
    let mut urls: Vec<String> = paths.map(url).to_vec();
    urls.extend([url("/other/image.fits"), url("/breaks.fits"), stranger.clone(), "no address".to_owned()]);
    with_files(&portal, &urls).await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let names = staged(&portal, &folder, GIB).await.unwrap();
    let there: Vec<String> = sums(&folder).into_keys().filter(|name| name.starts_with("products/")).collect();
    let expected = ["breaks.fits", "busy.fits", "image-2.fits", "image.fits", "lies.fits"];
    assert_eq!(there, expected.map(|name| format!("products/{name}")));
    for name in &there {
        assert!(std::fs::read(folder.join(name)).unwrap() == content(), "{name} is whole");
        assert!(names.contains(name), "{names:?}");
    }
    assert_eq!(files.asked("/breaks.fits"), (2, format!("bytes={}-", LENGTH / 2)), "it went on from there");
    let missing = missing(&folder);
    assert_eq!(missing.len(), 5, "{missing:?}");
    assert!(missing[&url("/gone.fits")].contains("410"), "{missing:?}");
    assert!(missing[&url("/circle")].contains("circles"), "{missing:?}");
    for elsewhere in [url("/elsewhere"), stranger] {
        assert!(missing[&elsewhere].contains("product_hosts"), "{missing:?}");
    }
    assert!(strangers.asked.lock().unwrap().is_empty(), "nobody else was asked");
    assert!(names.iter().any(|name| *name == url("/gone.fits")), "and the page says so: {names:?}");
    let entry = manifest(&folder)["files"].as_array().unwrap().clone();
    let image = entry.iter().find(|file| file["source"]["url"] == *url("/moved/image.fits")).unwrap();
    assert!(image["name"].as_str().unwrap().starts_with("products/image"), "{image}");
    assert_eq!(
        (image["media_type"].as_str(), image["bytes"].as_u64()),
        (Some("application/fits"), Some(LENGTH as u64))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_would_not_come_are_told_before() {
    let (files, address) = Files::start().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = silent.local_addr().unwrap();
    drop(silent);
    let place = Place::sqlite();
    let portal = place
        .portal(|config| {
            for (name, address) in [("files", address), ("nobody", nobody)] {
                let tap = json!({"title": name, "url": format!("http://{address}/tap")});
                config.archives.tap.insert(name.to_owned(), serde_json::from_value(tap).unwrap());
            }
        })
        .await;
    let url = |path: &str| format!("http://{address}{path}");
    with_files(&portal, &[url("/image.fits"), url("/other.fits"), "no address".to_owned()]).await;
    let outlook = looked(&portal, GIB).await.unwrap();
    assert_eq!(outlook.files, 2);
    assert_eq!(outlook.doubts, ["1 file would not come: its address cannot be read."]);
    let of_files = files.asked("/image.fits").0 + files.asked("/other.fits").0;
    assert_eq!(of_files, 1, "one file of a host, and its head alone: {:?}", files.asked.lock().unwrap());

    let stranger = "http://archive.example.org/direct.fits".to_owned();
    with_files(&portal, &[format!("http://{nobody}/a.fits"), stranger]).await;
    let outlook = looked(&portal, GIB).await.unwrap();
    assert_eq!((outlook.files, outlook.doubts.len()), (3, 3), "{outlook:?}");
    assert!(
        outlook
            .doubts
            .iter()
            .any(|doubt| doubt.starts_with(&format!("{nobody} does not give its files now")))
    );
    assert!(outlook.doubts.iter().any(|doubt| doubt.contains("product_hosts")), "{outlook:?}");

    let portal = portal_with(Some(address), &[]).await;
    with_files(&portal, &[url("/gone.fits")]).await;
    let outlook = looked(&portal, GIB).await.unwrap();
    assert!(outlook.doubts[0].contains("410"), "{outlook:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_goes_on_where_it_was_after_a_kill() {
    let (files, address) = Files::start().await;
    let portal = portal_with(Some(address), &[]).await;
    with_files(&portal, &[format!("http://{address}/hangs.fits"), format!("http://{address}/first.fits")])
        .await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    tokio::select! {
        done = staged(&portal, &folder, GIB) => panic!("{done:?}"),
        () = async {
            files.half.notified().await;
            // What was sent arrives.
            let part = folder.join("products/.hangs.fits.part");
            let whole = folder.join("products/first.fits");
            while std::fs::metadata(&part).map_or(0, |found| found.len()) < LENGTH as u64 / 2 || !whole.exists() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        } => {}
    }
    staged(&portal, &folder, GIB).await.unwrap();
    assert_eq!(files.asked("/hangs.fits"), (2, format!("bytes={}-", LENGTH / 2)));
    assert!(std::fs::read(folder.join("products/hangs.fits")).unwrap() == content());
    let hidden = sums(&folder).into_keys().filter(|name| name.contains("/.")).count();
    assert_eq!(hidden, 0, "no notes are left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_come_is_a_fault_and_too_much_too() {
    let (_, address) = Files::start().await;
    let portal = portal_with(Some(address), &[]).await;
    with_files(&portal, &[format!("http://{address}/never.fits")]).await;
    let place = tempfile::tempdir().unwrap();
    let fault = staged(&portal, &place.path().join("never"), GIB).await.unwrap_err();
    assert!(matches!(fault, StagingFault::Unfetched { .. }) && fault.is_passing(), "{fault:?}");
    assert!(fault.to_string().contains("never.fits") && fault.to_string().contains("503"), "{fault}");
    let portal = portal_with(Some(address), &[]).await;
    with_files(&portal, &[format!("http://{address}/large.fits")]).await;
    let fault = staged(&portal, &place.path().join("large"), LENGTH as u64).await.unwrap_err();
    assert!(matches!(fault, StagingFault::TooMuch { .. }), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_host_that_lies_inside_is_not_asked() {
    let (files, address) = Files::start().await;
    let port = address.port();
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let portal = portal_with(None, &hosts).await;
    let urls = hosts.map(|host| format!("http://{host}/image.fits"));
    with_files(&portal, &urls).await;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    staged(&portal, &folder, GIB).await.unwrap();
    let missing = missing(&folder);
    for url in urls {
        assert!(missing[&url].contains("inside"), "{missing:?}");
    }
    assert!(files.asked.lock().unwrap().is_empty());
}
