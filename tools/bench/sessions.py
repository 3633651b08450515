"""Measures how long a session takes from the press to an interface that answers, and what the engine itself takes to
start the same image, one after the other in the same run; prints Markdown rows. Argument: the skyport binary."""
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from portal import free_port, sign_in, start_skyport, stop, timed, verdict

skyport = sys.argv[1]
TIMES, OVER_S = 9, 2.0
ENTRY = """title = "Tiny"
purpose = "Answers at once"
kind = "web-app"
image = "localhost/skyport/tiny"
licence = "GPL-2.0-only"
[interface]
port = 8080
[resources]
minimum = { cores = 1, memory_mib = 64, disk_gib = 1 }
recommended = { cores = 1, memory_mib = 64, disk_gib = 1 }
[[versions]]
version = "1"
"""


class Socket(http.client.HTTPConnection):
    """HTTP over the engine's socket."""

    def __init__(self, path):
        super().__init__("engine")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def ask(engine, method, path, body=None):
    connection = Socket(engine)
    connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= 300:
        sys.exit(f"the engine answered {answer.status} to {method} {path}: {text[:300]}")
    return json.loads(text) if text else None


def answers(address):
    try:
        connection = http.client.HTTPConnection(address, 8080, timeout=2)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False


def engine_alone(engine, image):
    """Seconds from asking the engine for a container until its interface answers."""
    begun = time.perf_counter()
    made = ask(engine, "POST", "/containers/create", {"Image": image})["Id"]
    ask(engine, "POST", f"/containers/{made}/start")
    networks = ask(engine, "GET", f"/containers/{made}/json")["NetworkSettings"]["Networks"]
    address = next(network["IPAddress"] for network in networks.values() if network["IPAddress"])
    while not answers(address):
        if time.perf_counter() - begun > 60:
            sys.exit("the engine's container does not answer")
        time.sleep(0.005)
    took = time.perf_counter() - begun
    ask(engine, "DELETE", f"/containers/{made}?force=true")
    return took


def call(path, form):
    return json.loads(timed(http.client.HTTPConnection("127.0.0.1", port), "POST", f"/api/{path}", form, cookie)[1])


def session():
    """Seconds from the press on "Accept" until the session says that its interface answered."""
    offer = {"offer[request]": f"{time.time_ns()}", "offer[question][software]": "tiny",
             "offer[question][minutes]": "10", "offer[site]": "here", "offer[start_us]": "0"}
    booking = call("plan/take", offer)
    begun = time.perf_counter()
    name = call("sessions/accept", {"booking": booking})
    while True:
        state = call("sessions/show", {"id": name})["item"]
        if state["state"] == "Running":
            break
        if state["state"] == "Ended" or time.perf_counter() - begun > 60:
            sys.exit(f"the session did not become ready: {state}")
        time.sleep(0.01)
    took = time.perf_counter() - begun
    call("sessions/end", {"id": name})
    while call("sessions/show", {"id": name})["item"]["state"] != "Ended":
        time.sleep(0.05)
    return took


folder = tempfile.mkdtemp()
podman = process = None
try:
    starter = os.path.join(os.environ["SKYPORT_ROOT"], "tools/servers/podman")
    podman = subprocess.Popen([starter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    engine = next(json.loads(line[6:]) for line in podman.stdout if line.startswith("ready "))
    software = os.path.join(folder, "software")
    os.mkdir(software)
    with open(os.path.join(software, "tiny.toml"), "w") as file:
        file.write(ENTRY)
    port = free_port()
    nodes = f'[{{name="here",socket="{engine["socket"]}",cores=4,memory_mib=4096,disk_gib=50}}]'
    process, _ = start_skyport(skyport, folder, port, free_port(), SKYPORT_SOFTWARE__FOLDER=software,
                               SKYPORT_SERVERS__LOCAL__ENABLED="false", SKYPORT_SITES__HERE__TITLE="This machine",
                               SKYPORT_SITES__HERE__NODES=nodes)
    cookie = sign_in(f"http://127.0.0.1:{port}")
    alone, ours = [], []
    for _ in range(TIMES):
        alone.append(engine_alone(engine["socket"], engine["images"]["tiny"]))
        ours.append(session())
    theirs, mine = statistics.median(alone), statistics.median(ours)
    print(f"| press to interface ready, warm image, over the engine's own {theirs:.2f} s for the same image | {mine - theirs:.2f} s |"
          f" {OVER_S:.0f} s | {verdict(mine - theirs <= OVER_S)} |")
finally:
    if process:
        stop(process)
    if podman:
        podman.stdin.close()
        podman.wait(30)
    shutil.rmtree(folder, ignore_errors=True)
