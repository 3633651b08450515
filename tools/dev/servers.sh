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

# Everything that tools/servers/* start, made or installed. Their names, for whoever wants to know.
servers_needs() {
  postgres_ready
  dachs_needs
  s3_needs
  openstack_needs
}
