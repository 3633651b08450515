"""Measures the running server and prints Markdown rows. Arguments: the skyport binary, the jupyterhub program and the
configurable-http-proxy that it starts.

Everything listens on loopback, on free ports; every load is bounded in time; every process ends with this one."""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from portal import free_port, memory, sign_in, start_skyport, stop, verdict, wait

skyport, jupyterhub, hub_proxy = sys.argv[1:4]
SECONDS = 8


def load(url, connections, cookie=None, mean_ms=None):
    """Requests a second and the 99th percentile in ms; with mean_ms each connection waits about so long in between."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    if mean_ms is not None:
        command += ["-s", os.path.join(os.path.dirname(__file__), "paced.lua")]
    env = dict(os.environ, MEAN_MS=str(mean_ms))
    text = subprocess.run([*command, url], capture_output=True, text=True, check=True, env=env).stdout
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    if "Non-2xx" in text:
        sys.exit(f"{url} answered with errors:\n{text}")
    return per_second, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def at_half(url, cookie, most):
    """The rate and the 99th percentile in ms with 128 connections that together ask half as often as the server can."""
    return load(url, 128, cookie, mean_ms=128 * 1000 / (most / 2))


def hub(folder):
    port, api = free_port(), free_port()
    proxy = free_port()
    config = os.path.join(folder, "config.py")
    with open(config, "w") as file:
        file.write(f"c.JupyterHub.bind_url='http://127.0.0.1:{port}'\nc.JupyterHub.hub_bind_url='http://127.0.0.1:{api}'\n"
                   f"c.ConfigurableHTTPProxy.api_url='http://127.0.0.1:{proxy}'\nc.ConfigurableHTTPProxy.command=['{hub_proxy}']\n"
                   "c.JupyterHub.authenticator_class='dummy'\n"
                   "c.Authenticator.allow_all=True\nc.JupyterHub.log_level='ERROR'\nc.JupyterHub.db_url='sqlite://'\n")
    process = subprocess.Popen([jupyterhub, "-f", config], cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=open(os.path.join(folder, "log"), "w"))
    return process, api


folder = tempfile.mkdtemp()
running = []
try:
    port, demo = free_port(), free_port()
    process, _ = start_skyport(skyport, folder, port, demo)
    stop(process)
    starts = []
    for _ in range(5):
        process, milliseconds = start_skyport(skyport, folder, port, demo)
        starts.append(milliseconds)
        stop(process)
    process, _ = start_skyport(skyport, folder, port, demo)
    running.append(process)
    base = f"http://127.0.0.1:{port}"
    urllib.request.urlopen(base + "/").read()
    time.sleep(3)
    idle = memory(process.pid)
    start = statistics.median(starts)
    print(f"| ready after start on an existing database | {start:.0f} ms | 150 ms | {verdict(start <= 150)} |")
    print(f"| idle memory | {idle:.0f} MB | 80 MB | {verdict(idle <= 80)} |", flush=True)
    cookie = sign_in(base)
    hub_folder = os.path.join(folder, "hub")
    os.mkdir(hub_folder)
    peer, api = hub(hub_folder)
    running.append(peer)
    wait(api, "/hub/login")
    ours, theirs = [], []
    for _ in range(3):
        ours.append(load(base + "/", 16, cookie)[0])
        theirs.append(load(f"http://127.0.0.1:{api}/hub/login", 16)[0])
    own, other = statistics.median(ours), statistics.median(theirs)
    hub_words = f"JupyterHub's login page {other:.0f}/s, {memory(peer.pid):.0f} MB = {own / other:.1f}x"
    print(f"| home page, signed in, rendered on the server | {own:.0f}/s; {hub_words} | 12x JupyterHub's login page "
          f"| {verdict(own >= 12 * other)} |", flush=True)
    rate, late = at_half(base + "/", cookie, own)
    print(f"| 99th percentile of it at half of the maximum, {rate:.0f}/s | {late:.1f} ms | 10 ms | {verdict(late <= 10)} |")
finally:
    for process in running:
        stop(process)
    shutil.rmtree(folder, ignore_errors=True)
