"""Makes tests/drift/fixtures/reference_statistics.json with NumPy."""

import json
import pathlib

import numpy as np

rng = np.random.default_rng(42)


def case(name, values):
    values = np.asarray(values, dtype=np.float64)
    present = values[np.isfinite(values)]
    edges = np.unique(np.quantile(present, np.arange(1, 10) / 10))
    bins = np.digitize(present, edges, right=True)
    return {
        "name": name,
        "values": [None if not np.isfinite(v) else float(v) for v in values],
        "expected": {
            "kind": "number",
            "count": int(present.size),
            "missing": int(values.size - present.size),
            "mean": float(present.mean()),
            "sd": float(present.std(ddof=1)),
            "min": float(present.min()),
            "max": float(present.max()),
            "quantiles": np.quantile(present, np.arange(21) / 20).tolist(),
            "histogram": {
                "edges": edges.tolist(),
                "counts": np.bincount(bins, minlength=edges.size + 1).tolist(),
            },
        },
    }


skewed = np.round(rng.lognormal(7, 1, 300), 2)
skewed[rng.choice(300, 20, replace=False)] = np.nan
cases = [
    case("skewed with missing values", skewed),
    case("whole numbers with repeats", rng.poisson(2, 200)),
    case("constant", np.full(12, 3.5)),
    case("large offset", 1e6 + rng.normal(0, 1, 101)),
]

path = pathlib.Path(__file__).parents[1] / "drift/fixtures/reference_statistics.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps({"numpy": np.__version__, "cases": cases}, separators=(",", ":")) + "\n")
