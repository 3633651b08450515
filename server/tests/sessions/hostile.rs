//! What a session tries and must not get: the portal, by any of the machine's addresses, and its neighbours.

use crate::engine::Bed;
use crate::world::{address, get, log, person, portal, reach, run};
use serde_json::json;
use std::fmt::Write as _;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_portal_and_its_neighbours_are_not_reached() {
    let bed = Bed::shared().await;
    let portal = portal(bed, None, |_| {}).await;
    let mut owner = person(&portal, "operator").await;
    let neighbour = run(&mut owner, "tiny", &json!({})).await;
    reach(&mut owner, &neighbour, "Running").await;
    let beside = address(&portal, &neighbour).await.unwrap();
    assert!(get(&beside, "/").await.unwrap().contains("It runs."), "it is there, for the portal");
    // The machine's end of the neighbour's bridge is beside it.
    let (ip, _) = beside.rsplit_once(':').unwrap();
    let (net, last) = ip.rsplit_once('.').unwrap();
    let machine = format!("{net}.{}", last.parse::<u8>().unwrap() - 1);
    let port = portal.address.port();

    let mut browser = person(&portal, "astronomer").await;
    let targets = [
        format!("127.0.0.1:{port}"),
        format!("{machine}:{port}"),
        format!("host.containers.internal:{port}"),
        beside.clone(),
        "192.0.2.1:80".to_owned(),
    ];
    let mut script = String::new();
    for target in &targets {
        let _ = write!(
            script,
            "if wget -q -T 2 -O - http://{target}/ >/dev/null 2>&1; then echo REACHED {target}; else echo not {target}; fi; "
        );
    }
    script.push_str(
        "grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; touch /x 2>/dev/null || echo root read alone; \
         env | grep -i -c cookie; ls /run/podman /var/run/docker.sock 2>/dev/null | wc -l; ls /home; ls /data",
    );
    let id = run(&mut browser, "shell", &json!({ "command": format!("/bin/sh\n-c\n{script}") })).await;
    reach(&mut browser, &id, "Ended").await;
    let said = log(&mut browser, &id).await;
    assert!(!said.contains("REACHED"), "{said}");
    for target in &targets {
        assert!(said.contains(&format!("not {target}\n")), "it was tried: {said}");
    }
    let rest = "CapEff:\t0000000000000000\nNoNewPrivs:\t1\nroot read alone\n0\n0\nuser\nmanifest.json\n";
    assert!(said.contains(rest), "{said}");
    portal.stop().await;
}
