//! QEMU's command line. Files of the machine are named relative to its folder, which is QEMU's working folder.

use crate::accelerator::Kind;
use crate::folder::MONITOR;
use crate::id::Id;
use crate::image::Base;
use crate::logs::CONSOLE;
use crate::record::MachineRecord;
use crate::settings::{PROXY, Settings};

/// The arguments, after the program's name.
pub(crate) fn arguments(
    settings: &Settings,
    id: &Id,
    machine: &MachineRecord,
    base: &Base,
    kind: Kind,
    port: u16,
) -> Vec<String> {
    let mut line: Vec<String> = Vec::new();
    let mut add = |words: &[&str]| line.extend(words.iter().map(|&word| word.to_owned()));
    add(&["-name", &name_option(id)]);
    add(&["-nodefaults", "-no-user-config", "-display", "none", "-M", "q35,usb=off"]);
    match kind {
        Kind::Kvm => add(&["-accel", "kvm", "-cpu", KVM_CPU]),
        Kind::Tcg => {
            add(&["-accel", &format!("tcg,tb-size={}", settings.tcg_cache_mib), "-cpu", &settings.tcg_cpu]);
        }
    }
    add(&["-smp", &machine.cores.to_string(), "-m", &machine.memory_mib.to_string()]);
    if let (Some(kernel), Some(initrd)) = (&base.kernel, &base.initrd) {
        add(&["-kernel", &kernel.path.to_string_lossy(), "-initrd", &initrd.path.to_string_lossy()]);
        let mut words = "console=ttyS0 quiet mitigations=off panic=10 net.ifnames=0".to_owned();
        if base.disk.is_some() {
            words.push_str(" root=LABEL=rootfs systemd.show_status=0");
            if !machine.has_user_data {
                words.push_str(" cloud-init=disabled");
            }
        }
        add(&["-append", &words]);
    }
    if base.disk.is_some() {
        add(&["-drive", "file=disk.qcow2,if=none,id=root,format=qcow2,discard=unmap,cache=writeback"]);
        // The first disk is the one that the firmware starts from, where no kernel is given.
        add(&["-device", "virtio-blk-pci,drive=root"]);
    }
    add(&["-drive", "file=seed.iso,if=none,id=seed,format=raw,readonly=on"]);
    add(&["-device", "virtio-blk-pci,drive=seed"]);
    // restrict=on: without it the guest reaches what listens on this machine's loopback, at 10.0.2.2.
    let network = format!(
        "user,id=n0,restrict=on,ipv6=off,hostname={},hostfwd=tcp:{}:{port}-:22{}",
        machine.hostname,
        machine.address,
        settings.outlet.as_deref().map(way_out).unwrap_or_default()
    );
    add(&["-netdev", &network]);
    add(&["-device", &format!("virtio-net-pci,netdev=n0,mac={},romfile=", machine.mac)]);
    add(&["-device", "virtio-rng-pci"]);
    let console = format!("file,id=console,path=/dev/fd/{CONSOLE},append=on");
    add(&["-chardev", &console, "-serial", "chardev:console"]);
    // Two monitors: one that is asked, one at a time, and one that writes down what happens, with nobody there to read.
    add(&["-qmp", &format!("unix:{MONITOR},server=on,wait=off")]);
    add(&["-chardev", "stdio,id=events,signal=off", "-mon", "chardev=events,mode=control"]);
    add(&["-pidfile", "pid"]);
    // The proxy is a child in a session of its own (setsid), which both deny. More rights than it has a process in a
    // sandbox never gets (no_new_privs), whatever stands here.
    let children = if settings.outlet.is_some() { "allow" } else { "deny" };
    let sandbox =
        format!("on,obsolete=deny,elevateprivileges={children},spawn={children},resourcecontrol=deny");
    add(&["-sandbox", &sandbox]);
    line
}

/// Where the guest finds its proxy. The command as QEMU reads it in an option: words quoted for a shell
/// (`g_shell_parse_argv`), commas doubled.
fn way_out(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect();
    format!(",guestfwd=tcp:{PROXY}-cmd:{}", quoted.join(" ").replace(',', ",,"))
}

/// As `host` alone, but without what aborts QEMU on hosts whose KVM is a software one.
pub(crate) const KVM_CPU: &str = "host,-arch-capabilities";

/// How a process is known to be a machine's.
pub(crate) fn name_option(id: &Id) -> String {
    format!("guest=vm-{}", id.as_str())
}
