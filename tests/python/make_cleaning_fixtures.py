"""Writes tests/samplers/fixtures/cleaning.json: what imbalanced-learn's under-samplers and SMOTE-NC
make of small training sets.

    .venv/bin/python tests/python/make_cleaning_fixtures.py && deno fmt tests/samplers/fixtures

Cleaning has no chance in it: the rows that are kept are fixed. Of SMOTE-NC, whose chance is not
ours, the moments of numbers and the shares of categories are kept, pooled over seeds.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from imblearn.over_sampling import SMOTE, SMOTENC
from imblearn.under_sampling import EditedNearestNeighbours, RandomUnderSampler, TomekLinks

FIXTURE = Path(__file__).parents[1] / "samplers" / "fixtures" / "cleaning.json"
SEEDS = 20


def kept(sampler, X, y):
    sampler.fit_resample(X, y)
    return np.sort(sampler.sample_indices_).tolist()


def cleaning(name, X, y):
    X = X.astype(np.float32)
    filled, labels = SMOTE(random_state=1, k_neighbors=3).fit_resample(X, y)
    return {
        "name": name, "X": X.tolist(), "y": y.tolist(),
        "TomekLinks": kept(TomekLinks(), X, y),
        "ENN": kept(EditedNearestNeighbours(), X, y),
        "ENN of 5": kept(EditedNearestNeighbours(n_neighbors=5), X, y),
        "under": np.bincount(RandomUnderSampler(random_state=0).fit_resample(X, y)[1]).tolist(),
        # The second half of SMOTE-Tomek, after its chance.
        "filled": {
            "X": filled.tolist(), "y": labels.tolist(),
            "unlinked": kept(TomekLinks(sampling_strategy="all"), filled, labels),
        },
    }


def mixed(name, X, y, categorical):
    X = X.astype(np.float32)
    pooled = {}
    for seed in range(SEEDS):
        sampler = SMOTENC(categorical_features=categorical, random_state=seed)
        made, labels = sampler.fit_resample(X, y)
        for label in np.unique(labels[len(y):]):
            pooled.setdefault(int(label), []).append(made[len(y):][labels[len(y):] == label])
    classes = {}
    for label, runs in pooled.items():
        rows = np.concatenate(runs).astype(float)
        classes[label] = {
            "rows": len(runs[0]),
            "columns": [
                {"shares": {int(v): float(np.mean(rows[:, j] == v)) for v in np.unique(X[:, j])}}
                if j in categorical
                else {"mean": float(rows[:, j].mean()), "deviation": float(rows[:, j].std())}
                for j in range(X.shape[1])
            ],
        }
    return {"name": name, "X": X.tolist(), "y": y.tolist(), "categorical": categorical, "made": classes}


def main():
    warnings.simplefilter("error")
    rng = np.random.default_rng(5)

    def blobs(sizes, columns, spread):
        y = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
        return rng.normal(size=(len(sizes), columns))[y] + spread * rng.normal(size=(len(y), columns)), y

    def with_categories(sizes, scale):
        X, y = blobs(sizes, 3, 1.0)
        first = (y + rng.integers(0, 3, len(y))) % 4
        second = 10 * rng.integers(0, 3, len(y))
        return np.column_stack([X[:, 0] * scale, first, X[:, 1], second, X[:, 2]]), y

    constant, labels = with_categories([30, 60], 1.0)
    constant[:, [2, 4]] = 1.0
    FIXTURE.write_text(json.dumps({
        "cleaning": [
            cleaning("two classes", *blobs([40, 90], 3, 1.0)),
            cleaning("three classes", *blobs([70, 35, 70], 4, 1.5)),
            cleaning("equal classes", *blobs([50, 50], 2, 0.8)),
        ],
        "seeds": SEEDS,
        "mixed": [
            mixed("two classes", *with_categories([40, 100], 1.0), [1, 3]),
            mixed("three classes, an income", *with_categories([25, 60, 40], 20_000.0), [1, 3]),
            mixed("columns without deviation", constant, labels, [1, 3]),
        ],
    }) + "\n")


if __name__ == "__main__":
    main()
