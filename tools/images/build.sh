#!/usr/bin/env bash
# build.sh tiny|debian FOLDER: a base image of local servers into the folder, out of Debian's packages alone; prints
# its name. The name holds the hash of these scripts, and what is there under it is never written again: machines keep
# their disks as layers over it. The file FOLDER/NAME.toml is written last; without it there is no image.
#   tiny    a kernel and a file system in memory: busybox and dropbear, for trying things out
#   debian  a real Debian 12 on a disk of its own, started by the same kernel and initramfs
# No loop device and no mount; as an ordinary user it works in a user namespace.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kind=${1:-} folder=${2:-} suite=bookworm release=12

die() {
  printf '%s\n' "$@" >&2
  exit 1
}
if [[ "$kind" != tiny && "$kind" != debian || -z "$folder" ]]; then die "usage: build.sh tiny|debian FOLDER"; fi

tools_missing() {
  local pair tool missing=() packages=()
  local needed=(mmdebstrap:mmdebstrap cpio:cpio depmod:kmod sha256sum:coreutils gzip:gzip tar:tar flock:util-linux)
  if [[ "$kind" == debian ]]; then needed+=(mke2fs:e2fsprogs qemu-img:qemu-utils); fi
  if [[ $EUID -ne 0 ]]; then needed+=(newuidmap:uidmap); fi
  PATH="$PATH:/usr/sbin:/sbin"
  for pair in "${needed[@]}"; do
    tool=${pair%%:*}
    if ! command -v "$tool" >/dev/null; then missing+=("$tool") packages+=("${pair#*:}"); fi
  done
  ((${#missing[@]})) || return 0
  die "These programs are needed to build the image and are missing: ${missing[*]}" \
    "On Debian and Ubuntu: apt-get install --no-install-recommends ${packages[*]}"
}
tools_missing

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
hash=$(cd "$here" && sha256sum build.sh debian-guest.sh init | sha256sum | cut -c1-10)
name="$kind-$hash"

exec {lock}>"$folder/.$kind.lock"
if ! flock -n "$lock"; then
  printf 'another build of this image runs: waiting for it\n' >&2
  flock "$lock"
fi
if [[ -e "$folder/$name.toml" ]]; then
  printf '%s\n' "$name"
  exit 0
fi
work=$(mktemp -d "$folder/.building-$kind.XXXXXX")
trap 'rm -rf "$work"' EXIT
out="$work/out"
mkdir "$out"

# The machine's own source of Debian where it has one; else mmdebstrap's own.
sources=()
if command -v apt-get >/dev/null; then
  # The $( ) are fields of apt-get's own format.
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n "s/^$suite main //p" | head -n 1)
  # shellcheck disable=SC2016
  security=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n "s/^$suite-security main //p" | head -n 1)
  if [[ -n "$mirror" ]]; then sources+=("deb $mirror $suite main"); fi
  if [[ -n "$mirror" && -n "$security" ]]; then sources+=("deb $security $suite-security main"); fi
fi
lean=(--quiet --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Languages "none"'
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*'
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*'
  --dpkgopt='path-include=/usr/share/doc/*/copyright')
mode=unshare
if [[ $EUID -eq 0 ]]; then mode=root; fi

# Kernel, busybox and dropbear of the guest: unpacked into $parts, installed nowhere.
parts="$work/parts"
fetch_parts() {
  mmdebstrap "${lean[@]}" --mode="$mode" --variant=extract \
    --include=linux-image-cloud-amd64,busybox-static,dropbear-bin "$suite" "$work/parts.tar" "${sources[@]}" >&2
  mkdir "$parts"
  tar -C "$parts" -xf "$work/parts.tar" --no-same-owner --exclude='./dev/*'
  rm "$work/parts.tar"
  kernel=$(ls "$parts/lib/modules")
  depmod -b "$parts" "$kernel"
  cp "$parts/boot/vmlinuz-$kernel" "$out/vmlinuz"
}

# The modules that a guest needs before it has a disk, in the order of their dependencies.
boot_modules() {
  local module
  for module in virtio_pci virtio_mmio virtio_blk virtio_net isofs button evdev virtio_rng; do
    modprobe -d "$parts" -S "$kernel" --show-depends "$module" | awk '$1 == "insmod" {print $2}'
  done | awk '!seen[$0]++'
}

make_initramfs() {
  local tree="$work/initramfs" applet program library file
  mkdir -p "$tree"/{bin,sbin,usr/bin,usr/sbin,etc/dropbear,proc,sys,dev/pts,root/.ssh,lib,lib64,modules,newroot,tmp,run,var/log,home}
  install -m755 "$parts/bin/busybox" "$tree/bin/busybox"
  "$tree/bin/busybox" --list | grep -vx busybox | while read -r applet; do ln -s busybox "$tree/bin/$applet"; done
  install -m755 "$parts/usr/sbin/dropbear" "$tree/sbin/"
  install -m755 "$parts/usr/bin/dropbearconvert" "$tree/bin/"
  # Their libraries, as the guest's own loader finds them.
  for program in "$tree/sbin/dropbear" "$tree/bin/dropbearconvert"; do
    "$parts/lib64/ld-linux-x86-64.so.2" --library-path "$parts/lib/x86_64-linux-gnu:$parts/usr/lib/x86_64-linux-gnu" \
      --list "$program" | awk '$3 ~ /^\// {print $3}'
  done | sort -u | while read -r library; do
    mkdir -p "$tree/lib/x86_64-linux-gnu"
    cp -L "$library" "$tree/lib/x86_64-linux-gnu/"
  done
  cp -L "$parts/lib64/ld-linux-x86-64.so.2" "$tree/lib64/"
  boot_modules | while read -r file; do
    cp "$file" "$tree/modules/"
    basename "$file" >>"$tree/modules/order"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\ndebian:x:1000:1000:Debian:/home/debian:/bin/sh\n' >"$tree/etc/passwd"
  printf 'root:*:19000::::::\ndebian:*:19000::::::\n' >"$tree/etc/shadow"
  printf 'root:x:0:\ndebian:x:1000:\n' >"$tree/etc/group"
  printf '/bin/sh\n' >"$tree/etc/shells"
  printf 'nameserver 10.0.2.3\n' >"$tree/etc/resolv.conf"
  install -m755 "$here/init" "$tree/init"
  chmod 600 "$tree/etc/shadow"
  chmod 700 "$tree/root" "$tree/root/.ssh"
  chmod 1777 "$tree/tmp"
  (cd "$tree" && find . -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --owner 0:0 --quiet | gzip -6n) >"$out/initrd.gz"
}

make_root_disk() {
  mke2fs -q -t ext4 -L rootfs -E lazy_itable_init=0,lazy_journal_init=0 -J size=16 -d "$1" "$work/raw" 2G
}
make_debian() {
  # No libpam-systemd: it starts a manager at each sign-in. No kernel package, boot loader or partition table.
  local include=systemd,systemd-sysv,dbus,udev,kmod,cloud-init,openssh-server,sudo,iproute2,iputils-ping
  include+=,ca-certificates,curl,less,procps,nano,e2fsprogs,libnss-myhostname
  mmdebstrap "${lean[@]}" --mode="$mode" --variant=minbase --include="$include" "$suite" "$work/root.tar" "${sources[@]}" >&2
  # The script is for the inner shell.
  # shellcheck disable=SC2016
  local finish='set -euo pipefail
    mkdir "$work/root"
    tar -C "$work/root" -xpf "$work/root.tar" --exclude="./dev/*"
    bash "$here/debian-guest.sh" "$work/root" "$parts/lib/modules/$kernel" "$kernel"
    make_root_disk "$work/root"
    rm -rf "$work/root"'
  export -f make_root_disk
  export work here parts kernel
  if [[ $EUID -eq 0 ]]; then
    bash -c "$finish" >&2
  else
    unshare --map-root-user --map-auto --mount --pid --fork -- bash -c "$finish" >&2
  fi
  rm "$work/root.tar"
  qemu-img convert -O qcow2 "$work/raw" "$out/disk.qcow2"
}

# part NAME FILE: one file of the image with its checksum.
part() {
  printf '\n[%s]\nfile = "%s/%s"\nsha256 = "%s"\n' "$1" "$name" "$2" "$(sha256sum <"$out/$2" | cut -d' ' -f1)"
}
describe() {
  printf 'family = "%s"\nbuilt = "%s"\naccess_user = "debian"\nready = "SKYPORT-READY"\n' "$kind" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  if [[ "$kind" == tiny ]]; then
    printf 'title = "Tiny Linux, in memory alone"\nsystem = "Tiny Linux"\nversion = "%s"\n' "${kernel%%-*}"
    printf 'min_disk_gib = 0\nmin_memory_mib = 128\ncloud_init = false\n'
  else
    printf 'title = "Debian %s"\nsystem = "Debian"\nversion = "%s"\n' "$release" "$release"
    printf 'min_disk_gib = 2\nmin_memory_mib = 256\ncloud_init = true\n'
  fi
  part kernel vmlinuz
  part initrd initrd.gz
  if [[ "$kind" == debian ]]; then part disk disk.qcow2; fi
}

fetch_parts
make_initramfs
if [[ "$kind" == debian ]]; then make_debian; fi
describe >"$work/toml"
chmod -R a+rX "$out"
rm -rf "${folder:?}/$name"
mv -T "$out" "$folder/$name"
mv -T "$work/toml" "$folder/$name.toml"
printf '%s\n' "$name"
