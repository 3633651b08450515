//! The process ends in the middle, or cannot begin: what is left, and what is said.

use crate::asking_world::{ask, asked, files_in, reach, show, until};
use crate::slow_tap::SlowTap;
use crate::support::process::Home;
use std::process::Output;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_a_query() {
    let tap = SlowTap::start().await;
    let home = Home::new(&tap.url, "[queries]\nrows_visitor = 1000000\n");
    let process = home.serve();
    let mut browser = process.browser();
    let (kept, _) = asked(&mut browser, "slow", "SELECT * FROM quick").await;
    let running = ask(&mut browser, "slow", "SELECT * FROM noise").await;
    let second = ask(&mut browser, "slow", "SELECT * FROM stalls").await;
    let waiting = ask(&mut browser, "slow", "SELECT * FROM quick").await;
    let results = home.data().join("results");
    let half = || files_in(&results).iter().any(|file| file.to_string_lossy().contains(".parquet#"));
    until("a result is half written", || async { half() && tap.open() == 2 }).await;
    process.kill();
    until("the archive is left alone", || async { tap.open() == 0 }).await;
    assert!(half(), "what was half written is still there");

    let process = home.serve();
    let mut again = process.browser();
    again.cookies = browser.cookies;
    for id in [&running, &second] {
        let view = show(&mut again, id).await;
        assert_eq!(view["state"], "Interrupted", "{view:#}");
        assert!(view["reason"].as_str().unwrap().contains("Ask it again"), "{view:#}");
        assert_eq!((&view["has_result"], &view["rows"]), (&false.into(), &0.into()));
        let page = again.get(&format!("/queries/{id}")).await;
        assert!(page.status == 200 && page.body.contains("Ask it again"));
    }
    assert_eq!(reach(&mut again, &waiting, &["Completed"]).await["rows"], 3, "what waited is asked now");
    assert_eq!(show(&mut again, &kept).await["rows"], 3);
    let (_, view) = asked(&mut again, "slow", "SELECT * FROM quick").await;
    assert_eq!(view["rows"], 3);
    assert!(!half() && files_in(&results).len() == 3, "{:?}", files_in(&results));
    assert!(process.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_ends_well() {
    let tap = SlowTap::start().await;
    let home = Home::new(&tap.url, "");
    let process = home.serve();
    let mut browser = process.browser();
    let running = ask(&mut browser, "slow", "SELECT * FROM gated").await;
    until("it runs", || async { tap.open() == 1 }).await;
    let follow = browser.request(reqwest::Method::GET, &format!("/queries/{running}/events"), &[]);
    let stream = follow.send().await.unwrap();
    let status = tokio::task::spawn_blocking(move || process.terminate()).await.unwrap();
    assert_eq!(status.code(), Some(0), "{}", home.log());
    assert!(stream.text().await.unwrap().contains("\"Running\""), "the stream ended and was not cut");

    let process = home.serve();
    let mut again = process.browser();
    again.cookies = browser.cookies;
    assert_eq!(show(&mut again, &running).await["state"], "Interrupted");
    assert!(process.terminate().success());
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_refused() {
    let home = Home::new("http://127.0.0.1:9/tap", "");
    assert!(home.run("migrate").status.success(), "an empty folder is brought to the schema");
    assert!(home.run("migrate").status.success(), "twice is no harm");
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}", home.data().join("skyport.db").display());
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99990101000000, 'of the future', 1, x'00', 0)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    pool.close().await;
    for command in ["serve", "migrate"] {
        let output = home.run(command);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            said(&output).contains("made by a newer Skyport (it has schema 99990101000000"),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn a_wrong_configuration_stops_the_start() {
    let said_by = |more: &str, words: &[&str]| {
        let home = Home::new("http://127.0.0.1:9/tap", more);
        let output = home.run("serve");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let said = said(&output);
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert!(!said.contains("hidden-word"), "no secret is said: {said}");
        home
    };
    let refused = |more: &str, words: &[&str]| {
        assert!(!said_by(more, words).data().exists(), "nothing is begun");
    };
    refused("[queries]\nrows_visiter = 10\n", &["skyport.toml", "rows_visiter", "queries"]);
    refused("[queries]\nrows_visitor = \"many\"\n", &["skyport.toml", "queries.rows_visitor", "many"]);
    refused("[queries]\nat_once = 0\n", &["queries.at_once"]);
    refused(
        "[archives.tap.\"Big Name\"]\ntitle = \"x\"\nurl = \"http://127.0.0.1/\"\n",
        &["archives.tap.Big Name"],
    );
    refused("[archives.tap.x]\ntitle = \"x\"\nurl = \"ftp://127.0.0.1/\"\n", &["archives.tap.x.url"]);
    said_by(
        "[database]\nurl = \"postgres://me:hidden-word@127.0.0.1:9/none\"\n",
        &["127.0.0.1:9", "could not be opened"],
    );
    let missing = std::process::Command::new(env!("CARGO_BIN_EXE_skyport"))
        .args(["serve", "--config", "/nowhere/skyport.toml"])
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(said(&missing).contains("/nowhere/skyport.toml"));
}
