# The browser of the journeys: the system's, Debian's package, or on Ubuntu the one that Playwright brings.
# shellcheck shell=bash

# Ubuntu's chromium is a snap, which may not read the folders that Playwright keeps its profile and files in.
is_snap() {
  local real
  real=$(readlink -f "$1")
  [[ "$real" == /snap/* || "$real" == */bin/snap ]] || head -c 4096 "$real" | grep -q /snap/bin/
}

# browser: prints the path of a Chromium that can be used.
browser() {
  local name path
  if [[ -n "${SKYPORT_CHROMIUM:-}" ]]; then
    command -v "$SKYPORT_CHROMIUM"
    return
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if path=$(command -v "$name") && ! is_snap "$path"; then
      printf '%s' "$path"
      return 0
    fi
  done
  return 1
}

# Leaves in SKYPORT_CHROMIUM the browser to use. Wants the npm packages of the browser tests.
browser_ready() {
  if ! browser >/dev/null; then
    [[ -z "${SKYPORT_CHROMIUM:-}" ]] || fail "SKYPORT_CHROMIUM names no program: $SKYPORT_CHROMIUM"
    case "$(distro)" in
      debian) apt_install chromium ;;
      ubuntu) browser_from_playwright ;;
      *)
        fail "The journeys need Chromium, and none was found." \
          "Fedora: dnf install chromium · Arch: pacman -S chromium · or set SKYPORT_CHROMIUM to a Chrome or Chromium."
        ;;
    esac
  fi
  # Playwright wants a path, not a name.
  [[ "${SKYPORT_CHROMIUM:-}" == /* ]] || SKYPORT_CHROMIUM=$(browser)
  export SKYPORT_CHROMIUM
  note "using $SKYPORT_CHROMIUM"
}

# The build that belongs to the pinned Playwright, in the cache; what it needs of the system comes by apt.
browser_from_playwright() {
  export PLAYWRIGHT_BROWSERS_PATH="$SKYPORT_CACHE/playwright"
  local home="$SKYPORT_ROOT/end2end" path
  path=$(cd "$home" && node --input-type=module -e \
    "import { chromium } from '@playwright/test'; process.stdout.write(chromium.executablePath())")
  if [[ ! -x "$path" ]]; then
    note "Ubuntu's chromium is a snap, which cannot be used here: asking Playwright for its own"
    root_ready "install the libraries that Chromium needs"
    (cd "$home" && quietly playwright-deps as_root env "PATH=$PATH" npx --no-install playwright install-deps chromium &&
      quietly playwright-chromium npx --no-install playwright install chromium) ||
      fail "Playwright could not fetch its Chromium." \
        "Check the network, then run: cd end2end && PLAYWRIGHT_BROWSERS_PATH=$PLAYWRIGHT_BROWSERS_PATH npx playwright install --with-deps chromium" \
        "Or set SKYPORT_CHROMIUM to a Chrome or Chromium that is no snap."
  fi
  SKYPORT_CHROMIUM=$path
}
