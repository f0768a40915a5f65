"""The peer FastAPI + scikit-learn + SHAP: an isolation forest on numbers of the transaction itself,
its score and what each adds to it, started by uvicorn."""

import json
import os
from datetime import datetime
from pathlib import Path

import numpy as np
import shap
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.ensemble import IsolationForest

learned = json.loads((Path(os.environ["SERVING_FOLDER"]) / "learned_anomaly.json").read_text())
names = ["amount", "hour", "latitude", "longitude"]


class Record(BaseModel):
    user: str
    time: datetime
    amount: float
    currency: str
    merchant: str
    category: str
    latitude: float
    longitude: float


class Answer(BaseModel):
    score: float
    is_anomaly: bool
    reasons: dict[str, float]


def numbers(record):
    return [record.amount, record.time.hour, record.latitude, record.longitude]


X = np.array([numbers(Record(**one)) for one in learned])
model = IsolationForest(n_estimators=100, contamination=0.005, random_state=1).fit(X)
explainer = shap.TreeExplainer(model)
app = FastAPI()


@app.post("/predict")
async def predict(record: Record) -> Answer:
    row = np.array([numbers(record)])
    (score,) = model.decision_function(row)
    (reasons,) = explainer.shap_values(row)
    return Answer(score=score, is_anomaly=score < 0, reasons=dict(zip(names, reasons)))
