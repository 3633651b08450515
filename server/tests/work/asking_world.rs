//! Asking and looking through the portal's own functions, as the page's script does.

use crate::support::browser::{Answer, Browser};
use crate::support::portal::Portal;
use crate::support::waiting;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Far more than anything here needs.
pub const DEADLINE: Duration = Duration::from_mins(2);

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(what: &str, holds: impl FnMut() -> F) {
    waiting::until(DEADLINE, what, holds).await;
}

pub async fn try_ask(browser: &mut Browser, archive: &str, adql: &str) -> Answer {
    browser.call("queries/ask", &[("archive", archive), ("adql", adql), ("title", "")]).await
}

/// Asks; gives the query's id.
pub async fn ask(browser: &mut Browser, archive: &str, adql: &str) -> String {
    let answer = try_ask(browser, archive, adql).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_str().unwrap().to_owned()
}

pub async fn show(browser: &mut Browser, id: &str) -> Value {
    waiting::show(browser, "queries/show", id).await
}

/// Waits for a state.
pub async fn reach(browser: &mut Browser, id: &str, states: &[&str]) -> Value {
    let wait = async {
        loop {
            let view = show(browser, id).await;
            if states.iter().any(|state| view["state"] == **state) {
                return view;
            }
            let over = !["Queued", "Running"].iter().any(|state| view["state"] == *state);
            assert!(!over || states.contains(&"Expired"), "it ended otherwise: {view:#}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.unwrap_or_else(|_| panic!("{id} did not reach {states:?}"))
}

/// Waits for the end, whatever it is.
pub async fn over(browser: &mut Browser, id: &str) -> Value {
    reach(browser, id, &["Completed", "Failed", "Cancelled", "Interrupted"]).await
}

/// Asks and waits for all rows; gives the query's id and view.
pub async fn asked(browser: &mut Browser, archive: &str, adql: &str) -> (String, Value) {
    let id = ask(browser, archive, adql).await;
    let view = reach(browser, &id, &["Completed"]).await;
    (id, view)
}

/// The first rows of a result.
pub async fn window(browser: &mut Browser, id: &str, question: Value) -> Value {
    let answer = browser.call_json("queries/window", &json!({"id": id, "question": question})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The cells of a window, `|` between them, `-` where missing.
pub fn lines(window: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let cells = row["cells"].as_array().unwrap().iter();
        cells.map(|cell| cell.as_str().unwrap_or("-")).collect::<Vec<_>>().join("|")
    };
    window["window"].as_array().unwrap().iter().map(row).collect()
}

/// Every file in the results' folder, whole or not.
pub fn result_files(portal: &Portal) -> Vec<PathBuf> {
    files_in(&portal.folder.path().join("results"))
}

pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Calls `basket/add` with rows, `Matching` filters or `WholeResult`.
pub async fn add(browser: &mut Browser, query: &str, what: Value) -> Answer {
    browser.call_json("basket/add", &json!({"add": {"query": query, "what": what}})).await
}

pub async fn basket(browser: &mut Browser, archive: &str, offset: u64) -> Value {
    let answer = browser.call("basket/show", &[("archive", archive), ("offset", &offset.to_string())]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The ids of the items shown.
pub fn items(basket: &Value) -> Vec<String> {
    let items = basket["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Removes items as the page's form does.
pub async fn remove(browser: &mut Browser, items: &[String]) -> Answer {
    let names: Vec<String> = (0..items.len()).map(|place| format!("items[{place}]")).collect();
    let fields: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(items.iter().map(String::as_str)).collect();
    browser.call("basket/remove", &fields).await
}
