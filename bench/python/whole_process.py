"""Measures a process from its start to its exit."""

import json
import os
import subprocess
import sys
import tempfile
import time


def run_whole(command, **options):
    """Seconds from start to exit, and what the system says that the process and its children
    used. Ends this process with the output of one that fails."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            **options,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            said.seek(0)
            sys.exit(said.read().decode())
    return seconds, usage


def tell(seconds, usage, quality):
    """Prints the line that the benchmark reads."""
    # Linux counts in KiB; elsewhere the unit is another.
    megabytes = usage.ru_maxrss * 1024 / 1e6 if sys.platform == "linux" else None
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "quality": quality}))
