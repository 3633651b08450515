#!/usr/bin/env bash
# debian-guest.sh ROOT MODULES KERNEL: what makes a Debian reach sshd in some five seconds of emulated processor time
# instead of forty: sshd before everything heavy, no generators, cloud-init after sshd or not at all.
set -euo pipefail
root=$1 modules=$2 kernel=$3
units="$root/etc/systemd/system"
chroot_systemctl() { chroot "$root" systemctl "$@" >/dev/null 2>&1 || true; }
mask() { ln -sf /dev/null "$1"; }

# Modules of the kernel that starts it, without hardware that no virtual machine has.
mkdir -p "$root/lib/modules/$kernel"
cp -a "$modules"/modules.* "$modules"/kernel "$root/lib/modules/$kernel/"
for folder in drivers/{comedi,infiniband,hid,iio,staging,media,gpu,target,nvme,usb} \
  fs/{ocfs2,gfs2,jfs,afs,cifs,ceph,coda,ufs,hfs,hfsplus,ntfs3,orangefs,f2fs,jffs2,ubifs,reiserfs,nilfs2} net/{sctp,rds,dccp}; do
  rm -rf "$root/lib/modules/$kernel/kernel/$folder"
done
depmod -b "$root" "$kernel"
printf 'blacklist %s\n' kvm_amd kvm_intel kvm powernow_k8 acpi_cpufreq pcspkr psmouse floppy >"$root/etc/modprobe.d/skyport.conf"

# The initramfs mounts / and sets the address; the resolver of QEMU's network is always this one.
: >"$root/etc/fstab"
rm -f "$root/etc/resolv.conf"
printf 'nameserver 10.0.2.3\n' >"$root/etc/resolv.conf"
printf 'localhost\n' >"$root/etc/hostname"

chroot "$root" useradd -m -u 1000 -s /bin/bash -c Debian -G sudo,adm debian
printf 'debian ALL=(ALL) NOPASSWD:ALL\n' >"$root/etc/sudoers.d/90-debian"
chmod 440 "$root/etc/sudoers.d/90-debian"

# sshd first. It says its host key and that it is ready on the console, between the lines that cloud-init uses.
printf 'UseDNS no\nPasswordAuthentication no\n' >"$root/etc/ssh/sshd_config.d/skyport.conf"
rm -f "$root"/etc/ssh/ssh_host_*
cat >"$root/usr/local/sbin/skyport-say-ready" <<'F'
#!/bin/sh
{
  echo "-----BEGIN SSH HOST KEY KEYS-----"
  cat /etc/ssh/ssh_host_ed25519_key.pub
  echo "-----END SSH HOST KEY KEYS-----"
  echo SKYPORT-READY
} >/dev/console
F
chmod 755 "$root/usr/local/sbin/skyport-say-ready"
chroot_systemctl disable ssh.service
cat >"$units/ssh.service" <<'F'
[Unit]
Description=OpenBSD Secure Shell server (early)
DefaultDependencies=no
Conflicts=shutdown.target
Before=shutdown.target
[Service]
Type=notify
RuntimeDirectory=sshd
RuntimeDirectoryMode=0755
ExecStartPre=/bin/sh -c 'test -s /etc/ssh/ssh_host_ed25519_key || ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
ExecStart=/usr/sbin/sshd -D -o HostKey=/etc/ssh/ssh_host_ed25519_key
ExecStartPost=/usr/local/sbin/skyport-say-ready
ExecReload=/bin/kill -HUP $MAINPID
KillMode=process
Restart=on-failure
[Install]
WantedBy=sysinit.target
F
chroot_systemctl enable ssh.service
for unit in systemd-udev-trigger systemd-udevd systemd-journald systemd-tmpfiles-setup systemd-tmpfiles-setup-dev systemd-remount-fs; do
  mkdir -p "$units/$unit.service.d"
  printf '[Unit]\nAfter=ssh.service\n' >"$units/$unit.service.d/late.conf"
done
# Else everybody but root is refused until late.
mkdir -p "$root/etc/tmpfiles.d"
mask "$root/etc/tmpfiles.d/systemd-nologin.conf"
mkdir -p "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n' >"$root/etc/systemd/journald.conf.d/light.conf"

# Each start would pay 2.7 s for generators of which this guest needs none.
mkdir -p "$root/etc/systemd/system-generators"
for generator in "$root"/lib/systemd/system-generators/*; do
  mask "$root/etc/systemd/system-generators/$(basename "$generator")"
done
unneeded=(systemd-binfmt.service systemd-journal-flush.service systemd-pstore.service systemd-update-utmp.service
  systemd-update-utmp-runlevel.service systemd-random-seed.service systemd-machine-id-commit.service
  systemd-sysusers.service systemd-boot-system-token.service modprobe@.service kmod-static-nodes.service
  dev-mqueue.mount dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount
  sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount systemd-ask-password-console.path
  systemd-ask-password-wall.path systemd-firstboot.service systemd-hwdb-update.service ldconfig.service
  e2scrub_reap.service systemd-networkd.service systemd-networkd.socket systemd-network-generator.service
  systemd-sysctl.service systemd-modules-load.service)
for unit in "${unneeded[@]}"; do mask "$units/$unit"; done
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer getty@tty1.service cloud-init-hotplugd.socket; do
  chroot_systemctl disable "$unit"
done
cat >"$units/growroot.service" <<'F'
[Unit]
Description=Grow the root file system to its disk
After=ssh.service
Before=cloud-init-local.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'resize2fs "$(findmnt -no SOURCE /)"'
[Install]
WantedBy=multi-user.target
F
chroot_systemctl enable growroot.service

# cloud-init after sshd, and not at all with cloud-init=disabled on the kernel's command line.
cat >"$root/etc/cloud/cloud.cfg.d/90_skyport.cfg" <<'F'
datasource_list: [NoCloud, None]
datasource: {NoCloud: {fs_label: cidata}}
network: {config: disabled}
ssh_deletekeys: false
ssh_genkeytypes: [ed25519]
cloud_init_modules: [bootcmd, write-files, set_hostname, update_etc_hosts, ca-certs, users-groups, ssh]
cloud_config_modules: [set-passwords, apt-configure, timezone, runcmd]
cloud_final_modules: [package-update-upgrade-install, write-files-deferred, scripts-per-once, scripts-per-boot, scripts-per-instance, scripts-user, final-message]
F
for unit in cloud-init-local cloud-init cloud-config cloud-final; do
  sed -e '/^Before=/d;/^After=systemd-networkd-wait-online/d;/^Wants=sshd/d' \
    -e 's/^\[Unit\]/[Unit]\nConditionKernelCommandLine=!cloud-init=disabled\nAfter=ssh.service/' \
    "$root/lib/systemd/system/$unit.service" >"$units/$unit.service"
  chroot_systemctl enable "$unit.service"
done
mkdir -p "$units/multi-user.target.wants"
ln -sf /lib/systemd/system/cloud-init.target "$units/multi-user.target.wants/cloud-init.target"

: >"$root/etc/machine-id"
rm -rf "$root"/var/lib/dbus/machine-id "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/log/*.log
