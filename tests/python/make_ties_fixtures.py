"""Writes tests/samplers/fixtures/ties.json: what imbalanced-learn makes of many equally near rows,
and of categories alone.

    .venv/bin/python tests/python/make_ties_fixtures.py && deno fmt tests/samplers/fixtures

scikit-learn searches tables of more than 15 columns by |a|^2 - 2ab + |b|^2, whose rounding grows
with the squares of the values, and leaves open which of equally near rows it takes: a k-d tree and
brute force give other neighbours of the same rows. Here imbalanced-learn is given neighbours by
exact distances, of equally near rows the first, and its row counts are kept.
"""

import json
from pathlib import Path

import numpy as np
from imblearn.metrics.pairwise import ValueDifferenceMetric
from imblearn.over_sampling import ADASYN, SMOTEN
from imblearn.under_sampling import EditedNearestNeighbours, TomekLinks
from imblearn.under_sampling._prototype_selection import _tomek_links
from scipy.stats import mode
from sklearn.neighbors import NearestNeighbors

FIXTURE = Path(__file__).parents[1] / "samplers" / "fixtures" / "ties.json"
SEEDS = 20
K = 5


class ExactNeighbours(NearestNeighbors):
    def fit(self, X, y=None):
        self.rows_ = np.asarray(X).astype(np.int64)
        return self

    def kneighbors(self, X=None, n_neighbors=None, return_distance=True):
        queries = self.rows_ if X is None else np.asarray(X).astype(np.int64)
        k = n_neighbors or self.n_neighbors
        # Whole numbers: the squares are exact.
        squares = ((queries[:, None, :] - self.rows_[None]) ** 2).sum(axis=2)
        nearest = np.argsort(squares, axis=1, kind="stable")[:, :k]
        distances = np.sqrt(np.take_along_axis(squares, nearest, axis=1))
        return (distances, nearest) if return_distance else nearest


def table(rng, unit):
    """Incomes in steps beside many columns of few values: most rows have ties."""
    rows = 500
    y = (rng.random(rows) < 0.25).astype(int)
    income = (rng.integers(0, 40, rows) + 3 * y) * unit + 7_000_000
    X = np.column_stack([income] + [rng.integers(0, 3, rows) for _ in range(17)])
    # Without repeated rows: imbalanced-learn takes the first neighbour for the row itself.
    X, first = np.unique(X, axis=0, return_index=True)
    order = rng.permutation(len(X))
    return X[order], y[first][order]


def halves():
    """A seed by which shares of new rows fall on a half: the order of ADASYN's sum rounds them."""
    rng = np.random.default_rng(983)
    rows = 900
    y = (rng.random(rows) < 0.35).astype(int)
    X = rng.permutation(3 * rows)[:rows]
    adasyn = ADASYN(n_neighbors=ExactNeighbours(n_neighbors=6), random_state=0)
    _, made = adasyn.fit_resample(X[:, None].astype(float), y)
    return {
        "X": " ".join(map(str, X)), "y": "".join(map(str, y)), "ADASYN": np.bincount(made).tolist(),
    }


def counts(rng, unit):
    X, y = table(rng, unit)
    _tomek_links.NearestNeighbors = ExactNeighbours
    adasyn = ADASYN(n_neighbors=ExactNeighbours(n_neighbors=6), random_state=0)
    _, made = adasyn.fit_resample(X.astype(float), y)
    edited = EditedNearestNeighbours(n_neighbors=ExactNeighbours(n_neighbors=4))
    _, kept = edited.fit_resample(X.astype(float), y)
    links = TomekLinks()
    links.fit_resample(X.astype(float), y)
    return {
        "unit": unit, "X": X.tolist(), "y": y.tolist(),
        "ADASYN": np.bincount(made).tolist(),
        "ENN": np.sort(edited.sample_indices_).tolist(),
        "TomekLinks": np.sort(links.sample_indices_).tolist(),
    }


def categories(rng, classes):
    """What SMOTEN makes of each row of the smaller classes; null where which rows are nearest is open."""
    rows = 160
    shares = np.array([0.6, 0.25, 0.15])[:classes]
    y = rng.choice(classes, rows, p=shares / shares.sum())
    X = np.column_stack([
        np.where(rng.random(rows) < 0.5, (y + j) % 5, rng.integers(0, 7, rows)) for j in range(6)
    ])
    _, labels = SMOTEN(random_state=0, k_neighbors=K).fit_resample(X, y)
    metric = ValueDifferenceMetric().fit(X, y)
    made = {}
    for label in np.unique(labels[rows:]):
        own = X[y == label]
        distances = metric.pairwise(own)
        nearest = np.argsort(distances, axis=1, kind="stable")
        rising = np.take_along_axis(distances, nearest, axis=1)
        voted = mode(own[nearest[:, :K + 1]], axis=1).mode
        open_ = rising[:, K + 1] - rising[:, K] < 1e-9
        made[int(label)] = [None if o else v for o, v in zip(open_.tolist(), voted.tolist())]
    # The rows that SMOTEN itself made are among these.
    for seed in range(SEEDS):
        new, new_labels = SMOTEN(random_state=seed).fit_resample(X, y)
        for row, label in zip(new[rows:].tolist(), new_labels[rows:].tolist()):
            assert row in made[label] or None in made[label]
    return {"X": X.tolist(), "y": y.tolist(), "counts": np.bincount(labels).tolist(), "made": made}


def main():
    rng = np.random.default_rng(9)
    FIXTURE.write_text(json.dumps({
        "halves": halves(),
        "counts": [counts(rng, 1), counts(rng, 250_000)],
        "categories": [categories(rng, 2), categories(rng, 3)],
    }) + "\n")


if __name__ == "__main__":
    main()
