#!/usr/bin/env bash
# build.sh NAME FOLDER: one of the default images of sessions, out of Debian's packages (and, for the notebook, pinned
# wheels), into FOLDER/NAME-HASH; prints NAME-HASH. What is there under that name is never written again. Needs root.
# build.sh NAME: prints NAME-HASH alone.
#
# What comes out is a store of Podman with this one image in it, localhost/skyport/NAME:VERSION, and not an archive: an
# engine that lists it among its additionalimagestores has the image at once, without copying it, and any number of
# engines share it. For an engine elsewhere: podman --root FOLDER/NAME-HASH/store save ... | podman load.
#
# NAME's folder holds: packages (one a line; a line "extract" takes them unpacked, without Debian around them), image
# (the image's settings: see below), files/ (copied in), inside.sh (run in the new root at the end), and where something
# newer than Debian's is needed requirements.lock (wheels, into /wheels for inside.sh) or package-lock.json (npm packages,
# into /usr/local/lib/node_modules).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=${1:-} folder=${2:-} suite=bookworm

die() {
  printf '%s\n' "$@" >&2
  exit 1
}
if [[ ! -f "$here/$name/image" ]]; then die "usage: build.sh NAME [FOLDER]"; fi
# What an image is made from; another content makes another one.
hash=$(cd "$here" && find build.sh "$name" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-10)
printf '%s-%s\n' "$name" "$hash"
if [[ -z "$folder" ]]; then exit 0; fi

tools=(mmdebstrap podman python3)
if [[ -f "$here/$name/package-lock.json" ]]; then tools+=(npm); fi
for tool in "${tools[@]}"; do
  command -v "$tool" >/dev/null || die "The program $tool is needed to build images and is missing." \
    "On Debian and Ubuntu: apt-get install --no-install-recommends $tool"
done

made="$folder/$name-$hash"
mkdir -p "$folder"
exec {lock}>"$folder/.$name.lock"
flock "$lock"
if [[ -e "$made/.made" ]]; then exit 0; fi
if [[ $EUID -ne 0 ]]; then die "Building the images needs root."; fi

# An image's settings: version, title, what it is (kind), its licence, and where it has an interface its port, the path
# that opens it and the path that answers once it is ready.
version='' title='' kind='' licence='' port='' path='' ready=''
entry=/usr/local/bin/start
# shellcheck source=/dev/null
source "$here/$name/image"

work=$(mktemp -d "$folder/.building-$name.XXXXXX")
# Podman takes no long path for these.
passing=$(mktemp -d)
trap 'rm -rf "$work" "$passing"' EXIT
chmod 755 "$work"

# The machine's own source of Debian where it has one; else mmdebstrap's own.
sources=()
if command -v apt-get >/dev/null; then
  for part in "$suite" "$suite-security"; do
    # The $( ) are fields of apt-get's own format.
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
      sed -n "s/^$part main //p" | head -n 1)
    if [[ -n "$mirror" ]]; then sources+=("deb $mirror $part main"); fi
  done
fi
variant=minbase include=''
while read -r package; do
  case "$package" in
    '' | '#'*) ;;
    extract) variant=extract ;;
    *) include+="${include:+,}$package" ;;
  esac
done <"$here/$name/packages"

