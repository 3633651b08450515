# The container engine of `./dev run`: a Podman of its own (tools/servers/podman) with the default images, which ends, with
# its containers, when the server does. Where there can be none, Skyport runs without sessions and says so.
# shellcheck shell=bash disable=SC2154

# engine_lacks: why there can be none here; nothing where there can.
engine_lacks() {
  if ! on_apt && ! podman_made; then
    printf 'its images are built with mmdebstrap, which this system lacks'
  elif [[ $EUID -ne 0 ]] && ! command -v sudo >/dev/null; then
    printf 'it needs root, and there is no sudo'
  fi
}

# The images take minutes of network and disk, the compiler minutes of processor.
engine_in_background() {
  if [[ -n "$(engine_lacks)" ]]; then return 0; fi
  step "Podman" podman_ready
  podman_in_background
}

# engine_start: leaves the site in the settings of the server. Whoever has site settings of their own keeps them.
engine_start() {
  local why said="$SKYPORT_CACHE/run/engine" socket='' cores tries=0
  if compgen -e | grep -q '^SKYPORT_SITES__'; then
    skip "sites are configured"
    return 0
  fi
  why=$(engine_lacks)
  if [[ -n "$why" ]]; then
    note "sessions are off: $why"
    return 0
  fi
  if [[ -n "$podman_job" ]]; then wait "$podman_job" || true; fi
  if ! podman_made; then
    note "sessions are off: the container images were not made (log: $SKYPORT_CACHE/logs/podman.log)"
    return 0
  fi
  if [[ $EUID -ne 0 ]]; then sudo -v; fi
  mkdir -p "$SKYPORT_CACHE/run"
  : >"$said"
  # It lives as long as somebody holds the other end of its input: this shell, then the server in its place.
  # shellcheck disable=SC2034 # its being open is its use
  exec {engine_life}> >(exec setsid "$SKYPORT_ROOT/tools/servers/podman" >"$said")
  until socket=$(sed -n 's/^ready .*"socket":"\([^"]*\)".*/\1/p' "$said") && [[ -n "$socket" ]]; do
    if ((++tries > 600)); then
      note "sessions are off: the container engine did not start (its words are above)"
      return 0
    fi
    sleep 0.2
  done
  cores=$(nproc)
  export SKYPORT_SITES__HERE__TITLE="This machine"
  export SKYPORT_SITES__HERE__NODES="[{name=\"here\",socket=\"$socket\",cores=$cores}]"
  note "sessions run in Podman, with $cores cores"
}
