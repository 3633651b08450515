"""Measures how fast offers are accepted while many want the same, and prints Markdown rows. Argument: the bench's program."""
import json
import os
import subprocess
import sys

from portal import verdict

bench = sys.argv[1]
ACCEPTS = 500


def measure(*address):
    return json.loads(subprocess.run([bench, *address], capture_output=True, text=True, check=True).stdout)


def rows(database, run, target):
    exact = run["least_won"] == run["most_won"] == run["slots"]
    won = f"{run['most_won']}" if run["least_won"] == run["most_won"] else f"{run['least_won']} to {run['most_won']}"
    print(f"| bookings, {run['people']} people for {run['slots']} slots, {run['rounds']} times, {database}: winners each time"
          f" | {won} | {run['slots']} | {verdict(exact)} |")
    print(f"| bookings, offers decided while all ask at once, {database} | {run['decided_per_s']:,}/s | | |")
    met = verdict(run["accepted_per_s"] >= target) if target else ""
    print(f"| bookings, offers accepted at once, {database} | {run['accepted_per_s']:,}/s | {f'{target}/s' if target else ''} | {met} |")


rows("SQLite", measure(), None)
starter = os.path.join(os.environ["SKYPORT_ROOT"], "tools", "servers", "postgres")
server = subprocess.Popen([starter, "durable"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
try:
    line = server.stdout.readline()
    if not line.startswith("ready "):
        sys.exit("PostgreSQL did not start")
    rows("PostgreSQL", measure(json.loads(line.removeprefix("ready "))["url"]), ACCEPTS)
finally:
    # It ends with its standard input, and takes everything along.
    server.stdin.close()
    server.wait(30)
