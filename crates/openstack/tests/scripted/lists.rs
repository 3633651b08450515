//! Lists: pages, other people's things in them, and what is missing on old sites.

use openstack::{Quota, Reason, Status};
use serde_json::{Value, json};

use crate::site::{Answer, Site, reason, server, wish};

fn flavor(id: &str, cores: u32) -> Value {
    json!({"id": id, "name": id, "vcpus": cores, "ram": 512, "disk": 0})
}

/// What comes of a call may be awaited on any thread, as web servers want it: a matter of compiling.
#[tokio::test]
async fn calls_can_be_spawned() {
    let site = Site::start().await;
    let session = site.session().await;
    site.on("GET", "/nova/v2.1/servers/detail", Answer::json(200, &json!({"servers": []})));
    let calls = tokio::spawn(async move {
        let operation = wish().operation;
        let lists =
            (session.flavors().await, session.images().await, session.networks().await, session.keys().await);
        let address = session.ensure_floating_address(&operation, "s1", "n1").await;
        (lists, address, session.ensure_server(&wish()).await, session.servers().await)
    });
    assert_eq!(calls.await.unwrap().3.unwrap(), []);
}

#[tokio::test]
async fn pages_are_read_to_the_end_and_not_for_ever() {
    let site = Site::start().await;
    let session = site.session().await;
    site.act("GET", "/nova/v2.1/flavors/detail", |asked| {
        let last = asked.query.contains("marker=b");
        let flavors = if last { vec![flavor("c", 1)] } else { vec![flavor("a", 4), flavor("b", 2)] };
        // The address in it is somebody's mistake, as behind many proxies.
        let links =
            if last { json!([]) } else { json!([{"rel": "next", "href": "http://internal.invalid/x"}]) };
        Answer::json(200, &json!({"flavors": flavors, "flavors_links": links}))
    });
    let names: Vec<String> = session.flavors().await.unwrap().into_iter().map(|f| f.name).collect();
    assert_eq!(names, ["c", "b", "a"]);
    let again = json!({"flavors": [flavor("a", 1)], "flavors_links": [{"rel": "next", "href": "x"}]});
    site.on("GET", "/nova/v2.1/flavors/detail", Answer::json(200, &again));
    assert_eq!(session.flavors().await.unwrap().len(), 2);
    let endless = std::sync::atomic::AtomicU32::new(0);
    site.act("GET", "/glance/v2/images", move |_| {
        let n = endless.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Answer::json(200, &json!({"images": [{"id": format!("i{n}")}], "next": "/v2/images?marker=x"}))
    });
    assert_eq!(reason(session.images().await), Reason::TooLong);
}

#[tokio::test]
async fn only_my_own_servers_are_listed_whatever_the_site_sends() {
    let site = Site::start().await;
    let mut theirs = server("theirs");
    theirs["user_id"] = json!("somebody");
    theirs["metadata"] = json!({"skyport.operation": wish().operation.as_str()});
    let mut gone = server("gone");
    gone["status"] = json!("DELETED");
    let mut odd = server("odd");
    odd["status"] = json!("SHELVED_OFFLOADED");
    odd["addresses"] = json!({"net": [
        {"addr": "10.0.0.5", "version": 4, "OS-EXT-IPS:type": "fixed"},
        {"addr": "193.144.35.9", "version": 4, "OS-EXT-IPS:type": "floating"},
        {"addr": "no address", "version": 4},
    ]});
    site.on(
        "GET",
        "/nova/v2.1/servers/detail",
        Answer::json(200, &json!({"servers": [theirs, gone, odd, server("mine")]})),
    );
    for newest in ["2.96", "2.60"] {
        site.furnish(&format!("http://127.0.0.1:{}", site.port), newest);
        let session = site.session().await;
        let servers = session.servers().await.unwrap();
        assert_eq!(servers.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["odd", "mine"]);
        assert_eq!(servers[0].status, Status::Other("SHELVED_OFFLOADED".into()));
        assert_eq!(servers[0].addresses.len(), 2);
        let query = site.last("GET", "/nova/v2.1/servers/detail").query;
        assert_eq!(query.contains("user_id=user-me"), newest == "2.96", "{query}");
    }
}

#[tokio::test]
async fn limits_may_be_unlimited_or_secret() {
    let site = Site::start().await;
    let session = site.session().await;
    let limits = json!({"limits": {"rate": [], "absolute": {
        "maxTotalInstances": -1, "maxTotalCores": 20, "maxTotalRAMSize": 51200, "maxTotalKeypairs": 100,
        "totalInstancesUsed": 3, "totalCoresUsed": 22, "totalRAMUsed": 1024,
    }}});
    site.on("GET", "/nova/v2.1/limits", Answer::json(200, &limits));
    let limits = session.compute_limits().await.unwrap();
    assert_eq!(limits.servers, Quota { used: Some(3), limit: None });
    assert_eq!(limits.servers.left(), None);
    assert_eq!(limits.memory_mib.left(), Some(50176));
    // More in use than the limit, since somebody lowered it.
    assert_eq!(limits.cores.left(), Some(0));
    let denied = json!({"NeutronError": {"type": "PolicyNotAuthorized", "message": "no", "detail": ""}});
    site.on("GET", "/neutron/v2.0/quotas/p1/details.json", Answer::json(403, &denied));
    assert_eq!(session.network_quota().await.unwrap(), None);
    let quota = json!({"quota": {"floatingip": {"limit": 5, "used": 2, "reserved": 1}, "port": {"limit": -1, "used": 7, "reserved": 0},
                                 "security_group": {"limit": 10, "used": 1, "reserved": 0}}});
    site.on("GET", "/neutron/v2.0/quotas/p1/details.json", Answer::json(200, &quota));
    assert_eq!(session.network_quota().await.unwrap().unwrap().floating_addresses.left(), Some(2));
}

