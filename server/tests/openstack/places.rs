//! Which of the addresses that a site gives its machines are looked at.

use skyport::clock::Clock;
use skyport::config::servers::OpenStackConfig;
use skyport::providers::Site as _;
use skyport::providers::openstack::OpenStackSite;

fn site(also: &[&str]) -> OpenStackSite {
    let config = serde_json::json!({
        "title": "Test", "keystone": "https://cloud.example.org:5000/v3", "private_network": true, "ssh_also_at": also,
    });
    let config: OpenStackConfig = serde_json::from_value(config).unwrap();
    OpenStackSite::new("test", &config, Clock::system()).unwrap()
}

#[test]
fn none_of_this_machine_or_a_link() {
    let site = site(&[]);
    for address in ["198.51.100.7", "10.0.0.5", "192.168.1.2", "2001:db8::7", "fd00::1"] {
        assert!(site.may_look_at(address), "{address}");
    }
    for address in [
        "127.0.0.1",
        "127.255.0.9",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "localhost",
        "",
    ] {
        assert!(!site.may_look_at(address), "{address}");
    }
}

#[test]
fn but_those_that_the_operator_names() {
    let site = site(&["127.0.0.9", "fe80::9"]);
    assert!(site.may_look_at("127.0.0.9") && site.may_look_at("fe80::9"));
    assert!(!site.may_look_at("127.0.0.1") && !site.may_look_at("fe80::1"));
}
