#!/usr/bin/env python3
"""A real OpenStack control plane for client tests: Keystone, Placement, Glance, Nova, Neutron.

    testbed.py init    BASE --venv DIR      databases and keys; the services' Python is in DIR
    testbed.py furnish BASE                 once: accounts, federation, flavors, images, networks; then stops
    testbed.py clone   BASE NEW --issuer URL [--jwks FILE|URL] [--protocol P]...    copy of a furnished one
    testbed.py run     NEW READY            serves until SIGTERM; writes what a client needs into the file READY

Everything lives under BASE. Services listen on 127.0.0.1, on five ports in a row that were free. Standard library
only; the services run from the virtual environment. No guest ever boots: the hypervisor is Nova's fake one.
"""
import argparse
import base64
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True                # nothing is to be written beside the sources

import furnish                                # noqa: E402
import services                               # noqa: E402
from configs import REGION, configs       # noqa: E402
from services import KIT, NAMES, Fail, Services, say    # noqa: E402

# Changed by every clone that names another.
ISSUER = "https://idp.test/realms/egi"


def tool(base, conf, *command):
    env = {**services.environment(base), "OS_BOOTSTRAP_PASSWORD": conf["admin_password"]}
    began = time.monotonic()
    with open(base + "/log/setup.log", "a", encoding="utf-8") as log:
        log.write("\n# %s\n" % " ".join(command))
        log.flush()
        if subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode:
            with open(base + "/log/setup.log", encoding="utf-8") as words:
                say(words.read()[-4000:])
            raise Fail("%s failed, see %s/log/setup.log" % (os.path.basename(command[0]), base))
    say("%5.1f s  %s" % (time.monotonic() - began, " ".join(os.path.basename(word) for word in command)[:72]))


def ports_from(first):
    return {name: first + i for i, name in enumerate(NAMES)}


def init(args):
    base = os.path.abspath(args.base)
    for part in ("etc", "db", "log", "run", "keys/fernet", "keys/credential", "images/store", "images/staging",
                 "images/tasks", "images/cache", "state/nova/instances", "state/neutron"):
        os.makedirs("%s/%s" % (base, part))
    conf = {
        "venv": os.path.abspath(args.venv), "ports": ports_from(services.free_ports()), "debug": "false",
        "token_seconds": 3600, "admin_password": secrets.token_hex(12), "service_password": secrets.token_hex(12),
        "issuer": ISSUER, "jwks": "", "audience": "", "idp": "egi.eu", "protocols": ["openid"],
    }
    configs(base, conf)
    bins, etc = conf["venv"] + "/bin", base + "/etc"
    keystone = (bins + "/keystone-manage", "--config-file", etc + "/keystone.conf")
    url = "http://127.0.0.1:%d/v3" % conf["ports"]["keystone"]
    for folder in ("fernet", "credential"):       # a staged and a primary key, as keystone-manage would make them
        for number in "01":
            with open("%s/keys/%s/%s" % (base, folder, number), "wb") as handle:
                handle.write(base64.urlsafe_b64encode(os.urandom(32)))
    tool(base, conf, *keystone, "db_sync")
    tool(base, conf, *keystone, "bootstrap", "--bootstrap-public-url", url, "--bootstrap-internal-url", url,
         "--bootstrap-admin-url", url, "--bootstrap-region-id", REGION)
    tool(base, conf, bins + "/glance-manage", "--config-file", etc + "/glance-api.conf", "db_sync")
    tool(base, conf, bins + "/python", KIT + "/serve.py", "neutron-init", base)
    tool(base, conf, bins + "/python", KIT + "/serve.py", "nova-init", base)
    save(base, conf)


def furnished(args):
    base = os.path.abspath(args.base)
    conf = load(base)
    running = Services(base, conf)
    try:
        running.launch("keystone")
        running.wait("keystone")
        furnish.identity(conf)
        running.mark("accounts, catalogue, federation")
        running.launch("placement", "glance", "neutron", "nova")
        running.wait("placement", "glance", "neutron", "nova")
        furnish.cloud(conf)
        running.mark("flavors, images, networks")
        furnish.wait_hypervisor(conf)
    finally:
        running.stop()
    save(base, conf)