root="$work/root"
# Java's packages link their manuals into a folder that is excluded, and want it there.
# The $1 is mmdebstrap's.
# shellcheck disable=SC2016
mmdebstrap --mode=root --variant="$variant" --include="$include" \
  --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/doc-base/*' \
  --dpkgopt='force-unsafe-io' --essential-hook='mkdir -p "$1/usr/share/man/man1"' "$suite" "$root" "${sources[@]}" >&2

# The wheels are chosen for Debian's Python, by whichever Python is here; nothing that is not in the lock gets in.
if [[ -f "$here/$name/requirements.lock" ]]; then
  python3 -m venv "$work/pip"
  platforms=()
  for glibc in 2014 _2_17 _2_24 _2_26 _2_27 _2_28; do platforms+=(--platform "manylinux${glibc}_$(uname -m)"); done
  "$work/pip/bin/pip" download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none "${platforms[@]}" \
    -d "$root/wheels" -r "$here/$name/requirements.lock" >&2
  rm -rf "$work/pip"
fi
if [[ -f "$here/$name/package-lock.json" ]]; then
  mkdir "$work/npm"
  cp "$here/$name"/package*.json "$work/npm/"
  npm ci --prefix "$work/npm" --ignore-scripts --no-fund --no-audit >&2
  mkdir -p "$root/usr/local/lib"
  mv "$work/npm/node_modules" "$root/usr/local/lib/"
  chown -R 0:0 "$root/usr/local/lib/node_modules"
fi
if [[ -d "$here/$name/files" ]]; then cp -r --no-preserve=mode,ownership "$here/$name/files/." "$root/"; fi
find "$root/usr/local/bin" -type f -exec chmod 755 {} + 2>/dev/null || true
# Everybody's home, whatever uid they come with; a session's own is mounted over it.
mkdir -p "$root/home/user" "$root/data" "$root/tmp"
chmod 1777 "$root/home/user" "$root/tmp"
if [[ -f "$here/$name/inside.sh" ]]; then
  cp "$here/$name/inside.sh" "$root/inside.sh"
  if [[ "$variant" == extract ]]; then
    (cd "$root" && bash ./inside.sh) >&2
  else
    chroot "$root" env -i LC_ALL=C.UTF-8 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin bash /inside.sh >&2
  fi
  rm "$root/inside.sh"
fi
# Nothing of the machine that built it, and no lists that only apt reads.
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* "$root"/etc/apt/apt.conf.d/*mmdebstrap* \
  "$root"/etc/machine-id "$root"/var/lib/dbus/machine-id "$root"/wheels "$root"/run/* "$root"/tmp/*
if [[ "$variant" != extract ]]; then
  printf 'deb http://deb.debian.org/debian %s main\n' "$suite" >"$root/etc/apt/sources.list"
  : >"$root/etc/resolv.conf"
fi
rm -rf "${root:?}/dev"
mkdir "$root/dev"

changes=(
  --change "LABEL org.skyport.kind=\"$kind\"" --change "LABEL org.opencontainers.image.title=\"$title\""
  --change "LABEL org.opencontainers.image.version=\"$version\"" --change "LABEL org.opencontainers.image.licenses=\"$licence\""
  --change "ENV HOME=/home/user" --change "ENV LANG=C.UTF-8" --change "WORKDIR /home/user" --change "USER 1000:1000"
  --change "ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/games" --change "CMD [\"$entry\"]"
)
if [[ -n "$port" ]]; then
  changes+=(--change "EXPOSE $port" --change "LABEL org.skyport.port=\"$port\""
    --change "LABEL org.skyport.path=\"$path\"" --change "LABEL org.skyport.ready=\"$ready\"")
fi
# A store of its own, and settings of its own: nothing of the system's containers is read or written.
mkdir -p "$work/out/store"
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/out/store" "$passing/run" >"$work/storage.conf"
printf '[engine]\nevents_logger = "none"\ncgroup_manager = "cgroupfs"\ntmp_dir = "%s"\n[network]\nnetwork_backend = "netavark"\n' "$passing/tmp" >"$work/containers.conf"
tar -C "$root" --numeric-owner --sort=name -cf - . |
  CONTAINERS_STORAGE_CONF="$work/storage.conf" CONTAINERS_CONF="$work/containers.conf" \
    podman --root "$work/out/store" --runroot "$passing/run" --tmpdir "$passing/tmp" --storage-driver overlay \
    import --quiet "${changes[@]}" - "localhost/skyport/$name:$version" >&2
rm -rf "$root"
umount "$work/out/store/overlay" 2>/dev/null || true
: >"$work/out/.made"
chmod 755 "$work/out"
rm -rf "$made"
mv -T "$work/out" "$made"
# What older recipes made.
for old in "$folder/$name"-*; do
  if [[ "$old" != "$made" && "$old" =~ /$name-[0-9a-f]{10}$ ]]; then rm -rf "$old"; fi
done
