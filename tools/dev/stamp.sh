# "Already done": a step leaves a stamp with the content hash of what it was made from.
# shellcheck shell=bash

# hash_of PATH...: one hash over the contents and names of files and of folders' files.
hash_of() {
  local path
  for path in "$@"; do
    if [[ -d "$path" ]]; then
      (cd "$path" && find . -type f -not -path '*/node_modules/*' -print0 | LC_ALL=C sort -z | xargs -0r sha256sum)
    elif [[ -e "$path" ]]; then
      printf '%s  %s\n' "$(sha256sum <"$path")" "${path##*/}"
    else
      printf 'absent  %s\n' "${path##*/}"
    fi
  done | sha256sum | cut -c1-16
}

# stamped NAME KEY [OUTPUT...]: true when the step was done for this key and its outputs are there.
stamped() {
  local file="$SKYPORT_CACHE/stamps/$1" key=$2 output
  [[ -f "$file" && "$(<"$file")" == "$key" ]] || return 1
  shift 2
  for output in "$@"; do [[ -e "$output" ]] || return 1; done
}

stamp() { printf '%s' "$2" >"$SKYPORT_CACHE/stamps/$1"; }

# locked NAME command...: one run of it at a time on this machine; others wait.
locked() {
  local name=$1 fd
  shift
  exec {fd}>"$SKYPORT_CACHE/stamps/$name.lock"
  if ! flock -n "$fd"; then
    note "another run is at $name: waiting for it"
    flock "$fd"
  fi
  "$@" {fd}>&-
  exec {fd}>&-
}
