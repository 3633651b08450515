"""A portal of the benchmarks' own, and a person who is signed in. Everything listens on loopback, on free ports."""
import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port, path):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False


def wait(port, path, seconds=60.0):
    end = time.perf_counter() + seconds
    while not answers(port, path):
        if time.perf_counter() > end:
            sys.exit(f"nothing answers at port {port}")
        time.sleep(0.002)


def start_skyport(skyport, folder, port, demo, **settings):
    env = dict(os.environ, SKYPORT_SERVER__LISTEN=f"127.0.0.1:{port}", SKYPORT_SERVER__DATA_FOLDER=folder,
               SKYPORT_SIGN_IN__DEMO_LISTEN=f"127.0.0.1:{demo}", SKYPORT_ARCHIVES__WELL_KNOWN="false",
               SKYPORT_LOG__FILTER="warn", **settings)
    begun = time.perf_counter()
    process = subprocess.Popen([skyport, "serve"], env=env, cwd=folder, stdout=subprocess.DEVNULL)
    wait(port, "/readyz")
    return process, (time.perf_counter() - begun) * 1000


def timed(connection, method, path, form=None, cookie=""):
    """One call as a page makes it: milliseconds until the whole answer is there, and the answer."""
    headers, body = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}, None
    if cookie:
        headers["Cookie"] = cookie
    if form is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urllib.parse.urlencode(form)
    begun = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    took = (time.perf_counter() - begun) * 1000
    if answer.status != 200:
        sys.exit(f"{path} answered {answer.status}: {text[:300]}")
    return took, text


def memory(pid):
    """Resident MB of a process and its children."""
    pids = [pid] + [int(p) for p in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()]
    total = 0
    for p in pids:
        # A process that has ended and was not asked after has no memory.
        found = re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{p}/status").read())
        total += int(found.group(1)) if found else 0
    return total / 1024


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()


def sign_in(base):
    """Signs in at the demo issuer, as its pages say; gives the cookie."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = urllib.parse.urlencode({"provider": "demo", "next": "/"}).encode()
    request = urllib.request.Request(base + "/auth/start", form, {"Origin": base})
    page = opener.open(request).read().decode()
    link = re.search(r'<a href="([^"]+)"', page).group(1).replace("&amp;", "&")
    page = opener.open(link).read().decode()
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    form = urllib.parse.urlencode([(n, v.replace("&amp;", "&")) for n, v in fields] + [("user", "astronomer")]).encode()
    issuer = urllib.parse.urljoin(link, "/authorize")
    opener.open(urllib.request.Request(issuer, form)).read()
    return "; ".join(f"{c.name}={c.value}" for c in jar if c.name.startswith("skyport"))


def verdict(met):
    return "met" if met else "missed"
