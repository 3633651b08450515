//! The engine goes away and comes back.

use crate::bed::{Bed, answers, get, until, wish};
use containers::{Engine, Fault, State};
use std::path::Path;
use std::process::Command;

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

    // Once more, at once, while something is being made.
    let third = wish(&engine, bed.reference("tiny")).await;
    let (first_try, ()) = tokio::join!(engine.start(&third), async { kill(&bed) });
    let seen = match first_try {
        Ok(seen) => seen,
        Err(fault) => {
            assert!(fault.is_passing() || matches!(fault, Fault::Refused { .. }), "{fault:?}");
            until("started", || async { engine.start(&third).await.ok() }).await
        }
    };
    assert!(matches!(seen.state, State::Running { .. }), "{seen:?}");
    answers(&engine, &third.name, "/").await;
    for name in [&goes_on.name, &ends.name, &third.name] {
        until("removed", || async { engine.remove(name).await.ok() }).await;
    }
    assert_eq!(engine.all_of(containers::OPERATION_LABEL, None).await.unwrap(), []);
}
