//! Limits that contradict each other are refused by name.

use super::QueriesConfig;

fn refused(change: impl FnOnce(&mut QueriesConfig)) -> String {
    let mut config = QueriesConfig::default();
    change(&mut config);
    config.check().unwrap_err().to_string()
}

#[test]
fn names_the_key() {
    for (said, key) in [
        (refused(|c| c.at_once_visitors = 0), "queries.at_once_visitors"),
        (refused(|c| c.asks_per_minute_visitor = 0), "queries.asks_per_minute_visitor"),
        (refused(|c| c.asks_per_minute_address = 0), "queries.asks_per_minute_address"),
        (refused(|c| c.streams_per_owner = 0), "queries.streams_per_owner"),
        (refused(|c| c.listed_visitor_s = c.kept_visitor_s - 1), "queries.listed_visitor_s"),
        (refused(|c| c.store.prefix = "/a".to_owned()), "queries.store.prefix"),
        (refused(|c| c.store.prefix = "a/".to_owned()), "queries.store.prefix"),
        (refused(|c| c.store.prefix = "a//b".to_owned()), "queries.store.prefix"),
        (refused(|c| c.sesame = "http://127.0.0.1.example.org/".to_owned()), "queries.sesame"),
    ] {
        assert!(said.contains(key), "{key} is not named in: {said}");
    }
}

#[test]
fn a_place_is_left_to_users() {
    for (at_once, visitors, expected) in [(8, 4, 4), (3, 4, 2), (2, 2, 1), (1, 4, 1)] {
        let config = QueriesConfig { at_once, at_once_visitors: visitors, ..QueriesConfig::default() };
        assert_eq!(config.at_once_of_visitors(), expected);
    }
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    let mut config = QueriesConfig::default();
    for (endpoint, here) in [
        ("http://127.0.0.1:9000", true),
        ("http://localhost:9000", true),
        ("http://127.0.0.1.example.org", false),
        ("https://s3.example.org", false),
        ("", false),
    ] {
        config.store.endpoint = endpoint.to_owned();
        assert_eq!(config.store.is_on_this_machine(), here, "{endpoint}");
    }
}
