"""What the Python sides share: arguments in, matrices read, work measured, one line out.

The counterpart of bench/sides/side.ts: the same files, the same rules."""

import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

import numpy as np

ENOUGH_SECONDS = 2
ENOUGH_REPETITIONS = 9


def arguments():
    return json.loads(sys.argv[1])


def read_part(folder, name, part):
    """Features row by row, which the peers fit fastest, and labels."""
    shape = json.loads((Path(folder) / f"{name}.json").read_text())
    rows, columns = shape["rows"][part], shape["columns"]
    X = np.empty((rows, columns), np.float32)
    with open(Path(folder) / f"{name}_{part}.f32", "rb") as file:
        for j in range(columns):
            X[:, j] = np.fromfile(file, "<f4", rows)
    return X, np.fromfile(Path(folder) / f"{name}_{part}.i32", "<i4")


def measured(work, peak_megabytes=None):
    """Repeats work for two seconds, at least once and at most nine times; gives the median of
    the seconds, the peak memory at the end of the first repetition, and the last result."""
    seconds = []
    while True:
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
        if len(seconds) == 1:
            megabytes = (peak_megabytes or own_peak_megabytes)()
        if sum(seconds) >= ENOUGH_SECONDS or len(seconds) == ENOUGH_REPETITIONS:
            return statistics.median(seconds), megabytes, result


def own_peak_megabytes():
    return megabytes_of("/proc/self/status", "VmHWM:")


def megabytes_of(path, key):
    """A line of a file of the kernel in MB; None where the system has no such file."""
    try:
        with open(path) as lines:
            return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(key))
    except (OSError, StopIteration):
        return None


class FamilyMemory(threading.Thread):
    """Watches the memory of this process and its children, pages that they share counted once
    (PSS), five times a second."""

    def __init__(self):
        super().__init__(daemon=True)
        self.peak = None
        self.start()

    def run(self):
        while True:
            parts = [megabytes_of(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in family()]
            total = sum(part for part in parts if part is not None)
            if total > 0:
                self.peak = max(self.peak or 0, total)
            time.sleep(0.2)


def family():
    """This process and all that descend from it."""
    parents = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if entry.isdigit():
            try:
                # The name in brackets may hold blanks: state and parent follow its end.
                stat = Path(f"/proc/{entry}/stat").read_text()
                parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
            except OSError:
                pass
    found = [os.getpid()]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def answer(seconds, megabytes, quality):
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "quality": quality}))
