//! What every kind of site that runs sessions must do, tried at the real thing. A second kind passes the same.

use crate::engine::Bed;
use crate::world::{DEADLINE, until};
use skyport::config::sites::SiteConfig;
use skyport::providers::containers::ContainerSite;
use skyport::providers::session_site::{Fetch, Folder, Place, Reason, Run, Seen, SessionSite};
use std::collections::BTreeMap;
use std::time::Duration;

/// A site and its images: one that answers over HTTP at a port and has a shell, and one that is not there.
pub struct Subject {
    pub site: Box<dyn SessionSite>,
    pub node: &'static str,
    pub image: String,
    pub port: u16,
    pub missing: &'static str,
}

fn run_of(subject: &Subject, image: &str, session: &str, script: Option<&str>) -> Run {
    Run {
        session: session.to_owned(),
        operation: format!("operation-of-{session}"),
        node: subject.node.to_owned(),
        image: image.to_owned(),
        command: script.map(|script| ["/bin/sh", "-c", script].map(str::to_owned).to_vec()),
        environment: BTreeMap::from([("GREETING".to_owned(), "good morning".to_owned())]),
        port: script.is_none().then_some(subject.port),
        cores: 1,
        memory_mib: 64,
        uid: 60_000,
        gid: 60_000,
        folders: Vec::new(),
    }
}

/// Every promise of the trait.
pub async fn keep_every_promise(subject: Subject) {
    let site = &*subject.site;
    let fetched = site.fetch(subject.node, &subject.image, None).await.unwrap();
    let Fetch::There(image) = fetched else { panic!("{fetched:?}") };
    assert_eq!(site.find_image(subject.node, &subject.image).await.unwrap().unwrap(), image);
    assert_eq!(site.find_image(subject.node, subject.missing).await.unwrap(), None);
    let fault = site.fetch(subject.node, subject.missing, None).await.unwrap_err();
    assert_eq!((fault.reason, fault.reason.is_passing()), (Reason::NoImage, false), "{fault}");
    let fault = site.look(Place { node: "nowhere", session: "contract-1" }).await.unwrap_err();
    assert_eq!(fault.reason, Reason::NoNode);

    // Made once, however often it is asked for, with an interface that is reached.
    let run = run_of(&subject, &image.id, "contract1", None);
    let at = Place { node: subject.node, session: "contract1" };
    let (one, two) = tokio::join!(site.start(&run), site.start(&run));
    let Seen::Running { address: Some(address) } = one.unwrap() else { panic!("it runs") };
    assert!(matches!(two.unwrap(), Seen::Running { .. }));
    until("it answers", || async { crate::world::get(&address.to_string(), "/").await.is_some() }).await;
    assert!(site.usage(at).await.unwrap().is_some_and(|used| used.memory_limit_bytes == 64 << 20));
    let listed = site.list(subject.node).await.unwrap();
    assert_eq!(listed.iter().filter(|found| found.session == "contract1").count(), 1);
    // Another operation's is not taken for this one's.
    let other = Run { operation: "another".to_owned(), ..run.clone() };
    assert_eq!(site.start(&other).await.unwrap_err().reason, Reason::Taken);
    let ended = site.stop(at, Duration::from_secs(1)).await.unwrap();
    assert!(matches!(ended, Seen::Ended(_)), "{ended:?}");
    assert_eq!(site.start(&run).await.unwrap(), ended, "what ended is not started again");
    assert_eq!(site.usage(at).await.unwrap(), None);
    for _ in 0..2 {
        site.remove(at).await.unwrap();
        assert_eq!(site.look(at).await.unwrap(), Seen::Gone);
    }
    assert_eq!(site.stop(at, Duration::ZERO).await.unwrap(), Seen::Gone);
    assert_eq!(site.read_log(at, 1000).await.unwrap(), "");
    assert!(site.list(subject.node).await.unwrap().iter().all(|found| found.session != "contract1"));

    // How it ended and what it said last are known until it is removed.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rows"), "1 2 3\n").unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let script =
        "cat /data/rows; echo $GREETING; id -u; touch /data/x 2>/dev/null || echo not written; exit 7";
    let mut run = run_of(&subject, &image.id, "contract2", Some(script));
    run.folders =
        vec![Folder { source: folder.path().to_owned(), target: "/data".to_owned(), writable: false }];
    let at = Place { node: subject.node, session: "contract2" };
    site.start(&run).await.unwrap();
    let end = wait_for_end(site, at).await;
    assert_eq!((end.exit_code, end.out_of_memory), (7, false));
    let said = site.read_log(at, 1000).await.unwrap();
    assert_eq!(said, "1 2 3\ngood morning\n60000\nnot written\n");
    assert_eq!(site.read_log(at, 20).await.unwrap(), "60000\nnot written\n", "the end, at a line");
    site.remove(at).await.unwrap();

    // Memory that was used up.
    let run = run_of(&subject, &image.id, "contract3", Some("tail /dev/zero"));
    let at = Place { node: subject.node, session: "contract3" };
    site.start(&run).await.unwrap();
    assert!(wait_for_end(site, at).await.out_of_memory);
    site.remove(at).await.unwrap();
}

async fn wait_for_end(site: &dyn SessionSite, at: Place<'_>) -> skyport::providers::session_site::End {
    let wait = async {
        loop {
            if let Seen::Ended(end) = site.look(at).await.unwrap() {
                return end;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.expect("it ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn containers_keep_every_promise() {
    let bed = Bed::shared().await;
    let config: SiteConfig = toml::from_str(&crate::world::site(bed)).unwrap();
    keep_every_promise(Subject {
        site: Box::new(ContainerSite::new("here", &config)),
        node: "n1",
        image: bed.reference("tiny").to_owned(),
        port: 8080,
        missing: "localhost/skyport/not-there:1",
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_is_away_says_so() {
    let config = "title = \"Nowhere\"\nnodes = [{ name = \"n1\", socket = \"/run/skyport-nowhere.sock\" }]\n";
    let config: SiteConfig = toml::from_str(config).unwrap();
    let site = ContainerSite::new("here", &config);
    let at = Place { node: "n1", session: "contract4" };
    for fault in [
        site.look(at).await.unwrap_err(),
        site.list("n1").await.unwrap_err(),
        site.remove(at).await.unwrap_err(),
        site.fetch("n1", "localhost/skyport/tiny:1", None).await.unwrap_err(),
    ] {
        assert_eq!(fault.reason, Reason::Unreachable, "{fault}");
    }
    let findings = site.check().await;
    assert!(format!("{findings:?}").contains("systemctl start podman.socket"), "{findings:?}");
}
