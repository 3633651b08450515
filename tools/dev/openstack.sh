# The OpenStack of the tests: Keystone, Placement, Glance, Nova and Neutron in a Python environment of their own in the
# cache, and a furnished, stopped cloud beside it. tools/servers/openstack starts copies of that cloud.
# shellcheck shell=bash

openstack_kit() { printf '%s/tools/openstack' "$SKYPORT_ROOT"; }
openstack_home() { printf '%s/openstack/%s' "$SKYPORT_CACHE" "$(hash_of "$(openstack_kit)/requirements.lock")"; }
openstack_python() { printf '%s/venv/bin/python' "$(openstack_home)"; }
# The cloud also depends on how it is furnished.
openstack_base() {
  local kit
  kit=$(openstack_kit)
  printf '%s/base-%s' "$(openstack_home)" "$(hash_of "$kit"/*.py "$kit"/lib/*.py "$kit"/lib/*/*)"
}
openstack_made() { [[ -e "$(openstack_base)/.made" ]]; }

# openstack_needs: the tools of the machine itself; before the rest, so that apt is never asked twice at a time.
openstack_needs() {
  openstack_made && return 0
  need python3 python3
  need setpriv util-linux
  python3 -c 'import ensurepip' 2>/dev/null && return 0
  on_apt || fail "Python cannot make environments of its own." "Install its venv module with your package manager."
  apt_install python3-venv
}

openstack_make() {
  if openstack_made; then
    skip "there already: $(openstack_base)"
    return 0
  fi
  locked openstack openstack_build
}

# openstack_compile VENV: uncompiled, every start of a service costs seconds; files for other Pythons may not compile.
openstack_compile() {
  env -u PYTHONDONTWRITEBYTECODE "$1/bin/python" -m compileall -q -j 0 "$1/lib" || true
}

openstack_build() {
  openstack_made && return 0
  local home base
  home=$(openstack_home) base=$(openstack_base)
  if [[ ! -e "$home/venv/.made" ]]; then
    # What an interrupted build or an older recipe left behind.
    rm -rf "$SKYPORT_CACHE/openstack"
    mkdir -p "$home"
    note "OpenStack's services into $home"
    quietly openstack-venv python3 -m venv "$home/venv"
    quietly openstack-pip "$home/venv/bin/pip" install --disable-pip-version-check --no-compile --no-deps \
      --require-hashes -r "$(openstack_kit)/requirements.lock"
    quietly openstack-compile openstack_compile "$home/venv"
    : >"$home/venv/.made"
  fi
  rm -rf "$home"/base-*
  note "a cloud with projects, sizes, images and networks"
  quietly openstack-init "$home/venv/bin/python" "$(openstack_kit)/testbed.py" init "$base" --venv "$home/venv"
  quietly openstack-furnish "$home/venv/bin/python" "$(openstack_kit)/testbed.py" furnish "$base"
  : >"$base/.made"
}

# Minutes of processor, before the tests need it; side by side with the compiler.
openstack_in_background() {
  if openstack_made; then return 0; fi
  note "making the OpenStack of the tests in the background (log: $SKYPORT_CACHE/logs/openstack.log)"
  (
    trap - EXIT
    # Nobody looks here: what needs a password fails instead of asking.
    # shellcheck disable=SC2034
    attended=''
    openstack_make
  ) >"$SKYPORT_CACHE/logs/openstack.log" 2>&1 </dev/null &
  openstack_job=$!
}
openstack_job=''

# openstack_await: a check, so in a shell of its own, which cannot wait for the job but sees whether it still runs.
openstack_await() {
  if [[ -n "$openstack_job" ]]; then
    while kill -0 "$openstack_job" 2>/dev/null; do sleep 0.5; done
    if ! openstack_made; then
      tail -n 40 "$SKYPORT_CACHE/logs/openstack.log" >&2
      return 1
    fi
  fi
  openstack_make
}
