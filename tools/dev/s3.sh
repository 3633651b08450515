# The S3 of the tests: moto's server in a Python environment of its own in the cache.
# shellcheck shell=bash

s3_home() { printf '%s/s3/%s' "$SKYPORT_CACHE" "$(hash_of "$SKYPORT_ROOT/tools/s3/requirements.txt")"; }
s3_made() { [[ -e "$(s3_home)/.made" ]]; }

# s3_needs: the tools of the machine itself.
s3_needs() {
  s3_made && return 0
  need python3 python3
  python3 -c 'import ensurepip' 2>/dev/null && return 0
  on_apt || fail "Python cannot make environments of its own." "Install its venv module with your package manager."
  apt_install python3-venv
}

s3_make() {
  if s3_made; then
    skip "there already: $(s3_home)"
    return 0
  fi
  locked s3 s3_build
}

s3_build() {
  s3_made && return 0
  local home
  home=$(s3_home)
  rm -rf "$SKYPORT_CACHE/s3"
  quietly s3-venv python3 -m venv "$home"
  quietly s3-pip "$home/bin/pip" install --disable-pip-version-check --no-deps -r "$SKYPORT_ROOT/tools/s3/requirements.txt"
  : >"$home/.made"
}
