"""Runs the VOTable readers in turn and prints a Markdown row for each target. Arguments: our bench program, the folder
with the two files, a Python with astropy, the script that reads with astropy."""
import json
import os
import statistics
import subprocess
import sys
import time

ours, folder, python, peer = sys.argv[1:5]
TABLEDATA = os.path.join(folder, "stars_tabledata.vot")
BINARY2 = os.path.join(folder, "stars_binary2.vot")
TENTH = os.path.join(folder, "tenth", "stars_tabledata.vot")


def our(path, times=3):
    return json.loads(subprocess.check_output([ours, "read", path, str(times)]))


def astropy(path):
    return json.loads(subprocess.check_output([python, peer, path, "1"]))


def stilts(path):
    # A file of its own: STILTS replaces what it writes to, and as root that would be /dev/null itself.
    out = os.path.join(folder, "stilts.vot")
    start = time.perf_counter()
    command = ["stilts", "tcopy", f"in={path}", "ifmt=votable", f"out={out}", "ofmt=votable-binary2-inline"]
    subprocess.check_call(command, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - start
    os.remove(out)
    return taken


def verdict(met):
    return "met" if met else "missed"


own_text, own_binary, by_astropy, by_stilts, memory, tenth = [], [], [], [], [], []
for _ in range(3):
    text, binary = our(TABLEDATA), our(BINARY2)
    own_text.append(text["seconds"])
    own_binary.append(binary["seconds"])
    memory.append(text["peak_rss_kib"] / 1024)
    tenth.append(our(TENTH)["peak_rss_kib"] / 1024)
    by_astropy.append(astropy(TABLEDATA)["seconds"])
    by_stilts.append(stilts(TABLEDATA))
own_text, own_binary, by_astropy, by_stilts = map(statistics.median, (own_text, own_binary, by_astropy, by_stilts))
size = os.path.getsize(TABLEDATA) / 1e6
a, s, b = by_astropy / own_text, by_stilts / own_text, own_text / own_binary
print(f"| `votable` TABLEDATA, 1 M rows x 10, {size:.0f} MB | {own_text:.2f} s; astropy {by_astropy:.1f} s = {a:.0f}x "
      f"| 40x astropy | {verdict(a >= 40)} |")
print(f"| the same beside STILTS `tcopy` | STILTS {by_stilts:.1f} s = {s:.1f}x | 8x STILTS | {verdict(s >= 8)} |")
most, less = statistics.median(memory), statistics.median(tenth)
print(f"| memory for it, at the peak | {most:.1f} MiB; a tenth of the rows {less:.1f} MiB | independent of rows "
      f"| {verdict(most < less + 1)} |")
print(f"| BINARY2, same rows | {own_binary:.3f} s = {b:.1f}x TABLEDATA | 3x TABLEDATA | {verdict(b >= 3)} |")
