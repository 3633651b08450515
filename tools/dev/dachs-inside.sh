#!/usr/bin/env bash
# What happens inside the root file system of DaCHS while it is made. Run as root in a mount namespace of its own,
# so that every mount here is gone when it ends. Usage: dachs-inside.sh fetch|install ROOT VERSION
set -euo pipefail
action=$1 root=$2 version=$3

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
# PostgreSQL's shared memory: a private one, open to its user.
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
inside() { chroot "$root" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }

# The pinned version where the archive has it; what it has instead otherwise, which the caller says.
packages() {
  if inside apt-cache madison gavodachs2-server | grep -qF " $version "; then
    printf 'gavodachs2-server=%s python3-gavo=%s' "$version" "$version"
  else
    printf 'gavodachs2-server'
  fi
}

case "$action" in
  fetch)
    # The machine's way to its mirror, whatever it is.
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    for file in /etc/apt/apt.conf.d/*; do
      [[ "$file" == */docker-* || ! -f "$file" ]] || cp "$file" "$root/etc/apt/apt.conf.d/"
    done
    inside apt-get update -q
    # Two words, or one.
    # shellcheck disable=SC2046
    inside apt-get install -q -y --no-install-recommends --download-only $(packages)
    ;;
  install)
    ip link set lo up
    inside pg_ctlcluster --skip-systemctl-redirect 15 main start
    deadline=$((SECONDS + 60))
    until inside pg_isready -q; do
      ((SECONDS < deadline)) || {
        echo "PostgreSQL does not answer" >&2
        exit 1
      }
      sleep 0.1
    done
    # shellcheck disable=SC2046
    inside apt-get install -q -y --no-install-recommends --no-download $(packages)
    mkdir -p "$root/var/gavo/inputs/demo"
    cp -r "$root/var/gavo-demo/." "$root/var/gavo/inputs/demo/"
    inside chown -R dachsroot:gavo /var/gavo/inputs/demo
    inside su dachsroot -s /bin/bash -c 'cd /var/gavo/inputs && dachs imp demo/q'
    inside pg_ctlcluster --skip-systemctl-redirect 15 main stop -m fast
    # From here on PostgreSQL listens on a socket inside this root alone, so that no port can clash.
    printf "listen_addresses = ''\nfsync = off\nmax_connections = 60\n" >>"$root/etc/postgresql/15/main/postgresql.conf"
    printf 'local all all trust\n' >"$root/etc/postgresql/15/main/pg_hba.conf"
    printf 'database = gavo\nhost = /var/run/postgresql\nport = 5432\n' >"$root/var/gavo/etc/dsn"
    rm -rf "$root/var/cache/apt/archives/"*.deb "$root/var/lib/apt/lists/"* "$root/var/gavo-demo"
    ;;
esac
