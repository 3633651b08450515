# ./dev servers [NAME]: prepares the test servers; with a name, starts that one here until Ctrl-C.
# shellcheck shell=bash
use system npm dachs s3 openstack podman servers
name=${1:-}
if [[ -n "$name" && ! -x "$SKYPORT_ROOT/tools/servers/$name" ]]; then
  fail "There is no test server \"$name\"." "There are: $(cd "$SKYPORT_ROOT/tools/servers" && for s in *; do [[ $s == *.* ]] || printf '%s ' "$s"; done)"
fi
step "System packages of the test servers" servers_needs
step "Node.js and the pinned npm tools" npm_tools
if [[ -z "$name" || "$name" == oidc-provider ]]; then step "npm packages of the browser tests" npm_end2end; fi
if [[ -z "$name" || "$name" == s3 ]]; then step "S3 of the tests (moto)" s3_make; fi
if [[ -z "$name" || "$name" == dachs ]]; then step "TAP archive of the tests (GAVO DaCHS)" dachs_make; fi
if [[ -z "$name" || "$name" == openstack ]]; then step "OpenStack of the tests" openstack_make; fi
if [[ -z "$name" || "$name" == podman ]]; then step "Container images of sessions" podman_make; fi
[[ -z "$name" ]] || exec "$SKYPORT_ROOT/tools/servers/$name"
