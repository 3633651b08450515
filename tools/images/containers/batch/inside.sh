# shellcheck shell=bash
# Compiled once here: the root is read-only when it runs.
set -e
python3 -m compileall -q -j 0 /usr/lib/python3/dist-packages || true
