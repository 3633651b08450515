//! One container from its start to its removal.

use crate::bed::{Place, answers, ended, get, text};
use containers::{Access, CgroupVersion, Mount, OPERATION_LABEL, OutOfMemory, Product, Reach, State, Wish};
use std::time::Duration;

#[tokio::test]
async fn the_engine_says_what_it_is_and_can() {
    let place = Place::new().await;
    place.engine.ping().await.unwrap();
    let can = place.engine.abilities();
    assert_eq!(can.product, Product::Podman);
    assert_eq!(can.version, place.bed.ready["version"].as_str().unwrap());
    assert!(can.cores >= 1 && can.memory_mib > 500, "{can:?}");
    assert!(can.memory_limit && can.cpu_limit && can.pids_limit, "{can:?}");
    assert!(!can.rootless && can.gives_ids, "{can:?}");
    let both = std::path::Path::new("/sys/fs/cgroup/memory").is_dir();
    assert_eq!(can.cgroups, if both { CgroupVersion::V1 } else { CgroupVersion::V2 });
    let image = place.engine.image(place.bed.reference("tiny")).await.unwrap().unwrap();
    assert_eq!(image.architecture, can.architecture);
    assert_eq!(place.engine.reach(), Reach::Address);
}

#[tokio::test]
async fn a_container_is_started_once_reached_ended_and_removed() {
    let place = Place::new().await;
    let mut wish = place.wish("tiny").await;
    wish.labels.insert("who".to_owned(), wish.name.clone());
    let first = place.engine.start(&wish).await.unwrap();
    assert!(matches!(first.state, State::Running { since: Some(_) }), "{first:?}");
    assert_eq!(first.operation.as_deref(), Some(wish.operation.as_str()));
    assert_eq!(first.labels[OPERATION_LABEL], wish.operation);
    assert_eq!(first.image.trim_start_matches("sha256:"), wish.image.trim_start_matches("sha256:"));
    let again = place.engine.start(&wish).await.unwrap();
    assert_eq!((again.id, again.state), (first.id.clone(), first.state), "started once");

    let (seen, page) = answers(&place.engine, &wish.name, "/").await;
    assert!(page.contains("It runs."), "{page}");
    let address = seen.interface.unwrap();
    assert!(!address.ip().is_loopback() && address.port() == 8080, "{address}");
    let stats = place.engine.stats(&wish.name).await.unwrap().expect("it runs");
    assert_eq!(stats.memory_limit_bytes, 64 << 20);
    assert!(stats.pids >= 1 && stats.memory_bytes > 0 && stats.cpu_ns > 0, "{stats:?}");
    assert!(stats.received_bytes > 0 && stats.sent_bytes > 0, "it was asked for a page: {stats:?}");

    let stopped = place.engine.stop(&wish.name, Duration::from_secs(5)).await.unwrap();
    let State::Ended(end) = &stopped.state else { panic!("{stopped:?}") };
    assert!(end.started.is_some() && end.finished >= end.started, "{end:?}");
    assert_eq!(stopped.interface, None);
    assert_eq!(place.engine.stop(&wish.name, Duration::ZERO).await.unwrap(), stopped, "repeated");
    assert_eq!(place.engine.start(&wish).await.unwrap(), stopped, "what ended is not started again");
    assert_eq!(place.engine.stats(&wish.name).await.unwrap(), None);
    assert!(!get(address, "/").await.is_ok_and(|page| page.contains("It runs.")), "nobody answers any more");

    place.engine.remove(&wish.name).await.unwrap();
    place.engine.remove(&wish.name).await.unwrap();
    assert_eq!(place.engine.look(&wish.name).await.unwrap(), None);
    assert_eq!(place.engine.all_of("who", Some(&wish.name)).await.unwrap(), []);
}

#[tokio::test]
async fn two_at_once_with_one_wish_make_one_container() {
    let place = Place::new().await;
    let wish = place.wish("tiny").await;
    let other = place.bed.engine().await;
    let (one, two) = tokio::join!(place.engine.start(&wish), other.start(&wish));
    assert_eq!(one.unwrap().id, two.unwrap().id);
    place.engine.remove(&wish.name).await.unwrap();
}

#[tokio::test]
async fn exit_codes_and_signals_are_kept() {
    let place = Place::new().await;
    for (script, code) in [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137)] {
        let (end, _) = place.run(&place.script(script).await).await;
        let memory = if code == 137 { OutOfMemory::Likely } else { OutOfMemory::No };
        assert_eq!((end.exit_code, end.out_of_memory), (code, memory), "{script}");
    }
}

#[tokio::test]
async fn one_that_does_not_listen_is_ended_after_its_grace() {
    let place = Place::new().await;
    let wish = place.script("trap '' TERM; echo waiting; while :; do sleep 1; done").await;
    place.engine.start(&wish).await.unwrap();
    crate::bed::until("waiting", || async {
        (text(&place.engine, &wish.name).await == "waiting\n").then_some(())
    })
    .await;
    let stopped = place.engine.stop(&wish.name, Duration::from_secs(1)).await.unwrap();
    let State::Ended(end) = stopped.state else { panic!("{stopped:?}") };
    assert_eq!(end.exit_code, 137);
    place.engine.remove(&wish.name).await.unwrap();
}

