# A root file system with GAVO DaCHS in it, its star table imported: the TAP archive of the tests.
# Built once into the cache; tools/servers/dachs starts copies of it. The machine's own services, users and
# configuration stay as they are: everything happens below one folder, in namespaces that end with the build.
# shellcheck shell=bash

# Pinned: the one that the tests were written against. Where Debian has replaced it, its successor is taken and said.
dachs_pinned=2.7+dfsg-2

# What the root file system is made from; another content makes another one.
dachs_key() {
  hash_of "$SKYPORT_ROOT/tools/dev/dachs.sh" "$SKYPORT_ROOT/tools/dev/dachs-inside.sh" "$SKYPORT_ROOT/end2end/servers/dachs"
}
dachs_root() { printf '%s/dachs/root-%s' "$SKYPORT_CACHE" "$(dachs_key)"; }

dachs_made() { [[ -e "$(dachs_root)/.made" ]]; }

# dachs_version: which DaCHS and PostgreSQL are in it, and whether that is the pinned one.
dachs_version() {
  local found
  found=$(dpkg-query --admindir="$(dachs_root)/var/lib/dpkg" -W -f='${Version}' gavodachs2-server)
  printf 'GAVO DaCHS %s, PostgreSQL %s' "$found" \
    "$(dpkg-query --admindir="$(dachs_root)/var/lib/dpkg" -W -f='${Version}' postgresql-15)"
  if [[ "$found" != "$dachs_pinned" ]]; then printf ' (pinned is %s, which Debian no longer has)' "$dachs_pinned"; fi
}

# dachs_needs: the tools of the machine itself; before the build, so that apt is never asked twice at a time.
dachs_needs() {
  dachs_made && return 0
  on_apt || fail "The TAP archive of the tests is built with mmdebstrap, which this system lacks." \
    "Run the tests on Debian or Ubuntu, or in a container of one of them."
  apt_install mmdebstrap
  if [[ "$(distro)" != debian ]]; then apt_install debian-archive-keyring; fi
}

dachs_make() {
  if dachs_made; then
    skip "there already: $(dachs_version) in $(dachs_root)"
    return 0
  fi
  locked dachs dachs_build
}

# The machine's own source of Debian's main archive, or nothing where it has none, as on Ubuntu.
debian_mirror() {
  # The $( ) are fields of apt-get's own format.
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n 's/^bookworm main //p' | head -n 1
}

dachs_build() {
  dachs_made && return 0
  local root work
  root=$(dachs_root) work="$SKYPORT_CACHE/dachs/work"
  # What an interrupted build or an older recipe left behind.
  as_root rm -rf "$SKYPORT_CACHE/dachs"
  mkdir -p "$work"
  node "$SKYPORT_ROOT/end2end/servers/dachs/stars.mjs" "$(tools_modules)/d3-celestial/data/stars.8.json" >"$work/stars.csv"

  # Only the main archive: with the security update 15.20 PostgreSQL refuses Debian's pgsphere, 15.18 takes it.
  local mirror arguments=()
  mirror=$(debian_mirror)
  if [[ -n "$mirror" ]]; then
    arguments=("deb $mirror bookworm main")
  else
    # shellcheck disable=SC2016
    arguments=(--setup-hook='sed -i /security/d "$1"/etc/apt/sources.list')
  fi
  note "Debian with PostgreSQL into $root"
  quietly dachs-debian as_root mmdebstrap --mode=root --variant=minbase \
    --include=adduser,ca-certificates,procps,iproute2,postgresql-15,postgresql-15-pgsphere,postgresql-15-q3c \
    bookworm "$work/root" "${arguments[@]}"
  note "packages of DaCHS"
  quietly dachs-fetch as_root unshare --mount bash "$SKYPORT_ROOT/tools/dev/dachs-inside.sh" fetch "$work/root" "$dachs_pinned"
  note "DaCHS itself, then the stars"
  as_root mkdir -p "$work/root/var/gavo-demo/data"
  as_root cp "$SKYPORT_ROOT/end2end/servers/dachs/q.rd" "$work/root/var/gavo-demo/"
  as_root cp "$work/stars.csv" "$work/root/var/gavo-demo/data/"
  # A network of its own: DaCHS writes to localhost:5432, and that must not be the machine's PostgreSQL.
  quietly dachs-install as_root unshare --mount --net --ipc --pid --fork --kill-child \
    bash "$SKYPORT_ROOT/tools/dev/dachs-inside.sh" install "$work/root" "$dachs_pinned"
  as_root touch "$work/root/.made"
  as_root mv -T "$work/root" "$root"
  as_root rm -rf "$work"
  note "made: $(dachs_version)"
}
