"""The peer FastAPI: one ONNX Runtime session behind a validated route, started by uvicorn."""

import json
import os
from pathlib import Path

import numpy
from fastapi import FastAPI
from onnxruntime import InferenceSession, SessionOptions
from pydantic import BaseModel, ConfigDict, create_model

folder = Path(os.environ["SERVING_FOLDER"])
schema = json.loads((folder / "schema.json").read_text())
options = SessionOptions()
options.intra_op_num_threads = 1
session = InferenceSession(folder / "model.onnx", options)
outputs = [output.name for output in session.get_outputs()]

Record = create_model(
    "Record",
    __config__=ConfigDict(extra="forbid"),
    **{
        column["name"]: (float | None if column["kind"] == "number" else str | None, None)
        for column in schema
    },
)


class Prediction(BaseModel):
    prediction: str
    probabilities: dict[str, float]


app = FastAPI()


# Not handed to a thread: the prediction takes less time than the way there.
@app.post("/predict")
async def predict(record: Record) -> Prediction:
    values = record.__dict__
    feeds = {
        column["name"]: numpy.array([values[column["name"]]], numpy.float32)
        if column["kind"] == "number"
        else numpy.array([values[column["name"]] or ""], object)
        for column in schema
    }
    answer = dict(zip(outputs, session.run(outputs, feeds)))
    return Prediction(
        prediction=answer.pop("label")[0],
        probabilities={
            name.removeprefix("probability_"): float(values[0]) for name, values in answer.items()
        },
    )
