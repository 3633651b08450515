# ./dev env: what cargo needs to know here, as shell text:  eval "$(./dev env)"
# shellcheck shell=bash
for name in CARGO_TARGET_DIR SKYPORT_CACHE SKYPORT_SITE SKYPORT_ARCHIVE SKYPORT_IMAGES; do
  printf 'export %s=%q\n' "$name" "${!name}"
done
