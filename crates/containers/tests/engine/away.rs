//! The engine goes away and comes back.

use crate::bed::{Bed, answers, get, until, wish};
use containers::{Engine, Fault, State};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The engine's process: the one of Podman that was given this socket to serve.
fn engine_process(socket: &Path) -> Option<u32> {
    let wanted = format!("unix://{}", socket.display());
    std::fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let program = std::fs::read_link(entry.path().join("exe")).ok()?;
        let serves = line.split(|byte| *byte == 0).any(|word| word == wanted.as_bytes());
        (serves && program.file_name().is_some_and(|name| name == "podman")).then_some(pid)
    })
}

fn kill(bed: &Bed) {
    let pid = engine_process(&bed.socket).expect("the engine's process");
    assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn containers_are_found_again_after_the_engine_was_killed() {
    let bed = tokio::task::spawn_blocking(Bed::start).await.unwrap();
    let engine = bed.engine().await;
    let goes_on = wish(&engine, bed.reference("tiny")).await;
    let before = engine.start(&goes_on).await.unwrap();
    answers(&engine, &goes_on.name, "/").await;
    let folder = tempfile::tempdir().unwrap();
    let mut ends = wish(&engine, bed.reference("tiny")).await;
    ends.command = Some(
        ["/bin/sh", "-c", "echo begun; until [ -e /data/go ]; do sleep 0.1; done; echo last words; exit 7"]
            .map(str::to_owned)
            .to_vec(),
    );
    ends.uid = 0;
    ends.mounts = vec![containers::Mount {
        source: folder.path().to_owned(),
        target: "/data".to_owned(),
        access: containers::Access::Read,
    }];
    engine.start(&ends).await.unwrap();

    std::fs::write(&bed.hold, "").unwrap();
    kill(&bed);
    let fault = until("gone", || async { engine.look(&goes_on.name).await.err() }).await;
    assert!(
        matches!(fault, Fault::Gone { .. } | Fault::SocketMissing { .. }) && fault.is_passing(),
        "{fault:?}"
    );
    assert!(Engine::at(&bed.socket).await.is_err());
    assert!(matches!(engine.start(&goes_on).await, Err(fault) if fault.is_passing()));
    // What runs goes on without its engine; what ends, ends.
    assert!(get(before.interface.unwrap(), "/").await.unwrap().contains("It runs."));
    std::fs::write(folder.path().join("go"), "").unwrap();
    std::fs::remove_file(&bed.hold).unwrap();

    until("back", || async { engine.ping().await.ok() }).await;
    let after = engine.start(&goes_on).await.unwrap();
    assert_eq!((&after.id, &after.state), (&before.id, &before.state), "the same one, not another");
    answers(&engine, &goes_on.name, "/").await;
    let end = crate::bed::ended(&engine, &ends.name).await;
    assert_eq!((end.exit_code, end.out_of_memory), (7, containers::OutOfMemory::No));
    assert_eq!(crate::bed::text(&engine, &ends.name).await, "begun\nlast words\n");
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap().len(), 2);

    for name in [&goes_on.name, &ends.name] {
        until("removed", || async { engine.remove(name).await.ok() }).await;
    }
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}

#[tokio::test]
async fn killed_at_any_moment_of_a_start_it_starts() {
    let bed = tokio::task::spawn_blocking(Bed::start).await.unwrap();
    let engine = bed.engine().await;
    for moment_ms in (0..400).step_by(40) {
        let wish = wish(&engine, bed.reference("tiny")).await;
        let (first_try, ()) = tokio::join!(engine.start(&wish), async {
            tokio::time::sleep(Duration::from_millis(moment_ms)).await;
            kill(&bed);
        });
        if let Err(fault) = first_try {
            assert!(
                fault.is_passing() || matches!(fault, Fault::Refused { .. }),
                "{moment_ms} ms: {fault:?}"
            );
        }
        let seen = until("started", || async { engine.start(&wish).await.ok() }).await;
        assert!(matches!(seen.state, State::Running { .. }), "{moment_ms} ms: {seen:?}");
        answers(&engine, &wish.name, "/").await;
        until("removed", || async { engine.remove(&wish.name).await.ok() }).await;
    }
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}

/// As of an engine that was killed between its storage and its own list of containers.
#[tokio::test]
async fn what_only_the_storage_knows_is_made_anew() {
    let bed = tokio::task::spawn_blocking(Bed::start).await.unwrap();
    let engine = bed.engine().await;
    let wish = wish(&engine, bed.reference("tiny")).await;
    let before = engine.start(&wish).await.unwrap();
    engine.stop(&wish.name, Duration::from_secs(1)).await.unwrap();
    std::fs::write(&bed.hold, "").unwrap();
    kill(&bed);
    let list = bed.hold.with_file_name("lib").join("storage/libpod");
    let forgotten = ["bolt_state.db", "db.sql"].map(|file| std::fs::remove_file(list.join(file)).is_ok());
    assert!(forgotten.contains(&true), "Podman keeps its list elsewhere");
    std::fs::remove_file(&bed.hold).unwrap();
    until("back", || async { engine.ping().await.ok() }).await;
    assert_eq!(engine.look(&wish.name).await.unwrap().map(|seen| seen.state), Some(State::Making));

    let after = engine.start(&wish).await.unwrap();
    assert!(matches!(after.state, State::Running { .. }) && after.id != before.id, "{after:?}");
    answers(&engine, &wish.name, "/").await;
    engine.remove(&wish.name).await.unwrap();
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}

