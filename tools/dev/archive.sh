# The local archive: the catalogues of d3-celestial as Parquet files with their description.
# shellcheck shell=bash

archive_make() {
  local key data
  data="$(tools_modules)/d3-celestial/data"
  key=$(hash_of "$SKYPORT_ROOT/tools/archive" "$SKYPORT_ROOT/tools/package-lock.json")
  if stamped "archive-${SKYPORT_ARCHIVE//\//%}" "$key" "$SKYPORT_ARCHIVE/archive.toml"; then
    skip "unchanged: $SKYPORT_ARCHIVE"
    return 0
  fi
  cargo_tool skyport-archive-data
  locked archive "$(tool archive-data)" --data "$data" --out "$SKYPORT_ARCHIVE"
  stamp "archive-${SKYPORT_ARCHIVE//\//%}" "$key"
}

archive_ready() {
  step "Node.js and the pinned npm tools" npm_tools
  step "Tables of the local archive" archive_make
}
