//! Waiting for what comes by itself: looked for again and again, until a deadline that nothing should need.

use super::browser::Browser;
use serde_json::Value;
use std::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(deadline: Duration, what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(PAUSE).await;
        }
    };
    assert!(tokio::time::timeout(deadline, wait).await.is_ok(), "{what} did not happen");
}

/// What a server function shows of something.
pub async fn show(browser: &mut Browser, function: &str, id: &str) -> Value {
    let answer = browser.call(function, &[("id", id)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Waits until what a server function shows is at a state; gives it then.
pub async fn reach(
    deadline: Duration,
    browser: &mut Browser,
    function: &str,
    id: &str,
    state: &str,
) -> Value {
    let mut last = Value::Null;
    let wait = async {
        loop {
            last = show(browser, function, id).await;
            if last["item"]["state"] == state {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let done = tokio::time::timeout(deadline, wait).await.is_ok();
    assert!(done, "it did not reach {state}: {last:#}");
    last
}
