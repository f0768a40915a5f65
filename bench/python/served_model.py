"""What the peers that are programmed share: the session, the record that is validated, the answer."""

import json
import os
from pathlib import Path

import numpy
from onnxruntime import InferenceSession, SessionOptions
from pydantic import BaseModel, ConfigDict, create_model

folder = Path(os.environ["SERVING_FOLDER"])
schema = json.loads((folder / "schema.json").read_text())

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
    probabilities: list[float]
    class_labels: list[str]


def open_session():
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return InferenceSession(folder / "model.onnx", options)


class Model:
    def __init__(self):
        self.session = open_session()
        self.outputs = [output.name for output in self.session.get_outputs()]

    def predict(self, record):
        values = record.__dict__
        feeds = {
            column["name"]: numpy.array([values[column["name"]]], numpy.float32)
            if column["kind"] == "number"
            else numpy.array([values[column["name"]] or ""], object)
            for column in schema
        }
        answer = dict(zip(self.outputs, self.session.run(self.outputs, feeds)))
        return Prediction(
            prediction=answer.pop("label")[0],
            probabilities=[float(shares[0]) for shares in answer.values()],
            class_labels=[name.removeprefix("probability_") for name in answer],
        )
