//! What catalogues say, and where they would lead.

use openstack::{Cloud, Microversion, NetworkChoice, Reason, Refusal, Service};
use serde_json::{Value, json};

use crate::site::{Answer, Site, TOKEN, reason, session, wish};

fn compute(url: &str, region: &str) -> Value {
    json!({"type": "compute", "endpoints": [
        {"interface": "admin", "region_id": region, "url": "http://admin.invalid/"},
        {"interface": "public", "region_id": region, "url": url},
    ]})
}

#[tokio::test]
async fn endpoints_on_other_hosts_get_neither_request_nor_token() {
    let (site, other) = (Site::start().await, Site::start().await);
    for (url, why) in [
        (format!("http://localhost:{}/v2.1", other.port), Refusal::Host),
        ("http://169.254.169.254/v2.1".to_owned(), Refusal::Host),
        ("https://evil.example/v2.1".to_owned(), Refusal::Host),
        (format!("http://me:pw@127.0.0.1:{}/v2.1", other.port), Refusal::Credentials),
        ("ftp://127.0.0.1/v2.1".to_owned(), Refusal::NotWeb),
    ] {
        site.catalogue(&json!([compute(&url, "here")]));
        let session = site.session().await;
        let refused = reason(session.flavors().await);
        assert!(
            matches!(&refused, Reason::EndpointForbidden { why: w, .. } if *w == why),
            "{url}: {refused:?}"
        );
    }
    assert!(other.asked().is_empty());

    // The same host, once it is allowed.
    let mut settings = site.settings();
    settings.endpoint_hosts = vec!["localhost".to_owned()];
    other.on("GET", "/nova/v2.1/flavors/detail", Answer::json(200, &json!({"flavors": []})));
    site.catalogue(&json!([compute(&format!("http://localhost:{}/nova/v2.1", other.port), "here")]));
    let session = session(&Cloud::new(settings).unwrap()).await.unwrap();
    assert_eq!(session.flavors().await.unwrap(), []);
    assert_eq!(other.last("GET", "/nova/v2.1/flavors/detail").header("x-auth-token"), Some(TOKEN));
}

#[tokio::test]
async fn regions_are_chosen_or_asked_for() {
    let site = Site::start().await;
    let base = format!("http://127.0.0.1:{}", site.port);
    site.catalogue(&json!([
        compute(&format!("{base}/nova/v2.1"), "east"),
        compute(&format!("{base}/west/v2.1"), "west")
    ]));
    let both = vec!["east".to_owned(), "west".to_owned()];
    assert_eq!(reason(session(&site.cloud()).await), Reason::RegionNeeded(both));
    let in_region = |name: &str| {
        let mut settings = site.settings();
        settings.region = Some(name.to_owned());
        Cloud::new(settings).unwrap()
    };
    let east = session(&in_region("east")).await.unwrap();
    assert_eq!(east.microversion().await.unwrap(), Microversion::new(2, 96));
    assert_eq!(reason(east.images().await), Reason::NoEndpoint(Service::Image));
    let north = session(&in_region("north")).await.unwrap();
    assert_eq!(reason(north.microversion().await), Reason::NoEndpoint(Service::Compute));
    site.catalogue(&json!([]));
    assert_eq!(reason(site.session().await.networks().await), Reason::NoEndpoint(Service::Network));
}

