//! Limits are in force.

use crate::bed::{Place, ended, text, until};
use containers::OutOfMemory;

#[tokio::test]
async fn memory_that_is_used_up_ends_it_and_is_said() {
    let place = Place::new().await;
    let mut wish = place.script("echo begin; x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done").await;
    wish.limits.memory_mib = 24;
    let (end, said) = place.run(&wish).await;
    // Which of the two depends on the version of control groups.
    assert_ne!(end.out_of_memory, OutOfMemory::No, "{end:?}");
    assert_eq!(end.exit_code, 137, "{end:?}");
    assert!(said.starts_with("begin\n"), "{said}");
}

#[tokio::test]
async fn scratch_counts_and_is_bounded() {
    let place = Place::new().await;
    let mut wish = place.script("dd if=/dev/zero of=/tmp/big bs=1M count=64 && echo wrote it all").await;
    wish.limits.scratch_mib = 8;
    let (end, said) = place.run(&wish).await;
    assert_ne!(end.exit_code, 0);
    assert!(said.contains("No space left on device") && !said.contains("wrote it all"), "{said}");
    assert!(containers::hints_at_full_disk(&said));
}

#[tokio::test]
async fn processes_are_bounded_and_so_is_a_fork_bomb() {
    let place = Place::new().await;
    let script = "n=0; while [ $n -lt 300 ]; do sleep 1000 & n=$((n+1)); done; echo all of them";
    let mut wish = place.script(script).await;
    wish.limits.pids = 24;
    let (_, said) = place.run(&wish).await;
    assert!(said.contains("can't fork") && !said.contains("all of them"), "{said}");

    // One that goes on trying: its neighbour answers all the same, and it can be ended.
    let mut bomb = place.script("b() { while :; do b & done; }; b; b; sleep 1000").await;
    bomb.limits.pids = 48;
    bomb.limits.cores_milli = 100;
    place.engine.start(&bomb).await.unwrap();
    until("at its limit", || async {
        let pids = place.engine.stats(&bomb.name).await.unwrap().map_or(0, |stats| stats.pids);
        assert!(pids <= 48, "{pids} processes");
        (pids >= 47 || text(&place.engine, &bomb.name).await.contains("can't fork")).then_some(())
    })
    .await;
    let neighbour = place.script("echo unharmed").await;
    assert_eq!(place.run(&neighbour).await.1, "unharmed\n");
    place.engine.remove(&bomb.name).await.unwrap();
    assert_eq!(place.engine.look(&bomb.name).await.unwrap(), None);
}

#[tokio::test]
async fn files_processors_and_everything_else_are_as_wished() {
    let place = Place::new().await;
    let mut wish = place
        .script("ulimit -n; ulimit -u; cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/cpu.max /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory.swap.max /sys/fs/cgroup/pids.max 2>/dev/null | tr '\\n' ' '")
        .await;
    wish.limits.open_files = 333;
    wish.limits.user_processes = 1234;
    wish.limits.cores_milli = 500;
    wish.limits.pids = 77;
    let (_, said) = place.run(&wish).await;
    // With cgroup v1 the bound on memory and swap together, then that on memory; with v2 memory, and no swap beside it.
    let (v1, v2) = (said.contains(" 67108864 67108864 77"), said.contains(" 67108864 0 77"));
    assert!(said.starts_with("333\n1234\n50000 100000 ") && (v1 || v2), "{said}");
}

#[tokio::test]
async fn a_log_keeps_its_end_and_no_more_than_it_may() {
    let place = Place::new().await;
    let mut wish = place.script("i=0; while [ $i -lt 60000 ]; do echo $i this is a line of the log that goes on; i=$((i+1)); done; echo the end").await;
    wish.limits.log_mib = 1;
    place.engine.start(&wish).await.unwrap();
    ended(&place.engine, &wish.name).await;
    let mut query = containers::LogQuery { most_bytes: 1 << 30, ..containers::LogQuery::default() };
    let all = crate::said::pieces(&place.engine, &wish.name, query).await;
    let bytes: usize = all.iter().map(|said| said.text.len()).sum();
    assert!(bytes <= 1 << 20, "{bytes}");
    query.last_lines = Some(1);
    let last = crate::said::pieces(&place.engine, &wish.name, query).await;
    assert_eq!(last.iter().map(|said| said.text.as_str()).collect::<Vec<_>>(), ["the end\n"]);
    place.engine.remove(&wish.name).await.unwrap();
}
