//! What lies outside, address by address, and how many may ask at once.

use outlet::{Place, PlaceError, Policy};
use std::net::IpAddr;

fn said(policy: &Policy, address: &str) -> String {
    let address = address.parse::<IpAddr>().unwrap_or_else(|error| panic!("{address}: {error}"));
    policy.refuses(address, 443).map_or_else(String::new, |refusal| refusal.to_string())
}

#[test]
fn what_is_not_outside_is_named() {
    let cases = [
        ("127.0.0.1", "loopback"),
        ("127.255.0.3", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("0.1.2.3", "this network"),
        ("10.0.2.2", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("::ffff:192.168.1.1", "private"),
        ("fd12::1", "private"),
        ("100.64.0.1", "shared"),
        ("100.127.255.255", "shared"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("192.0.0.8", "protocols"),
        ("198.18.0.1", "benchmarks"),
        ("198.19.255.255", "benchmarks"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("64:ff9b::7f00:1", "stands for another"),
        ("2002:7f00:1::", "stands for another"),
        ("2001:0:7f00:1::", "stands for another"),
        ("::127.0.0.1", "no global unicast"),
    ];
    for (address, what) in cases {
        let said = said(&Policy::web(), address);
        assert!(said.contains(what), "{address}: {said:?} does not say {what:?}");
    }
}

#[test]
fn what_is_outside_is_let_through() {
    for address in [
        "93.184.215.14",
        "172.15.0.1",
        "172.32.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "198.51.100.2",
        "2a02:898:31:0:48::1",
    ] {
        assert_eq!(said(&Policy::web(), address), "", "{address}");
    }
}

#[test]
fn a_named_network_is_let_through_and_nothing_opens_this_machine() {
    let everything: Vec<_> = ["0.0.0.0/0", "::/0"].iter().map(|network| network.parse().unwrap()).collect();
    let mirror = Policy { networks: vec!["10.20.0.0/16".parse().unwrap()], ..Policy::web() };
    assert_eq!(said(&mirror, "10.20.3.4"), "");
    assert_eq!(said(&mirror, "::ffff:10.20.3.4"), "");
    assert!(said(&mirror, "10.21.3.4").contains("private"));
    let open = Policy { networks: everything, ..Policy::web() };
    assert_eq!(said(&open, "192.168.1.1"), "");
    for address in ["127.0.0.1", "::1", "0.0.0.0", "169.254.169.254", "fe80::1", "224.0.0.1"] {
        assert_ne!(said(&open, address), "", "{address}");
    }
}

#[test]
fn only_named_ports_are_let_through() {
    let address = "93.184.215.14".parse().unwrap();
    let policy = Policy { ports: vec![443, 9418], networks: Vec::new() };
    assert!(policy.refuses(address, 9418).is_none());
    assert_eq!(
        policy.refuses(address, 80).unwrap().to_string(),
        "port 80 is not let through; these are: 443, 9418"
    );
    let none = Policy { ports: Vec::new(), networks: Vec::new() };
    assert_eq!(none.refuses(address, 80).unwrap().to_string(), "port 80 is not let through; these are: none");
}

#[test]
fn no_more_at_once_than_there_are_places() {
    let folder = tempfile::tempdir().unwrap();
    let places = folder.path().join("places");
    let first = Place::take(&places, 2).unwrap();
    let second = Place::take(&places, 2).unwrap();
    let full = Place::take(&places, 2).unwrap_err();
    assert!(matches!(full, PlaceError::Full { most: 2 }));
    assert_eq!(
        full.to_string(),
        "as many connections are open as may be at once (2); close one and try again"
    );
    drop(first);
    let third = Place::take(&places, 2).unwrap();
    drop((second, third));
    assert!(matches!(Place::take(&places, 0), Err(PlaceError::Full { most: 0 })));
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(Place::take(&file, 1), Err(PlaceError::Folder { .. })));
}
