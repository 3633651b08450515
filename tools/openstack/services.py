"""The five services as processes of this one: started in order, awaited, ended with it."""
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

KIT = os.path.dirname(os.path.abspath(__file__))
NAMES = ("keystone", "placement", "glance", "nova", "neutron")


class Fail(Exception):
    """What a person should read; everything else is a traceback."""


def free_ports():
    """The first of five consecutive ports that nobody listens on, below those of outgoing connections."""
    for first in range(20000 + os.getpid() % 1000 * 12, 31990, 5):
        try:
            probes = [socket.create_server(("127.0.0.1", first + i), reuse_port=False) for i in range(len(NAMES))]
        except OSError:
            continue
        for probe in probes:
            probe.close()
        return first
    raise Fail("no five free ports in a row")


def environment(base):
    # Everything is compiled at installation; nothing is to be written beside the sources.
    return {**os.environ, "XDG_CACHE_HOME": base + "/run", "PYTHONPATH": KIT + "/lib", "PYTHONWARNINGS": "ignore",
            "PYTHONDONTWRITEBYTECODE": "1"}


def say(text):
    print(text, file=sys.stderr, flush=True)


class Services:
    """Ended by `stop`, or by the kernel when this process dies in whatever way."""

    def __init__(self, base, conf):
        self.base, self.conf, self.running = base, conf, {}
        self.began = time.monotonic()

    def mark(self, text):
        say("%5.1f s  %s" % (time.monotonic() - self.began, text))

    def launch(self, *names):
        for name in names:
            with open("%s/log/%s.out" % (self.base, name), "ab") as out:
                self.running[name] = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "KILL", self.conf["venv"] + "/bin/python", KIT + "/serve.py", name,
                     self.base], env=environment(self.base), stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def wait(self, *names, seconds=240):
        for name in names:
            end = time.monotonic() + seconds
            while not self.answers(name):
                if self.running[name].poll() is not None:
                    raise Fail("%s ended, see %s/log/%s.out and .log" % (name, self.base, name))
                if time.monotonic() > end:
                    raise Fail("%s did not answer within %d s" % (name, seconds))
                time.sleep(0.1)
            self.mark(name)

    def answers(self, name):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/" % self.conf["ports"][name], timeout=10):
                return True
        except urllib.error.HTTPError as reply:
            return reply.code < 500
        except OSError:
            return False

    def stop(self):
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = {}
