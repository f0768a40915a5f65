"""Measures the whole process that makes a drift page of two files, ours like theirs: wall time
from start to exit, peak resident memory, and the megabytes of the page as the quality."""

import json
import os
import sys
from pathlib import Path

from whole_process import run_whole, tell

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
    seconds, usage = run_whole(command_of(options), env={**os.environ, "DO_NOT_TRACK": "1"})
    tell(seconds, usage, page.stat().st_size / 1e6)


main()
