"""Measures the pages and calls of servers and prints Markdown rows. Arguments: the skyport binary, the folder of images."""
import http.client
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from portal import free_port, memory, sign_in, start_skyport, stop, timed, verdict

skyport, images = sys.argv[1:3]
SERVERS = 1000


def fill(database):
    """A thousand servers of the one user, ready and stopped in turn, as the portal writes them."""
    with sqlite3.connect(database) as db:
        (owner,) = db.execute("SELECT id FROM users").fetchone()
        now = time.time_ns() // 1000
        for n in range(SERVERS):
            db.execute(
                "INSERT INTO servers (id, owner, name, request_key, state, state_since_us, site, choices, image_title,"
                " access_user, cores, memory_mib, disk_gib, key_name, key_sha256, public_key, address, port, created_us)"
                " VALUES (?, ?, ?, ?, ?, ?, 'elsewhere', '{}', 'Debian 12', 'debian', 1, 512, 4, 'key', 'SHA256:x', 'k',"
                " '192.0.2.1', 22, ?)",
                (f"{n:024}", owner, f"server-{n}", f"r{n}", ("ready", "stopped")[n % 2], now, now - n))


def call(method, path, form=None):
    """By the one user, over a connection of its own."""
    return timed(http.client.HTTPConnection("127.0.0.1", port), method, path, form, cookie)


def row(what, milliseconds, target):
    print(f"| {what} | {milliseconds:.1f} ms | {target} ms | {verdict(milliseconds <= target)} |")


folder = tempfile.mkdtemp()
process = None
try:
    port = free_port()
    process, _ = start_skyport(skyport, folder, port, free_port(), SKYPORT_SERVERS__LOCAL__IMAGES_FOLDER=images,
                               SKYPORT_SERVERS__PER_USER="5000", SKYPORT_SERVERS__CORES_PER_USER="5000",
                               SKYPORT_SERVERS__MEMORY_MIB_PER_USER="5000000", SKYPORT_SERVERS__DISK_GIB_PER_USER="50000")
    cookie = sign_in(f"http://127.0.0.1:{port}")
    uploads = []
    for n in range(20):
        file = os.path.join(folder, f"key{n}")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"key {n}", "-f", file], check=True)
        with open(f"{file}.pub") as public:
            took, text = call("POST", "/api/keys/add", {"name": f"key {n}", "key": public.read()})
        uploads.append(took)
    key = json.loads(text)["id"]
    fill(os.path.join(folder, "skyport.db"))
    for path, what in (("/servers", "list of servers"), ("/servers/new", "form of a new server")):
        times = [call("GET", path)[0] for _ in range(40)]
        row(f"{what}, with {SERVERS:,} of the user's, whole page", statistics.median(times), 50)
    row("access key, from upload to stored", statistics.median(uploads), 20)

    choices = json.loads(call("POST", "/api/servers/choices", {"site": "local"})[1])
    site = choices["sites"][0]
    image = next(image for image in site["images"] if image["min_disk_gib"] == 0)
    waits = []
    for n in range(5):
        form = {"wish[request]": f"{n:024}", "wish[name]": f"bench-{n}", "wish[image]": image["id"],
                "wish[size]": site["sizes"][0]["id"], "wish[key]": key}
        pressed = time.time()
        server = json.loads(call("POST", "/api/servers/create", form)[1]).rsplit("/", 1)[1]
        state = None
        while state not in ("Ready", "Failed"):
            time.sleep(0.2)
            state = json.loads(call("POST", "/api/servers/show", {"id": server})[1])["item"]["state"]
        with sqlite3.connect(os.path.join(folder, "skyport.db")) as db:
            query = ("SELECT s.started_us FROM operation_steps s JOIN operations o ON o.id = s.operation_id"
                     " WHERE o.subject = ? AND s.position = 0")
            waits.append(db.execute(query, (server,)).fetchone()[0] / 1000 - pressed * 1000)
        call("POST", "/api/servers/act", {"id": server, "action": "Delete", "name": f"bench-{n}"})
        while state != "Deleted":
            time.sleep(0.1)
            state = json.loads(call("POST", "/api/servers/show", {"id": server})[1])["item"]["state"]
    row("from the press to the first step at the site", statistics.median(waits), 50)
    print(f"| memory after that | {memory(process.pid):.0f} MB | 150 MB | {verdict(memory(process.pid) < 150)} |")
finally:
    if process:
        stop(process)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/cwd").startswith(folder):
                os.kill(int(pid), 9)
        except OSError:
            pass
    shutil.rmtree(folder, ignore_errors=True)
