# shellcheck shell=bash
set -e
python3 -m compileall -q -j 0 /usr/lib/python3/dist-packages || true
test -e /usr/local/lib/node_modules/@xterm/xterm/lib/xterm.js
find /usr/local/lib/node_modules -name '*.map' -delete