def clone(args):
    """Copies databases and images, and rewrites the few rows that hold a path, a port or the issuer."""
    old, new = os.path.abspath(args.base), os.path.abspath(args.new)
    conf = load(old)
    shutil.copytree(old, new, ignore=lambda folder, names: names if os.path.basename(folder) in ("log", "run") else ())
    before, issuer, idp = dict(conf["ports"]), conf["issuer"], conf["idp"]
    conf["ports"] = ports_from(services.free_ports())
    conf["issuer"], conf["jwks"] = args.issuer, args.jwks
    conf["protocols"] = args.protocol or conf["protocols"]

    def edit(name, *statements):
        link = sqlite3.connect("%s/db/%s.sqlite" % (new, name))
        with link:
            for text, values in statements:
                link.execute(text, values)
        link.close()

    def swap(table, column, was, now):
        return "UPDATE %s SET %s = replace(%s, ?, ?)" % (table, column, column), (was, now)

    # In two steps, since the old ports and the new ones may overlap.
    edit("keystone", *[swap("endpoint", "url", ":%d" % before[n], ":%d!" % conf["ports"][n]) for n in NAMES],
         swap("endpoint", "url", "!", ""), swap("mapping", "rules", '\\"%s\\"' % issuer, '\\"%s\\"' % conf["issuer"]),
         ("UPDATE idp_remote_ids SET remote_id = ? WHERE remote_id = ?", (conf["issuer"], issuer)),
         ("DELETE FROM federation_protocol WHERE id NOT IN (%s)" % ",".join("?" * len(conf["protocols"])),
          conf["protocols"]),
         *[("INSERT OR IGNORE INTO federation_protocol (id, idp_id, mapping_id) VALUES (?, ?, 'egi-mapping')", (p, idp))
           for p in conf["protocols"]])
    edit("nova_api", swap("cell_mappings", "database_connection", old + "/db/", new + "/db/"))
    edit("glance", swap("image_locations", "value", old + "/images/", new + "/images/"))
    configs(new, conf)
    save(new, conf)


def run(args):
    base = os.path.abspath(args.base)
    conf = load(base)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stopped.set())
    signal.signal(signal.SIGINT, lambda _signal, _frame: stopped.set())
    running = Services(base, conf)
    try:
        running.launch(*NAMES[:3], "neutron")     # they need Keystone only once they serve
        running.wait("keystone")
        running.launch("nova")
        running.wait("placement", "glance", "nova", "neutron")
        furnish.wait_hypervisor(conf)
        running.mark("ready")
        ready = {
            "keystone": "http://127.0.0.1:%d/v3" % conf["ports"]["keystone"], "issuer": conf["issuer"],
            "identity_provider": conf["idp"], "protocols": conf["protocols"], "region": REGION,
            "projects": conf["projects"], "ports": conf["ports"],
            "admin": {"user": "admin", "password": conf["admin_password"], "project": "admin", "domain": "default"},
            "entitlement": "urn:mace:egi.eu:group:{vo}:role=member#aai.egi.eu",
            "mint": args.mint and [*args.mint.split("\n"), conf["issuer"]],
        }
        with open(args.ready + ".new", "w", encoding="utf-8") as handle:
            json.dump(ready, handle)
        os.rename(args.ready + ".new", args.ready)
        while not stopped.wait(0.2):
            for name, process in running.running.items():
                if process.poll() is not None:
                    raise Fail("%s ended, see %s/log/%s.out" % (name, base, name))
    finally:
        running.stop()


def save(base, conf):
    with open(base + "/testbed.json", "w", encoding="utf-8") as handle:
        json.dump(conf, handle, indent=1)


def load(base):
    with open(base + "/testbed.json", encoding="utf-8") as handle:
        return json.load(handle)


def main():
    os.umask(0o077)
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in (("init", init), ("furnish", furnished), ("clone", clone), ("run", run)):
        sub = commands.add_parser(name)
        sub.add_argument("base")
        sub.set_defaults(function=function)
        if name == "init":
            sub.add_argument("--venv", required=True)
        if name == "clone":
            sub.add_argument("new")
            sub.add_argument("--issuer", default=ISSUER, help="as in the tokens' iss")
            sub.add_argument("--jwks", default="", help="file or URL; default: what the issuer's discovery names")
            sub.add_argument("--protocol", action="append", help="federation protocol; repeatable; default openid")
        if name == "run":
            sub.add_argument("ready")
            sub.add_argument("--mint", default="", help="the command that mints tokens, a word a line")
    args = parser.parse_args()
    try:
        args.function(args)
    except Fail as why:
        sys.exit("testbed: %s" % why)


if __name__ == "__main__":
    main()
