"""Measures a whole process of a runner whose outputs are all kept, ours like theirs: wall time
from start to exit, processor time (user and system) as the quality, and the peak resident memory
of its largest process, children included in both."""

import json
import os
import sys
from pathlib import Path

from whole_process import run_whole, tell


def main():
    options = json.loads(sys.argv[1])
    folder = Path(options["folder"]) / options["project"]
    described = json.loads((folder / "command.json").read_text())
    ran = folder / "ran"
    seconds, usage = run_whole(
        described["command"],
        cwd=folder,
        env={**os.environ, **described["env"]},
    )
    # A byte for each step that was ever run.
    if ran.stat().st_size != options["rows"]:
        sys.exit(f"{ran.stat().st_size} instead of {options['rows']} steps were run")
    tell(seconds, usage, usage.ru_utime + usage.ru_stime)


main()