#[tokio::test]
async fn all_of_a_label_are_found_also_half_made_ones() {
    let place = Place::new().await;
    let mut wishes: Vec<Wish> = Vec::new();
    for script in ["exit 3", "sleep 1000"] {
        let mut wish = place.script(script).await;
        wish.labels.insert("owner".to_owned(), "all-of-a-label".to_owned());
        place.engine.start(&wish).await.unwrap();
        wishes.push(wish);
    }
    ended(&place.engine, &wishes[0].name).await;
    // A command that is not in the image: all is made, and it never runs.
    let mut broken = place.wish("tiny").await;
    broken.labels.insert("owner".to_owned(), "all-of-a-label".to_owned());
    broken.command = Some(vec!["/no/such/program".to_owned()]);
    let _ = place.engine.start(&broken).await;
    let mut mine = place.wish("tiny").await;
    mine.labels.insert("owner".to_owned(), "another".to_owned());
    place.engine.start(&mine).await.unwrap();
    let found = place.engine.all_of("owner", Some("all-of-a-label")).await.unwrap();
    let mut names: Vec<_> = wishes.iter().chain([&broken]).map(|wish| wish.name.clone()).collect();
    names.sort();
    assert_eq!(found.iter().map(|seen| seen.name.clone()).collect::<Vec<_>>(), names);
    assert!(place.engine.all_of("owner", None).await.unwrap().len() >= 4);
    for wish in wishes.iter().chain([&broken, &mine]) {
        place.engine.remove(&wish.name).await.unwrap();
    }
    assert_eq!(place.engine.all_of("owner", Some("all-of-a-label")).await.unwrap(), []);
}

#[tokio::test]
async fn folders_and_environment_are_there_and_a_written_home_stays() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    let (data, home) = (folder.path().join("data"), folder.path().join("home"));
    std::fs::create_dir(&data).unwrap();
    std::fs::create_dir(&home).unwrap();
    std::fs::write(data.join("rows"), "1 2 3\n").unwrap();
    for path in [folder.path(), &data] {
        open(path, 0o755);
    }
    open(&home, 0o777);
    let mut wish = place
        .script("cat /data/rows; echo $GREETING; id -u; id -g; echo kept > /home/user/file; pwd; echo $HOME; touch /tmp/a /scratch/b /var/tmp/c && echo scratch")
        .await;
    wish.environment.insert("GREETING".to_owned(), "good morning = yes".to_owned());
    wish.scratch.push("/scratch".to_owned());
    (wish.uid, wish.gid) = (12345, 23456);
    wish.mounts = vec![
        Mount { source: data, target: "/data".to_owned(), access: Access::Read },
        Mount { source: home.clone(), target: "/home/user".to_owned(), access: Access::Write },
    ];
    let (end, said) = place.run(&wish).await;
    assert_eq!(said, "1 2 3\ngood morning = yes\n12345\n23456\n/home/user\n/home/user\nscratch\n");
    assert_eq!(end.exit_code, 0);
    assert_eq!(std::fs::read_to_string(home.join("file")).unwrap(), "kept\n");
}

#[tokio::test]
async fn ids_of_its_own_are_others_outside_and_its_home_follows() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), 0o755);
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    std::fs::write(home.join("before"), "there\n").unwrap();
    for round in 1..=2 {
        let mut wish = place
            .script("id -u; cat /home/user/before; echo x >> /home/user/new; cat /proc/self/uid_map")
            .await;
        wish.own_ids = true;
        wish.mounts =
            vec![Mount { source: home.clone(), target: "/home/user".to_owned(), access: Access::Write }];
        let (end, said) = place.run(&wish).await;
        let lines: Vec<_> = said.lines().collect();
        assert_eq!((end.exit_code, &lines[..2]), (0, &["1000", "there"][..]), "{said}");
        let map: Vec<u64> = lines[2].split_whitespace().map(|number| number.parse().unwrap()).collect();
        assert!(map[0] == 0 && map[1] >= 1 << 31 && map[2] == 65536, "root in it is nobody here: {said}");
        assert_eq!(std::fs::read_to_string(home.join("new")).unwrap(), "x\n".repeat(round));
    }
}

#[tokio::test]
async fn an_interface_on_this_machines_loopback() {
    let place = Place::new().await;
    let engine = place.engine.with_reach(Reach::Loopback);
    let mut wish = place.wish("tiny").await;
    wish.network = containers::Network::Open;
    let (one, mut two) = (wish.clone(), place.wish("tiny").await);
    two.network = containers::Network::Open;
    for wish in [&one, &two] {
        engine.start(wish).await.unwrap();
    }
    let (first, page) = answers(&engine, &one.name, "/").await;
    let (second, _) = answers(&engine, &two.name, "/").await;
    assert!(page.contains("It runs."));
    let (first, second) = (first.interface.unwrap(), second.interface.unwrap());
    assert!(first.ip().is_loopback() && second.ip().is_loopback() && first.port() != second.port());
    for wish in [&one, &two] {
        engine.remove(&wish.name).await.unwrap();
    }
}

fn open(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
