"""Writes tests/features/fixtures/kinds.json: columns encoded by scikit-learn, pandas and NumPy.

    .venv/bin/python tests/python/make_kinds_fixtures.py && deno fmt tests/features/fixtures

Scalers ignore missing values, as ours do. KBinsDiscretizer interpolates its quantiles linearly, as
NumPy does by default. TargetEncoder is asked after `fit`, so that it encodes by all rows; what it
does out of fold for training rows depends on its own chance. Weights of evidence are written by hand
from their definition.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.preprocessing import (
    KBinsDiscretizer, MinMaxScaler, RobustScaler, StandardScaler, TargetEncoder,
)

FIXTURE = Path(__file__).parents[1] / "features" / "fixtures" / "kinds.json"
TRAIN, ROWS, BINS, SMOOTHING = 150, 200, 5, 0.5
rng = np.random.default_rng(7)


def plain(values):
    return [None if isinstance(v, float) and np.isnan(v) else v for v in np.asarray(values).tolist()]


numbers = rng.lognormal(2, 1.5, ROWS).astype(np.float32)
gaps = numbers.copy()
gaps[rng.random(ROWS) < 0.1] = np.nan


def scaled(scaler):
    scaler.fit(gaps[:TRAIN, None].astype(float))
    return plain(scaler.transform(gaps[:, None].astype(float))[:, 0])


bins = KBinsDiscretizer(BINS, encode="ordinal", strategy="quantile", quantile_method="linear",
                        subsample=None)
bins.fit(numbers[:TRAIN, None].astype(float))

texts = rng.choice(["a", "b", "c", "d"], ROWS, p=[0.5, 0.3, 0.15, 0.05]).astype(object)
texts[rng.random(ROWS) < 0.1] = None
texts[TRAIN:TRAIN + 3] = "unknown"
labels = np.array(["no", "yes"])[(rng.random(ROWS) < 0.2 + 0.5 * (texts == "a")).astype(int)]
three = np.array(["p", "q", "r"])[(rng.random(ROWS) * 2 + (texts == "b")).astype(int)]
values = np.where(texts == "c", 10, 0) + rng.normal(size=ROWS)


def encoded(y, kind):
    encoder = TargetEncoder(smooth=10.0, target_type=kind).fit(texts[:TRAIN, None], y[:TRAIN])
    return [plain(column) for column in encoder.transform(texts[:, None]).T]


def weights_of_evidence():
    """log of the shares of "yes" in a bin and of "no" in it, missing values a bin of their own."""
    edges = [8.0, 20.0]
    of = np.where(np.isnan(gaps), len(edges) + 1, np.digitize(gaps, edges))
    yes = labels[:TRAIN] == "yes"
    found = {}
    for bin in np.unique(of):
        inside = of[:TRAIN] == bin
        events, others = np.sum(inside & yes), np.sum(inside & ~yes)
        share = (events + SMOOTHING) / (yes.sum() + 2 * SMOOTHING)
        other = (others + SMOOTHING) / ((~yes).sum() + 2 * SMOOTHING)
        found[bin] = np.log(share / other)
    return {"edges": edges, "values": [float(found[bin]) for bin in of]}


moments = pd.to_datetime("1990-01-01") + pd.to_timedelta(rng.integers(0, 20_000, ROWS), "D") \
    + pd.to_timedelta(rng.integers(0, 86_400, ROWS), "s")
at = pd.Timestamp("2024-06-01")

json.dump({
    "train": TRAIN, "bins": BINS, "smoothing": SMOOTHING,
    "numbers": plain(numbers), "gaps": plain(gaps),
    "texts": texts.tolist(), "labels": labels.tolist(), "three": three.tolist(),
    "values": values.tolist(),
    "standard": scaled(StandardScaler()),
    "minmax": scaled(MinMaxScaler()),
    "robust": scaled(RobustScaler()),
    "log1p": plain(np.log1p(gaps.astype(float))),
    "binned": bins.transform(numbers[:, None].astype(float))[:, 0].tolist(),
    "edges": bins.bin_edges_[0][1:-1].tolist(),
    "target": encoded(labels, "binary"),
    "target3": encoded(three, "multiclass"),
    "targetOfValues": encoded(values, "continuous"),
    "evidence": weights_of_evidence(),
    "moments": [moment.isoformat() for moment in moments],
    "parts": {
        "year": moments.year.tolist(), "month": moments.month.tolist(), "day": moments.day.tolist(),
        "weekday": moments.day_of_week.tolist(), "dayOfYear": moments.day_of_year.tolist(),
        "hour": moments.hour.tolist(), "age": (at - moments.normalize()).days.tolist(),
    },
}, FIXTURE.open("w"))
