# The browser's half: the frontend compiled to WebAssembly, then made small, hashed and compressed.
# shellcheck shell=bash disable=SC2154

web_compile() {
  wasm_cargo build --quiet ${CI:+--locked} -p skyport-frontend --target "$wasm_triple" --profile wasm
}

# The module that cargo made.
web_module() {
  local target="$CARGO_TARGET_DIR"
  ((${#wasm_env[@]})) && target=$(target_of /usr/bin/rustc)
  printf '%s/%s/wasm/skyport_frontend.wasm' "$target" "$wasm_triple"
}

web_bundle() {
  cargo_tool skyport-bundle
  local key
  key=$(hash_of "$(web_module)" "$SKYPORT_ROOT/style" "$(tool bundle)" "$SKYPORT_ROOT/tools/package-lock.json")
  if stamped "site-${SKYPORT_SITE//\//%}" "$key" "$SKYPORT_SITE/site.json"; then
    skip "unchanged: $(site_size)"
    return 0
  fi
  # What a run that was killed left half made; two at a time would mean two clones with one site folder.
  rm -rf "$SKYPORT_SITE".new-*
  locked site "$(tool bundle)" --wasm "$(web_module)" --style "$SKYPORT_ROOT/style" \
    --node-modules "$(tools_modules)" --out "$SKYPORT_SITE"
  stamp "site-${SKYPORT_SITE//\//%}" "$key"
}

site_size() { sed -n 's/.*"first_visit_br": \([0-9]*\).*/first visit \1 bytes brotli/p' "$SKYPORT_SITE/site.json"; }

# All of it: every command that needs the site calls this.
web_ready() {
  step "Node.js and the pinned npm tools" npm_tools
  step "Standard library for $wasm_triple" wasm_ready
  step "Frontend for the browser" web_compile
  step "Bundle: glue, module, styles" web_bundle
}
