"""Forecasts 12 months of many series with statsforecast."""

import numpy as np
import pandas as pd
from side import FamilyMemory, answer, arguments, measured, read_part
from statsforecast import StatsForecast
from statsforecast.models import MSTL, AutoETS, DynamicOptimizedTheta

HORIZON = YEAR = 12
MODELS = {
    "ets": lambda: AutoETS(season_length=YEAR, alias="ets"),
    "theta": lambda: DynamicOptimizedTheta(season_length=YEAR, alias="theta"),
    "decomposed": lambda: MSTL(
        season_length=YEAR, trend_forecaster=AutoETS(model="ZZN"), alias="decomposed"
    ),
}


def main():
    options = arguments()
    known, _ = read_part(options["folder"], "series", "known")
    came, _ = read_part(options["folder"], "series", "came")
    known, came = known.T.astype(np.float64), came.T.astype(np.float64)
    count, months = known.shape
    frame = pd.DataFrame({
        "unique_id": np.repeat(np.arange(count), months),
        "ds": np.tile(pd.date_range("2020-01-01", periods=months, freq="MS"), count),
        "y": known.ravel(),
    })
    memory = FamilyMemory()

    def forecast():
        models = [MODELS[name]() for name in options["methods"]]
        return StatsForecast(models=models, freq="MS", n_jobs=options["threads"]).forecast(
            df=frame, h=HORIZON
        )

    seconds, megabytes, said = measured(forecast, lambda: memory.peak)
    said = said.sort_values(["unique_id", "ds"])
    naive = np.abs(known[:, YEAR:] - known[:, :-YEAR]).mean(axis=1)
    errors = [
        np.abs(said[name].to_numpy().reshape(count, HORIZON) - came).mean(axis=1) / naive
        for name in options["methods"]
    ]
    answer(seconds, megabytes, float(np.mean(errors)))


# Its workers import this file.
if __name__ == "__main__":
    main()