/// As of an engine that was killed in the middle of a removal: its list has the container, its storage does not.
#[tokio::test]
async fn what_is_half_removed_is_in_nobodys_way() {
    let bed = tokio::task::spawn_blocking(Bed::start).await.unwrap();
    let engine = bed.engine().await;
    let (goes_on, broken) =
        (wish(&engine, bed.reference("tiny")).await, wish(&engine, bed.reference("tiny")).await);
    for wish in [&goes_on, &broken] {
        engine.start(wish).await.unwrap();
    }
    for seen_first in ["by its name", "in the list", "by a removal"] {
        let before = engine.stop(&broken.name, Duration::from_secs(1)).await.unwrap();
        std::fs::write(&bed.hold, "").unwrap();
        kill(&bed);
        let list = bed.hold.with_file_name("lib").join("storage/overlay-containers/containers.json");
        let mut known: Vec<serde_json::Value> =
            serde_json::from_slice(&std::fs::read(&list).unwrap()).unwrap();
        let count = known.len();
        known.retain(|one| one["id"] != before.id);
        assert_eq!(known.len() + 1, count, "it was in the list");
        std::fs::write(&list, serde_json::to_vec(&known).unwrap()).unwrap();
        std::fs::remove_file(&bed.hold).unwrap();
        until("back", || async { engine.ping().await.ok() }).await;

        let names = [&goes_on.name, &broken.name].map(|name| Some(name.clone()));
        match seen_first {
            "by its name" => {
                let seen = engine.look(&broken.name).await.unwrap();
                assert_eq!(seen.map(|seen| seen.state), Some(State::Making));
            }
            "in the list" => {
                let all = engine.all_of(containers::OPERATION_LABEL, None).await.unwrap();
                assert_eq!(all.into_iter().map(|seen| Some(seen.name)).collect::<Vec<_>>(), names);
            }
            _ => {
                engine.remove(&broken.name).await.unwrap();
                assert_eq!(engine.look(&broken.name).await.unwrap(), None);
            }
        }
        answers(&engine, &goes_on.name, "/").await;
        let after = engine.start(&broken).await.unwrap();
        assert!(matches!(after.state, State::Running { .. }) && after.id != before.id, "{after:?}");
    }
    for wish in [&goes_on, &broken] {
        engine.remove(&wish.name).await.unwrap();
    }
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}

/// An engine that is killed when its runtime has done a step, and before it knows: which says afterwards that the container
/// is not started, and that it cannot be.
#[tokio::test]
async fn killed_when_the_runtime_has_begun_it_starts() {
    let runtime = Bed::shared().ready["runtime"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (script, flag) = (folder.path().join(runtime), folder.path().join("flag"));
    let text = format!(
        "#!/bin/sh\n/usr/bin/{runtime} \"$@\"\ncode=$?\ncase \" $* \" in *\" start \"*) if rm {} 2>/dev/null; then kill -KILL $PPID; fi ;; esac\nexit $code\n",
        flag.display()
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let bed = tokio::task::spawn_blocking(move || Bed::with_runtime(Some(&script))).await.unwrap();
    let engine = bed.engine().await;
    for reach in [containers::Reach::Address, containers::Reach::Loopback] {
        let engine = engine.with_reach(reach);
        let mut wish = wish(&engine, bed.reference("tiny")).await;
        wish.network = containers::Network::Open;
        std::fs::write(&flag, "").unwrap();
        let fault = engine.start(&wish).await.unwrap_err();
        assert!(fault.is_passing() && !flag.exists(), "{fault:?}");
        until("back", || async { engine.ping().await.ok() }).await;
        let seen = engine.start(&wish).await.unwrap();
        assert!(matches!(seen.state, State::Running { .. }), "{seen:?}");
        answers(&engine, &wish.name, "/").await;
        engine.remove(&wish.name).await.unwrap();
    }
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}

#[tokio::test]
async fn killed_while_it_ends_one_it_lets_nothing_run() {
    let bed = tokio::task::spawn_blocking(Bed::start).await.unwrap();
    let engine = bed.engine().await;
    let mut stubborn = wish(&engine, bed.reference("tiny")).await;
    let script = format!("trap '' TERM; echo on; while :; do sleep 0.1; done # {}", stubborn.name);
    stubborn.command = Some(["/bin/sh", "-c", &script].map(str::to_owned).to_vec());
    engine.start(&stubborn).await.unwrap();
    let runs = || {
        std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            line.starts_with(b"/bin/sh\0") && String::from_utf8_lossy(&line).contains(&script)
        })
    };
    until("begun", || async { (crate::bed::text(&engine, &stubborn.name).await == "on\n").then_some(()) })
        .await;
    assert!(runs());
    let (first_try, ()) = tokio::join!(engine.remove(&stubborn.name), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        kill(&bed);
    });
    assert!(first_try.is_err_and(|fault| fault.is_passing()) && runs());
    until("removed", || async { engine.remove(&stubborn.name).await.ok() }).await;
    until("over", || async { (!runs()).then_some(()) }).await;
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}
