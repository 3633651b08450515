//! What a container must not be able to do, tried from inside.

use crate::bed::{Bed, Place, answers};
use containers::{Access, Engine, Mount, Network, Wish};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;

/// Asks each address for a page and says which ones answered.
fn knock(addresses: &[SocketAddr]) -> String {
    let list: Vec<_> = addresses.iter().map(|at| format!("{},{}", at.ip(), at.port())).collect();
    format!(
        "for at in {}; do printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 5 nc -w 3 ${{at%,*}} ${{at#*,}} >/tmp/answer 2>/tmp/why && [ -s /tmp/answer ] && echo reached $at; echo tried $at; done",
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
async fn neither_the_machines_loopback_nor_a_neighbour_nor_the_outside_of_a_closed_one() {
    let place = Place::new().await;
    let own = TcpListener::bind("127.0.0.1:0").unwrap();
    own.set_nonblocking(true).unwrap();
    let own_port = own.local_addr().unwrap().port();
    // Neighbours of each kind; one that is published on this machine's loopback too.
    let mut neighbours = Vec::new();
    let mut targets = Vec::new();
    for network in [Network::Closed, Network::Open] {
        let mut wish = place.wish("tiny").await;
        wish.network = network;
        targets.push(started(&place.engine, &wish).await);
        neighbours.push(wish);
    }
    let mut published = place.wish("tiny").await;
    published.network = Network::Open;
    let loopback = place.engine.with_reach(containers::Reach::Loopback);
    let at_loopback = started(&loopback, &published).await;
    targets.push(answers(&place.engine, &published.name, "/").await.0.interface.unwrap());
    neighbours.push(published);

    for network in [Network::Closed, Network::Open] {
        let mut wish = place.wish("tiny").await;
        wish.network = network;
        // Its own interface first, so that its address is known; the same wish again is then the hostile one.
        let address = started(&place.engine, &wish).await;
        place.engine.remove(&wish.name).await.unwrap();
        let mut tried = targets.clone();
        // This machine under all its names, with the port of a service on its loopback, and of a published interface.
        let mut machine = vec![gateway(address.ip()), IpAddr::V4(Ipv4Addr::LOCALHOST)];
        machine.extend(targets.iter().map(|at| gateway(at.ip())));
        machine.extend(own_address());
        for ip in machine {
            tried.extend([SocketAddr::new(ip, own_port), SocketAddr::new(ip, at_loopback.port())]);
        }
        let control = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
        tried.push(control);
        let script = format!("httpd -p 8080 -h /srv; {}", knock(&tried));
        wish.command = Some(vec!["/bin/sh".to_owned(), "-c".to_owned(), script]);
        let (_, said) = place.run(&wish).await;
        let reached: Vec<_> = said.lines().filter(|line| line.starts_with("reached")).collect();
        assert_eq!(reached, ["reached 127.0.0.1,8080"], "with {network:?}, only its own: {said}");
        assert_eq!(said.lines().filter(|line| line.starts_with("tried")).count(), tried.len(), "{said}");
    }
    assert!(own.accept().is_err(), "nothing arrived here");
    for wish in &neighbours {
        // They were there all the time.
        answers(&place.engine, &wish.name, "/").await;
        place.engine.remove(&wish.name).await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_one_has_no_way_out() {
    let place = Place::new().await;
    let mut wish = place.script("ip route; echo asked").await;
    wish.network = Network::Closed;
    let (_, closed) = place.run(&wish).await;
    assert!(closed.ends_with("asked\n") && !closed.contains("default"), "{closed}");
    let mut wish = place.script("ip route").await;
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
        let mut wish = place.script(script).await;
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
    let fetch = place.script("cat /bin/busybox > /home/user/busybox; chmod 755 /home/user/busybox").await;
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
        chown 0 /home/user/mine && echo BAD owner; date -s 2020-01-01; [ $(date +%Y) = 2020 ] && echo BAD clock; dmesg >/dev/null && echo BAD messages; \
        nice -n -5 true && echo BAD nice; \
        unshare -rm sh -c 'mount -o remount,rw,bind /data && echo BAD remount; mount -o remount,rw / && echo BAD remount; \
            mknod /tmp/disk b 8 0 && echo BAD device; ip link set eth0 down && echo BAD link; date -s 2020-01-01; [ $(date +%Y) = 2020 ] && echo BAD clock; \
            ip route add default via 127.0.0.1 && echo BAD route; touch /data/new && echo BAD write'; echo done";
    for uid in [1000, 0] {
        let mut wish = place.script(script).await;
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
    let mut wish = place.script("grep CapEff /proc/self/status").await;
    (wish.uid, wish.gid) = (0, 0);
    wish.capabilities = vec!["CHOWN".to_owned(), "NET_BIND_SERVICE".to_owned()];
    let (_, said) = place.run(&wish).await;
    assert_eq!(said, "CapEff:\t0000000000000401\n");
}

#[tokio::test]
async fn what_listens_on_all_addresses_of_the_machine_is_known_to_be_reachable() {
    // Not a wish: a fact that the README and ADR 10 tell, with the firewall's rule against it. Should it change, they do.
    let place = Place::new().await;
    let all = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = all.local_addr().unwrap().port();
    let mut wish = place.wish("tiny").await;
    let address = started(&place.engine, &wish).await;
    place.engine.remove(&wish.name).await.unwrap();
    let answering = std::thread::spawn(move || {
        use std::io::Write as _;
        let (mut caller, _) = all.accept().unwrap();
        caller.write_all(b"HTTP/1.0 200 OK\r\n\r\n").unwrap();
    });
    wish.command = Some(vec![
        "/bin/sh".to_owned(),
        "-c".to_owned(),
        knock(&[SocketAddr::new(gateway(address.ip()), port)]),
    ]);
    let (_, said) = place.run(&wish).await;
    assert!(said.contains("reached"), "{said}");
    answering.join().unwrap();
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
