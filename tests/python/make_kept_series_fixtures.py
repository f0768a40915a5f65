"""Writes tests/forecast/fixtures/kept_series.json: public series that no method was made by, with
the errors of statsforecast's AutoETS and of Prophet on rolling origins. Those of statsmodels were
looked at before the weights of the blend were chosen; the `aside` ones, the first three of pmdarima by
name that are months or quarters and not the airline's, were not.

In an environment with tests/python/requirements-forecast.txt:

    python tests/python/make_kept_series_fixtures.py
"""

import json
import logging
from pathlib import Path

import numpy as np
import pandas as pd
from pmdarima import datasets as aside
from prophet import Prophet
from statsforecast.models import AutoETS
from statsmodels import datasets

logging.getLogger("cmdstanpy").disabled = True
logging.getLogger("prophet").setLevel(logging.ERROR)

ocean = datasets.elnino.load().data.set_index("YEAR").loc[1980:]
temperature = pd.Series(
    ocean.to_numpy(float).ravel(), pd.date_range("1980-01-01", periods=ocean.size, freq="MS")
)
carbon = datasets.co2.load().data["co2"].resample("MS").mean().interpolate()
economy = datasets.macrodata.load().data
quarters = pd.date_range("1959-01-01", periods=len(economy), freq="QS")
indicators = {
    "realinv": "real private investment, United States",
    "realgdp": "real gross domestic product, United States",
    "realcons": "real consumption, United States",
    "realgovt": "real government spending, United States",
    "realdpi": "real disposable income, United States",
    "cpi": "consumer prices, United States",
    "m1": "money M1, United States",
    "tbilrate": "rate of treasury bills, United States",
    "unemp": "unemployment, United States",
    "pop": "population, United States",
}
series = {
    "sea surface temperature, Pacific": (temperature, "month", 12, 12, 3, 9),
    "carbon dioxide, Mauna Loa": (carbon["1975":], "month", 12, 12, 3, 9),
    **{
        name: (pd.Series(economy[column].to_numpy(float), quarters), "quarter", 4, 8, 2, 9)
        for column, name in indicators.items()
    },
}
beer, residents = pd.Series(aside.load_ausbeer()).dropna(), pd.Series(aside.load_austres())
sunspots = pd.Series(aside.load_sunspots())
beer.index = pd.date_range("1956-01-01", periods=len(beer), freq="QS")
residents.index = pd.date_range("1971-04-01", periods=len(residents), freq="QS")
sunspots.index = pd.date_range("1749-01-01", periods=len(sunspots), freq="MS")
asides = {
    "beer, Australia": (beer, "quarter", 4, 8, 2, 9),
    "residents, Australia": (residents, "quarter", 4, 8, 2, 9),
    "sunspots": (sunspots, "month", 12, 12, 3, 9),
}
starts = {"month": "MS", "quarter": "QS"}


def ets(known, horizon, season, step):
    return AutoETS(season_length=season).fit(known.to_numpy()).predict(h=horizon)["mean"]


def prophet(known, horizon, season, step):
    model = Prophet().fit(pd.DataFrame({"ds": known.index, "y": known.to_numpy()}))
    future = model.make_future_dataframe(horizon, freq=starts[step], include_history=False)
    return model.predict(future)["yhat"].to_numpy()


def mase(method, values, step, season, horizon, every, cuts):
    errors = []
    for cut in range(cuts):
        count = len(values) - horizon - cut * every
        known, came = values.iloc[:count], values.iloc[count : count + horizon].to_numpy()
        y = known.to_numpy()
        naive = np.abs(y[season:] - y[:-season]).mean()
        said = np.asarray(method(known, horizon, season, step))
        errors.append(np.abs(said - came).mean() / naive)
    return round(float(np.mean(errors)), 4)


def main():
    fixture = []
    for name, (values, step, season, horizon, every, cuts) in (series | asides).items():
        values = values.round(4)
        values.index = pd.date_range(values.index[0], periods=len(values), freq=starts[step])
        layout = (values, step, season, horizon, every, cuts)
        fixture.append({
            **{"name": name, "season": season, "horizon": horizon, "every": every, "cuts": cuts},
            "aside": name in asides,
            "values": values.tolist(),
            "peers": {"AutoETS": mase(ets, *layout), "Prophet": mase(prophet, *layout)},
        })
        print(name, fixture[-1]["peers"])
    path = Path(__file__).parents[1] / "forecast" / "fixtures" / "kept_series.json"
    path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


main()
