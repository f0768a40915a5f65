"""Writes tests/learners/fixtures/offsets.json: a standardised target and how much of it LightGBM
explains on rows that it has not seen.

    .venv/bin/python tests/python/make_offsets_fixtures.py && deno fmt tests/learners/fixtures
"""

import json
from pathlib import Path

import lightgbm
import numpy as np
from sklearn.metrics import r2_score

FIXTURE = Path(__file__).parents[1] / "learners" / "fixtures" / "offsets.json"
TRAIN = 1200


def main():
    rng = np.random.default_rng(11)
    X = np.round(rng.uniform(0, 1, (1600, 2)), 4).astype(np.float32)
    y = np.sin(5 * X[:, 0]) + X[:, 1] ** 2 + 0.02 * rng.normal(size=len(X))
    y = np.round((y - y.mean()) / y.std(), 6)
    model = lightgbm.LGBMRegressor(verbose=-1, num_threads=1).fit(X[:TRAIN], y[:TRAIN])
    FIXTURE.write_text(json.dumps({
        "train": TRAIN,
        "X": [[float(f"{v:.4f}") for v in row] for row in X],
        "target": y.tolist(),
        "r2": r2_score(y[TRAIN:], model.predict(X[TRAIN:])),
    }) + "\n")


if __name__ == "__main__":
    main()
