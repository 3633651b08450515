"""Measures three proxies in front of one upstream and prints Markdown rows. Arguments: the program `carry` and
configurable-http-proxy; nginx is on the path.

Each proxy has one thread that works, and the first core for itself; the upstream, the load and this program share the
second. The proxies take turns in each round, and a figure is the median of the rounds. On a machine that does other
things too, a rate says little, so the CPU time of each proxy for a request is given with it: user and system, of all its
processes. Everything listens on loopback; every load is bounded in time; every process ends with this one.

With WORKING=0 or another core's number the proxies are put there; ROUNDS and SECONDS make it shorter."""
import asyncio
import base64
import hashlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from portal import free_port, memory, stop, verdict, wait

carry, hub_proxy = sys.argv[1:3]
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS", "4"))
ONLY = os.environ.get("ONLY", "small latency download sockets").split()
WORKING = int(os.environ.get("WORKING", "0"))
CORES = sorted(os.sched_getaffinity(0))
OTHER = next((core for core in CORES if core != WORKING), WORKING)
SOCKETS = 1000
BIG = 1 << 30
TICK = os.sysconf("SC_CLK_TCK")

UPSTREAM = """
worker_processes 1; daemon off; pid {folder}/upstream.pid; error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; keepalive_requests 100000000; client_body_temp_path {folder}/u1; proxy_temp_path {folder}/u2;
  fastcgi_temp_path {folder}/u3; uwsgi_temp_path {folder}/u4; scgi_temp_path {folder}/u5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; location = / {{ default_type text/plain; return 200 "{text}"; }} }}
}}
"""
# Streams as a proxy of sessions must: nothing on disk, WebSockets, connections to the upstream kept.
NGINX = """
worker_processes 1; daemon off; pid {folder}/{name}.pid; error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/{name}1; proxy_temp_path {folder}/{name}2;
  fastcgi_temp_path {folder}/{name}3; uwsgi_temp_path {folder}/{name}4; scgi_temp_path {folder}/{name}5;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  upstream one {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 0; proxy_request_buffering off; {buffering}
    location / {{
      proxy_pass http://one; proxy_http_version 1.1; proxy_read_timeout 1h;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host;
    }}
  }}
}}
"""
BUFFERED = "proxy_max_temp_file_size 0; proxy_buffers 8 64k; proxy_buffer_size 64k; proxy_busy_buffers_size 128k;"
UNBUFFERED = BUFFERED + " proxy_buffering off;"


def pinned(core, *command, **options):
    return subprocess.Popen(["taskset", "-c", str(core), *command], stdout=subprocess.DEVNULL, **options)


def nginx(text, core):
    file = os.path.join(folder, f"{free_port()}.conf")
    with open(file, "w") as config:
        config.write(text)
    return pinned(core, "nginx", "-p", folder, "-e", "stderr", "-c", file)


def family(pid):
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid] + [member for child in children for member in family(int(child))]


