"""Writes tests/learners/fixtures/null_space.json: scikit-learn's linear regressions on columns that
depend on one another.

    .venv/bin/python tests/python/make_null_space_fixtures.py && deno fmt tests/learners/fixtures
"""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge

FIXTURE = Path(__file__).parents[1] / "learners" / "fixtures" / "null_space.json"


def case(name, X, y):
    X = np.asarray(X, dtype=np.float32).astype(float)
    y = np.asarray(y, dtype=float)
    # Rows of the kind that were learned from: elsewhere the null space decides.
    test = X[::3]
    predict = lambda model: model.fit(X, y).predict(test).tolist()
    return {
        "name": name, "X": X.tolist(), "y": y.tolist(), "test": test.tolist(),
        "plain": predict(LinearRegression()),
        "ridge": {
            "one": predict(Ridge(alpha=1, solver="svd")),
            "little": predict(Ridge(alpha=1e-6, solver="svd")),
        },
    }


def main():
    rng = np.random.default_rng(4)

    def one_hot(rows, widths):
        return np.column_stack([np.eye(width)[rng.integers(0, width, rows)] for width in widths])

    blocks = one_hot(150, [3, 4, 5, 6, 7, 8, 9])
    # Whole numbers: Float32 holds them and their sums.
    numbers = rng.integers(-9, 9, (60, 3))
    dependent = np.column_stack([numbers, numbers @ [1, -2, 3], numbers[:, 0], np.ones(60)])
    wide = one_hot(25, [10, 10, 10, 10])
    FIXTURE.write_text(json.dumps([
        case("four rows of one-hot columns", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], [0, 1, 2, 3]),
        case("one-hot columns of seven kinds", blocks, rng.normal(size=150) + blocks[:, 3]),
        case("sums and copies of columns", dependent, rng.normal(size=60) + numbers[:, 1]),
        case("more columns than rows", wide, rng.normal(size=25)),
    ]) + "\n")


if __name__ == "__main__":
    main()
