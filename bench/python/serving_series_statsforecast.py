"""The peer FastAPI + statsforecast: AutoETS of each series, fitted before it is asked, started by
uvicorn."""

import json
import os
from pathlib import Path

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel
from statsforecast.models import AutoETS

learned = json.loads((Path(os.environ["SERVING_FOLDER"]) / "learned_spending.json").read_text())


class Record(BaseModel):
    user: str
    category: str = ""
    horizon: int


class Interval(BaseModel):
    level: float
    lower: list[float]
    upper: list[float]


class Forecast(BaseModel):
    mean: list[float]
    intervals: list[Interval]


models = {
    (one["entity"], one["category"]): AutoETS(season_length=12).fit(np.array(one["values"]))
    for one in learned
}
app = FastAPI()


@app.post("/predict")
async def predict(record: Record) -> Forecast:
    said = models[record.user, record.category].predict(h=record.horizon, level=[80, 95])
    intervals = [
        Interval(level=level / 100, lower=said[f"lo-{level}"], upper=said[f"hi-{level}"])
        for level in (80, 95)
    ]
    return Forecast(mean=said["mean"], intervals=intervals)