#[tokio::test]
async fn addresses_in_all_their_forms_are_joined() {
    for suffix in ["", "/", "/v3", "/v3/", "/identity", "/identity/v3/", "/v3?x=1#y"] {
        let cloud = Cloud::new({
            let mut settings =
                openstack::Settings::new(format!("https://k.example:5000{suffix}").parse().unwrap());
            settings.endpoint_hosts = Vec::new();
            settings
        })
        .unwrap();
        let expected = if suffix.contains("identity") {
            "https://k.example:5000/identity/v3"
        } else {
            "https://k.example:5000/v3"
        };
        assert_eq!(cloud.keystone().as_str(), expected, "{suffix}");
    }
    for bad in [
        "ftp://k.example",
        "http://k.example",
        "https://u:p@k.example",
        "https://127.0.0.1",
        "https://10.0.0.1:5000/v3",
    ] {
        assert!(Cloud::new(openstack::Settings::new(bad.parse().unwrap())).is_err(), "{bad}");
    }

    // Nova with the project in its path, without a version, with a prefix; Glance and Neutron with their versions.
    let document = json!({"version": {"id": "v2.1", "version": "2.25", "min_version": "2.1"}});
    let versions = json!({"versions": [
        {"id": "v2.0", "version": "", "min_version": ""}, {"id": "v2.1", "version": "2.79", "min_version": "2.1"},
    ]});
    for (tail, document_path, status, document, expected, calls) in [
        ("/v2.1/p1", "/v2.1/", 200, &document, Microversion::new(2, 25), "/v2.1/p1/flavors/detail"),
        (
            "/compute/v2.1",
            "/compute/v2.1/",
            200,
            &document,
            Microversion::new(2, 25),
            "/compute/v2.1/flavors/detail",
        ),
        ("", "/", 300, &versions, Microversion::new(2, 79), "/v2.1/flavors/detail"),
        ("/compute/", "/compute/", 200, &versions, Microversion::new(2, 79), "/compute/v2.1/flavors/detail"),
    ] {
        let site = Site::start().await;
        let base = format!("http://127.0.0.1:{}", site.port);
        site.catalogue(&json!([
            compute(&format!("{base}{tail}"), "here"),
            {"type": "image", "endpoints": [{"interface": "public", "region": "here", "url": format!("{base}/image/v2/")}]},
            {"type": "network", "endpoints": [{"interface": "public", "region_id": "here", "url": format!("{base}/net/v2.0")}]},
        ]));
        site.on("GET", document_path, Answer::json(status, document));
        site.on("GET", calls, Answer::json(200, &json!({"flavors": []})));
        site.on("GET", "/image/v2/images", Answer::json(200, &json!({"images": []})));
        site.on("GET", "/net/v2.0/networks", Answer::json(200, &json!({"networks": []})));
        let session = site.session().await;
        assert_eq!(session.microversion().await.unwrap(), expected, "{tail}");
        session.flavors().await.unwrap();
        session.images().await.unwrap();
        session.networks().await.unwrap();
        let header = site.last("GET", calls).header("openstack-api-version").map(str::to_owned);
        assert_eq!(header, Some(format!("compute {expected}")));
    }
}

#[tokio::test]
async fn requests_fit_the_microversion() {
    for (newest, tags, networks, kind, request_id, header) in [
        ("2.1", false, false, false, false, None),
        ("2.2", false, false, true, false, Some("compute 2.2")),
        ("2.37", false, true, true, false, Some("compute 2.37")),
        ("2.51", false, true, true, true, Some("compute 2.51")),
        ("2.52", true, true, true, true, Some("compute 2.52")),
        ("2.104", true, true, true, true, Some("compute 2.96")),
        ("", false, false, false, false, None),
    ] {
        let site = Site::start().await;
        site.furnish(&format!("http://127.0.0.1:{}", site.port), newest);
        site.on(
            "POST",
            "/nova/v2.1/servers",
            Answer::json(202, &json!({"server": {"id": "s1", "adminPass": "x"}})),
        );
        site.on("POST", "/nova/v2.1/os-keypairs", Answer::json(200, &json!({"keypair": {}})));
        let session = site.session().await;
        assert_eq!(session.create_server(&wish()).await.unwrap(), "s1");
        session.ensure_key("k", "ssh-ed25519 AAAA").await.unwrap();
        let create = site.last("POST", "/nova/v2.1/servers");
        let body = &create.json()["server"];
        assert_eq!(body.get("tags").is_some(), tags, "{newest}");
        assert_eq!(body.get("networks").is_some(), networks, "{newest}");
        assert_eq!(body["metadata"]["skyport.operation"], wish().operation.as_str());
        assert_eq!(create.header("x-openstack-request-id").is_some(), request_id, "{newest}");
        assert_eq!(create.header("openstack-api-version"), header, "{newest}");
        assert_eq!(
            site.last("POST", "/nova/v2.1/os-keypairs").json()["keypair"].get("type").is_some(),
            kind,
            "{newest}"
        );
        let mut alone = wish();
        alone.network = NetworkChoice::None;
        assert_eq!(session.create_server(&alone).await.is_ok(), networks, "{newest}");
    }
    let site = Site::start().await;
    let future = json!({"version": {"id": "v2.1", "version": "2.200", "min_version": "2.150"}});
    site.on("GET", "/nova/v2.1/", Answer::json(200, &future));
    assert_eq!(reason(site.session().await.microversion().await), Reason::Microversion);
    site.on("GET", "/nova/v2.1/", Answer::json(200, &json!({"hello": "world"})));
    assert_eq!(reason(site.session().await.microversion().await), Reason::Unreadable);
}