def cpu(process):
    """Seconds of user and system time of a process and its children so far."""
    ticks = 0
    for pid in family(process.pid):
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def load(port, connections, seconds):
    """Requests a second, the median latency in microseconds, and how many requests."""
    command = ["taskset", "-c", str(OTHER), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
               f"http://127.0.0.1:{port}/"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit(f"errors:\n{text}")
    value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", text).groups()
    count = int(re.search(r"(\d+) requests in", text).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return rate, float(value) * {"us": 1, "ms": 1000, "s": 1e6}[unit], count


def download(port):
    """Seconds for the big file; what comes is thrown away in the kernel, so that reading it costs next to nothing."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        begun = time.perf_counter()
        connection.sendall(b"GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(1)
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"no download: {head!r}")
        buffer, got = bytearray(4 << 20), 0
        chunked = b"transfer-encoding: chunked" in head.lower()
        while piece := connection.recv_into(buffer, 0, socket.MSG_TRUNC):
            got += piece
        if got != BIG and not (chunked and got > BIG):
            sys.exit(f"{got} bytes came")
        return time.perf_counter() - begun


async def answer_socket(reader, writer):
    """An upstream's side of a WebSocket that gives back every byte after the handshake."""
    head = await reader.readuntil(b"\r\n\r\n")
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
    if not key:
        writer.close()
        return
    accept = base64.b64encode(hashlib.sha1(key.group(1) + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    try:
        while piece := await reader.read(4096):
            writer.write(piece)
    except (ConnectionError, asyncio.CancelledError):
        # The proxy, or this program, is ending.
        pass
    writer.close()


FRAME = b"\x82\x84\x00\x00\x00\x00ping"


async def open_socket(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    key = base64.b64encode(os.urandom(16))
    writer.write(b"GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    if not head.startswith(b"HTTP/1.1 101"):
        sys.exit(f"no WebSocket: {head!r}")
    return reader, writer


async def echo(reader, writer):
    writer.write(FRAME)
    if await asyncio.wait_for(reader.readexactly(len(FRAME)), 60) != FRAME:
        sys.exit("a WebSocket gives back something else")


async def sockets(start):
    """MB before, and with a thousand WebSockets of which each has carried a frame both ways."""
    upstream = await asyncio.start_server(answer_socket, "127.0.0.1", 0, backlog=2048)
    process, port = start(upstream.sockets[0].getsockname()[1])
    try:
        end = time.perf_counter() + 30
        while True:
            try:
                await echo(*(first := await open_socket(port)))
                break
            except OSError:
                if time.perf_counter() > end:
                    sys.exit("a proxy does not start")
                await asyncio.sleep(0.01)
        empty = memory(process.pid)
        held = [first]
        while len(held) < SOCKETS:
            held += await asyncio.gather(*(open_socket(port) for _ in range(min(50, SOCKETS - len(held)))))
        for pair in held:
            await echo(*pair)
        full = memory(process.pid)
        for pair in held:
            await echo(*pair)
        for _, writer in held:
            writer.close()
        return empty, full
    finally:
        stop(process)


def start_carry(upstream):
    port = free_port()
    return pinned(WORKING, carry, f"127.0.0.1:{port}", f"127.0.0.1:{upstream}", "1"), port


def start_nginx(upstream, buffering=UNBUFFERED):
    port = free_port()
    return nginx(NGINX.format(folder=folder, name=f"n{port}", port=port, upstream=upstream, buffering=buffering), WORKING), port


def start_hub_proxy(upstream):
    port = free_port()
    command = [hub_proxy, "--ip=127.0.0.1", f"--port={port}", "--api-ip=127.0.0.1", f"--api-port={free_port()}",
               f"--default-target=http://127.0.0.1:{upstream}", "--log-level=error"]
    return pinned(WORKING, *command, stderr=subprocess.DEVNULL), port


def row(what, measured, target, met):
    print(f"| {what} | {measured} | {target} | {verdict(met)} |", flush=True)


def middle(values):
    return statistics.median(values)


def small(proxies):
    rates, costs = {name: [] for name in proxies}, {name: [] for name in proxies}
    for process, port in proxies.values():
        load(port, 32, 1)
    for _ in range(ROUNDS):
        for name, (process, port) in proxies.items():
            before = cpu(process)
            rate, _, count = load(port, 32, SECONDS)
            rates[name].append(rate)
            costs[name].append((cpu(process) - before) / count * 1e6)
    own, peer, hub = (middle(rates[name]) for name in ("carry", "nginx", "hub"))
    spent = [middle(costs[name]) for name in ("carry", "nginx", "hub")]
    row("proxy, small requests, 32 connections, one core",
        f"{own:.0f}/s; nginx {peer:.0f}/s = {own / peer:.2f}x; configurable-http-proxy {hub:.0f}/s = {own / hub:.1f}x; CPU time "
        f"for each {spent[0]:.1f}, {spent[1]:.1f} and {spent[2]:.1f} µs",
        "0.9x nginx and 3x the other", own >= 0.9 * peer and own >= 3 * hub)


def latency(proxies, upstream):
    names = {"none": upstream, **{name: port for name, (_, port) in proxies.items()}}
    medians = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name, port in names.items():
            medians[name].append(load(port, 1, 2)[1])
    added = {name: middle(values) - middle(medians["none"]) for name, values in medians.items()}
    row("proxy, added median latency, one connection",
        f"{added['carry'] / 1000:.3f} ms; nginx {added['nginx'] / 1000:.3f} ms; "
        f"configurable-http-proxy {added['hub'] / 1000:.3f} ms", "0.2 ms", added["carry"] < 200)


def downloads(proxies):
    times, costs = {name: [] for name in proxies}, {name: [] for name in proxies}
    for _ in range(ROUNDS):
        for name, (process, port) in proxies.items():
            before = cpu(process)
            times[name].append(download(port))
            costs[name].append(cpu(process) - before)
    rate = {name: BIG / middle(values) / 1e6 for name, values in times.items()}
    cost = {name: middle(values) for name, values in costs.items()}
    best = max("nginx", "buffered", key=rate.get)
    row("proxy, download of 1 GiB", f"{rate['carry']:.0f} MB/s; nginx {rate[best]:.0f} MB/s = {rate['carry'] / rate[best]:.2f}x "
        f"(the better of unbuffered {rate['nginx']:.0f} and buffered {rate['buffered']:.0f}); configurable-http-proxy "
        f"{rate['hub']:.0f} MB/s; CPU time {cost['carry']:.2f}, {cost[best]:.2f} and {cost['hub']:.2f} s",
        "1x nginx", rate["carry"] >= rate[best])


folder = tempfile.mkdtemp()
os.chmod(folder, 0o755)
running = []
try:
    os.sched_setaffinity(0, {OTHER})
    os.mkdir(f"{folder}/files")
    with open(f"{folder}/files/big", "wb") as big:
        big.truncate(BIG)
    upstream = free_port()
    running.append(nginx(UPSTREAM.format(folder=folder, port=upstream, text="x" * 200), OTHER))
    wait(upstream, "/")
    proxies = {}
    for name, start in (("carry", start_carry), ("nginx", start_nginx), ("hub", start_hub_proxy)):
        if ONLY != ["sockets"]:
            proxies[name] = start(upstream)
            running.append(proxies[name][0])
            wait(proxies[name][1], "/")
    if "small" in ONLY:
        small(proxies)
    if "latency" in ONLY:
        latency(proxies, upstream)
    if "download" in ONLY:
        buffered = start_nginx(upstream, BUFFERED)
        running.append(buffered[0])
        wait(buffered[1], "/")
        downloads({**proxies, "buffered": buffered})
    if "sockets" in ONLY:
        own, peer, hub = (asyncio.run(sockets(start)) for start in (start_carry, start_nginx, start_hub_proxy))
        row("proxy, memory with 1,000 idle WebSockets", f"{own[1]:.0f} MB (with one: {own[0]:.0f}); nginx {peer[1]:.0f} MB "
            f"({peer[0]:.0f}); configurable-http-proxy {hub[1]:.0f} MB ({hub[0]:.0f})", "60 MB", own[1] < 60)
finally:
    for process in running:
        stop(process)
    shutil.rmtree(folder, ignore_errors=True)
