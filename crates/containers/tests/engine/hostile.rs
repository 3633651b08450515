//! What a container must not be able to do, tried from inside.

use crate::bed::{Bed, Place, answers};
use containers::{Access, Engine, Mount, Network, Wish};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;

/// Asks each address for a page and says which ones answered.
fn knock(addresses: &[SocketAddr]) -> String {
    let list: Vec<_> = addresses.iter().map(|at| format!("{},{}", at.ip(), at.port())).collect();
    format!(
        "for at in {}; do printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 4 nc -w 2 ${{at%,*}} ${{at#*,}} >/tmp/answer 2>/tmp/why && [ -s /tmp/answer ] && echo reached $at; echo tried $at; done",
        list.join(" ")
    )
}

/// The machine's end of a container's network: the first address of its sixteen.
fn gateway(of: IpAddr) -> IpAddr {
    let IpAddr::V4(of) = of else { panic!("{of} is of another family") };
    IpAddr::V4(Ipv4Addr::from(u32::from(of) & !15 | 1))
}

/// The address that this machine has on the way out, where it has one.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.200:9").ok()?;
    socket.local_addr().ok().map(|at| at.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
}

async fn started(engine: &Engine, wish: &Wish) -> SocketAddr {
    engine.start(wish).await.unwrap();
    answers(engine, &wish.name, "/").await.0.interface.unwrap()
}

#[tokio::test]
async fn neither_the_machine_nor_a_neighbour_is_reached() {
    let place = Place::new().await;
    // Services of this machine: one on its loopback, one on all of its addresses.
    let own = [TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("0.0.0.0:0").unwrap()];
    // Neighbours of each kind; one that is published on this machine's loopback too.
    let (mut neighbours, mut targets) = (Vec::new(), Vec::new());
    for network in [Network::Closed, Network::Open] {
        let wish = Wish { network, ..place.wish("tiny").await };
        targets.push(started(&place.engine, &wish).await);
        neighbours.push(wish);
    }
    let published = Wish { network: Network::Open, ..place.wish("tiny").await };
    let at_loopback = started(&place.engine.with_reach(containers::Reach::Loopback), &published).await;
    targets.push(answers(&place.engine, &published.name, "/").await.0.interface.unwrap());
    neighbours.push(published);
    let mut ports = vec![at_loopback.port()];
    for service in &own {
        service.set_nonblocking(true).unwrap();
        ports.push(service.local_addr().unwrap().port());
    }

    for network in [Network::Closed, Network::Open] {
        let folder = tempfile::tempdir().unwrap();
        let script = "httpd -p 8080 -h /srv; until [ -e /data/script ]; do sleep 0.1; done; . /data/script";
        let mut wish = Wish { network, uid: 0, ..place.merged(script).await };
        wish.mounts = vec![Mount {
            source: folder.path().to_owned(),
            target: "/data".to_owned(),
            access: Access::Read,
        }];
        let address = started(&place.engine, &wish).await;
        // Netavark 1.4 forgets that networks are apart when one of them ends: this one does, and only then it knocks.
        let leaves = Wish { network: Network::Open, ..place.wish("tiny").await };
        started(&place.engine, &leaves).await;
        place.engine.remove(&leaves.name).await.unwrap();

        let mut tried = targets.clone();
        // This machine under all its names.
        let mut machine = vec![gateway(address.ip()), IpAddr::V4(Ipv4Addr::LOCALHOST)];
        machine.extend(targets.iter().map(|at| gateway(at.ip())));
        machine.extend(own_address());
        tried.extend(machine.iter().flat_map(|ip| ports.iter().map(|port| SocketAddr::new(*ip, *port))));
        tried.push(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080));
        let whole = folder.path().join("whole");
        std::fs::write(&whole, knock(&tried)).unwrap();
        std::fs::rename(&whole, folder.path().join("script")).unwrap();
        crate::bed::ended(&place.engine, &wish.name).await;
        let said = crate::bed::text(&place.engine, &wish.name).await;
        let reached: Vec<_> = said.lines().filter(|line| line.starts_with("reached")).collect();
        assert_eq!(reached, ["reached 127.0.0.1,8080"], "with {network:?}, only its own: {said}");
        assert_eq!(said.lines().filter(|line| line.starts_with("tried")).count(), tried.len(), "{said}");
        place.engine.remove(&wish.name).await.unwrap();
    }
    assert!(own.iter().all(|service| service.accept().is_err()), "nothing arrived here");
    for wish in &neighbours {
        // They were there all the time.
        answers(&place.engine, &wish.name, "/").await;
        place.engine.remove(&wish.name).await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_one_has_no_way_out() {
    let place = Place::new().await;
    let mut wish = place.merged("ip route; echo asked").await;
    wish.network = Network::Closed;
    let (_, closed) = place.run(&wish).await;
    assert!(closed.ends_with("asked\n") && !closed.contains("default"), "{closed}");
    let mut wish = place.merged("ip route").await;
    wish.network = Network::Open;
    let (_, open) = place.run(&wish).await;
    assert!(open.contains("default via"), "{open}");
}

#[tokio::test]
async fn read_only_is_read_only_and_the_engine_is_out_of_sight() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    std::fs::write(folder.path().join("rows"), "1 2 3\n").unwrap();
    std::fs::set_permissions(folder.path().join("rows"), std::fs::Permissions::from_mode(0o666)).unwrap();
    let script = "echo 4 >> /data/rows && echo BAD write; touch /data/new && echo BAD new; rm /data/rows && echo BAD remove; \
        chmod 600 /data/rows && echo BAD mode; mount -o remount,rw /data && echo BAD remount; umount /data && echo BAD umount; \
        touch /etc/new /srv/new && echo BAD root; echo x > /proc/sys/kernel/hostname && echo BAD proc; \
        find / -xdev -name '*.sock' -o -xdev -type s | grep . && echo BAD socket; \
        ls /var/lib/containers /run/podman 2>/dev/null && echo BAD engine; \
        ls -d /proc/[0-9]* | wc -l; id -u; echo done";
    for uid in [1000, 0] {
        let mut wish = place.merged(script).await;
        (wish.uid, wish.gid) = (uid, uid);
        wish.mounts = vec![Mount {
            source: folder.path().to_owned(),
            target: "/data".to_owned(),
            access: Access::Read,
        }];
        let (_, said) = place.run(&wish).await;
        assert!(said.ends_with(&format!("{uid}\ndone\n")) && !said.contains("BAD"), "{said}");
        assert_eq!(std::fs::read_to_string(folder.path().join("rows")).unwrap(), "1 2 3\n");
        let processes: u32 = said.lines().rev().nth(2).unwrap().trim().parse().unwrap();
        assert!(processes < 10, "it sees its own processes alone: {said}");
    }
}

