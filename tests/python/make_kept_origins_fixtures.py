"""Writes tests/forecast/fixtures/kept_origins.json: how far statsforecast's AutoETS was off at each of
many rolling origins of the series of kept_series.json that were kept aside, and the Diebold-Mariano
test of the package dieboldmariano on made-up losses.

In an environment with tests/python/requirements-forecast.txt:

    python tests/python/make_kept_origins_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
from dieboldmariano import dm_test
from statsforecast.models import AutoETS

folder = Path(__file__).parents[1] / "forecast" / "fixtures"
kept = json.loads((folder / "kept_series.json").read_text())
# As many as leave ten years and more to learn from.
counts = {"beer, Australia": 40, "residents, Australia": 20, "sunspots": 40}


def errors(values, season, horizon, every, cuts):
    for cut in range(cuts):
        count = len(values) - horizon - cut * every
        known, came = values[:count], values[count : count + horizon]
        naive = np.abs(known[season:] - known[:-season]).mean()
        said = AutoETS(season_length=season).fit(known).predict(h=horizon)["mean"]
        yield round(float(np.abs(said - came).mean() / naive), 6)


def cases():
    random = np.random.default_rng(7)
    for count, lags in [(9, 4), (20, 4), (40, 4), (40, 1)]:
        shared = np.convolve(random.normal(size=count + 3), np.ones(4) / 2, "valid")
        one, other = np.abs(1 + 0.3 * shared), np.abs(1 + 0.3 * random.normal(size=count))
        one, other = one.round(6).tolist(), other.round(6).tolist()
        statistic, p = dm_test(
            [0] * count, one, other, loss=lambda _, loss: loss, h=lags, variance_estimator="bartlett"
        )
        yield {"one": one, "other": other, "steps": lags, "statistic": statistic, "p": p}


series = {
    one["name"]: list(
        errors(np.array(one["values"]), one["season"], one["horizon"], one["every"], counts[one["name"]])
    )
    for one in kept
    if one["aside"]
}
text = json.dumps({"AutoETS": series, "tests": list(cases())}, separators=(",", ":"))
(folder / "kept_origins.json").write_text(text + "\n")
