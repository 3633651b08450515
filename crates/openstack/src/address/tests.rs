//! Addresses that must be refused, in all the dresses that people have found for them.

use super::*;

fn policy(hosts: &[&str], allow_private: bool, allow_http: bool) -> Policy {
    let mut settings = Settings::new("https://keystone.example.org:5000/v3".parse().unwrap());
    settings.endpoint_hosts = hosts.iter().map(|h| (*h).to_owned()).collect();
    settings.allow_private_addresses = allow_private;
    settings.allow_http = allow_http;
    Policy::new(&settings)
}

fn judge(policy: &Policy, url: &str) -> Result<(), Refusal> {
    policy.judge(&url.parse().unwrap())
}

#[test]
fn the_catalogue_leads_to_allowed_hosts_only() {
    let careful = policy(&["nova.example.net", "*.cloud.example"], false, false);
    for good in [
        "https://keystone.example.org:8774/v2.1",
        "https://KEYSTONE.example.org/",
        "https://keystone.example.org./",
        "https://nova.example.net",
        "https://a.b.cloud.example/x",
    ] {
        assert_eq!(judge(&careful, good), Ok(()), "{good}");
    }
    for (bad, why) in [
        ("http://keystone.example.org/", Refusal::NotEncrypted),
        ("ftp://keystone.example.org/", Refusal::NotWeb),
        ("file:///etc/passwd", Refusal::NotWeb),
        ("https://user@keystone.example.org/", Refusal::Credentials),
        ("https://:pw@keystone.example.org/", Refusal::Credentials),
        ("https://evil.org/", Refusal::Host),
        ("https://cloud.example/", Refusal::Host),
        ("https://evilcloud.example/", Refusal::Host),
        ("https://keystone.example.org.evil.org/", Refusal::Host),
        ("https://169.254.169.254/latest", Refusal::Host),
    ] {
        assert_eq!(judge(&careful, bad), Err(why), "{bad}");
    }
}

#[test]
fn an_allowed_host_is_still_refused_where_it_is_private() {
    let hosts = ["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "8.8.8.8"];
    let careful = policy(&hosts, false, false);
    for bad in [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/",
        "https://0x7f.1/",
    ] {
        assert_eq!(judge(&careful, bad), Err(Refusal::Private), "{bad}");
    }
    assert_eq!(judge(&careful, "https://8.8.8.8/"), Ok(()));
    assert_eq!(judge(&policy(&hosts, true, false), "https://127.0.0.1/"), Ok(()));
    assert_eq!(judge(&policy(&hosts, true, true), "http://[::1]:5000/v3"), Ok(()));
}

#[test]
fn public_is_what_is_routed_everywhere() {
    for public in
        ["8.8.8.8", "172.32.0.1", "172.15.0.1", "100.128.0.1", "193.144.35.1", "2001:4860::8888", "2a00::1"]
    {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
    for private in [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "192.0.0.8",
        "203.0.113.5",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "2001:db8::1",
    ] {
        assert!(!is_public(private.parse().unwrap()), "{private}");
    }
}
