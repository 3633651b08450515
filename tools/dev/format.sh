# Formatting and linting of what is not Rust: the shell scripts, and the TypeScript of the browser tests.
# The style sheets are left as written: one rule a line reads better than what a formatter makes of them.
# shellcheck shell=bash

# Two blanks, `case` labels indented: the scripts' own style.
shfmt_style=(--indent 2 --case-indent)

# scripts: every shell script of the repository, into the list of that name.
find_scripts() {
  local file first
  scripts=("$SKYPORT_ROOT/dev" "$SKYPORT_ROOT/.ci/run")
  while IFS= read -r -d '' file; do
    first=''
    read -r first <"$file" || true
    if [[ "$file" == *.sh || "$first" == '#!/usr/bin/env bash' ]]; then scripts+=("$file"); fi
  done < <(find "$SKYPORT_ROOT/tools" -name node_modules -prune -o -type f -print0)
}

# In one call of apt where both are missing.
format_ready() {
  if on_apt; then apt_install shellcheck shfmt; fi
  need shellcheck shellcheck "Install ShellCheck: dnf install ShellCheck · pacman -S shellcheck · brew install shellcheck"
  need shfmt shfmt "Install shfmt: dnf install shfmt · pacman -S shfmt · brew install shfmt"
}

prettier() {
  (cd "$SKYPORT_ROOT/end2end" && "$(tools_modules)/.bin/prettier" --log-level warn "$@" '**/*.{ts,mjs}')
}

format_shell() {
  local scripts
  find_scripts
  shfmt "${shfmt_style[@]}" --write "${scripts[@]}"
}
format_typescript() { prettier --write; }

check_shell_format() {
  local scripts
  find_scripts
  shfmt "${shfmt_style[@]}" --diff "${scripts[@]}"
}
check_shell() {
  local scripts
  find_scripts
  (cd "$SKYPORT_ROOT" && shellcheck --external-sources "${scripts[@]}")
}
check_typescript_format() { prettier --check; }
