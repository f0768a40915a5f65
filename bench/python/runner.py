"""Measures a whole process of a runner whose outputs are all kept, ours like theirs: wall time
from start to exit, processor time (user and system) as the quality, and the peak resident memory
of its largest process, children included in both. With `above_bare` the seconds are those above
the bare start of the language's runtime, medians of processes that run in turn."""

import json
import os
import sys
from pathlib import Path
from statistics import median

from whole_process import run_whole, tell

TURNS = 9


def main():
    options = json.loads(sys.argv[1])
    folder = Path(options["folder"]) / options["project"]
    described = json.loads((folder / "command.json").read_text())
    above_bare = options.get("above_bare", False)
    around = {"cwd": folder, "env": {**os.environ, **described["env"]}}
    bare = []
    whole = []
    for _ in range(TURNS if above_bare else 1):
        if above_bare:
            bare.append(run_whole(described["bare"], **around)[0])
        seconds, usage = run_whole(described["command"], **around)
        whole.append(seconds)
    # A byte for each step that was ever run.
    ran = (folder / "ran").stat().st_size
    if ran != options["rows"]:
        sys.exit(f"{ran} instead of {options['rows']} steps were run")
    seconds = median(whole) - (median(bare) if above_bare else 0)
    tell(seconds, usage, usage.ru_utime + usage.ru_stime)


main()
