"""Writes tests/forecast/fixtures/methods.json: statsforecast's methods on made-up series, and
prophet.json: Prophet on days.

In an environment with tests/python/requirements-forecast.txt:

    python tests/python/make_forecast_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from prophet import Prophet
from statsforecast.ets import ets_f, forecast_ets
from statsforecast.models import DynamicOptimizedTheta
from statsforecast.mstl import mstl
from statsmodels.tsa.seasonal import STL

random = np.random.default_rng(5)
steps = np.arange(96)
season = np.array([-9, -7, -1, 2, 4, 7, 12, 9, 3, -2, -6, -12], float)
additive = 120 + 0.8 * steps + season[steps % 12] + random.normal(0, 2, 96)
multiplicative = (80 + 1.5 * steps) * (1 + season[steps % 12] / 60) * np.exp(
    random.normal(0, 0.02, 96)
)
walk = 50 + np.cumsum(random.normal(0.2, 1, 96))
damped = 200 - 80 * 0.95**steps + random.normal(0, 1.5, 96)
negative = np.sin(steps / 9) * 20 + random.normal(0, 1, 96)
weekly = 30 + 0.02 * np.arange(140) + np.tile([0, 1, 2, 3, 1, 8, 6], 20) + random.normal(0, 1, 140)
series = {
    "additive": (additive, 12),
    "multiplicative": (multiplicative, 12),
    "walk": (walk, 12),
    "damped": (damped, 1),
    "negative": (negative, 1),
    "weekly": (weekly, 7),
}


def rounded(values, digits=6):
    return [round(float(value), digits) for value in np.asarray(values)]


fixture = {}
for name, (values, m) in series.items():
    y = np.round(values, 4)
    forms = {}
    for form in ["ANN", "AAN", "AAdN", "MAN", "ANA", "AAA", "AAdA", "MNM", "MAM", "MAdM"]:
        error, trend, seasonal = form[0], form[1], form[-1]
        if (error == "M" or seasonal == "M") and y.min() <= 0 or seasonal != "N" and m == 1:
            continue
        fit = ets_f(y, m, model=error + trend + seasonal, damped="d" in form)
        forms[form] = {
            "aicc": round(float(fit["aicc"]), 4),
            "mean": rounded(forecast_ets(fit, h=12)["mean"]),
        }
    chosen = ets_f(y, m, model="ZZZ")
    dot = DynamicOptimizedTheta(season_length=m).fit(y)
    parts = mstl(y, period=m) if m > 1 else None
    fixture[name] = {
        "y": rounded(y, 4),
        "season": m,
        "forms": forms,
        "chosen": {"form": chosen["method"], "aicc": round(float(chosen["aicc"]), 4)},
        "theta": {
            "mean": rounded(dot.predict(h=12)["mean"]),
            "fit": {
                name: float(dot.model_["par"][key])
                for name, key in [("initial", "initial_smoothed"), ("alpha", "alpha"),
                                  ("theta", "theta")]
            },
        },
        "stl": None if parts is None else {
            "seasonal": rounded(parts["seasonal"]),
            "trend": rounded(parts["trend"]),
            "windows": {
                window: rounded(STL(y, period=m, seasonal=window, seasonal_deg=0).fit().seasonal)
                for window in (7, 21)
            },
        },
    }
path = Path(__file__).parents[1] / "forecast" / "fixtures" / "methods.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")

days = pd.date_range("2022-01-01", periods=500, freq="D")
bent = np.interp(np.arange(500), [0, 200, 499], [50, 90, 70])
spent = bent + np.tile([0, 1, 2, 3, 1, 8, 6], 72)[:500] + random.normal(0, 2, 500)
model = Prophet(yearly_seasonality=False, daily_seasonality=False)
model.fit(pd.DataFrame({"ds": days, "y": np.round(spent, 4)}))
future = model.make_future_dataframe(28, include_history=False)
path.with_name("prophet.json").write_text(
    json.dumps({"y": rounded(spent, 4), "mean": rounded(model.predict(future)["yhat"], 4)}) + "\n"
)
