# Podman, and the default images of sessions that the tests and `./dev run` start containers from: built once into the
# cache, each in a store of its own that any number of engines share (tools/images/containers/build.sh).
# shellcheck shell=bash

podman_images=(tiny batch terminal notebook desktop)
podman_folder() { printf '%s/containers' "$SKYPORT_CACHE"; }

# podman_image NAME: its folder.
podman_image() { printf '%s/%s' "$(podman_folder)" "$(bash "$SKYPORT_ROOT/tools/images/containers/build.sh" "$1")"; }
podman_reference() {
  printf 'localhost/skyport/%s:%s' "$1" "$(sed -n 's/^version=//p' "$SKYPORT_ROOT/tools/images/containers/$1/image")"
}
podman_made() {
  local name
  for name in "${podman_images[@]}"; do [[ -e "$(podman_image "$name")/.made" ]] || return 1; done
}

# podman_ready: the engine's programs. iptables is what it builds networks with.
podman_ready() {
  local hint="Install Podman 4 or newer: dnf install podman · pacman -S podman netavark aardvark-dns"
  if on_apt; then
    # Docker brings a runc of its own, and Debian's would take Docker away.
    command -v crun runc >/dev/null || apt_install runc
    apt_install podman conmon netavark aardvark-dns iptables iproute2 uidmap catatonit curl mmdebstrap python3-venv
    if [[ "$(distro)" != debian ]]; then apt_install debian-archive-keyring; fi
  fi
  need podman podman "$hint"
  need iptables iptables "$hint"
  need ip iproute2
  need unshare util-linux
  need curl curl
}

podman_build() {
  local name
  for name in "$@"; do
    [[ -e "$(podman_image "$name")/.made" ]] && continue
    on_apt || fail "The default images of sessions are built with mmdebstrap, which this system lacks." \
      "Run this on Debian or Ubuntu, or in a container of one of them."
    note "image $name"
    quietly "container-$name" as_root bash "$SKYPORT_ROOT/tools/images/containers/build.sh" "$name" "$(podman_folder)"
  done
}

podman_make() {
  if podman_made; then
    skip "there already: ${podman_images[*]} in $(podman_folder)"
    return 0
  fi
  podman_build "${podman_images[@]}"
}

# Minutes of network and disk, before the tests need them: beside the compiler, one image after the other.
podman_in_background() {
  if podman_made; then return 0; fi
  note "making the container images of the tests in the background (log: $SKYPORT_CACHE/logs/podman.log)"
  root_ready "make the container images of the tests"
  (
    trap - EXIT
    # Nobody looks here: what needs a password fails instead of asking.
    # shellcheck disable=SC2034
    attended=''
    podman_make
  ) >"$SKYPORT_CACHE/logs/podman.log" 2>&1 </dev/null &
  podman_job=$!
}
podman_job=''

# podman_await: a check, so in a shell of its own, which cannot wait for the job but sees whether it still runs.
podman_await() {
  if [[ -n "$podman_job" ]]; then
    while kill -0 "$podman_job" 2>/dev/null; do sleep 0.5; done
    if ! podman_made; then
      tail -n 40 "$SKYPORT_CACHE/logs/podman.log" >&2
      return 1
    fi
  fi
  podman_make
  note "$(du -sh "$(podman_folder)" | cut -f1) in $(podman_folder)"
}
