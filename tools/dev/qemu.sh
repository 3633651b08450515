# Local servers: QEMU, and the base images that tests and `./dev run` start machines from.
# shellcheck shell=bash

# QEMU's emulator and its disk tool come from one source, and Debian lets them in only in one version. Where the disk
# tool is there from a source that this machine no longer has (a backport), it takes the emulator's version.
qemu_programs() {
  local wanted=(genisoimage openssh-client mmdebstrap e2fsprogs cpio kmod) version
  if [[ $EUID -ne 0 ]]; then wanted+=(uidmap); fi
  if [[ "$(distro)" != debian ]]; then wanted+=(debian-archive-keyring); fi
  if ! installed qemu-system-x86; then
    # What apt can do is only known from fresh lists.
    quietly apt-update as_root apt-get update -q
    if installed qemu-utils && ! apt_would_install qemu-system-x86; then
      version=$(apt-cache policy qemu-system-x86 | sed -n 's/^  Candidate: //p')
      note "qemu-utils $(dpkg-query -W -f='${Version}' qemu-utils) keeps qemu-system-x86 $version out: taking both in that version"
      apt_install_exactly "qemu-system-x86=$version" "qemu-utils=$version"
    else
      wanted+=(qemu-system-x86)
    fi
  fi
  installed qemu-utils || wanted+=(qemu-utils)
  apt_install "${wanted[@]}"
}

qemu_ready() {
  local hint="Install QEMU and its tools: dnf install qemu-system-x86 qemu-img genisoimage · pacman -S qemu-base cdrtools"
  if on_apt; then qemu_programs; fi
  need qemu-system-x86_64 qemu-system-x86 "$hint"
  need qemu-img qemu-utils "$hint"
  need genisoimage genisoimage "$hint"
  need ssh openssh-client "Install the ssh client: dnf install openssh-clients · pacman -S openssh"
}

# qemu_image tiny|debian: built where these scripts have not built it yet; its name is remembered for image_made.
qemu_image() {
  local name log="$SKYPORT_CACHE/logs/image-$1.log"
  if ! name=$(bash "$SKYPORT_ROOT/tools/images/build.sh" "$1" "$SKYPORT_IMAGES" 2>"$log" </dev/null); then
    tail -n 40 "$log" >&2
    return 1
  fi
  note "$name in $SKYPORT_IMAGES"
}

qemu_tiny() { qemu_image tiny; }
qemu_debian() { qemu_image debian; }

# The Debian image takes a minute of network and disk: beside the compiler, like the TAP archive.
qemu_debian_in_background() {
  (
    trap - EXIT
    # Nobody looks here: what needs a password fails instead of asking.
    # shellcheck disable=SC2034
    attended=''
    qemu_image debian
  ) >"$SKYPORT_CACHE/logs/image-debian-step.log" 2>&1 </dev/null &
  qemu_job=$!
}
qemu_job=''

# A check, so in a shell of its own, which cannot wait for the job but sees whether it still runs; then the build
# itself finds what is there, or says why there is nothing.
qemu_debian_await() {
  if [[ -n "$qemu_job" ]]; then
    while kill -0 "$qemu_job" 2>/dev/null; do sleep 0.5; done
  fi
  qemu_image debian
}
