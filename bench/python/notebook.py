"""Measures a whole process that runs a notebook, ours like nbclient's: wall time from start to exit,
the share of outputs that the notebook has afterwards as the quality, and the peak resident memory
of its largest process, the kernel included."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NBCLIENT = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="deno").execute()
nbformat.write(notebook, sys.argv[1])
"""


def main():
    options = json.loads(sys.argv[1])
    folder = Path(options["folder"])
    command = {
        "ours": json.loads((folder / "command.json").read_text()),
        "nbclient": [sys.executable, "-c", NBCLIENT],
    }[options["side"]]
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile() as said:
        notebook = Path(scratch) / "cells.ipynb"
        shutil.copy(folder / "cells.ipynb", notebook)
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command, str(notebook)],
            cwd=scratch,
            env={**os.environ, "JUPYTER_PATH": str(folder / "jupyter")},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            said.seek(0)
            sys.exit(said.read().decode())
        cells = json.loads(notebook.read_text())["cells"]
    # A line and a value of each cell.
    kept = sum(len(cell["outputs"]) for cell in cells) / (2 * len(cells))
    print(
        json.dumps(
            {
                "seconds": seconds,
                # Linux counts in KiB.
                "megabytes": usage.ru_maxrss * 1024 / 1e6 if sys.platform == "linux" else None,
                "quality": kept,
            }
        )
    )


main()