#[tokio::test]
async fn no_privilege_is_had_or_gained() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let data = tempfile::tempdir().unwrap();
    std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    // A program of root's that anybody may run as root, left in a home: outside it would give root away.
    let fetch = place.merged("cat /bin/busybox > /home/user/busybox; chmod 755 /home/user/busybox").await;
    let home = || {
        vec![Mount {
            source: folder.path().to_owned(),
            target: "/home/user".to_owned(),
            access: Access::Write,
        }]
    };
    place.run(&Wish { mounts: home(), ..fetch }).await;
    let program = folder.path().join("busybox");
    std::os::unix::fs::chown(&program, Some(0), Some(0)).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o6755)).unwrap();

    let script = "grep -E 'Cap(Eff|Prm|Bnd|Amb|Inh)|NoNewPrivs|Seccomp:' /proc/self/status; /home/user/busybox id -u; \
        mknod /tmp/disk b 8 0 && echo BAD device; mount -t tmpfs none /tmp && echo BAD mount; chroot / true && echo BAD chroot; \
        unshare -n true && echo BAD network; ip link set eth0 down && echo BAD link; \
        ip route add default via 127.0.0.1 && echo BAD route; ping -c 1 -W 1 127.0.0.1 && echo BAD raw; \
        chown 7 /home/user/busybox && echo BAD owner; date -s 2020-01-01; [ $(date +%Y) = 2020 ] && echo BAD clock; dmesg >/dev/null && echo BAD messages; \
        unshare -rm sh -c 'mount -o remount,rw,bind /data && echo BAD remount; mount -o remount,rw / && echo BAD remount; \
            mknod /tmp/disk b 8 0 && echo BAD device; ip link set eth0 down && echo BAD link; date -s 2020-01-01; [ $(date +%Y) = 2020 ] && echo BAD clock; \
            ip route add default via 127.0.0.1 && echo BAD route; touch /data/new && echo BAD write'; echo done";
    for uid in [1000, 0] {
        let mut wish = place.merged(script).await;
        (wish.uid, wish.gid) = (uid, uid);
        wish.mounts = home();
        wish.mounts.push(Mount {
            source: data.path().to_owned(),
            target: "/data".to_owned(),
            access: Access::Read,
        });
        let (_, said) = place.run(&wish).await;
        for line in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            assert!(said.contains(&format!("{line}:\t0000000000000000\n")), "{line} as {uid}: {said}");
        }
        assert!(said.contains("NoNewPrivs:\t1\n") && said.contains("Seccomp:\t2\n"), "{said}");
        assert!(said.contains(&format!("\n{uid}\n")), "it stays who it is: {said}");
        assert!(said.ends_with("done\n"), "{said}");
        let got: Vec<_> = said.lines().filter(|line| line.starts_with("BAD")).collect();
        assert_eq!(got, Vec::<&str>::new(), "as {uid}: {said}");
    }
}

#[tokio::test]
async fn a_capability_is_there_only_where_it_was_wished_for() {
    let place = Place::new().await;
    let mut wish = place.merged("grep CapEff /proc/self/status").await;
    (wish.uid, wish.gid) = (0, 0);
    wish.capabilities = vec!["CHOWN".to_owned(), "NET_BIND_SERVICE".to_owned()];
    let (_, said) = place.run(&wish).await;
    assert_eq!(said, "CapEff:\t0000000000000401\n");
}

#[tokio::test]
async fn engines_of_two_runs_do_not_meet() {
    let (one, two) = (Place::new().await, tokio::task::spawn_blocking(Bed::start).await.unwrap());
    let other = two.engine().await;
    let mine = one.wish("tiny").await;
    let theirs = crate::bed::wish(&other, two.reference("tiny")).await;
    let here = started(&one.engine, &mine).await;
    let there = started(&other, &theirs).await;
    assert_ne!(here, there);
    assert_eq!(one.engine.look(&theirs.name).await.unwrap(), None);
    one.engine.remove(&mine.name).await.unwrap();
    drop(two);
    assert!(
        !crate::bed::get(there, "/").await.is_ok_and(|page| page.contains("It runs.")),
        "all of it ended with it"
    );
}