#[tokio::test]
async fn names_of_images_and_users_are_made_harmless() {
    let site = Site::start().await;
    let session = site.session().await;
    let image = |name: &str, distro: Value, user: Value| json!({"id": name, "name": name, "os_distro": distro, "os_admin_user": user});
    let images = [
        image("Debian 12", json!(null), json!("admin; rm -rf /")),
        image("x", json!("Rocky"), json!(null)),
        image("y", json!("ubuntu"), json!("astro_user-1")),
        image("z", json!("plan9"), json!(null)),
    ];
    site.on("GET", "/glance/v2/images", Answer::json(200, &json!({"images": images})));
    let images = session.images().await.unwrap();
    let users: Vec<_> = images.iter().map(openstack::Image::access_user).collect();
    assert_eq!(users, [Some("debian"), Some("rocky"), Some("astro_user-1"), None]);
}

#[tokio::test]
async fn security_groups_tell_whether_ssh_gets_in() {
    let site = Site::start().await;
    let session = site.session().await;
    let rule = |direction: &str,
                family: &str,
                protocol: Value,
                ports: (Value, Value),
                prefix: Value,
                group: Value| {
        json!({"direction": direction, "ethertype": family, "protocol": protocol, "port_range_min": ports.0,
               "port_range_max": ports.1, "remote_ip_prefix": prefix, "remote_group_id": group})
    };
    let (n, ssh) = (Value::Null, (json!(22), json!(22)));
    let none = (n.clone(), n.clone());
    let tcp = json!("tcp");
    for (rule, admits) in [
        (rule("ingress", "IPv4", tcp.clone(), ssh.clone(), n.clone(), n.clone()), true),
        (rule("ingress", "IPv4", n.clone(), none.clone(), json!("0.0.0.0/0"), n.clone()), true),
        (rule("ingress", "IPv4", tcp.clone(), (json!(1), json!(1000)), n.clone(), n.clone()), true),
        (rule("egress", "IPv4", tcp.clone(), ssh.clone(), n.clone(), n.clone()), false),
        (rule("ingress", "IPv6", tcp.clone(), ssh.clone(), n.clone(), n.clone()), false),
        (rule("ingress", "IPv4", json!("udp"), ssh.clone(), n.clone(), n.clone()), false),
        (rule("ingress", "IPv4", tcp.clone(), (json!(80), json!(443)), n.clone(), n.clone()), false),
        (rule("ingress", "IPv4", tcp.clone(), ssh.clone(), json!("10.0.0.0/8"), n.clone()), false),
        (rule("ingress", "IPv4", n.clone(), none, n.clone(), json!("g")), false),
    ] {
        let groups = json!({"security_groups": [{"id": "g", "name": "g", "security_group_rules": [rule]}]});
        site.on("GET", "/neutron/v2.0/security-groups", Answer::json(200, &groups));
        assert_eq!(session.security_groups().await.unwrap()[0].admits_tcp(22), admits, "{rule}");
    }
}

#[tokio::test]
async fn a_floating_address_that_lost_its_port_is_put_back_and_others_stay() {
    let site = Site::start().await;
    let session = site.session().await;
    let operation = wish().operation;
    site.on("GET", "/nova/v2.1/servers/s1", Answer::json(200, &json!({"server": server("s1")})));
    let ports = json!({"ports": [{"id": "b", "network_id": "n", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]});
    site.on("GET", "/neutron/v2.0/ports", Answer::json(200, &ports));
    let address = |id: &str, port: Value, description: &str| json!({"id": id, "floating_ip_address": "203.0.113.7", "port_id": port, "status": "DOWN", "description": description});
    // An old Neutron ignores the filter and sends everybody's.
    let all = json!({"floatingips": [
        address("theirs", json!(null), "skyport:somebody-elses"), address("hers", json!("b"), ""),
        address("mine", json!(null), &format!("skyport:{}", operation.as_str())),
    ]});
    site.on("GET", "/neutron/v2.0/floatingips", Answer::json(200, &all));
    let there = json!({"floatingip": address("mine", json!("b"), "")});
    site.on("PUT", "/neutron/v2.0/floatingips/mine", Answer::json(200, &there));
    let got = session.ensure_floating_address(&operation, "s1", "ext").await.unwrap();
    assert_eq!((got.id.as_str(), got.port.as_deref()), ("mine", Some("b")));
    assert_eq!(site.count("POST", "/neutron/v2.0/floatingips"), 0);
    site.on("DELETE", "/neutron/v2.0/floatingips/mine", Answer::Whole(204, String::new(), Vec::new()));
    assert_eq!(session.release_floating_addresses(&operation).await.unwrap(), 1);
    let deleted: Vec<String> =
        site.asked().into_iter().filter(|a| a.method == "DELETE").map(|a| a.path).collect();
    assert_eq!(deleted, ["/neutron/v2.0/floatingips/mine"]);
}
