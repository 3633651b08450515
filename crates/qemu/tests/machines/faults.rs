//! What is refused, and with which facts.

use crate::place::Place;
use qemu::{Accelerate, Accelerator, Addresses, Fault, Host, Kind, OpenError, PoweredDown, Settings, Spec};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

/// Makes a specification bad.
type Change = fn(&mut Spec);

const ID: &str = "eeeeeeeeeeeeeeeeeeeeeee1";

#[tokio::test]
async fn a_bad_specification_is_refused_by_name_and_leaves_nothing() {
    let place = Place::new();
    let cases: [(&str, Change); 12] = [
        ("hostname", |spec| spec.hostname = String::new()),
        ("hostname", |spec| spec.hostname = "a b".to_owned()),
        ("hostname", |spec| spec.hostname = "-a".to_owned()),
        ("hostname", |spec| spec.hostname = "a,restrict=off".to_owned()),
        ("hostname", |spec| spec.hostname = "a".repeat(64)),
        ("cores", |spec| spec.cores = 0),
        ("memory_mib", |spec| spec.memory_mib = 64),
        ("disk_gib", |spec| spec.disk_gib = 1 << 40),
        ("public_key", |spec| spec.public_key = "ssh-ed25519 AAAA".to_owned()),
        ("public_key", |spec| spec.public_key.push_str("\ncommand=\"sh\"")),
        ("user data", |spec| spec.user_data = Some("#cloud-config\n".to_owned())),
        ("image", |spec| spec.image = "../tiny".to_owned()),
    ];
    for (what, change) in cases {
        let mut spec = place.tiny();
        change(&mut spec);
        let fault = place.host.create(ID, &spec).await.expect_err(what);
        assert!(fault.to_string().contains(what), "{what}: {fault}");
        place.host.delete(ID).await.unwrap();
        assert_eq!(place.left(), Vec::<String>::new(), "{what}");
    }
    for id in ["", "short", "../../../../../../etc/ab", "aaaaaaaaaaaaaaaaaaaaaaa\u{e9}"] {
        assert!(matches!(place.host.create(id, &place.tiny()).await, Err(Fault::BadId { .. })), "{id}");
        assert!(matches!(place.host.delete(id).await, Err(Fault::BadId { .. })), "{id}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let place = Place::new();
    assert_eq!(place.host.look(ID).await.unwrap(), None);
    assert!(matches!(place.host.start(ID).await, Err(Fault::NotThere { .. })));
    assert!(matches!(place.host.kill(ID).await, Err(Fault::NotThere { .. })));
    assert!(matches!(place.host.shut_down(ID, Duration::ZERO).await, Err(Fault::NotThere { .. })));
    assert!(matches!(place.host.reset(ID).await, Err(Fault::NotThere { .. })));
    assert!(matches!(place.host.console(ID, 10).await, Err(Fault::NotThere { .. })));
    place.host.create(ID, &place.tiny()).await.unwrap();
    assert!(matches!(place.host.reset(ID).await, Err(Fault::NotRunning)));
    let off = place.host.shut_down(ID, Duration::ZERO).await.unwrap();
    assert_eq!(off, Some(PoweredDown::Properly), "it was never on");
    assert_eq!(place.host.console(ID, 10).await.unwrap(), "");
}

#[tokio::test]
async fn addresses_run_out_and_come_back() {
    let place = Place::with(|settings| {
        settings.addresses.last = Ipv4Addr::from_bits(settings.addresses.first.to_bits() + 1);
    });
    let ids = ["eeeeeeeeeeeeeeeeeeeeeee2", "eeeeeeeeeeeeeeeeeeeeeee3"];
    let mut given = Vec::new();
    for id in ids {
        given.push(place.host.create(id, &place.tiny()).await.unwrap().address);
    }
    assert!(matches!(place.host.create(ID, &place.tiny()).await, Err(Fault::NoFreeAddress { .. })));
    place.host.delete(ids[0]).await.unwrap();
    assert_eq!(place.host.create(ID, &place.tiny()).await.unwrap().address, given[0]);
}

#[tokio::test]
async fn a_port_that_somebody_has_is_passed_over_and_then_refused() {
    let place = Place::with(|settings| settings.ssh_ports = vec![10_022, 12_222]);
    let made = place.host.create(ID, &place.tiny()).await.unwrap();
    let first = TcpListener::bind((made.address, 10_022)).unwrap();
    place.host.start(ID).await.unwrap();
    assert_eq!(place.seen(ID).await.port, Some(12_222));
    place.host.kill(ID).await.unwrap();
    let second = TcpListener::bind((made.address, 12_222)).unwrap();
    match place.host.start(ID).await {
        Err(Fault::PortRefused { address, ports, .. }) => {
            assert_eq!((address, ports), (made.address, vec![10_022, 12_222]));
        }
        other => panic!("{other:?}"),
    }
    drop((first, second));
    assert_eq!(place.processes(ID), Vec::<i32>::new());
}

#[tokio::test]
async fn memory_that_is_not_there_is_refused_in_qemus_words() {
    let place = Place::new();
    let mut spec = place.tiny();
    spec.memory_mib = 16 << 20;
    place.host.create(ID, &spec).await.unwrap();
    match place.host.start(ID).await {
        Err(Fault::MemoryRefused { memory_mib, words }) => {
            assert!(memory_mib == 16 << 20 && words.contains("memory"), "{words}");
        }
        // Where the system promises more memory than it has, the processor model is what says no.
        Err(Fault::StartFailed { words }) => assert!(!words.is_empty()),
        other => panic!("{other:?}"),
    }
    let seen = place.seen(ID).await;
    assert!(matches!(&seen.power, qemu::Power::Off { reason: qemu::OffReason::Failed { .. } }), "{seen:?}");
}

#[tokio::test]
async fn an_image_that_is_missing_changed_or_a_layer_is_refused() {
    let images = tempfile::tempdir().unwrap();
    let place = Place::with(|settings| settings.images = images.path().to_owned());
    let create = || async { place.host.create(ID, &place.tiny()).await.unwrap_err() };
    assert!(matches!(create().await, Fault::ImageMissing { .. }));
    assert_eq!(place.host.images().await.unwrap(), []);

    let write = |name: &str, text: &str| fs::write(images.path().join(name), text).unwrap();
    let head = "family = \"tiny\"\nbuilt = \"1\"\naccess_user = \"a\"\nready = \"R\"\ntitle = \"T\"\nsystem = \"S\"\n\
        version = \"1\"\nmin_disk_gib = 0\nmin_memory_mib = 1\ncloud_init = false\n";
    let none = "0".repeat(64);
    write("kernel", "not a kernel");
    write("tiny-1.toml", &format!("{head}[kernel]\nfile = \"kernel\"\nsha256 = \"{none}\"\n"));
    let fault = create().await;
    assert!(matches!(fault, Fault::ImageDamaged { .. }) && fault.to_string().contains("checksum"), "{fault}");
    write("tiny-1.toml", &format!("{head}[kernel]\nfile = \"../kernel\"\nsha256 = \"{none}\"\n"));
    assert!(matches!(create().await, Fault::ImageMissing { .. }), "what cannot be read is not offered");
    let mut named = place.tiny();
    named.image = "tiny-1".to_owned();
    let fault = place.host.create(ID, &named).await.unwrap_err();
    assert!(fault.to_string().contains("leads out"), "{fault}");

    // A layer over a file of this machine would show that file to the guest.
    write("secret", &"x".repeat(1 << 20));
    let made = std::process::Command::new("qemu-img")
        .args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b", "secret", "layer.qcow2"])
        .current_dir(images.path())
        .status();
    assert!(made.unwrap().success());
    let sum =
        std::process::Command::new("sha256sum").arg(images.path().join("layer.qcow2")).output().unwrap();
    let sum = String::from_utf8_lossy(&sum.stdout)[..64].to_owned();
    write("tiny-1.toml", &format!("{head}[disk]\nfile = \"layer.qcow2\"\nsha256 = \"{sum}\"\n"));
    let mut disk = place.tiny();
    disk.disk_gib = 1;
    let fault = place.host.create(ID, &disk).await.unwrap_err();
    assert!(fault.to_string().contains("layer over"), "{fault}");
}

#[tokio::test]
async fn a_host_that_cannot_be_is_not_opened() {
    let place = Place::new();
    let open = |change: &dyn Fn(&mut Settings)| {
        let mut settings = place.settings.clone();
        change(&mut settings);
        Host::open(settings).err().expect("it must not open").to_string()
    };
    let own = Ipv4Addr::LOCALHOST;
    let outside = Ipv4Addr::new(192, 168, 1, 1);
    assert!(open(&|s| s.addresses = Addresses { first: own, last: own }).contains("127.0.0.1"));
    assert!(open(&|s| s.addresses.last = outside).contains("127.0.0.0/8"));
    assert!(open(&|s| s.ssh_ports.clear()).contains("ssh_ports"));
    assert!(open(&|s| s.tcg_cpu = "max,-svm".to_owned()).contains("tcg_cpu"));
    assert!(open(&|s| s.machines = place.machines().join("a".repeat(90))).contains("too long"));
    let file = place.folder.path().join("file");
    fs::write(&file, "").unwrap();
    let mut settings = place.settings.clone();
    settings.machines = file.join("machines");
    assert!(matches!(Host::open(settings), Err(OpenError::Folder { .. })));
}

#[tokio::test]
async fn the_accelerator_is_tried_once_and_remembered() {
    let place = Place::with(|settings| settings.accelerator = Accelerate::Auto);
    let first: Accelerator = place.host.accelerator().await.unwrap();
    assert!(!first.reason.is_empty());
    let again = Host::open(place.settings.clone()).unwrap().accelerator().await.unwrap();
    // Where there is no device there is nothing to try, and nothing is written down.
    if place.machines().join("accelerator.json").is_file() {
        assert_eq!(again, first);
    } else {
        assert_eq!((first.kind, again.kind), (Kind::Tcg, Kind::Tcg));
    }
    assert!(!place.machines().join(".trial").exists());
}
