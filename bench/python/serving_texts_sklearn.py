"""The peer FastAPI + scikit-learn: TF-IDF of words and letters under a linear support vector machine
with calibrated probabilities, started by uvicorn."""

import json
import os
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

learned = json.loads((Path(os.environ["SERVING_FOLDER"]) / "learned_intent.json").read_text())


class Record(BaseModel):
    text: str


class Prediction(BaseModel):
    prediction: str
    probabilities: dict[str, float]


model = make_pipeline(
    make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 3), min_df=2),
        TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5), min_df=2),
    ),
    CalibratedClassifierCV(LinearSVC(C=0.3), cv=3),
)
model.fit([one["text"] for one in learned], [one["intent"] for one in learned])
names = [str(name) for name in model.classes_]
app = FastAPI()


@app.post("/predict")
async def predict(record: Record) -> Prediction:
    (shares,) = model.predict_proba([record.text])
    return Prediction(prediction=names[shares.argmax()], probabilities=dict(zip(names, shares)))
