"""Reads a VOTable with astropy and prints one line of JSON, as examples/votable_bench.rs does.

    python benches/peer_astropy.py FILE [TIMES]

STILTS on the same file (the time is of the whole process; ofmt=csv or any other output adds its writing):

    /usr/bin/time -f '%e s, %M KiB' stilts tpipe in=FILE ifmt=votable omode=count
    /usr/bin/time -f '%e s, %M KiB' stilts tcopy in=FILE ifmt=votable out=COPY ofmt=votable-binary2-inline
"""
import json
import os
import resource
import statistics
import sys
import time
import warnings

from astropy.io.votable import parse

warnings.simplefilter("ignore")
path = sys.argv[1]
seconds = []
rows = 0
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
    start = time.perf_counter()
    rows = len(parse(path, verify="ignore").get_first_table().array)
    seconds.append(time.perf_counter() - start)
median = statistics.median(seconds)
size = os.path.getsize(path)
print(json.dumps({
    "tool": "astropy", "file": path, "bytes": size, "rows": rows, "seconds": round(median, 4),
    "megabytes_per_second": round(size / 1e6 / median, 1),
    "peak_rss_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
}))
