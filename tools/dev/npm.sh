# The pinned npm packages: tools in the cache, the browser tests' in their own folder.
# shellcheck shell=bash

# Folder with binaryen, esbuild and the catalogues.
tools_modules() { printf '%s' "$SKYPORT_CACHE/npm/tools/node_modules"; }

# npm_ci FOLDER NAME: exactly what FOLDER's lock file says, unless it is there already.
npm_ci() {
  local folder=$1 name=$2 key
  key=$(hash_of "$folder/package-lock.json")
  [[ -f "$folder/node_modules/.skyport-$key" ]] && return 0
  quietly "npm-$name" npm ci --prefix "$folder" --no-fund --no-audit
  : >"$folder/node_modules/.skyport-$key"
}

npm_tools() {
  local home="$SKYPORT_CACHE/npm/tools"
  node_ready
  mkdir -p "$home"
  cp "$SKYPORT_ROOT"/tools/package*.json "$home/"
  locked npm-tools npm_ci "$home" tools
}

npm_end2end() {
  node_ready
  locked npm-end2end npm_ci "$SKYPORT_ROOT/end2end" end2end
}
