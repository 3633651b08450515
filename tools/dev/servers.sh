# The real servers that tests talk to: everything they need, before the first test asks for one.
# shellcheck shell=bash

postgres_ready() {
  if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; then
    skip "PostgreSQL's programs are there"
    return 0
  fi
  on_apt || fail "PostgreSQL is missing." "Install it: dnf install postgresql-server · pacman -S postgresql"
  apt_install postgresql
}

# What makes, reads and compares keys in the tests.
ssh_keygen_ready() {
  if command -v ssh-keygen >/dev/null; then
    skip "ssh-keygen is there"
    return 0
  fi
  on_apt || fail "ssh-keygen is missing." "Install OpenSSH's client: dnf install openssh-clients · pacman -S openssh"
  apt_install openssh-client
}

# The registry of images that users' containers come from in the tests.
registry_ready() {
  if command -v docker-registry >/dev/null; then
    skip "docker-registry is there"
    return 0
  fi
  on_apt || fail "docker-registry is missing." "Install the registry of the distribution project as docker-registry."
  apt_install docker-registry
  # The tests start it themselves; nor is it to start with the system.
  as_root systemctl disable docker-registry >/dev/null 2>&1 || true
}

# Everything that tools/servers/* start, made or installed. Their names, for whoever wants to know.
servers_needs() {
  postgres_ready
  ssh_keygen_ready
  registry_ready
  dachs_needs
  s3_needs
  openstack_needs
  podman_ready
}
