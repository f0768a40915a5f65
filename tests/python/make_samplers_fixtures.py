"""Writes tests/samplers/fixtures/samplers.json: small training sets and what imbalanced-learn
makes of them.

Kept of each run are the class counts and, because its chance is not ours, the numbers that
describe how the new rows of each class are distributed: pooled over several seeds, the mean and
standard deviation of each column and the deciles of its values.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from imblearn.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler
from sklearn.neighbors import NearestNeighbors

FIXTURE = Path(__file__).parents[1] / "samplers" / "fixtures" / "samplers.json"
SEEDS = 20
DECILES = np.linspace(0.1, 0.9, 9)
SAMPLERS = {
    "Over": RandomOverSampler,
    "SMOTE": SMOTE,
    "ADASYN": ADASYN,
    "BorderlineSMOTE": BorderlineSMOTE,
}


def describe(y, runs):
    classes = {}
    for label in np.unique(y):
        made = np.concatenate([X[len(y):][labels[len(y):] == label] for X, labels in runs])
        if len(made) == 0:
            continue
        classes[int(label)] = {
            "rows": len(made) // len(runs),
            "mean": made.mean(axis=0, dtype=float).tolist(),
            "deviation": made.std(axis=0, dtype=float).tolist(),
            "deciles": np.quantile(made.astype(float), DECILES, axis=0).T.tolist(),
        }
    return classes


def outcome(sampler, X, y):
    """What the sampler makes of the rows, or the error it raises."""
    try:
        runs = [sampler(random_state=seed).fit_resample(X, y) for seed in range(SEEDS)]
    except (RuntimeError, ValueError) as error:
        return {"error": str(error)}
    return {"counts": np.bincount(runs[0][1]).tolist(), "made": describe(y, runs)}


def neighbours(X, rows, k):
    """The k nearest rows to each of `rows` among them, itself left out."""
    nearest = NearestNeighbors(n_neighbors=k + 1).fit(X[rows].astype(float))
    return rows[nearest.kneighbors(X[rows].astype(float), return_distance=False)[:, 1:]]


def case(name, X, y):
    X = X.astype(np.float32)
    y = y.astype(int)
    return {
        "name": name,
        "X": X.tolist(),
        "y": y.tolist(),
        "neighbours": {
            int(label): neighbours(X, np.flatnonzero(y == label), 5).tolist()
            for label in np.unique(y)
            if np.sum(y == label) > 5
        },
        "samplers": {title: outcome(sampler, X, y) for title, sampler in SAMPLERS.items()},
    }


def main():
    warnings.simplefilter("error")
    random = np.random.default_rng(42)

    def blobs(sizes, columns, spread):
        y = np.repeat(np.arange(len(sizes)), sizes)
        centres = random.normal(size=(len(sizes), columns))
        X = centres[y] + spread * random.normal(size=(len(y), columns))
        order = random.permutation(len(y))
        return X[order], y[order]

    def on_halves():
        """Rows whose shares of ADASYN's new rows fall on a half: the last bit decides."""
        while True:
            X, y = blobs([100, 150], 3, 2.0)
            X = X.astype(np.float32).astype(float)
            minority = np.flatnonzero(y == 0)
            near = NearestNeighbors(n_neighbors=6).fit(X).kneighbors(X[minority])[1][:, 1:]
            foreign = (y[near] != 0).sum(axis=1)
            doubled = 2 * 50 * foreign / foreign.sum()
            if np.sum(doubled % 2 == 1) > 10:
                return X, y

    X, y = blobs([60, 120, 40], 4, 1.2)
    scaled = X.copy()
    scaled[:, 0] = np.round(40_000 + 25_000 * scaled[:, 0], 2)
    scaled[:, 3] = scaled[:, 3] > 0
    far, far_y = blobs([30, 60], 2, 0.01)
    cases = [
        case("three overlapping classes", X, y),
        case("incomes beside yes and no", scaled, y),
        case("two classes, many columns", *blobs([25, 100], 20, 3.0)),
        case("two classes far apart", far, far_y),
        case("five classes", *blobs([20, 35, 50, 8, 50], 3, 1.0)),
        case("shares on halves", *on_halves()),
    ]
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps({"seeds": SEEDS, "cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    main()
