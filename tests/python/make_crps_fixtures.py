"""Writes tests/metrics/fixtures/crps.json: properscoring's scores of samples.

In an environment with tests/python/requirements-forecast.txt:

    python tests/python/make_crps_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
from properscoring import crps_ensemble

random = np.random.default_rng(8)
cases = []
for rows, count in [(1, 1), (5, 2), (20, 7), (30, 100)]:
    y = random.normal(100, 20, rows).round(3)
    samples = (y[:, None] + random.normal(3, 10, (rows, count))).round(2)
    cases.append({
        "y": y.tolist(),
        "samples": samples.tolist(),
        "crps": float(crps_ensemble(y, samples).mean()),
    })
path = Path(__file__).parents[1] / "metrics" / "fixtures" / "crps.json"
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
