"""The peer FastAPI + ONNX Runtime: the same frozen sentence encoder as ours, run as libraries of
transformers run it, under logistic regression, started by uvicorn."""

import json
import os
from pathlib import Path

import numpy as np
from fastapi import FastAPI
from onnxruntime import InferenceSession, SessionOptions
from pydantic import BaseModel
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from tokenizers import Tokenizer

folder = Path(os.environ["SERVING_FOLDER"])
learned = json.loads((folder / "learned_intent.json").read_text())
files = json.loads((folder / "encoder.json").read_text())


class Record(BaseModel):
    text: str


class Prediction(BaseModel):
    prediction: str
    probabilities: dict[str, float]


options = SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = InferenceSession(files["model"], options)
tokenizer = Tokenizer.from_file(files["tokenizer"])
tokenizer.enable_truncation(files["longest"])
tokenizer.no_padding()


def vector(text):
    ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
    rest = {"attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    mean = session.run(["last_hidden_state"], {"input_ids": ids, **rest})[0][0].mean(axis=0)
    return mean / np.linalg.norm(mean)


scaler = StandardScaler()
vectors = scaler.fit_transform([vector(one["text"]) for one in learned])
model = LogisticRegression(C=0.03, max_iter=1000).fit(vectors, [one["intent"] for one in learned])
names = [str(name) for name in model.classes_]
app = FastAPI()


@app.post("/predict")
async def predict(record: Record) -> Prediction:
    (shares,) = model.predict_proba(scaler.transform([vector(record.text)]))
    return Prediction(prediction=names[shares.argmax()], probabilities=dict(zip(names, shares)))
