"""Measures the whole process that makes a drift page of two files, ours like theirs: wall time
from start to exit, peak resident memory, and the megabytes of the page as the quality."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIDES = Path(__file__).parents[1] / "sides"


def command_of(options):
    folder = options["folder"]
    if options["side"] == "ours":
        script = [str(SIDES / "drift_report.ts"), folder, str(options["threads"])]
        return ["deno", "run", "--no-prompt", "--allow-all", *script]
    return [sys.executable, str(Path(__file__).with_name("evidently_report.py")), folder]


def main():
    options = json.loads(sys.argv[1])
    page = Path(options["folder"]) / f"{options['side']}.html"
    page.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command_of(options),
            env={**os.environ, "DO_NOT_TRACK": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            said.seek(0)
            sys.exit(said.read().decode())
    print(
        json.dumps(
            {
                "seconds": seconds,
                # Linux counts in KiB.
                "megabytes": usage.ru_maxrss * 1024 / 1e6 if sys.platform == "linux" else None,
                "quality": page.stat().st_size / 1e6,
            }
        )
    )


main()
