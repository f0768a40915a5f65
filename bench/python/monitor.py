"""Measures the whole process that looks at a prediction log from its beginning, ours like theirs:
wall time from start to exit, peak resident memory, and the megabytes of that as the quality."""

import json
import os
import sys
from pathlib import Path

from whole_process import run_whole, tell

SIDES = Path(__file__).parents[1] / "sides"


def command_of(options):
    folder = options["folder"]
    if options["side"] == "ours":
        # As the server runs its looks.
        flags = ["--no-prompt", "--allow-all", "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=10"]
        return ["deno", "run", *flags, str(SIDES / "monitor_look.ts"), folder]
    script = str(Path(__file__).with_name("evidently_log.py"))
    return [sys.executable, script, folder, options["side"]]


def main():
    options = json.loads(sys.argv[1])
    seconds, usage = run_whole(command_of(options), env={**os.environ, "DO_NOT_TRACK": "1"})
    tell(seconds, usage, usage.ru_maxrss * 1024 / 1e6)


main()
