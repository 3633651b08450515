# ./dev help
# shellcheck shell=bash disable=SC2154
cat <<HELP
${bold}Skyport${plain}: one script, each command does the set-up that it needs.

  ./dev run [-- ARGS]     build a release and start Skyport on its embedded default; ARGS go to the server
  ./dev test              set up and run every check and test (what the continuous integration runs)
  ./dev bench [NAME...]   measure, compare with the named peers, write docs/BENCHMARKS.md
  ./dev fmt               format the Rust code, the shell scripts and the TypeScript
  ./dev help              this text

Pieces of the above, for a quicker round while working:
  ./dev check             formatters, clippy for the server and for the browser, shellcheck, licences, unused dependencies
  ./dev web               build the browser's half into the site folder
  ./dev archive           build the local archive's tables
  ./dev servers [NAME]    prepare the test servers, or start one of them here: $(cd "$SKYPORT_ROOT/tools/servers" && for s in *; do [[ $s == *.* ]] || printf "%s " "$s"; done)
  ./dev end2end [ARGS]    the journeys in a real browser; ARGS go to Playwright
  ./dev env               print the environment that cargo needs here, for:  eval "\$(./dev env)"

Everything made is under SKYPORT_CACHE (now $SKYPORT_CACHE); remove that folder to start from nothing.
HELP
if [[ "${1:-}" == --error ]]; then exit 2; fi
