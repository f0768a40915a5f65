"""Measures a whole process of a runner whose outputs are all kept, ours like theirs: wall time
from start to exit, processor time (user and system) as the quality, and the peak resident memory
of its largest process, children included in both."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main():
    options = json.loads(sys.argv[1])
    folder = Path(options["folder"]) / options["project"]
    described = json.loads((folder / "command.json").read_text())
    ran = folder / "ran"
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            described["command"],
            cwd=folder,
            env={**os.environ, **described["env"]},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            said.seek(0)
            sys.exit(said.read().decode())
    # A byte for each step that was ever run.
    if ran.stat().st_size != options["rows"]:
        sys.exit(f"{ran.stat().st_size} instead of {options['rows']} steps were run")
    print(
        json.dumps(
            {
                "seconds": seconds,
                # Linux counts in KiB.
                "megabytes": usage.ru_maxrss * 1024 / 1e6 if sys.platform == "linux" else None,
                "quality": usage.ru_utime + usage.ru_stime,
            }
        )
    )


main()
