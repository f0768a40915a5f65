"""Measures a whole process that runs a notebook, ours like nbclient's: wall time from start to exit,
the share of outputs that the notebook has afterwards as the quality, and the peak resident memory
of its largest process, the kernel included."""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from whole_process import run_whole, tell

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
    with tempfile.TemporaryDirectory() as scratch:
        notebook = Path(scratch) / "cells.ipynb"
        shutil.copy(folder / "cells.ipynb", notebook)
        seconds, usage = run_whole(
            [*command, str(notebook)],
            cwd=scratch,
            env={**os.environ, "JUPYTER_PATH": str(folder / "jupyter")},
        )
        cells = json.loads(notebook.read_text())["cells"]
    # A line and a value of each cell.
    kept = sum(len(cell["outputs"]) for cell in cells) / (2 * len(cells))
    tell(seconds, usage, kept)


main()
